"""Where the project has its notebooks, its corpus and its report."""

from pathlib import Path

UTILS = Path(__file__).parents[1]
ROOT = UTILS.parent
NOTEBOOKS = ROOT / "notebooks"


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
