"""The articles and tokens of a large corpus, kept on disk from one run to the next.

The index lies in the folder ``.index`` of a corpus, or beside a file as ``.NAME.index``; where that
cannot be written, in the user's cache. It is used only for the files, the rules and the versions
that it was made from. Where some of these have changed, the parts that are as they were are taken
from it, and only the others are made anew. A part ends where an article says so, so an article that
is added changes one part. A new index takes the place of the old one when it is whole.
"""

import gc
import hashlib
import os
import shutil
import sys
from collections import deque
from collections.abc import Callable
from contextlib import contextmanager, suppress
from functools import cache, partial
from itertools import chain
from pathlib import Path
from platform import python_version

import numpy as np
from filelock import FileLock
from pandas import DataFrame, concat
from platformdirs import user_cache_path

from utils.corpus.arrays import Words, words_of
from utils.corpus.collection import digest_of
from utils.corpus.furniture import read_rules
from utils.corpus.labelling import NESTED, label_rows
from utils.corpus.languages import language_column
from utils.corpus.parts import PART, each_of, each_part, is_shared
from utils.corpus.store import DIGEST, PROBABILITY, Store, Writer, packed_lists
from utils.corpus.tables import folder_of, read_side_table

LARGE = 2_000_000
"""Bytes of a corpus that is worth an index; a smaller one is read in a second."""
_NAME = ".index"
_NEW = "new-"
_LABELS = ["language", "language_from", "title", "lines", "body"]
_CODE = Path(__file__).parent
_OURS = (".py", ".csv", ".txt", ".toml")
_PACKAGE = "*.dist-info"
_MOST_PARTS = 8  # times the usual size of a part


@contextmanager
def _without_garbage():
    """While many small things are made that stay, nobody looks for those that can go."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def with_index(source: Path, how: str, read: Callable[..., DataFrame]) -> DataFrame:
    """The articles of a source, from its index where there is one that holds.

    ``read`` makes them of a function that labels rows, and of one that texts may go through before
    (see ``read_collection``); ``how`` says in what way. It is called where no index holds, which is
    then made if the source is large. ``attrs["index"]`` is the folder of the index.
    """
    articles = None
    with suppress(OSError):
        if _size(source) >= LARGE:
            articles = _kept_or_built(source, how, read)
    return read(_label) if articles is None else articles


def place_of_index(source: Path) -> Path:
    """The folder of the index of a source: in it, beside it, or in the user's cache.

    Raises ``OSError`` where none of them can be written.
    """
    source = Path(os.path.abspath(source))
    beside = source / _NAME if source.is_dir() else source.with_name(f".{source.name}{_NAME}")
    for place in (beside, user_cache_path("corpus-index") / _digest(str(source)).hex()):
        with suppress(OSError):
            place.mkdir(parents=True, exist_ok=True)
            if os.access(place, os.W_OK):
                return place
    raise OSError(f"{beside}: cannot be written")


def is_beside(source: Path, place: Path) -> bool:
    """Whether an index is in or beside its source."""
    path = Path(os.path.abspath(source))
    return Path(os.path.abspath(place)).parent in (path, path.parent)


def kept_words(articles: DataFrame) -> Words | None:
    """The words of these articles, where an index has those of all of them; else ``None``."""
    folder = articles.attrs.get("index")
    store = _open(Path(folder)) if folder else None
    if store is None or store.header["rules"] != _rules_key(folder_of(articles)):
        return None
    with suppress(OSError):  # another run may make a new one meanwhile
        return _words_of(articles, store)
    return None


def _words_of(articles, store):
    known = {digest: number for number, digest in enumerate(store.digests())}
    words = store.words()
    digests = _digests(articles, map(_text_digest, articles.raw))
    numbers = [known.get(digest, -1) for digest in digests]
    if -1 in numbers:
        return None
    if numbers == list(range(words.articles)):
        return words
    return _chosen(words, np.array(numbers, int))


def _kept_or_built(source, how, read):
    """The articles of the index that holds, or of a new one; ``None`` if it cannot be made."""
    place = place_of_index(source)
    key = _key(source, how)
    articles = _kept_articles(place / key, source)
    if articles is not None:
        return articles
    with FileLock(place / "lock"):
        if _open(place / key) is None:  # no other process has made it meanwhile
            _build(place, key, source, how, read)
    return _kept_articles(place / key, source)


def _label(rows):
    """The labels of all rows, without an index."""
    return concat(each_part(label_rows, rows, read_rules(folder_of(rows))))


class _Draft:
    """A new index: it takes from an old one what it has of the same rows."""

    def __init__(self, place, old, source):
        self.place = place
        self.old = old
        self.folder = Path(os.path.abspath(source)) if source.is_dir() else None
        self.stated = []

    def label(self, rows):
        """The labels of all rows but for lists, which are written on the way with the words.

        Where others work, that was done while rows were read, unless another file changed a title.
        """
        stated = [rows.language.tolist(), rows.title.tolist()]
        if self.stated != list(zip(*stated, strict=True)):
            deque(self.write(zip(*stated, rows.raw, strict=True)), 0)
        labels = concat(self.labels, ignore_index=True).set_axis(rows.index)
        self.labels = [labels]
        return labels

    def write(self, texts):
        """Write what is found in texts, each with its language and title, while they come."""
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir()
        self.writer = Writer(self.place)
        self.rules = _rules_key(self.folder)
        self.stated = []
        self.labels = []
        kept = self._kept()
        make = partial(_make, read_rules(self.folder))
        for key, made in each_of(make, self._parts(texts, kept)):
            labels, *rest = made or self._take(kept[key])
            self.writer.add(key, *rest)
            self.labels.append(labels)
            yield labels

    def _parts(self, texts, kept):
        """A key of each part, of what all that is made of it depends on; and rows, if not kept."""
        for part in _parts_by_content(texts):
            self.stated += [text[:2] for text in part]
            rows = DataFrame(part, columns=["language", "title", "digest", "raw"], dtype=object)
            key = _digest(*chain(rows.language, rows.title, rows.digest)).hex()
            # as objects they would share a block with the lists of labels, and hold these
            rows = rows.astype({"language": str, "title": str})
            rows.attrs = {"folder": self.folder}
            yield key, None if key in kept else rows

    def finish(self, articles, key):
        """Write what is not yet written."""
        header = {"key": key, "rules": self.rules, "attrs": articles.attrs}
        table = articles.assign(**{PROBABILITY: self.labels[0].probability})
        self.writer.finish(table, header)

    def _kept(self):
        """Number of each part of the old index by what it was made from."""
        if self.old is None or self.old.header["rules"] != self.rules:
            return {}
        return {part.key: number for number, part in enumerate(self.old.parts)}

    def _take(self, number):
        rows, words = self.old.part(number)
        labels = self.old.articles.iloc[rows][[PROBABILITY, *_LABELS]]
        lists = packed_lists(labels)
        labels = labels.drop(columns=NESTED).rename(columns={PROBABILITY: "probability"})
        return labels, lists, self.old.digests()[rows], words


def _build(place, key, source, how, read):
    """A new index; none, where the place has no room for it, or a file changes meanwhile."""
    new = place / f"{_NEW}{os.getpid()}"
    with suppress(OSError):
        try:
            draft = _Draft(new, _latest(place), source)
            # alone, one thing after the other is quicker
            articles = read(draft.label, draft.write if is_shared() else iter)
            if _key(source, how) == key:
                draft.finish(articles, key)
                shutil.rmtree(place / key, ignore_errors=True)  # of a torn one
                os.replace(new, place / key)
                _clear(place, key)
        finally:
            _clear_unfinished(place)


@_without_garbage()
def _make(rules, part):
    """The key of a part; and of its rows, if it has some: labels, lists, digests and words."""
    key, rows = part
    if rows is None:
        return key, None
    labels = label_rows(rows, rules)
    articles = rows.assign(**labels[["language", *NESTED]])
    lists = packed_lists(labels)
    digests = _digests(articles, rows.digest)
    return key, (labels.drop(columns=NESTED), lists, digests, words_of(articles))


@_without_garbage()
def _kept_articles(folder, source):
    """The articles of an index; ``None`` where it is not there or torn."""
    store = _open(folder)
    if store is None:
        return None
    try:
        articles = store.articles.drop(columns=PROBABILITY)
    except (OSError, ValueError):
        return None
    own = {"folder": os.path.abspath(source) if source.is_dir() else None, "index": str(folder)}
    articles.attrs = store.header["attrs"] | own
    return articles


def _open(folder):
    try:
        return Store(folder)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _latest(place):
    """The index that was made last, whatever it was made from."""
    folders = [folder for folder in place.iterdir() if _is_index(folder)]
    return _open(max(folders, key=os.path.getmtime)) if folders else None


def _is_index(folder):
    return folder.is_dir() and not folder.name.startswith(_NEW)


def _clear(place, key):
    """Remove every index but this one."""
    for folder in place.iterdir():
        if _is_index(folder) and folder.name != key:
            shutil.rmtree(folder, ignore_errors=True)


def _clear_unfinished(place):
    for folder in place.glob(f"{_NEW}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _chosen(words, numbers):
    """The words of some articles, in the order of these numbers."""
    ends = np.searchsorted(words.sentences[:, 0], [numbers, numbers + 1])
    rows = _ranges(*ends)
    tokens = np.append(0, np.cumsum(words.sentences[:, 5]))
    places = _ranges(tokens[ends[0]], tokens[ends[1]])
    sentences = words.sentences[rows]
    sentences[:, 0] = np.repeat(np.arange(len(numbers)), ends[1] - ends[0])
    used, code = np.unique(words.code[places], return_inverse=True)
    terms = [words.terms[number] for number in used]
    code = code.astype(np.int32)
    return Words(len(numbers), sentences, words.start[places], words.length[places], code, terms)


def _ranges(starts, ends):
    """The numbers from each start to its end, one range after another."""
    sizes = ends - starts
    return np.repeat(starts - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())


def _parts_by_content(texts):
    """The texts with their digests, in parts of about ``PART`` characters.

    Parts begin and end at the same texts, whatever the others are: a text ends its part if its
    digest is small beside its length.
    """
    part = []
    size = 0
    for language, title, text in texts:
        digest = _text_digest(text)
        part.append((language, title, digest, text))
        size += len(text)
        is_last = int(digest[:12], 16) % PART < len(text)
        if is_last or size > _MOST_PARTS * PART:
            yield part
            part = []
            size = 0
    if part:
        yield part


def _digests(articles, of_texts):
    """What the words of each article depend on, but for the rules; ``of_texts`` are digests."""
    fields = zip(language_column(articles).tolist(), articles.body, of_texts, strict=True)
    return [_digest(language, str(body), digest) for language, body, digest in fields]


def _text_digest(text):
    return digest_of(text.encode("utf-8", "surrogatepass"))


def _rules_key(folder):
    """What the labels and words of any text depend on: the code, its lists and the corpus's."""
    words = read_side_table("words", folder).word
    return _digest(_code_key(), read_rules(folder).to_csv(), *words).hex()


def _key(source, how):
    """What the articles of a source depend on: its files, how it is read, and the code."""
    found = hashlib.sha256(f"{how}\0{_code_key()}".encode())
    for file in _files(source):
        name = os.path.relpath(file, source.parent if source == file else source)
        about = f"\0{name}\0{file.stat().st_size}\0{file.is_symlink()}\0"
        found.update(about.encode("utf-8", "surrogateescape"))
        with file.open("rb") as data:
            found.update(hashlib.file_digest(data, "sha256").digest())
    return found.hexdigest()


@cache
def _code_key():
    """The code and the lists of this room, and the versions of Python and of every package."""
    files = [file for ending in _OURS for file in sorted(_CODE.rglob(f"[!.]*{ending}"))]
    texts = [file.read_text("utf-8") for file in files]
    packages = sorted({found.name for place in sys.path for found in Path(place).glob(_PACKAGE)})
    return _digest(python_version(), *packages, *texts).hex()


def _files(source):
    """The files of a source in the order of their names, but for those of an index."""
    if not os.path.isdir(source):
        return [source] if os.path.isfile(source) else []
    texts = source / "texts"  # which may be a link
    tops = [source, texts] if texts.is_symlink() else [source]
    return [file for top in tops for file in _walk(top) if file.is_file()]


def _walk(top):
    for place, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if not name.endswith(_NAME))
        yield from (Path(place, name) for name in sorted(names))


def _size(source):
    return sum(file.stat().st_size for file in _files(source))


def _digest(*texts):
    """A digest of texts, whatever divides them."""
    found = hashlib.blake2b(digest_size=DIGEST)
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        found.update(len(data).to_bytes(8))
        found.update(data)
    return found.digest()
