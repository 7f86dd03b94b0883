"""Reading pages: each article with what the tables of the notebooks say of its sentences."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from utils.facts.quotations import find_quotation
from utils.page.cells import all_rows
from utils.page.characters import visible
from utils.page.columns import cell_text
from utils.page.reading import units_of
from utils.report.executed import bundles
from utils.report.frame import Study


class Note(NamedTuple):
    """What a row of a table says of a sentence.

    ``kind`` is the name of the table, ``link`` leads to the row, and ``span`` has the place of the
    words within the sentence as a page counts it; it is ``None`` where they are not known.
    """

    kind: str
    text: str
    link: str
    span: tuple[int, int] | None


def reading_pages(study: Study) -> Iterator[tuple[str, dict]]:
    """What the template needs for the page of each article, by the file that the page goes to.

    ``units`` has each unit of the text with its notes, ``whole`` the notes on no unit alone.
    """
    rows = _rows_beside(study)
    for doc_id, link in study.links.items():
        article = study.articles[doc_id]
        units = units_of(article["lines"])
        notes = _notes_by_unit(units, rows[doc_id])
        yield (
            link,
            {
                "article": article,
                "units": [(unit, notes[place]) for place, unit in enumerate(units)],
                "whole": notes[None],
                "noted": any(notes.values()),
            },
        )


def _rows_beside(study):
    """By article, the rows that tables show beside sentences: the table, the link, the cells.

    The later notebooks go first, since they build on the others. The link is to the table where the
    page does not have the row.
    """
    rows = defaultdict(list)
    for stem in reversed(study.notebooks):
        for table in bundles(study.notebooks[stem].cells, "table"):
            keys = [column["key"] for column in table["columns"]]
            for number, row in enumerate(all_rows(table) if table.get("beside") else [], 1):
                cells = dict(zip(keys, row, strict=True))
                place = f"-{number}" if number <= len(table["rows"]) else ""
                link = f"../{quote(stem)}.html#{table['name']}{place}"
                if cells.get("doc_id") in study.links:
                    rows[cells["doc_id"]].append((table, link, cells))
    return rows


def _notes_by_unit(units, rows):
    """The notes on each unit, by its place among them; under ``None`` those on no unit alone.

    Where two tables give the same words of a place, such as a date, the first of them is taken.
    """
    notes = defaultdict(list)
    first = {}
    for table, link, cells in rows:
        place = _place_of(units, cells)
        span = None if place is None else _span_in(units[place], cells)
        text = _text_of(table, cells)
        if first.setdefault((place, span, text.partition(":")[0]), table) is table:
            notes[place].append(Note(table["name"].replace("_", " "), text, link, span))
    return notes


def _place_of(units, cells):
    """Which unit a row is about: the one of its sentence, else the one it points into."""
    if cells.get("sentence") is not None:
        numbers = [unit.number for unit in units]
        return numbers.index(cells["sentence"]) if cells["sentence"] in numbers else None
    if cells.get("start") is None:
        return None
    return bisect_right([unit.start for unit in units], cells["start"]) - 1


def _span_in(unit, cells):
    """Where the words of a row are in a unit, by its offsets or else by its quotation."""
    if cells.get("start") is not None and cells.get("end") is not None:
        span = (cells["start"] - unit.start, cells["end"] - unit.start)
    else:
        span = next(iter(find_quotation(unit.text, cells.get("quote") or "")), None)
    if not span or not 0 <= span[0] < span[1] <= len(unit.text):
        return None
    start, end = span
    return _length_in_page(unit.text[:start]), _length_in_page(unit.text[:end])


def _length_in_page(text):
    """The length of a text as a browser counts it: of what is visible, in units of UTF-16.

    >>> _length_in_page("a" + chr(0x1F389)), _length_in_page(chr(13) + chr(10))
    (3, 1)
    """
    return len(visible(text).replace("\r\n", "\n").encode("utf-16-le", "replace")) // 2


def _text_of(table, cells):
    """The values of a row that are shown; what the ones before it say already is left out."""
    said = ""
    for key in table["beside"]:
        text = cell_text(cells.get(key), f"{table['name']}.{key}", table["names"])
        if text not in said:
            said += f": {text}" if said else text
    return said
