"""What a notebook needs of a corpus to have something to say, as its metadata state it.

A notebook whose metadata say ``"needs": "two coders"`` is run only where an article was coded by
two coders, a language model counted as one.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from utils.report.places import path_of

TWO_CODERS = "two coders"
_WHY = "no article has two coders in centres.csv; add a second coding and name who coded each row"


def able(notebooks: Iterable[Path], corpus: Path, named: bool = False) -> list[Path]:
    """Those of the notebooks that can say something of this corpus.

    Raises ``Mistake`` for one that cannot, where the user has ``named`` them.
    """
    reasons = {notebook: why_not(notebook, corpus) for notebook in notebooks}
    if named and any(reasons.values()):
        from utils.corpus.files import Mistake  # only where it is needed: this is to be quick

        raise Mistake(f"--notebooks {file.stem}: {why}" for file, why in reasons.items() if why)
    return [notebook for notebook, why in reasons.items() if not why]


def why_not(notebook: Path, corpus: Path) -> str:
    """Why a notebook has nothing to say of a corpus; nothing where it has."""
    metadata = json.loads(notebook.read_bytes()).get("metadata", {})
    if metadata.get("needs") != TWO_CODERS:
        return ""
    return "" if _most_coders(path_of(corpus) / "centres.csv") > 1 else _WHY


def _most_coders(file):
    """How many coders the article of most coders has; what cannot be read is said elsewhere."""
    coders = defaultdict(set)
    try:
        for row in csv.DictReader(StringIO(file.read_text("utf-8-sig"), newline="")):
            name = (row.get("coder") or "").strip()
            if name and not name.casefold().startswith("settled"):
                coders[row.get("doc_id")].add(name)
    except (OSError, ValueError, csv.Error):
        return 0
    return max(map(len, coders.values()), default=0)
