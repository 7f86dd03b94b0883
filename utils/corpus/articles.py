"""Folder -> ``articles``: one row per article, the text as collected, its lines labelled."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import regex

from utils.corpus.furniture import label_lines, paragraph_spans, read_rules
from utils.corpus.files import Mistake, decode, read_table

CORPUS = Path(__file__).parents[2] / "corpus"
COLUMNS = ("title", "outlet", "published", "city", "centre", "role", "language", "file", "sha256", "note")


def read_corpus(folder: Path | str | None = CORPUS) -> pd.DataFrame:
    """One row per article of ``folder/metadata.csv``, indexed by ``doc_id``.

    Beside the metadata (blank where the text does not say) stand ``raw``, the file decoded as UTF-8
    and otherwise as collected; ``lines``, its labelled lines; and ``body``, the spans of its
    paragraphs in ``raw``. ``None`` means the project's own corpus.

    Raises ``Mistake`` with one line for every problem found, naming file, row, column and mend.

    >>> read_corpus().loc["nottingham-ningbo", ["city", "published"]].tolist()
    ['Ningbo', '']
    """
    folder = Path(folder or CORPUS)
    if not folder.is_dir():
        raise Mistake(f"{folder}: no such folder; a corpus is a folder with metadata.csv and texts/")
    rows = read_table(folder / "metadata.csv", ["doc_id", "file"], COLUMNS)
    problems = [*_row_problems(rows), *_file_problems(rows, folder / "texts")]
    raws, text_problems = _read_texts(rows, folder / "texts")
    if problems or text_problems:
        raise Mistake([*problems, *text_problems])
    return _articles(rows, raws, read_rules(folder))


def fingerprint(articles: pd.DataFrame) -> str:
    """Twelve hexadecimal digits that change when any text, label or metadata of the corpus changes."""
    return hashlib.sha256(articles.to_csv().encode()).hexdigest()[:12]


def _articles(rows: pd.DataFrame, raws: list[str], rules: pd.DataFrame) -> pd.DataFrame:
    further = [name for name in rows.columns if name not in ("doc_id", *COLUMNS)]
    articles = rows.set_index("doc_id").reindex(columns=[*COLUMNS, *further], fill_value="")
    articles["sha256"] = [hashlib.sha256(raw.encode()).hexdigest() for raw in raws]
    articles["raw"] = raws
    articles["lines"] = [label_lines(raw, rules, title) for raw, title in zip(raws, articles.title, strict=True)]
    articles["body"] = [paragraph_spans(raw, lines) for raw, lines in zip(raws, articles.lines, strict=True)]
    articles["title"] = [
        title or _printed_title(a) for title, a in zip(articles.title, articles.itertuples(), strict=True)
    ]
    return articles


def title_span(lines: list) -> tuple[int, int] | None:
    """Span of the line labelled title, or None where the file has none."""
    return next(((line.start, line.end) for line in lines if line.label == "title"), None)


def _printed_title(article) -> str:
    span = title_span(article.lines)
    return article.raw[slice(*span)] if span else ""


def _row_problems(rows: pd.DataFrame) -> Iterator[str]:
    if rows.empty:
        yield "metadata.csv: no articles listed; add a row for each text"
    seen: dict[str, int] = {}
    for row, record in rows.iterrows():
        at = f"metadata.csv, row {row}, column"
        if not regex.fullmatch(r"\w[\w.-]*", record.doc_id):
            yield f"{at} doc_id: {record.doc_id!r} will not do; give letters, digits, '-', '_' or '.'"
        elif (first := seen.setdefault(record.doc_id.casefold(), row)) != row:
            yield f"{at} doc_id: {record.doc_id!r} stands in row {first} too; give each article its own"
        if (printed := record.get("published", "")) and not _is_date(printed):
            yield f"{at} published: {printed!r} is no date; write YYYY, YYYY-MM or YYYY-MM-DD, or leave it empty"


def _is_date(printed: str) -> bool:
    if not regex.fullmatch(r"\d{4}(-\d\d){0,2}", printed):
        return False
    try:
        return bool(date(*[int(part) for part in (printed + "-01-01").split("-")[:3]]))
    except ValueError:
        return False


def _file_problems(rows: pd.DataFrame, texts: Path) -> Iterator[str]:
    """A file listed twice, lying unlisted, missing, or outside the folder of texts."""
    seen: dict[Path, int] = {}
    for row, name in rows.file.items():
        at, path = f"metadata.csv, row {row}, column file:", _text_path(texts, name)
        if not name:
            yield f"{at} empty; name the text's file in {texts.name}/"
        elif not path.is_relative_to(texts.resolve()):
            yield f"{at} {name!r} leaves the folder {texts.name}/; put the file inside it"
        elif not path.is_file():
            yield f"{at} {texts.name}/{name} is missing; put the file there or correct the name"
        elif (first := seen.setdefault(path, row)) != row:
            yield f"{at} {name!r} is listed in row {first} too; each file has one row"
    for path in sorted(texts.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(texts).parts)
        if path.is_file() and not hidden and path.resolve() not in seen:
            yield f"{texts.name}/{path.relative_to(texts).as_posix()}: not listed in metadata.csv; add a row or move the file away"


def _text_path(texts: Path, name: str) -> Path:
    return (texts / name.removeprefix(f"{texts.name}/")).resolve()


def _read_texts(rows: pd.DataFrame, texts: Path) -> tuple[list[str], list[str]]:
    """Decoded texts in the order of the rows, and what is wrong with the rest."""
    raws, problems = [], []
    for row, record in rows.iterrows():
        path = _text_path(texts, record.file)
        if not record.file or not path.is_relative_to(texts.resolve()) or not path.is_file():
            continue
        raw, found = _read_text(path, record.get("sha256", ""))
        raws.append(raw)
        problems += [f"metadata.csv, row {row}, column {problem}" for problem in found]
    return raws, problems


def _read_text(path: Path, expected: str) -> tuple[str, list[str]]:
    data, problems = path.read_bytes(), []
    digest = hashlib.sha256(data).hexdigest()
    if not data.strip():
        problems.append(f"file: {path.name} is empty; put the article's text in it or take the row out")
    if expected and digest != expected.lower():
        mend = "restore the file as collected, or enter this hash if the change is meant"
        problems.append(f"sha256: {path.name} has {digest}; {mend}")
    try:
        return decode(data, f"file: {path.name}"), problems
    except Mistake as mistake:
        return "", [*problems, *mistake.problems]
