"""What a format is given and what it gives: a file, and a record for each article in it."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from utils.corpus.files import Mistake, decode_any, whole_characters
from utils.corpus.formats.dates import iso_date

AS_PRINTED = "published (as printed)"
"""The further column of dates that cannot be read."""


class File(NamedTuple):
    """The bytes of a file, and its path as the user sees it, divided by ``/``.

    ``column`` is the column of a table that the user says has the texts. Of a file that is read in
    pieces, this is a ``piece``, and ``before`` is how many lines or rows go before it.
    """

    name: str
    data: bytes
    column: str = ""
    piece: bool = False
    before: int = 0


class Record(NamedTuple):
    """An article as its source has it.

    ``metadata`` has only what the source states: ``title``, ``outlet``, ``published`` (ISO),
    ``author``, ``url``, ``language``, ``section``, ``words`` (the stated length), ``doc_id``, and
    further columns by their own names. ``place`` says where in the file it stands: "row 12",
    "article 3", or nothing. A record without text has the metadata of the file that its
    ``metadata["file"]`` names.
    """

    text: str
    metadata: dict[str, str]
    place: str = ""


Found = Record | Mistake | str
"""An article; what is wrong with one that cannot be read; or a line for the reader.

A line names the file and, after a colon, says what there is to say.
"""
Format = Callable[[File], Iterable[Found]]
"""Reads a file; raises ``Mistake`` where the whole file cannot be read."""


def make_record(text: str, stated: Mapping[str, str | None], place: str = "") -> Record:
    """A record of what a source states, as printed there.

    White space is tidied, what is blank left out, and the date brought into ISO form. A date that
    cannot be read stays as printed in ``published (as printed)``.

    >>> make_record("Rain.", {"title": " Rain  falls", "published": "May 4, 2023", "url": None})[1]
    {'title': 'Rain falls', 'published': '2023-05-04'}
    """
    tidy = {
        whole_characters(name): " ".join(whole_characters(value or "").split())
        for name, value in stated.items()
    }
    printed = tidy.get("published", "")
    if printed:
        tidy["published"] = iso_date(printed)
        tidy[AS_PRINTED] = "" if tidy["published"] else printed
    metadata = {name: value for name, value in tidy.items() if value}
    return Record(whole_characters(text), metadata, place)


def text_of(file: File) -> tuple[str, list[str]]:
    """The text of a file, and a line for the reader where its encoding had to be guessed.

    >>> text_of(File("a.txt", "Rain.".encode("utf-16")))
    ('Rain.', [])
    """
    text, encoding = decode_any(file.data, file.name)
    usual = encoding in ("utf_8", "utf_16")
    return text, [] if usual else [f"{file.name}: not UTF-8; read as {encoding}"]
