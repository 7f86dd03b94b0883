"""A corpus to measure on: the docstrings of installed packages, one module an article, nothing downloaded."""

import ast
import importlib.util
from pathlib import Path

import pandas as pd

from utils.corpus.furniture import Line

PACKAGES = ("scipy", "numpy", "pandas", "matplotlib", "nltk", "jupyterlab_server", "IPython", "networkx", "sklearn")


def docstring_articles(megabytes: float) -> pd.DataFrame:
    """``articles`` of about so many megabytes of text, the same on every run of the same installation."""
    texts, size = {}, 0
    for name, text in _module_texts():
        if size >= megabytes * 1e6:
            break
        texts[name] = text
        size += len(text.encode())
    if size < megabytes * 1e6:
        # Too few docstrings installed: whole modules come a second time, and the report of the run says so.
        texts |= {f"{name}.again": text for name, text in texts.items()}
    frame = pd.DataFrame({"raw": texts}).rename_axis("doc_id")
    frame["body"] = [_paragraphs(text) for text in frame.raw]
    frame["lines"] = [[Line(start, end, "body", "text") for start, end in body] for body in frame.body]
    return frame.assign(role=["a" if i % 2 else "b" for i in range(len(frame))])


def _module_texts():
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        if spec is None:
            continue
        folder = Path(spec.submodule_search_locations[0])
        for file in sorted(folder.rglob("*.py")):
            try:
                tree = ast.parse(file.read_text("utf-8"))
            except (SyntaxError, UnicodeDecodeError):
                continue
            nodes = (n for n in ast.walk(tree) if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef))
            text = "\n\n".join(filter(None, map(ast.get_docstring, nodes)))
            if text:
                yield f"{package}.{file.relative_to(folder).as_posix()}", text


def _paragraphs(text: str) -> list[tuple[int, int]]:
    spans, at = [], 0
    for paragraph in text.split("\n\n"):
        inner = paragraph.strip()
        if inner:
            start = text.index(inner, at)
            spans.append((start, start + len(inner)))
        at += len(paragraph) + 2
    return spans
