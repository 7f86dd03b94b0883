"""Reads a REFI-QDA project (``.qdpx``) as NVivo, MAXQDA, ATLAS.ti, QualCoder and others write it.

Taken are selections of plain text with a code. A source is known by its text, line ends and
byte-order mark aside, whatever its tool calls it. Whoever made a coding is its coder. The centre is
that of the comment, else the case of the selection or of the source, else that of the article.
"""

from collections import Counter
from functools import cached_property, partial
from os.path import commonprefix
from pathlib import PurePosixPath
from typing import NamedTuple

from lxml import etree
from pandas import DataFrame

from utils.corpus.files import Mistake, decode_any, printable
from utils.corpus.formats.archives import unzip
from utils.corpus.formats.record import File
from utils.facts.exchange.offsets import BOM, Selected, agrees, plain, read_selections
from utils.facts.exchange.places import Places
from utils.facts.exchange.rows import (
    OWN_ABOUT,
    Coding,
    codebook_of,
    folded,
    read_descriptions,
    table_of,
)
from utils.facts.quotations import is_torn

_NOT_READ = {
    "PictureSource": "a picture",
    "PDFSource": "a PDF",
    "AudioSource": "a sound",
    "VideoSource": "a video",
}
_MOST_TORN = 0.1  # of the selections of a source that may begin or end inside a word
_NOT_FOUND = "export the project with its sources inside, as plain text"


def read_project(file: File, articles: DataFrame) -> Coding:
    """The codings of a ``.qdpx`` on the texts of these articles.

    Raises ``Mistake`` for what is no project at all; each source or selection that cannot be taken
    is a line of ``problems``.
    """
    return _Reader(file, articles).read()


def _parse(file):
    """The project and its further files by the end of their names, in small letters."""
    found = {}
    for member in unzip(file):
        if isinstance(member, Mistake):
            raise member
        name = PurePosixPath(member.name).name.lower()
        if name.endswith((".qde", ".txt")):
            found[name] = member.data
    names = [name for name in found if name.endswith(".qde")]
    if not names:
        raise Mistake(f"{file.name}: has no project.qde; export a REFI-QDA project, not a codebook")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(found[names[0]], parser)
    except etree.XMLSyntaxError as error:
        raise Mistake(f"{file.name}, {names[0]}: no XML ({error.msg}); export it anew") from None
    if root.getroottree().docinfo.doctype:
        raise Mistake(f"{file.name}, {names[0]}: has a DOCTYPE, which no project has; export anew")
    return root, found


def _identity(text):
    return (text or "").strip("{}").lower()


class _Source(NamedTuple):
    """A source in the file: what it is called in messages, its text, and the article it is."""

    label: str
    text: str
    doc_id: str


class _Reader:
    def __init__(self, file, articles):
        self.file = file
        self.articles = articles
        self.root, self.files = _parse(file)
        self.origin = self.root.get("origin") or ""
        self.places = Places(articles)
        self.rows = []
        self.notes = []
        self.problems = []

    def read(self):
        """All rows, with what there is to say and what is wrong."""
        self._examine_users()
        for source in self.root.iterfind("{*}Sources/*"):
            kind = etree.QName(source).localname
            if kind == "TextSource":
                self._read_source(source)
            elif kind in _NOT_READ:
                codings = sum(1 for _ in source.iter("{*}CodeRef"))
                self.notes.append(
                    f"{self._label(source)}: is {_NOT_READ[kind]} and is left out with its "
                    f"{codings} codings; code the text of the article"
                )
        return Coding(table_of(self.rows), self.notes, self.problems)

    @cached_property
    def _users(self):
        return {
            _identity(user.get("guid")): user.get("name") or user.get("id") or ""
            for user in self.root.iterfind("{*}Users/{*}User")
        }

    @cached_property
    def _codes(self):
        """The attribute of each code by its identifier: its own name, or one in its family."""
        known = set(codebook_of(self.articles, DataFrame({"attribute": []})).attribute)
        names = {}
        for code in self.root.iterfind("{*}CodeBook//{*}Code"):
            name = folded(code.get("name") or "")
            above = names.get(_identity(code.getparent().get("guid")), "")
            alone = name in known or name.startswith(f"{above}:") or above not in known
            names[_identity(code.get("guid"))] = name if alone else f"{above}: {name}"
        return names

    @cached_property
    def _cases(self):
        """The case of each source, selection and case by its identifier."""
        of = {}
        for case in self.root.iterfind("{*}Cases/{*}Case"):
            refs = [*case.iterfind("{*}SourceRef"), *case.iterfind("{*}SelectionRef")]
            members = [case.get("guid"), *(ref.get("targetGUID") for ref in refs)]
            of |= dict.fromkeys(map(_identity, members), case.get("name") or "")
        return of

    @cached_property
    def _memos(self):
        """The text and the author of each note by its identifier."""
        return {
            _identity(note.get("guid")): (self._text_of(note) or "", self._author(note))
            for note in self.root.iterfind("{*}Notes/{*}Note")
        }

    def _examine_users(self):
        for name, number in Counter(self._users.values()).items():
            if number > 1:
                self.problems.append(
                    f"{self.file.name}: {number} users are called {name!r}, so their codings "
                    "cannot be told apart; give each a name of their own, and export anew"
                )

    def _author(self, *elements):
        """The user who made the first of the elements that says so."""
        for element in elements:
            for role in ("creatingUser", "modifyingUser"):
                if element.get(role):
                    return self._users.get(_identity(element.get(role)), "")
        return ""

    def _label(self, element):
        return f"{self.file.name}, source {printable(element.get('name') or '')!r}"

    def _text_of(self, element):
        """The plain text of a source or note; ``None`` where the file does not hold it."""
        inside = element.findtext("{*}PlainTextContent")
        path = (element.get("plainTextPath") or "").replace("\\", "/")
        data = self.files.get(path.rpartition("/")[2].lower())
        if inside is not None or data is None:
            return inside
        return decode_any(data, path)[0]

    def _read_source(self, element):
        label = self._label(element)
        text = self._text_of(element)
        if text is None:
            path = element.get("plainTextPath") or element.get("richTextPath") or "no path"
            self.problems.append(f"{label}: its text is not in the file ({path}); {_NOT_FOUND}")
            return
        doc_id = self._article_of(element, text, label)
        if doc_id:
            source = _Source(label, text, doc_id)
            self._read_selections(element, source)
            self._read_notes(element, source)

    def _article_of(self, element, text, label):
        """The article whose text a source has; where it was edited, the one that it names."""
        doc_id = self.places.with_text(text, element.get("name") or "")
        named = self.places.named(element.get("name") or "")
        if doc_id:
            return doc_id
        codings = sum(1 for _ in element.iter("{*}CodeRef"))
        if named:
            ours = plain(self.articles.raw[named])
            place = len(commonprefix([plain(text), ours]))
            self.problems.append(
                f"{label}: its text is not that of {named} as collected, from character {place:,} "
                f"on: “{plain(text)[place : place + 20]}” for “{ours[place : place + 20]}”; code "
                "the text that the export of this corpus has (quotations in both are taken)"
            )
        elif codings:
            self.problems.append(
                f"{label}: is no article of this corpus, and is left out with its {codings} "
                "codings; add its text to the corpus, or name another one with --corpus"
            )
        return named

    def _read_selections(self, element, source):
        elements = [*element.iterfind("{*}PlainTextSelection")]
        coded = [each for each in elements if each.find("{*}Coding") is not None]
        if len(coded) < len(elements):
            self.notes.append(
                f"{source.label}: {len(elements) - len(coded)} annotations without "
                "a code are left out"
            )
        selections = [_selected(each) for each in coded]
        spans = read_selections(source.text, selections, self.origin)
        torn = sum(map(partial(self._is_torn, source), selections, spans))
        if torn > max(1, _MOST_TORN * len(spans)):
            self.problems.append(
                f"{source.label}: {torn} of {len(spans)} selections begin or end inside a word, "
                "however their places are counted; export with the quotations as their names"
            )
            return
        for each, selection, span in zip(coded, selections, spans, strict=True):
            if span:
                self._read_selection(each, source, span, selection.name)
            else:
                self.problems.append(
                    f"{source.label}: a selection from {each.get('startPosition')} to "
                    f"{each.get('endPosition')} is not within the text of "
                    f"{len(source.text):,} characters; export the project anew"
                )

    def _is_torn(self, source, selection, span):
        """Whether a selection that no name explains begins or ends inside a word."""
        if not span or agrees(source.text[slice(*span)], selection.name):
            return False
        known = self.places.has(source.doc_id, folded(selection.name))
        return not known and any(is_torn(source.text, edge) for edge in span)

    def _read_selection(self, element, source, span, name):
        words = folded(source.text[slice(*span)].strip(BOM))
        named = folded(name)
        if not agrees(words, named) and self.places.has(source.doc_id, named):
            words = named  # the tool counts characters in some other way
        codings = [
            (coding, _identity(ref.get("targetGUID")))
            for coding in element.iterfind("{*}Coding")
            for ref in coding.iterfind("{*}CodeRef")
        ]
        row = {
            "centre": self._centre(element, codings, source),
            "value": words,
            "about": OWN_ABOUT,
            "doc_id": source.doc_id,
            "quote": self.places.widened(source.doc_id, words, source.text, span[0]),
        }
        for coding, target in codings:
            if target not in self._cases:
                row["attribute"] = self._codes.get(target, "")
                row["coder"] = self._author(coding, element)
                for described in read_descriptions(self._comment(element, coding)):
                    self._take(row | described, source)

    def _centre(self, element, codings, source):
        """The case of a selection: one that it is coded as, its own, or that of its source."""
        holders = [element.get("guid"), element.getparent().get("guid")]
        targets = [*(target for _, target in codings), *map(_identity, holders)]
        cases = [self._cases[target] for target in targets if target in self._cases]
        return next(filter(None, cases), self.articles.centre[source.doc_id])

    def _comment(self, *elements):
        """The words that a coder wrote of a selection: its description, or else its notes."""
        told = [element.findtext("{*}Description") or "" for element in elements]
        return next(filter(None, [*told, *map(self._memo, elements)]), "")

    def _take(self, row, source):
        if row.get("attribute"):
            self.rows.append(row)
        else:
            self.problems.append(
                f"{source.label}: “{row['quote'][:60]}” has a code that the codebook of the file "
                "does not have; export the project anew, with its codes"
            )

    def _memo(self, element):
        """The words of the notes that an element refers to."""
        notes = [_identity(ref.get("targetGUID")) for ref in element.iterfind("{*}NoteRef")]
        return "\n".join(self._memos[note][0] for note in notes if note in self._memos)

    def _read_notes(self, element, source):
        """Rows without a quotation, in a note of an article as ``write_project`` makes it."""
        for ref in element.iterfind("{*}NoteRef"):
            text, author = self._memos.get(_identity(ref.get("targetGUID")), ("", ""))
            for row in read_descriptions(text):
                if "attribute" in row:
                    self.rows.append({**row, "doc_id": source.doc_id, "coder": author})


def _selected(element):
    """Where a selection says that it is; what is no number is beyond every text."""
    try:
        start = int(element.get("startPosition", ""))
        end = int(element.get("endPosition", ""))
    except ValueError:
        start = end = -1
    return Selected(start, end, element.get("name") or "")
