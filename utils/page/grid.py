"""What a reader sees of a table: which columns and rows, under which heads, in which form."""

import zlib
from base64 import b64encode
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from utils.page.cells import number_of_rows
from utils.page.characters import visible
from utils.page.columns import ARTICLE, WORDS, cell_text, column_of, label_of
from utils.page.rows import CONTEXTS, MARK, RowWriter, Shown
from utils.page.wording import CAUTIONED, count, quoted, sentence

MOST_PACKED = 120_000
"""Characters that the further rows of a table may take in a page, compressed."""
_ROWS = 60  # are shown of a table for which no number is given
_FOLDED_ROWS = 20  # the same for a table that a reader unfolds
_FIGURE_ROWS = 40  # the same for the data behind a figure
_ONCE = ("phrase", "text", "node")  # columns of words that rows may share
_PLACE = "doc_id sentence start end line_id".split()  # columns in which they may differ
_MOST_ALIKE = 5  # rows of a table that share such words; of a concordance one is shown
_FEW_ROWS = 10  # are not left out, nor is a fifth
_FEWEST_SAID = 3  # rows, from which what all of them have is said once
_LEADING = (ARTICLE, "places", *WORDS)  # formats of cells that are links
_NARROW = 46  # characters of a row that a telephone has room for


class Head(NamedTuple):
    """A head of a column (``shown``), or of so many columns beside each other."""

    text: str
    shown: Shown | None = None
    columns: int = 1
    rows: int = 1


def grid_of(bundle: dict, page: dict) -> dict:
    """What the template needs to show the rows of a table, or of the data behind a figure.

    ``total`` is how many rows there are in all. ``heads`` are one row of heads or two, ``rows`` the
    HTML of the rows that are shown, ``packed`` that of further rows for search and order,
    compressed, and ``here`` how many rows these are together. ``addresses`` are those of the
    further rows, for links that lead to them. ``is_once`` is whether rows with the same words are
    shown once. ``form`` is how it is shown: ``lines`` (of a concordance), ``cards`` or ``numbers``
    where it is too wide for a small screen, or empty.
    """
    whole = bundle
    bundle = once_each(whole)
    columns = shown_columns(whole)
    if bundle is not whole:
        columns += list(_named_columns(bundle))[-1:]
    form = form_of(bundle, columns)
    writer = RowWriter(bundle, columns, page, labels=bool(page) and form == "cards")
    rows = bundle["rows"]
    first = first_rows(bundle)
    packed, further = _pack(writer, rows, first) if page else ("", 0)
    return {
        "total": number_of_rows(bundle),
        "form": form,
        "heads": heads_of(columns),
        "rows": [writer.write(*one) for one in enumerate(rows[:first], 1)],
        "packed": packed,
        "first": first,
        "here": first + further,
        "addresses": list(filter(None, map(writer.address, range(first + 1, len(rows) + 1)))),
        "is_once": bundle is not whole,
        "notes": list(_notes(whole)),
        "is_unlinked": _is_unlinked(bundle, page),
        "left_out": "; ".join(_left_out(bundle)),
    }


def shown_columns(bundle: dict) -> list[Shown]:
    """The columns that a page shows: not those hidden, nor those that are blank in every row.

    What all rows share is said below the table. A concordance has its lines first.
    """
    columns = [column for column in _named_columns(bundle) if not _is_blank(bundle, column)]
    listed = [one for one in columns if not _said_once(bundle, one)]
    if is_concordance(bundle):
        order = {key: place for place, key in enumerate(CONTEXTS)}
        listed.sort(key=lambda one: order.get(one.key, len(order)))
    return listed or columns or list(_named_columns(bundle))


def is_concordance(bundle: dict) -> bool:
    """Whether a table has lines with a node between its contexts."""
    return {column["key"] for column in bundle["columns"]}.issuperset(CONTEXTS)


def heads_of(columns: Sequence[Shown]) -> list[list[Head]]:
    """The heads in one row, or in two where columns beside each other have a group.

    >>> from utils.page.columns import Column
    >>> ends = [Shown(n, end, True, Column(end, group="range")) for n, end in enumerate(["a", "b"])]
    >>> [[(head.text, head.columns, head.rows) for head in row] for row in heads_of(ends)]
    [[('range', 2, 1)], [('a', 1, 1), ('b', 1, 1)]]
    """
    runs = [list(run) for _, run in groupby(columns, lambda one: one.column.group or one.place)]
    depth = 2 if max(map(len, runs)) > 1 else 1
    rows = [[] for _ in range(depth)]
    for run in runs:
        if len(run) == 1:
            rows[0].append(Head(label_of(run[0].column), run[0], rows=depth))
        else:
            rows[0].append(Head(run[0].column.group, columns=len(run)))
            rows[1] += [Head(one.column.heading, one) for one in run]
    return rows


def once_each(bundle: dict) -> dict:
    """The bundle with rows that say the same shown once, or a few times.

    These are lines of a concordance, or rows with a phrase or a text, that differ in their place
    alone. The last of them says in a further column how many more there are. A table of which not
    all rows are here stays as it is, and so does one whose rows have addresses.

    >>> columns = [{"key": key, "numeric": False} for key in ("doc_id", *CONTEXTS)]
    >>> rows = [["a", "It ", "rains", "."], ["b", "It ", "rains", "."]]
    >>> once_each({"columns": columns, "rows": rows})["rows"]
    [['a', 'It ', 'rains', '.', 1]]
    """
    if bundle.get("beside") or number_of_rows(bundle) > len(bundle["rows"]):
        return bundle
    most = 1 if is_concordance(bundle) else _MOST_ALIKE
    alike = defaultdict(list)
    rows = []
    for said, row in zip(_said_by_rows(bundle), bundle["rows"], strict=True):
        alike[said].append([*row, None])
        if len(alike[said]) <= most:
            rows.append(alike[said][-1])
        else:
            alike[said][most - 1][-1] = len(alike[said]) - most
    if len(rows) == len(bundle["rows"]):
        return bundle
    more = {"key": "more_alike", "numeric": False}
    return bundle | {"columns": [*bundle["columns"], more], "rows": rows}


def _said_by_rows(bundle):
    """What each row says without its place; its number where it has no words."""
    keys = [column["key"] for column in bundle["columns"]]
    for number, row in enumerate(bundle["rows"]):
        cells = {key: value for key, value in zip(keys, row, strict=True) if key not in _PLACE}
        yield str(cells) if any(map(cells.get, _ONCE)) else number


def first_rows(bundle: dict) -> int:
    """How many rows of a table, or of the data behind a figure, a page shows at first.

    >>> first_rows({"kind": "table", "rows": [["sea"]] * 705, "shown": 15})
    15
    """
    usual = _FOLDED_ROWS if bundle.get("folded") else _ROWS
    wanted = bundle.get("shown") or (_FIGURE_ROWS if bundle["kind"] == "figure" else usual)
    return min(rows_shown(number_of_rows(bundle), wanted), len(bundle["rows"]))


def rows_shown(rows: int, wanted: int) -> int:
    """How many rows to show; nothing is cut for the sake of a few.

    >>> rows_shown(705, 15), rows_shown(48, 45), rows_shown(14, 5), rows_shown(73, 60)
    (15, 48, 14, 73)
    """
    rest = rows - wanted
    return rows if rest < _FEW_ROWS or 5 * rest < rows else wanted


def form_of(bundle: dict, columns: Sequence[Shown]) -> str:
    """How a table is shown where the screen is narrow; empty where it has room for it."""
    if is_concordance(bundle):
        return "lines"
    if sum(_width(bundle, one) for one in columns) <= _NARROW:
        return ""
    return "numbers" if 2 * sum(one.numeric for one in columns) > len(columns) else "cards"


def _named_columns(bundle):
    for place, column in enumerate(bundle["columns"]):
        if column["key"] not in bundle.get("hidden", ()):
            key = str(column["key"])
            yield Shown(place, key, column["numeric"], column_of(f"{bundle['name']}.{key}"))


def _is_blank(bundle, shown):
    return all(row[shown.place] in (None, "", []) for row in bundle["rows"])


def _said_once(bundle, shown):
    """Whether it has words that all of several rows share.

    Where rows are counted again, other columns than the verdict may say what is counted.
    """
    whole = _FEWEST_SAID <= number_of_rows(bundle) == len(bundle["rows"])
    if not (whole and _is_plain(shown)):
        return False
    if bundle.get("counted") and shown.key != "verdict":
        return False
    first, *others = (row[shown.place] for row in bundle["rows"])
    return bool(first) and isinstance(first, str) and others.count(first) == len(others)


def _is_plain(shown):
    """Whether a column has words that are no link and no part of a line."""
    return not (shown.numeric or shown.key in CONTEXTS or shown.column.format in _LEADING)


def _width(bundle, shown):
    """About how many characters wide a column is, with the room beside it."""
    texts = [_text(bundle, shown, row)[:24] for row in bundle["rows"][:_ROWS]]
    return 2 + max(map(len, [*label_of(shown.column).split(), *texts]))


def _text(bundle, shown, row):
    return cell_text(row[shown.place], f"{bundle['name']}.{shown.key}", bundle["names"])


def _pack(writer, rows, first):
    """HTML of the rows that are not shown, compressed, and how many a page has room for."""
    numbered = enumerate(rows[first:], first + 1)
    written = [visible(writer.write(*one)) for one in numbered]
    packed = _compress(written)
    while len(packed) > MOST_PACKED:
        written = written[: len(written) * MOST_PACKED // len(packed)]
        packed = _compress(written)
    return packed, len(written)


def _compress(rows):
    if not rows:
        return ""
    return b64encode(zlib.compress("".join(rows).encode("utf-8", "replace"), 9)).decode()


def _notes(bundle):
    """What is said once below a table: what all rows share, and the caution about verdicts."""
    columns = list(_named_columns(bundle))
    shared = [one for one in columns if _said_once(bundle, one)]
    if shared:
        words = "; ".join(_shared_words(bundle, one) for one in shared)
        yield sentence(f"All {count(len(bundle['rows']), 'row')}: {words}")
    for one in columns:
        if one.key == "verdict" and one not in shared and _is_cautioned(bundle, one):
            yield f"{MARK} {bundle['caution']}."


def _is_unlinked(bundle, page):
    """Whether rows name an article that has no page of its own."""
    return bool(page.get("links") and bundle["names"].keys() - page["links"].keys())


def _shared_words(bundle, shown):
    words = _text(bundle, shown, bundle["rows"][0])
    return words if shown.key == "verdict" else f"{label_of(shown.column)} {quoted(words)}"


def _is_cautioned(bundle, shown):
    verdicts = {row[shown.place] for row in bundle["rows"]}
    return bundle.get("caution") and not verdicts.isdisjoint(CAUTIONED)


def _left_out(bundle):
    """The headings of columns that are hidden and not blank."""
    for shown in _named_columns(bundle | {"hidden": ()}):
        if shown.key in bundle.get("hidden", ()) and not _is_blank(bundle, shown):
            yield label_of(shown.column)
