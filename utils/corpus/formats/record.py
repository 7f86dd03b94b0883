"""What a format is given and what it gives: a file, and one record for each article in it."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from utils.corpus.files import Mistake

AS_PRINTED = "published (as printed)"
"""The further column of dates that cannot be read."""


class File(NamedTuple):
    """The bytes of a file, and its path as the user sees it, divided by ``/``.

    ``column`` is the column of a table that the user says has the texts.
    """

    name: str
    data: bytes
    column: str = ""


class Record(NamedTuple):
    """An article as its source has it.

    ``metadata`` has only what the source states: ``title``, ``outlet``, ``published`` (ISO, or as
    printed in ``published (as printed)``), ``author``, ``url``, ``language``, ``section``,
    ``words`` (the stated length), ``doc_id``, and further columns by their own names. ``place``
    says where in the file it stands: "row 12", "article 3", or nothing. A record without text has
    the metadata of the file that its ``metadata["file"]`` names. ``notes`` are lines for the
    reader, each of which names the file and, after a colon, says what there is to say.
    """

    text: str
    metadata: dict[str, str]
    place: str = ""
    notes: tuple[str, ...] = ()


Format = Callable[[File], Iterable[Record | Mistake]]
"""Reads a file; gives a ``Mistake`` in the place of an article that cannot be read.

It raises ``Mistake`` where the whole file cannot be read.
"""
