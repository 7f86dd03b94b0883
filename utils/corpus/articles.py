"""A corpus as ``articles``: one row per article, its text as collected and labelled."""

import hashlib
import os
from functools import partial
from itertools import chain
from pathlib import Path
from unicodedata import normalize

from pandas import DataFrame

from utils.corpus.collection import (
    TEXT_COLUMNS,
    Collection,
    digest_of,
    read_article,
    read_collection,
)
from utils.corpus.files import Mistake, distinct, printable
from utils.corpus.formats.record import File
from utils.corpus.index import with_index
from utils.corpus.labelling import with_labels
from utils.corpus.languages import language_notes
from utils.corpus.parts import parts_of
from utils.corpus.sources import IGNORED, path_and_column, refusals
from utils.corpus.spill import Texts
from utils.corpus.tables import TABLES, cut_short, examine_table

CORPUS = Path(__file__).parents[2] / "corpus"
LONGEST_NAME = 40  # characters of a short title that is made from the title


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

    What is read of a large source is kept in an index beside it, and taken from there.

    ``attrs["folder"]`` is the folder, if there is one; ``attrs["notes"]`` has what a reader should
    be told; ``attrs["skipped"]`` the problems of articles that are left out, with ``skip_bad``.

    Raises ``Mistake`` with one line for every problem: file, row, column and how to mend it.

    >>> read_corpus().loc["nottingham-ningbo", ["city", "published"]].tolist()
    ['Ningbo', '']
    """
    path, column = path_and_column(source or CORPUS)
    read = partial(_read, path, column, skip_bad)
    return with_index(path, f"{column} {skip_bad}", read)


def fingerprint(articles: DataFrame) -> str:
    """Twelve hexadecimal digits that change with any text, label or metadata of the corpus.

    >>> articles = read_corpus()
    >>> fingerprint(articles) == fingerprint(articles.assign(city="Leeds"))
    False
    """
    found = hashlib.sha256(articles.iloc[:0].to_csv().encode())
    for part in parts_of(articles):  # as a whole it would take much memory
        found.update(part.to_csv(header=False).encode())
    return found.hexdigest()[:12]


def metadata_table(articles: DataFrame) -> DataFrame:
    """The metadata of each article, without what serves the files and without empty columns.

    >>> metadata_table(read_corpus()).columns[:3].tolist()
    ['doc_id', 'title', 'short_title']
    """
    ours = ["file", "place", "sha256", "language_from", "note", *TEXT_COLUMNS]
    table = articles.reset_index().drop(columns=ours, errors="ignore")
    return table.loc[:, (table != "").any()]


def _read_layout(folder):
    """The rows of ``metadata.csv`` and the texts that they name; none of a row with a problem."""
    texts = _Texts(folder / "texts")
    rows, row_problems = examine_table(folder / "metadata.csv", TABLES["metadata"], texts.check)
    problems = [*chain.from_iterable(row_problems.values()), *texts.unlisted()]
    if rows.empty:
        problems.append("metadata.csv: no articles listed; add a row for each text")
    notes = rows.attrs["notes"]
    excluded = rows.doc_id[rows.index.isin(list(row_problems))].tolist()
    rows = rows.drop(index=list(row_problems))
    rows = rows.rename(columns={name: f"{name} (metadata)" for name in TEXT_COLUMNS})
    rows["sha256"] = [texts.digests[row] for row in rows.index]
    rows["raw"] = texts.texts.column().set_axis(list(texts.titles))
    titles = [texts.titles[row] for row in rows.index]
    rows["title"] = rows.title.where(rows.title != "", titles)
    rows.attrs = {"excluded": excluded}
    return Collection(rows.set_index("doc_id"), notes, problems)


def _read(path, column, skip_bad, label, through=iter):
    """The articles of a source, whose rows are labelled by this function."""
    if os.path.isfile(path / "metadata.csv"):
        with refusals(path):
            collection = _read_layout(path)
    else:
        collection = read_collection(path, column, through)
    if collection.problems and (collection.rows.empty or not skip_bad):
        raise Mistake(collection.problems)
    if collection.rows.empty:
        nothing = f"{printable(str(path))}: no articles in it; put texts or a table there"
        raise Mistake([nothing, *collection.notes])
    return _articles_of(collection, path, label)


def _articles_of(collection, path, label):
    """The table of articles with their languages and labelled lines."""
    rows, notes, problems = collection
    folder = path if os.path.isdir(path) else None
    attrs = {
        "folder": os.path.abspath(folder) if folder else None,
        "notes": notes,
        "skipped": problems,
        "excluded": rows.attrs.get("excluded", []),
    }
    rows.attrs = attrs
    labels = label(rows)
    attrs["notes"] = [*notes, *language_notes(rows.language, labels)]
    articles = with_labels(rows, labels.drop(columns="probability"))
    articles["short_title"] = _short_titles(articles.short_title, articles.title)
    articles.attrs = attrs
    return articles


class _Texts:
    """The folder of texts, whose files are read while the rows that name them are checked."""

    def __init__(self, folder):
        self.folder = folder
        self.files = {_composed(os.path.realpath(file)): file for file in sorted(folder.rglob("*"))}
        self.texts = Texts()
        self.titles = {}
        self.digests = {}
        self.row_of = {}

    def check(self, table, row):
        """What is wrong with the name and the file of a row of the metadata."""
        first = self.row_of.setdefault(_composed(row.doc_id).casefold(), row.name)
        if row.doc_id and first != row.name:
            yield "doc_id", f"{row.doc_id!r} is in row {first} too; give each article its own"
        if row.file:
            yield from self._check_file(row)

    def unlisted(self):
        """A line for each file that no row names; hidden files and those of pages are ignored."""
        for path, file in self.files.items():
            name = printable(file.relative_to(self.folder.parent).as_posix())
            if file.is_file() and path not in self.row_of and not IGNORED.fullmatch(name):
                yield f"{name}: not listed in metadata.csv; add a row or move the file away"

    def _check_file(self, row):
        name = f"{self.folder.name}/"
        path = Path(os.path.realpath(self.folder / row.file.removeprefix(name)))
        file = self.files.get(_composed(path), path)
        first = self.row_of.setdefault(_composed(path), row.name)
        if not path.is_relative_to(os.path.realpath(self.folder)):
            yield "file", f"{row.file!r} is outside the folder {name}; put the file inside it"
        elif not os.path.isfile(file):
            missing = printable(cut_short(row.file))
            yield "file", f"{name}{missing} is missing; put it there or correct the name"
        elif first != row.name:
            yield "file", f"{row.file!r} is listed in row {first} too; each file has one row"
        else:
            yield from self._read(file, row)

    def _read(self, path, row):
        try:
            data = path.read_bytes()
            record = read_article(File(printable(path.name), data))
        except OSError as error:
            yield "file", f"{path.name}: {error.strerror}; make it a file that can be read"
            return
        except Mistake as mistake:
            yield "file", str(mistake)
        else:
            self.titles[row.name] = record.metadata.get("title", "")
            self.texts.add(record.text)
        self.digests[row.name] = digest_of(data)
        if row.sha256 and digest_of(data) != row.sha256.lower():
            mend = "restore the file as collected, or enter this hash if the change is meant"
            yield "sha256", f"{path.name} has {digest_of(data)}; {mend}"


def _composed(name):
    """A name in the one form that names which look alike have in common (NFC)."""
    return normalize("NFC", str(name))


def _short_titles(given, titles):
    """The short titles as given, else the titles cut at a word, else the ids; no two are alike.

    Different titles that would be cut to the same words keep their ends, by which they may differ.
    """
    cut = titles.map(_cut_at_word)
    alike = cut.str.endswith("…") & cut.duplicated(keep=False) & ~titles.duplicated(keep=False)
    cut[alike] = titles[alike].map(_cut_within)
    names = given.where(given != "", cut)
    return distinct(names.where(names != "", names.index.to_series()), " ")


def _cut_within(title):
    """A title of at most 40 characters that keeps its first and its last words.

    >>> _cut_within("Waiting lists fall as wards stay full in Southampton")
    'Waiting lists fall… full in Southampton'
    """
    text = " ".join(title.split())
    half = LONGEST_NAME // 2
    start = text[:half].rpartition(" ")[0] or text[: half - 1]
    end = text[-half:].partition(" ")[2] or text[1 - half :]
    return f"{start}… {end}"


def _cut_at_word(title):
    """A title of at most 40 characters.

    >>> _cut_at_word("Formal launch of the University of Cambridge-Nanjing Center")
    'Formal launch of the University of…'
    """
    text = " ".join(title.split())
    if len(text) <= LONGEST_NAME:
        return text
    return (text[:LONGEST_NAME].rpartition(" ")[0] or text[: LONGEST_NAME - 1]) + "…"
