"""Writes a REFI-QDA project (``.qdpx``): sources, codes, codings with their coders, and notes.

Layout as in the REFI-QDA standard 1.5, whose schema ``Project.xsd`` a test holds it against. The
text of a source has line feeds for all line ends and no byte-order mark, since tools count a
carriage return with a line feed as one character or as two. Positions are code points from 0, the
end not included. A code has its whole name ("person: signed") and a selection has it once, since
some tools keep one code of a name, and one coding of a selection by a code. A centre is a case with
its selections. What is coded without a quotation is a note of its article. A project states no
times: they are those of the first of January 2000. QualCoder needs them, and the name of an origin.
"""

from collections import defaultdict

from lxml.etree import Element, QName, SubElement, tostring
from pandas import DataFrame

from utils.facts.exchange.offsets import plain
from utils.facts.exchange.rows import (
    DESCRIBED,
    codebook_of,
    describe,
    folded,
    for_xml,
    guid,
    pack,
)

NAMESPACE = "urn:QDA-XML:project:1.0"
_WHEN = {"creationDateTime": "2000-01-01T00:00:00Z"}
_SAME = ["start", "end", "attribute", "coder", "centre"]
_IN_NOTE = ["centre", "attribute", *DESCRIBED]
_IN_COMMENT = ["centre", *DESCRIBED]  # the centre where it is not the article's


def write_project(articles: DataFrame, rows: DataFrame) -> bytes:
    """A ``.qdpx`` of articles and the rows of ``coding_of``; without rows, one to code in.

    >>> from utils.corpus.articles import read_corpus
    >>> from utils.facts.exchange.rows import coding_of
    >>> articles = read_corpus()
    >>> write_project(articles, coding_of(articles).head(0))[:2]
    b'PK'
    """
    return pack(_Project(articles, rows).files())


class _Project:
    """A project under construction: its elements, in the order of the schema."""

    def __init__(self, articles, rows):
        self.articles = articles
        self.rows = rows
        self.selected = defaultdict(list)  # selections of each centre
        self.root = Element(
            QName(NAMESPACE, "Project"),
            {"name": "coding", "origin": "utils.facts", **_WHEN},
            nsmap={None: NAMESPACE},
        )

    def files(self):
        """The files of the project by name."""
        coders = [coder for coder in dict.fromkeys(self.rows.coder) if coder]
        users = self._group("Users", coders)
        for coder in coders:
            self._add(users, "User", guid=guid("user", coder), name=coder)
        self._add_codes()
        cases = self._group("Cases", self._centres())
        sources = self._group("Sources", self.articles.index)
        notes = self._group("Notes", self.rows[self.rows.quote == ""])
        for doc_id, raw in self.articles.raw.items():
            self._add_source(sources, notes, doc_id, raw)
        for centre, doc_ids in self._centres().items():
            self._add_case(cases, centre, doc_ids)
        xml = tostring(self.root, encoding="UTF-8", xml_declaration=True)
        texts = {
            f"sources/{_guid_of(doc_id, raw)}.txt": plain(raw).encode()
            for doc_id, raw in self.articles.raw.items()
        }
        return {"project.qde": xml, **texts}

    def _add(self, parent, tag, /, **attributes):
        values = {key: for_xml(value) for key, value in attributes.items()}
        return SubElement(parent, QName(NAMESPACE, tag), values)

    def _add_text(self, parent, name, text):
        if text:
            self._add(parent, name).text = for_xml(text)

    def _group(self, name, members):
        """An element for members; the schema wants none where there are no members."""
        return self._add(self.root, name) if len(members) else None

    def _centres(self):
        """The articles of each centre, as coded or as the metadata say."""
        named = self.articles.centre[self.articles.centre != ""]
        pairs = [*zip(self.rows.centre, self.rows.doc_id, strict=True)]
        pairs += [(centre, doc_id) for doc_id, centre in named.items()]
        centres = defaultdict(dict)
        for centre, doc_id in pairs:
            centres[centre][doc_id] = None
        return centres

    def _add_codes(self):
        codebook = codebook_of(self.articles, self.rows)
        codes = self._add(self._add(self.root, "CodeBook"), "Codes")
        families = {}
        for code in codebook.itertuples():
            parent = families.get(code.family, codes)
            element = self._add(
                parent,
                "Code",
                guid=guid("code", code.attribute),
                name=code.attribute,
                isCodable=str(code.codable).lower(),
            )
            self._add_text(element, "Description", code.meaning)
            families.setdefault(code.family, element)

    def _add_source(self, sources, notes, doc_id, raw):
        identity = _guid_of(doc_id, raw)
        source = self._add(
            sources,
            "TextSource",
            guid=identity,
            name=doc_id,
            plainTextPath=f"internal://{identity}.txt",
            **_WHEN,
        )
        rows = self.rows[self.rows.doc_id == doc_id]
        quoted = rows[rows.quote != ""]
        for _, same in quoted.groupby(_SAME, sort=False):
            self._add_selection(source, same.to_dict("records"), raw)
        for coder, unquoted in rows.drop(index=quoted.index).groupby("coder", sort=False):
            self._add_note(source, notes, coder, unquoted.to_dict("records"))

    def _add_selection(self, source, rows, raw):
        """One selection with one coding, for all rows of one code: tools keep only one of them."""
        row = rows[0]
        start = len(plain(raw[: row["start"]]))
        end = len(plain(raw[: row["end"]]))
        identity = guid("selection", source.get("guid"), *(row[column] for column in _SAME))
        maker = _made_by(row["coder"])
        selection = self._add(
            source,
            "PlainTextSelection",
            guid=identity,
            name=folded(raw[row["start"] : row["end"]]),
            startPosition=str(start),
            endPosition=str(end),
            **maker,
        )
        usual = row["centre"] == self.articles.centre[row["doc_id"]]
        self._add_text(selection, "Description", describe(rows, _IN_COMMENT[usual:]))
        coding = self._add(selection, "Coding", guid=guid("coding", identity), **maker)
        self._add(coding, "CodeRef", targetGUID=guid("code", row["attribute"]))
        self.selected[row["centre"]].append(identity)

    def _add_note(self, source, notes, coder, rows):
        identity = guid("note", source.get("guid"), coder)
        name = f"coded without a quotation: {source.get('name')}"
        note = self._add(notes, "Note", guid=identity, name=name, **_made_by(coder))
        self._add_text(note, "PlainTextContent", describe(rows, _IN_NOTE))
        self._add(source, "NoteRef", targetGUID=identity)

    def _add_case(self, cases, centre, doc_ids):
        case = self._add(cases, "Case", guid=guid("case", centre), name=centre)
        for doc_id in doc_ids:
            identity = _guid_of(doc_id, self.articles.raw[doc_id])
            self._add(case, "SourceRef", targetGUID=identity)
        for identity in self.selected[centre]:
            self._add(case, "SelectionRef", targetGUID=identity)


def _guid_of(doc_id, raw):
    return guid("source", doc_id, raw)


def _made_by(coder):
    """Who made something, and when; nobody where no coder is named."""
    return _WHEN | ({"creatingUser": guid("user", coder)} if coder else {})
