"""A coding as W3C Web Annotations (JSON-LD), written and read: the plain way between programs.

An annotation has the attribute as its tag, the centre as what it identifies, and the further
columns as a description, as in the comments of a REFI-QDA project. Its target is the file of an
article with the quotation, the words around it and its position in code points, the end not
included. A row without a quotation is an annotation of the whole article.
"""

import json
from itertools import count
from urllib.parse import quote

from pandas import DataFrame, Series

from utils.corpus.files import Mistake, decode_any
from utils.corpus.formats.record import File
from utils.facts.coding import is_model
from utils.facts.exchange.places import Places
from utils.facts.exchange.rows import (
    DESCRIBED,
    OWN_ABOUT,
    Coding,
    describe,
    folded,
    guid,
    read_descriptions,
    table_of,
)

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_AROUND = 32  # characters before and after a quotation
_PURPOSES = {"tagging": "attribute", "identifying": "centre"}


def write_annotations(articles: DataFrame, rows: DataFrame) -> bytes:
    """An annotation collection of the rows of ``coding_of``, the same bytes on every run.

    >>> from utils.corpus.articles import read_corpus
    >>> json.loads(write_annotations(read_corpus(), DataFrame()))["total"]
    0
    """
    numbers = count(1)
    items = [_annotation(articles, row, next(numbers)) for row in rows.to_dict("records")]
    collection = {
        "@context": CONTEXT,
        "id": _iri("collection", *articles.index),
        "type": "AnnotationCollection",
        "label": "Coding",
        "total": len(items),
        "first": {
            "id": _iri("page", *articles.index),
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": items,
        },
    }
    return f"{json.dumps(collection, ensure_ascii=False, indent=1)}\n".encode()


def read_annotations(file: File, articles: DataFrame) -> Coding:
    """The rows of annotations: a collection, a page, a list, or a single one.

    Raises ``Mistake`` for what is no JSON, or has no annotations.
    """
    try:
        items = [*_items(json.loads(decode_any(file.data, file.name)[0]))]
    except (ValueError, RecursionError) as error:
        raise Mistake(f"{file.name}: no JSON ({error}); is it cut short?") from None
    if not items:
        raise Mistake(f"{file.name}: has no annotations; each has a target and a body")
    places = Places(articles)
    rows = []
    notes = []
    problems = []
    for number, item in enumerate(items, 1):
        where = f"{file.name}, annotation {number}"
        try:
            rows.append(_row(item, articles, places))
            further = len(_many(item["target"])) - 1
            if further:
                notes.append(f"{where}: {further} more targets are left out; annotate each apart")
        except Mistake as mistake:
            problems.append(f"{where}: {mistake}")
    return Coding(table_of(rows), notes, problems)


def _iri(*parts):
    return f"urn:uuid:{guid(*parts)}"


def _annotation(articles, row, number):
    body = [
        {"type": "TextualBody", "purpose": purpose, "value": row[column]}
        for purpose, column in _PURPOSES.items()
    ]
    told = describe([row], DESCRIBED)
    body.append({"type": "TextualBody", "purpose": "describing", "value": told})
    target = {"source": f"texts/{quote(articles.file[row['doc_id']])}"}
    if row["quote"]:
        target["selector"] = _selectors(articles.raw[row["doc_id"]], row["start"], row["end"])
    kind = "Software" if row["coder"].startswith("model") else "Person"
    creator = {"creator": {"type": kind, "name": row["coder"]}} if row["coder"] else {}
    identity = _iri("annotation", number, *(row[column] for column in ("doc_id", "quote")), told)
    return {
        "id": identity,
        "type": "Annotation",
        "motivation": "tagging",
        **creator,
        "body": body,
        "target": target,
    }


def _selectors(raw, start, end):
    return [
        {
            "type": "TextQuoteSelector",
            "exact": raw[start:end],
            "prefix": raw[max(0, start - _AROUND) : start],
            "suffix": raw[end : end + _AROUND],
        },
        {"type": "TextPositionSelector", "start": int(start), "end": int(end)},
    ]


def _items(value):
    """Everything in JSON that has a target and a body."""
    parts = value if isinstance(value, list) else []
    if isinstance(value, dict):
        if "target" in value:
            yield value
            return
        parts = [value.get(key) for key in ("first", "items")]
    for part in parts:
        yield from _items(part)


def _many(value):
    return value if isinstance(value, list) else [value] if value else []


def _mapping(value, key):
    """An object of JSON, or what stands in the place of one under its usual key."""
    return value if isinstance(value, dict) else {key: value}


def _row(item, articles, places):
    """A row of an annotation; raises ``Mistake`` with what is wrong in it."""
    target = _mapping(next(iter(_many(item["target"])), ""), "source")
    address = str(_mapping(target.get("source"), "id").get("id") or "")
    doc_id = places.named(address)
    if not doc_id:
        raise Mistake(f"its source {address!r} is no article; name the file or its doc_id")
    raw = articles.raw[doc_id]
    quoted, start = _quotation(_many(target.get("selector")), raw)
    row = {
        "centre": articles.centre[doc_id],
        "value": quoted,
        "about": OWN_ABOUT,
        "doc_id": doc_id,
        "quote": places.widened(doc_id, quoted, raw, start),
        "coder": _coder(_mapping(next(iter(_many(item.get("creator"))), ""), "name")),
    }
    for body in _many(item.get("body")):
        row |= _columns_of(_mapping(body, "value"))
    if not row.get("attribute"):
        raise Mistake("has no tag; give it the attribute as a body with the purpose tagging")
    return row


def _coder(creator):
    """The name of a creator, which says that it is a model where it is software."""
    name = str(creator.get("name") or "")
    is_person = creator.get("type") != "Software" or is_model(Series([name])).all()
    return name if is_person else f"model: {name}"


def _quotation(selectors, raw):
    """The words that are selected, and where they begin if that is known."""
    kinds = {each.get("type"): each for each in selectors if isinstance(each, dict)}
    texts = {key: str(value) for key, value in kinds.get("TextQuoteSelector", {}).items()}
    start, end = map(kinds.get("TextPositionSelector", {}).get, ("start", "end"))
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end):
        start = end = 0
    exact = texts.get("exact") or raw[start:end]
    if raw[start : start + len(exact)] != exact:
        before = texts.get("prefix", "")
        start = max(0, raw.find(before + exact)) + len(before)
    return folded(exact), start


def _columns_of(body):
    """The columns that a body says something of, by its purpose."""
    words = str(body.get("value") or "")
    column = _PURPOSES.get(str(body.get("purpose")))
    return {column: words} if column else read_descriptions(words)[0]
