"""A corpus is checked, and a folder in our layout is made from any sources, whole or not at all."""

import shlex
import shutil
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import pandas as pd
from jinja2 import Environment, FileSystemLoader
from pandas import Index, Series

from utils.corpus.articles import read_corpus
from utils.corpus.collection import TEXT_COLUMNS, read_article
from utils.corpus.files import Mistake, distinct
from utils.corpus.formats.record import File
from utils.corpus.formats.registry import FORMATS, PLAIN
from utils.corpus.sources import files_of, path_and_column
from utils.corpus.tables import TABLES, folder_of
from utils.corpus.tokens import tokenize
from utils.facts.drafts import draft_tables
from utils.facts.support import support_table
from utils.facts.tables import check_side_tables
from utils.page.findings_corpus import describe_corpus, word_support
from utils.page.wording import count, join_words
from utils.report.manifest import corpus_files

_HERE = Path(__file__).parent
_TEXTS = Environment(
    loader=FileSystemLoader(_HERE / "templates"), trim_blocks=True, lstrip_blocks=True
)
EXAMPLE = "example"  # folder of a small corpus that has every side table
DRAFTS = "drafts"  # folder of side tables that a reader is to edit
SOURCE_COLUMNS = {"file": "collected_from", "place": "collected_at"}


def check_corpus(source: Path, skip_bad: bool = False) -> list[str]:
    """What a corpus is and which analyses it can support, a line each.

    With ``skip_bad``, articles that cannot be read are named first and left out. Raises ``Mistake``
    with every problem of its articles and side tables.
    """
    corpus_files(source)
    articles = read_corpus(source, skip_bad=True)
    left_out = [f"Left out: {line}" for line in articles.attrs["skipped"]]
    problems = [] if skip_bad else list(articles.attrs["skipped"])
    try:
        notes = [*articles.attrs["notes"], *check_side_tables(articles)]
    except Mistake as mistake:
        problems += mistake.problems
    if problems:
        raise Mistake(problems)
    tokens = tokenize(articles)
    worded = word_support(support_table(articles, tokens))
    lines = [f"{row.analysis}: {row.supported}" for row in worded.itertuples()]
    return [*left_out, describe_corpus(articles, tokens), *notes, *lines]


def make_corpus(folder: Path, sources: list[Path], skip_bad: bool = False) -> list[str]:
    """Make a corpus folder from the articles of all sources; what was done, a line each.

    With ``skip_bad`` articles that cannot be read are left out and named. Raises ``Mistake`` for a
    folder that is not new or empty, and for what cannot be read; then nothing is written.
    """
    _check_folder(folder, sources)
    articles = _join(_read_all(sources, skip_bad))
    drafts = draft_tables(articles, tokenize(articles))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as temporary:
            new = Path(temporary) / "new"
            _write_corpus(new, folder.name, articles, drafts)
            if folder.exists():
                folder.rmdir()
            new.rename(folder)
    except OSError as error:
        raise Mistake(f"{folder}: {error.strerror}; name a folder that can be written") from None
    return _describe(folder, articles, drafts)


def _check_folder(folder, sources):
    if folder.exists() and not (folder.is_dir() and next(folder.iterdir(), None) is None):
        raise Mistake(f"{folder}: is there already and not empty; name a new or an empty folder")
    for source in sources:
        if folder.resolve().is_relative_to(source.resolve()):
            raise Mistake(f"{folder}: is inside {source}; name a folder outside it")


def _read_all(sources, skip_bad):
    """The articles of each source; the problems of all sources in one go."""
    corpora = []
    problems = []
    for source in sources:
        try:
            corpus_files(source)
            articles = read_corpus(source, skip_bad=skip_bad)
            corpora.append(
                articles.assign(source=_folder_of_texts(source), place=articles.get("place", ""))
            )
        except Mistake as mistake:
            problems += mistake.problems
    if problems:
        hint = [] if skip_bad else ["To leave out what cannot be read, add --skip-bad"]
        raise Mistake([*problems, *hint])
    return corpora


def _folder_of_texts(source):
    """Where the files of a source are: in a corpus of our layout those of the articles."""
    path, _ = path_and_column(source)
    return str(path / "texts" if (path / "metadata.csv").is_file() else path)


def _join(corpora):
    """The articles of all sources as one table, no two under one ``doc_id``."""
    articles = pd.concat(corpora).fillna("")
    articles.index = Index(distinct(articles.index), name="doc_id")
    articles.attrs = {
        "folder": corpora[0].attrs["folder"] if len(corpora) == 1 else None,
        "notes": [note for corpus in corpora for note in corpus.attrs["notes"]],
        "skipped": [line for corpus in corpora for line in corpus.attrs["skipped"]],
    }
    return articles


def _write_corpus(new, name, articles, drafts):
    shutil.copytree(_HERE / EXAMPLE, new / EXAMPLE)
    (new / "texts").mkdir()
    metadata = _metadata(articles, _write_texts(new / "texts", articles))
    metadata.to_csv(new / "metadata.csv", lineterminator="\n")
    _write_drafts(new / DRAFTS, drafts)
    if folder_of(articles):
        _copy_side_tables(folder_of(articles), new)
    codebook = _codebook(name, metadata, articles, drafts)
    (new / "README.md").write_text(codebook, "utf-8", newline="\n")


def _write_texts(folder, articles):
    """Write the text of each article and return the names of their files.

    The file of one article is copied as it is; an article of a file of many gets its own text, and
    so does one whose file would be read as another text there, such as one not in UTF-8.
    """
    names = {}
    for source, inside in articles.groupby("source", sort=False):
        whole = inside[(inside.place == "") & ~inside.file.duplicated(keep=False)]
        doc_ids = Series(whole.index, whole.file)
        for file in filter(_is_file, files_of(Path(source))):
            doc_id = doc_ids.get(file.name)
            path = folder / f"{doc_id}{PurePosixPath(file.name).suffix.lower()}"
            if doc_id is not None and _copy(file, path, articles.raw[doc_id]):
                names[doc_id] = path.name
    for doc_id, raw in articles.raw.items():
        if doc_id not in names:
            names[doc_id] = f"{doc_id}.txt"
            (folder / names[doc_id]).write_bytes(raw.encode())
    return [names[doc_id] for doc_id in articles.index]


def _copy(file, path, raw):
    """Copy a file, unless it is a text that would not be read as ``raw``; whether it was."""
    plain = path.suffix in PLAIN or path.suffix not in FORMATS
    if plain and not _is_read_as(file, raw):
        return False
    path.write_bytes(file.data)
    return True


def _is_file(found):
    return isinstance(found, File)


def _is_read_as(file, raw):
    try:
        return read_article(file).text == raw
    except Mistake:
        return False


def _metadata(articles, files):
    """The table ``metadata.csv``: the described columns, then the further ones."""
    further = articles.drop(columns=[*TEXT_COLUMNS, "language_from", "source"])
    table = further.rename(columns=SOURCE_COLUMNS).assign(file=files)
    table["language"] = table.language.where(articles.language_from == "metadata", "")
    order = [name for name in TABLES["metadata"].names() if name != "doc_id"]
    return table[list(dict.fromkeys([*order, *table]))]


def _write_drafts(folder, drafts):
    folder.mkdir()
    for name, draft in drafts.items():
        notes = draft.articles.map(lambda number: f"draft: in {count(number, 'article')}")
        table = draft.drop(columns=["times", "articles"], errors="ignore").assign(note=notes)
        if len(table):
            table.to_csv(folder / TABLES[name].file, index=False, lineterminator="\n")


def _copy_side_tables(old, new):
    for table in TABLES.values():
        if (old / table.file).is_file() and not (new / table.file).exists():
            shutil.copyfile(old / table.file, new / table.file)


def _codebook(name, metadata, articles, drafts):
    filled = (metadata.reset_index() != "").sum()
    total = len(metadata)
    rows = {TABLES[name].file: count(len(draft), "row") for name, draft in drafts.items()}
    tables = [file.name for file in sorted((_HERE / EXAMPLE).iterdir()) if file.is_file()]
    return _TEXTS.get_template("codebook.md.j2").render(
        name=name,
        articles=count(total, "article"),
        sources=[Path(source).name for source in articles.source.unique()],
        notes=[*articles.attrs["notes"], *articles.attrs["skipped"]],
        columns=[(column, f"{number:,} of {total:,}") for column, number in filled.items()],
        tables=[(file, rows.get(file, "")) for file in tables if file != "metadata.csv"],
    )


def _describe(folder, articles, drafts):
    rows = [
        f"{TABLES[name].file} ({count(len(draft), 'row')})"
        for name, draft in drafts.items()
        if len(draft)
    ]
    command = f"python -m utils.report {shlex.quote(str(folder))}"
    return [
        f"{folder} has {count(len(articles), 'article')} in texts/, metadata.csv and README.md",
        *articles.attrs["notes"],
        *(f"Left out: {line}" for line in articles.attrs["skipped"]),
        f"Drafts to edit, which are not read yet: {join_words(rows) or 'none'} in {DRAFTS}/",
        f"Every table with two example rows is in {EXAMPLE}/",
        "Now fill in README.md and what is missing in metadata.csv, and then run",
        f"    {command} --output {shlex.quote(f'{folder}-report')}",
    ]
