"""Reads the highlights that Taguette exports: a CSV with ``id, document, tag, content``.

Taguette exports only its codebook as REFI-QDA, without codings. The document is the name under
which an article was imported, the tag an attribute.
"""

from pandas import DataFrame

from utils.corpus.files import Mistake, decode_any
from utils.corpus.formats.record import File
from utils.corpus.tables import csv_rows
from utils.facts.exchange.places import Places
from utils.facts.exchange.rows import OWN_ABOUT, Coding, folded, table_of

_COLUMNS = {"document", "tag", "content"}


def read_highlights(file: File, articles: DataFrame) -> Coding:
    """The rows of highlights with a tag. Raises ``Mistake`` for another table."""
    table = csv_rows(decode_any(file.data, file.name)[0].removeprefix("\ufeff"), file.name)
    if not _COLUMNS.issubset(table.columns):
        raise Mistake(
            f"{file.name}: has no columns document, tag, content, as highlights of Taguette have; "
            "for a coding in a spreadsheet use check"
        )
    places = Places(articles)
    rows = []
    problems = []
    for number, record in table[table.tag != ""].iterrows():
        doc_id = places.named(record.document)
        quote = folded(record.content)
        if not doc_id:
            what = f"no article is called {record.document!r}; import it under its doc_id"
            problems.append(f"{file.name}, row {number}, column document: {what}")
            continue
        row = {"centre": articles.centre[doc_id], "attribute": record.tag, "value": quote}
        row |= {"about": OWN_ABOUT, "doc_id": doc_id}
        rows.append(row | {"quote": places.widened(doc_id, quote, quote, 0)})
    untagged = table.index[table.tag == ""]
    notes = [f"{file.name}, row {number}: has no tag and is left out" for number in untagged]
    return Coding(table_of(rows), notes, problems)
