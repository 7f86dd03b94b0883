"""A folder of texts as ``articles``: one row per article, its text as collected and labelled."""

import hashlib
import re
from pathlib import Path
from textwrap import shorten
from unicodedata import normalize

from pandas import DataFrame

from utils.corpus.files import Mistake
from utils.corpus.furniture import Line, label_lines, paragraph_spans, read_rules
from utils.corpus.sources import read_source
from utils.corpus.tables import TABLES, examine_table

CORPUS = Path(__file__).parents[2] / "corpus"
LONGEST_NAME = 40  # characters of a short title that is made from the title
OURS = ["raw", "lines", "body"]
"""The columns of ``articles`` that hold its text; a column of the metadata may not replace them."""
_PASSED_OVER = re.compile(r"/\.|_files/")


def read_corpus(source: Path | str | None = CORPUS) -> DataFrame:
    """One row per article of ``source/metadata.csv``, indexed by ``doc_id``.

    After the metadata (blank where the text does not say) come ``raw``, the file's text as
    collected, found by ``read_source``; ``lines``, its labelled lines; and ``body``, the spans of
    its paragraphs in ``raw``. A column of the metadata with one of these three names is called
    "raw (metadata)" and so on. An article without a ``short_title`` gets one from its title.
    ``attrs["folder"]`` is the folder, and ``attrs["notes"]`` has what a reader should be told of
    the metadata. ``None`` means the project's own corpus.

    Raises ``Mistake`` with one line for every problem: file, row, column and how to mend it.

    >>> read_corpus().loc["nottingham-ningbo", ["city", "published"]].tolist()
    ['Ningbo', '']
    """
    folder = Path(source or CORPUS)
    if not folder.is_dir():
        raise Mistake(
            f"{folder}: no such folder; a corpus is a folder with metadata.csv and texts/"
        )
    texts = _Texts(folder / "texts")
    rows, problems = examine_table(folder / "metadata.csv", TABLES["metadata"], texts.check)
    problems += texts.unlisted()
    if rows.empty:
        problems.append("metadata.csv: no articles listed; add a row for each text")
    if problems:
        raise Mistake(problems)
    rows = rows.set_index("doc_id").rename(columns={name: f"{name} (metadata)" for name in OURS})
    articles = _label_articles(rows, texts.sources, read_rules(folder))
    articles.attrs["folder"] = str(folder)
    return articles


def fingerprint(articles: DataFrame) -> str:
    """Twelve hexadecimal digits that change with any text, label or metadata of the corpus."""
    return _digest(articles.to_csv().encode())[:12]


def metadata_table(articles: DataFrame) -> DataFrame:
    """The metadata of each article, without what serves the files and without empty columns."""
    table = articles.reset_index().drop(columns=["file", "sha256", "note", *OURS])
    return table.loc[:, (table != "").any()]


def title_span(lines: list[Line]) -> tuple[int, int] | None:
    """Span of the line labelled title; ``None`` where there is none."""
    return next(((line.start, line.end) for line in lines if line.label == "title"), None)


class _Texts:
    """The folder of texts, whose files are read while the rows that name them are checked."""

    def __init__(self, folder):
        self.folder = folder
        self.files = {_plain_name(file.resolve()): file for file in sorted(folder.rglob("*"))}
        self.sources = []
        self.row_of = {}

    def check(self, table, record):
        """What is wrong with the name and the file of a row of the metadata."""
        first = self.row_of.setdefault(_plain_name(record.doc_id).casefold(), record.name)
        if record.doc_id and first != record.name:
            yield "doc_id", f"{record.doc_id!r} is in row {first} too; give each article its own"
        if record.file:
            yield from self._check_file(record)

    def unlisted(self):
        """A line for each file that no row names; hidden files are passed over.

        So are those in a folder "…_files", which a browser makes for a page that it saves.
        """
        for path, file in self.files.items():
            name = file.relative_to(self.folder.parent).as_posix()
            if file.is_file() and path not in self.row_of and not _PASSED_OVER.search(name):
                yield f"{name}: not listed in metadata.csv; add a row or move the file away"

    def _check_file(self, record):
        name = f"{self.folder.name}/"
        path = (self.folder / record.file.removeprefix(name)).resolve()
        file = self.files.get(_plain_name(path), path)
        first = self.row_of.setdefault(_plain_name(path), record.name)
        if not path.is_relative_to(self.folder.resolve()):
            yield "file", f"{record.file!r} is outside the folder {name}; put the file inside it"
        elif not file.is_file():
            yield "file", f"{name}{record.file} is missing; put it there or correct the name"
        elif first != record.name:
            yield "file", f"{record.file!r} is listed in row {first} too; each file has one row"
        else:
            yield from self._read(file, record.sha256)

    def _read(self, file, expected):
        digest = _digest(file.read_bytes())
        if expected and digest != expected.lower():
            mend = "restore the file as collected, or enter this hash if the change is meant"
            yield "sha256", f"{file.name} has {digest}; {mend}"
        try:
            self.sources.append(read_source(file))
        except Mistake as mistake:
            yield "file", str(mistake)


def _plain_name(path):
    """A name in the one form that names which look alike have in common."""
    return normalize("NFC", str(path))


def _digest(data):
    return hashlib.sha256(data).hexdigest()


def _label_articles(rows, sources, rules):
    raws = [source.text for source in sources]
    articles = rows.assign(sha256=[_digest(source.data) for source in sources], raw=raws)
    articles["lines"] = [label_lines(a.raw, rules, a.title) for a in articles.itertuples()]
    articles["body"] = list(map(paragraph_spans, raws, articles.lines))
    printed = [a.raw[slice(*title_span(a.lines) or (0, 0))] for a in articles.itertuples()]
    articles["title"] = articles.title.where(articles.title != "", printed)
    articles["short_title"] = _short_titles(articles.short_title, articles.title)
    return articles


def _short_titles(given, titles):
    """The short titles as given, else the titles cut at a word; no two are the same."""
    names = given.where(given != "", titles.map(_cut_at_word))
    doc_ids = names.index.to_series()
    names = names.mask(names.duplicated(keep=False), names + " (" + doc_ids + ")")
    return names.where(titles + given != "", doc_ids)


def _cut_at_word(title):
    """A title of at most 40 characters.

    >>> _cut_at_word("Formal launch of the University of Cambridge-Nanjing Center")
    'Formal launch of the University of…'
    """
    cut = shorten(title, LONGEST_NAME, placeholder="…", break_on_hyphens=False)
    return title[: LONGEST_NAME - 1] + "…" if cut == "…" else cut
