"""A corpus to measure on: docstrings of installed packages, a module an article; no download."""

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from utils.corpus.furniture import Line

PACKAGES = ("scipy numpy pandas matplotlib nltk jupyterlab_server IPython networkx sklearn").split()


def docstring_articles(megabytes: float) -> pd.DataFrame:
    """``articles`` of about so many megabytes of text; the same in every run on one machine."""
    texts = {}
    size = 0
    for name, text in _module_texts():
        if size >= megabytes * 1e6:
            break
        texts[name] = text
        size += len(text.encode())
    if size < megabytes * 1e6:
        # Too few docstrings are installed: modules come a second time, and the run says so.
        texts |= {f"{name}.again": text for name, text in texts.items()}
    frame = pd.DataFrame({"raw": texts}).rename_axis("doc_id")
    frame["body"] = [_paragraphs(text) for text in frame.raw]
    frame["lines"] = [
        [Line(start, end, "body", "text") for start, end in body] for body in frame.body
    ]
    return frame.assign(role=["a" if i % 2 else "b" for i in range(len(frame))])


def _module_texts() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        if spec is None:
            continue
        folder = Path(spec.submodule_search_locations[0])
        for file in sorted(folder.rglob("*.py")):
            text = _docstrings(file)
            if text:
                yield f"{package}.{file.relative_to(folder).as_posix()}", text


def _docstrings(file: Path) -> str:
    try:
        tree = ast.parse(file.read_text("utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return ""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    nodes = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    return "\n\n".join(filter(None, map(ast.get_docstring, nodes)))


def _paragraphs(text: str) -> list[tuple[int, int]]:
    spans = []
    place = 0
    for paragraph in text.split("\n\n"):
        inner = paragraph.strip()
        if inner:
            start = text.index(inner, place)
            spans.append((start, start + len(inner)))
        place += len(paragraph) + 2
    return spans
