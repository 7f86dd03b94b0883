"""What the names of columns stand for, as ``fields.csv`` has them."""

from functools import lru_cache
from pathlib import Path

from pandas import read_csv

from utils.corpus.files import letters_of

TEXT_ELSE = "text (where no other is)"
TEXT_FIELDS = ("text", TEXT_ELSE)
"""What a column with the texts stands for, the surest first."""
_LONGEST_NAME = 100  # characters of a column's name
_FIELDS = {
    letters_of(name): (row.field, rank)
    for row in read_csv(Path(__file__).with_name("fields.csv")).itertuples()
    for rank, name in enumerate(row.names.split("|"))
}


def field_of(column: str) -> str:
    """The field that the name of a column stands for; empty where none is known.

    >>> field_of("Full_Text"), field_of("colour")
    ('text', '')
    """
    return field_and_rank(column)[0]


@lru_cache(10_000)
def field_and_rank(column: str) -> tuple[str, int]:
    """The same, and its rank among the names of the field; nothing of a long one, which is prose.

    >>> field_and_rank("headline")
    ('title', 1)
    """
    return _FIELDS.get(letters_of(column) if len(column) < _LONGEST_NAME else "", ("", 0))
