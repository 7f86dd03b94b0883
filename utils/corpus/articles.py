"""A corpus as ``articles``: one row per article, its text as collected and labelled."""

import os
from pathlib import Path
from textwrap import shorten
from unicodedata import normalize

import regex
from pandas import DataFrame, Series

from utils.corpus.brought import OURS, Brought, digest_of, read_brought, source_and_column
from utils.corpus.files import Mistake, printable
from utils.corpus.furniture import Line, label_lines, paragraph_spans, read_rules
from utils.corpus.languages import settle_languages
from utils.corpus.sources import Source, read_source
from utils.corpus.tables import TABLES, cut_short, examine_table

CORPUS = Path(__file__).parents[2] / "corpus"
LONGEST_NAME = 40  # characters of a short title that is made from the title
_PASSED_OVER = regex.compile(r"/\.|_files/")


def read_corpus(source: Path | str | None = CORPUS, skip_bad: bool = False) -> DataFrame:
    """One row per article of a source, indexed by ``doc_id``.

    A folder with ``metadata.csv`` and ``texts/`` has a row of the metadata for each article. Of any
    other folder, and of a file or a ZIP, every article that a format finds in it is one, with what
    its source states. ``news.csv#column`` names the column of a table that has the texts. ``None``
    means the project's own corpus.

    After the metadata (blank where nothing is stated) come ``raw``, the text as collected;
    ``lines``, its labelled lines; and ``body``, the spans of its paragraphs in ``raw``. A column
    with one of these three names is called "raw (metadata)" and so on. An article without a
    ``short_title`` gets one from its title. ``language`` is a code, and ``language_from`` says
    whether the metadata state it or it was detected.

    ``attrs["folder"]`` is the folder, if there is one; ``attrs["notes"]`` has what a reader should
    be told; ``attrs["skipped"]`` the problems of articles that are left out, with ``skip_bad``.

    Raises ``Mistake`` with one line for every problem: file, row, column and how to mend it.

    >>> read_corpus().loc["nottingham-ningbo", ["city", "published"]].tolist()
    ['Ningbo', '']
    """
    path, column = source_and_column(source or CORPUS)
    if os.path.isfile(path / "metadata.csv"):
        brought = _read_layout(path)
    else:
        brought = read_brought(path, column)
    if brought.problems and not (skip_bad and len(brought.rows)):
        raise Mistake(brought.problems)
    if brought.rows.empty:
        nothing = f"{printable(str(path))}: no articles in it; put texts or a table there"
        raise Mistake([nothing, *brought.notes])
    return _articles_of(brought, path if os.path.isdir(path) else None)


def fingerprint(articles: DataFrame) -> str:
    """Twelve hexadecimal digits that change with any text, label or metadata of the corpus."""
    return digest_of(articles.to_csv().encode())[:12]


def metadata_table(articles: DataFrame) -> DataFrame:
    """The metadata of each article, without what serves the files and without empty columns."""
    ours = ["file", "place", "sha256", "language_from", "note", *OURS]
    table = articles.reset_index().drop(columns=ours, errors="ignore")
    return table.loc[:, (table != "").any()]


def title_span(lines: list[Line]) -> tuple[int, int] | None:
    """Span of the line labelled title; ``None`` where there is none."""
    return next(((line.start, line.end) for line in lines if line.label == "title"), None)


def _read_layout(folder):
    """The rows of ``metadata.csv`` and the texts that they name; none of a row with a problem."""
    texts = _Texts(folder / "texts")
    rows, problems = examine_table(folder / "metadata.csv", TABLES["metadata"], texts.check)
    bad = {
        int(row) for row in regex.findall(r"(?m)^metadata\.csv, row (\d+),", "\n".join(problems))
    }
    problems += texts.unlisted()
    if rows.empty:
        problems.append("metadata.csv: no articles listed; add a row for each text")
    notes = rows.attrs["notes"]
    listed = set(rows.doc_id)
    rows = rows.drop(index=list(bad)).rename(columns={name: f"{name} (metadata)" for name in OURS})
    sources = [texts.sources[row] for row in rows.index]
    rows["sha256"] = [digest_of(source.data) for source in sources]
    rows["raw"] = [source.text for source in sources]
    titles = Series([source.title for source in sources], rows.index, dtype=str)
    rows["title"] = rows.title.where(rows.title != "", titles)
    rows = rows.set_index("doc_id")
    rows.attrs["passed_over"] = sorted(listed.difference(rows.index))
    return Brought(rows, notes, problems)


def _articles_of(brought, folder):
    """The table of articles with their languages and labelled lines."""
    settled = settle_languages(brought.rows.language, brought.rows.raw)
    rows = brought.rows.assign(language=settled.languages, language_from=settled.origins)
    articles = _label_articles(rows, read_rules(folder))
    articles.attrs = {
        "folder": str(folder) if folder else None,
        "notes": [*brought.notes, *settled.notes],
        "skipped": brought.problems,
        "passed_over": brought.rows.attrs.get("passed_over", []),
    }
    return articles


class _Texts:
    """The folder of texts, whose files are read while the rows that name them are checked."""

    def __init__(self, folder):
        self.folder = folder
        self.files = {
            _plain_name(os.path.realpath(file)): file for file in sorted(folder.rglob("*"))
        }
        self.sources = {}
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
            name = printable(file.relative_to(self.folder.parent).as_posix())
            if file.is_file() and path not in self.row_of and not _PASSED_OVER.search(name):
                yield f"{name}: not listed in metadata.csv; add a row or move the file away"

    def _check_file(self, record):
        name = f"{self.folder.name}/"
        path = Path(os.path.realpath(self.folder / record.file.removeprefix(name)))
        file = self.files.get(_plain_name(path), path)
        first = self.row_of.setdefault(_plain_name(path), record.name)
        if not path.is_relative_to(os.path.realpath(self.folder)):
            yield "file", f"{record.file!r} is outside the folder {name}; put the file inside it"
        elif not _is_file(file):
            missing = printable(cut_short(record.file))
            yield "file", f"{name}{missing} is missing; put it there or correct the name"
        elif first != record.name:
            yield "file", f"{record.file!r} is listed in row {first} too; each file has one row"
        else:
            yield from self._read(file, record)

    def _read(self, file, record):
        try:
            source = read_source(file)
        except OSError as error:
            yield "file", f"{file.name}: {error.strerror}; make it a file that can be read"
            return
        except Mistake as mistake:
            source = Source(file.read_bytes(), "")
            yield "file", str(mistake)
        digest = digest_of(source.data)
        if record.sha256 and digest != record.sha256.lower():
            mend = "restore the file as collected, or enter this hash if the change is meant"
            yield "sha256", f"{file.name} has {digest}; {mend}"
        self.sources[record.name] = source


def _is_file(path):
    try:
        return path.is_file()
    except OSError:  # its name is too long
        return False


def _plain_name(path):
    """A name in the one form that names which look alike have in common."""
    return normalize("NFC", str(path))


def _label_articles(rows, rules):
    articles = rows.assign(raw=rows.pop("raw"))  # texts go last
    articles["lines"] = [label_lines(a.raw, rules, a.title) for a in articles.itertuples()]
    articles["body"] = list(map(paragraph_spans, articles.raw, articles.lines))
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
