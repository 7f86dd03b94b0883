"""The articles in values of JSON and Parquet, which may lie in lists and objects of each other.

An object with a text is an article. One without, as a sitting of a parliament with its speeches, or
a thread with its posts, gives what it states to each article in it.
"""

from datetime import datetime
from itertools import chain
from typing import Any

from pandas import DataFrame

from utils.corpus.files import letters_of, whole_characters
from utils.corpus.formats.fields import TEXT_FIELDS, field_of

Cells = dict[str, str]
"""What is stated of an article, its text included, by names of columns."""
_TEXTS = frozenset(TEXT_FIELDS)
_PIECES = {"paragraphs", "sentences", "segments", "blocks", "lines", "pages"}
_ABOUT = {"entities", "annotations", "hashtags", "mentions", "tokens", "images", "media", "links"}
_ABOUT |= {"headers", "meta", "metadata"}
"""What is said of an article or of a file, and holds none."""
_OUTER = " (outer record)"
_LONGEST_PART = 200  # characters of a part of a list that is no paragraph


def articles_in(value: Any, wanted: str) -> list[Cells]:
    """The cells of each article in a value, with what is stated around it.

    ``wanted`` is the name that the user gives to what holds the texts, if any.

    >>> articles_in({"date": "2020", "posts": [{"text": "Rain."}, {"text": "Sun."}]}, "")
    [{'text': 'Rain.', 'date': '2020'}, {'text': 'Sun.', 'date': '2020'}]
    """
    if isinstance(value, list):
        parts = [part for part in value if isinstance(part, list | dict)]
        return list(chain.from_iterable(articles_in(part, wanted) for part in parts))
    if not isinstance(value, dict):
        return [{"text": as_cell(value) if isinstance(value, str) else ""}]
    within = _parts_with_articles(value, wanted)
    stated = _flattened({key: part for key, part in value.items() if key not in within}, wanted)
    return _with_stated(within, stated, wanted) if within else [stated]


def _with_stated(within, stated, wanted):
    """The articles in the parts of an object, with what it states, under names that they lack."""
    articles = []
    for key, part in within.items():
        named = {"key": key} if len(within) > 1 else {}
        articles += [named | cells for cells in articles_in(part, wanted)]
    names = set(chain.from_iterable(articles))
    fields = set(map(field_of, names)) - {""}
    around = {}
    for name, cell in stated.items():
        outer = name + _OUTER * (field_of(name) in fields)
        while outer in names:
            outer += _OUTER
        around[outer] = cell
    return [cells | around for cells in articles]


def unwrapped(value: Any, wanted: str) -> list:
    """The list in a value of JSON that has the articles; of a table by columns its rows.

    What wraps it is let go where it states nothing that is known of articles.

    >>> unwrapped({"status": "ok", "articles": [{"text": "Rain."}]}, "")
    [{'text': 'Rain.'}]
    """
    if isinstance(value, list):
        return value
    if not _holds_articles(value, wanted) or _are_columns(value, wanted):
        return _rows_of_columns(value) or max(_lists_in(value), key=len, default=[])
    within = _parts_with_articles(value, wanted)
    if len(within) != 1 or any(map(field_of, value.keys() - within.keys())):
        return [value]
    return unwrapped(*within.values(), wanted)


def as_cell(value: Any, is_text: bool = False) -> str:
    """A value of JSON, Excel or Parquet as it would stand in a CSV file.

    >>> as_cell(2020.0), as_cell(["Ann", "Bo"]), as_cell(["Rain.", {"text": "Sun."}], True)
    ('2020', 'Ann; Bo', 'Rain.\\n\\nSun.')
    """
    if value is None or value != value:  # the only value that is not itself is "not a number"
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        parts = list(filter(None, map(_item_as_cell, value)))
        return _between(parts, is_text).join(parts)
    return whole_characters(str(value)).strip()


def _between(parts, are_of_text):
    are_long = max(map(len, parts), default=0) > _LONGEST_PART
    return "\n\n" if are_of_text or are_long else "; "


def _item_as_cell(value):
    """An item of a list: of an object its text or its name, where it has one."""
    texts = {}
    if isinstance(value, dict):
        texts = {field_of(name): part for name, part in value.items()} | value
    return as_cell(texts.get("text", texts.get("name", value)), True)


def _parts_with_articles(value, wanted):
    """The parts of an object that hold articles; none where it has a text, and so is one itself."""
    parts = {key: part for key, part in value.items() if isinstance(part, list | dict)}
    if not parts or _has_text(value, wanted):  # most objects have no parts
        return {}
    return {
        key: part
        for key, part in parts.items()
        if _holds_articles(part, wanted) and key.lower() not in _ABOUT
    }


def _holds_articles(value, wanted):
    if isinstance(value, list):
        return any(_holds_articles(part, wanted) for part in value)
    return isinstance(value, dict) and (
        _has_text(value, wanted) or bool(_parts_with_articles(value, wanted))
    )


def _has_text(value, wanted):
    return any(_is_text(key, part, wanted) for key, part in value.items())


def _is_text(key, part, wanted):
    """Whether a part of an object is its text, or a list of pieces of it."""
    if isinstance(part, int | float) or _is_of_articles(part):
        return False
    names = [f"{key}.{inner}" for inner in part] if isinstance(part, dict) else [key]
    if wanted:
        return letters_of(wanted) in map(letters_of, names)
    is_piecewise = key.lower() in _PIECES and _are_pieces(part)
    return is_piecewise or not _TEXTS.isdisjoint(map(field_of, names))


def _are_pieces(part):
    return isinstance(part, list) and all(
        isinstance(item, str) or isinstance(item, dict) and _has_text(item, "") for item in part
    )


def _is_of_articles(part):
    """Whether a list has objects with titles or addresses, as no pieces of a text have."""
    items = part if isinstance(part, list) else []
    names = chain.from_iterable(item for item in items if isinstance(item, dict))
    return not {"title", "url"}.isdisjoint(map(field_of, names))


def _flattened(value, wanted):
    """The cells of an object; those of an object in it have both keys."""
    cells = {}
    for key, part in value.items():
        if isinstance(part, dict):
            cells |= {f"{key}.{inner}": as_cell(within) for inner, within in part.items()}
        elif isinstance(part, list):
            is_text = _is_text(key, part, wanted)
            is_only = is_text and not wanted and _TEXTS.isdisjoint(map(field_of, value))
            cells["text" if is_only else key] = as_cell(part, is_text)
        else:
            cells[key] = as_cell(part)
    return cells


def _are_columns(value, wanted):
    """Whether an object is a table of two lists or more, each with as many rows, one of texts."""
    columns = list(value.values())
    are_lists = len(columns) > 1 and all(isinstance(column, list) for column in columns)
    return are_lists and len(set(map(len, columns))) == 1 and _has_text(value, wanted)


def _rows_of_columns(value):
    """The rows of a table that is kept by column, as pandas writes them."""
    columns = value if isinstance(value, dict) else {}
    has_text = any(field_of(name) == "text" for name in columns)
    if has_text and all(isinstance(column, dict | list) for column in columns.values()):
        return DataFrame(columns, dtype=object).to_dict("records")
    return []


def _lists_in(value):
    if isinstance(value, list):
        yield value
    if isinstance(value, dict):
        yield from chain.from_iterable(map(_lists_in, value.values()))
