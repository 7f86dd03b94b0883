"""Where the project has its notebooks, its corpus and its report."""

import os
import re
from pathlib import Path
from unicodedata import normalize

UTILS = Path(__file__).parents[1]
ROOT = UTILS.parent
NOTEBOOKS = ROOT / "notebooks"
CORPUS = ROOT / "corpus"

INDEX = ".index"
"""The folder of a corpus where the room ``corpus`` keeps its index."""
MANIFEST = "manifest.json"
LOCK = ".report-lock"
NEW = ".report-new"
UNDO = ".report-undo"
"""What a run has in the folder of its report: a lock, the new report, and what takes it back."""

_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)\d)\s*(\..*)?", re.IGNORECASE)


def notebooks_named(names: list[str]) -> list[Path]:
    """The numbered notebooks that have one of these names or numbers; all of them for no names."""
    files = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
    if not names:
        return files
    return [
        file
        for file in files
        if {file.name, file.stem, file.stem[:2], file.stem[:2].lstrip("0")} & set(names)
    ]


def run_name(notebook: Path, language: str = "") -> str:
    """The name of a run and its page: that of the notebook, and a language that is not the first.

    >>> run_name(Path("02_keywords.ipynb")), run_name(Path("02_keywords.ipynb"), "zh")
    ('02_keywords', '02_keywords.zh')
    """
    return f"{notebook.stem}.{language}" if language else notebook.stem


def is_run_of(name: str, stem: str) -> bool:
    """Whether a run is one of this notebook, in whatever language.

    >>> is_run_of("02_keywords.zh", "02_keywords"), is_run_of("03_topics", "02_keywords")
    (True, False)
    """
    return stem in (name, name.rpartition(".")[0] or name)


def left_behind(output: Path) -> bool:
    """Whether a run is at work in the folder of a report, or was stopped in the midst of it."""
    return any((output / name).exists() for name in (LOCK, NEW, UNDO))


def path_of(source: Path) -> Path:
    """The path of a corpus, without the column that may be named after it: ``news.csv#content``."""
    path = Path(str(source).rpartition("#")[0])
    return path if not os.path.exists(source) and path.is_file() else source


def is_device(name: str) -> bool:
    """Whether Windows takes the name of a file for a device.

    >>> is_device("CON"), is_device("nul.html"), is_device("console")
    (True, True, False)
    """
    return bool(_DEVICE.fullmatch(normalize("NFKC", name)))
