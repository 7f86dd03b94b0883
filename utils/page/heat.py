"""A long table as a table of shaded cells, each with its sentences: a row by a column."""

from pandas import DataFrame

from utils.page.columns import ARTICLE, cell_text, format_of
from utils.page.house import COLOURS

STEPS = 5  # shades, of which the darkest is a share of a half or more
_DARKEST = 0.5
_SHADE = 0.09  # of the colour, that each step adds
MOST_PLACES = 12  # sentences that a cell leads to; a table has all


def heat_of(table: DataFrame, row: str, column: str) -> dict:
    """Heads and rows of cells, from a table with a ``share`` for each row and column.

    A cell says how many of how many that is, where the table has ``of``. Its ``places`` are the
    article and the first sentences ``where`` it is so, if the table has them.

    >>> table = DataFrame({"theme": ["sea"], "region": ["north"], "share": [0.3]})
    >>> heat_of(table, "theme", "region")["rows"][0]["cells"]
    [{'text': '30%', 'step': 3, 'places': [], 'more': 0}]
    """
    named = table.reset_index(drop=True)
    cells = {(record[row], record[column]): _cell(record) for record in named.to_dict("records")}
    heads = named[column].drop_duplicates().tolist()
    rows = [
        {"head": _head(name, row), "cells": [cells.get((name, head)) for head in heads]}
        for name in named[row].drop_duplicates()
    ]
    return {"corner": row, "heads": [_head(head, column) for head in heads], "rows": rows}


def shade_of(step: int) -> str:
    """The background of a cell in a notebook, which has no style sheet; it lets any ground through.

    >>> shade_of(5)
    '#0072B273'
    """
    return f"{COLOURS['target']}{round(255 * _SHADE * step):02x}"


def _head(value, key):
    """A head, with the article that it leads to where it is one."""
    doc_id = value if format_of(key) == ARTICLE else None
    return {"text": cell_text(value, key), "doc_id": doc_id}


def _cell(record):
    share = record["share"]
    text = cell_text(share, "share")
    if "of" in record:
        text = f"{round(share * record['of'])} of {record['of']}"
    step = min(STEPS, -int(-share * STEPS / _DARKEST // 1))
    numbers = (record.get("where") or "").split()
    places = [[record["doc_id"], int(number)] for number in numbers]
    more = len(places) - MOST_PLACES
    return {"text": text, "step": step, "places": places[:MOST_PLACES], "more": max(more, 0)}
