"""What every figure has: a title and a subtitle, rows with names, and words at its axes.

All is laid out in typographic points, from the texts that there are. A figure is drawn twice, for a
wide and for a narrow place; on the narrow one long names are above their rows and not beside them.
"""

import textwrap
import warnings
from collections.abc import Callable, Sequence
from functools import partial, wraps
from unicodedata import east_asian_width

import matplotlib
import regex
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from pandas import DataFrame, Series

from utils.page.columns import cell_text, heading_of
from utils.page.house import COLOURS, SIZES, WIDTHS, house_style
from utils.page.wording import sentence

ALT_VALUES = 6  # values of each measure that the alternative text names
LONGEST_TEXT = 400  # characters of a text in a figure
LONGEST_NAME = 60  # characters of the name of a row; a longer one leaves no room to draw
LINE = 1.35  # height of a line, in sizes of its text
MARGIN = 6  # points at each side of a figure
GAP = 18  # points between panels
SCALE = 38  # points of the numbers beside a scale
ROW = 20  # points of a row, beside what its name has in further lines
PLOT = 190  # points of a plot without rows
_NAMES = 0.45  # of the width, that names beside rows take at most
_DASH = regex.compile(r"(?<=\w)–(?=\w)")
_END = "\1"  # stands where a line may end after a dash


def drawing(draw: Callable[..., Figure]) -> Callable[..., Figure]:
    """Draws in the house style, wide and narrow, and nothing where the table has no rows.

    The figure is the wide one and has the other as ``narrow``. A text without end, as a "word" of
    200,000 letters, is cut: it would be drawn for minutes.
    """

    @wraps(draw)
    def drawn(table, *arguments, **options):
        if table.empty:
            return figure_of_nothing(table)
        figures = [_draw_at(width, draw, table, *arguments, **options) for width in WIDTHS]
        figures[0].narrow = figures[1]
        return figures[0]

    return drawn


def figure_of_nothing(data: DataFrame, headline: str = "") -> Figure:
    """A figure without axes: ``show`` gives its table, below its headline."""
    figure = Figure()
    figure.data = data
    figure.alt = ""
    figure.headline = headline
    return figure


def _draw_at(width, draw, *arguments, **options):
    with house_style(width):
        figure = draw(*arguments, **options)
        for text in figure.findobj(Text):
            text.set_text(text.get_text()[:LONGEST_TEXT])
        return figure


def is_narrow() -> bool:
    """Whether the figure being drawn is the one for a narrow place."""
    return _width() < 72 * WIDTHS[0]


def canvas(
    title: str,
    subtitle: str,
    names: Sequence[str] = (),
    heads: Sequence[str] = ("",),
    ends: tuple[str, str] | None = ("", ""),
) -> tuple[Figure, list[Axes]]:
    """A figure with its title and subtitle above one row of panels.

    The panels share the rows that are named, the first on top; without names each has a scale of
    its own. ``heads`` are written above the panels, and ``ends`` below the two ends of their axis;
    without ``ends`` there is no axis. ``row`` of the figure is the height of a row in points.
    """
    names = list(map(_cut, names))
    above = _widest(names) > _NAMES * _width()
    left = MARGIN + _room_for_names(names, above)
    gap = GAP if names else SCALE
    panel = (_width() - left - MARGIN - gap * (len(heads) - 1)) / len(heads)
    heads = [_fill(_cut(head), _characters(panel, "small")) for head in heads]
    said = [_fill(_cut(end), _characters(panel / 2, "small")) for end in ends or ()]
    rise = _height(heads, "small") + 8
    foot = MARGIN + (_height(["0"], "small") + _height(said, "small") + 4) * (ends is not None)
    row = _height_of_row(names, above)
    figure, top = _titled(title, subtitle, rise + (row * len(names) or PLOT) + foot)
    height = figure.get_figheight() * 72
    panels = figure.subplots(1, len(heads), sharey=bool(names), squeeze=False)[0]
    figure.subplots_adjust(
        left=left / _width(),
        right=1 - MARGIN / _width(),
        top=1 - (top + rise) / height,
        bottom=foot / height,
        wspace=gap / panel,
    )
    for axes, head in zip(panels, heads, strict=True):
        axes.set_title(head)
        axes.xaxis.set_visible(ends is not None)
        axes.spines.bottom.set_visible(ends is not None)
        _label_ends(axes, said)
    figure.row = row
    if names:
        _name_rows(panels[0], names, row, above)
    return figure, list(panels)


def finish(figure: Figure, data: DataFrame, kind: str, listed: DataFrame) -> Figure:
    """The figure with its data and its alternative text: kind, title and the first values.

    ``listed`` has the names of things in its first column and what is measured in the others.
    """
    names, *measures = (texts_of(listed[column]) for column in listed)
    values = [_list_values(names, measure) for measure in measures]
    figure.data = data
    figure.alt = " ".join([f"{kind}.", sentence(figure.headline), *values])
    return figure


def texts_of(values: Series) -> Series:
    """The values as a reader sees them in the column of their name."""
    return values.astype(object).map(partial(cell_text, key=values.name))


def annotate(axes: Axes, text: str, point: tuple, right: float = 4, **style) -> None:
    """Write a text beside a point, so many typographic points to the right of it, and ``up``."""
    offset = (right, style.pop("up", 0))
    style = {"textcoords": "offset points", "va": "center", "annotation_clip": False} | style
    axes.annotate(text, point, offset, **style)


def _width():
    """Width of the figure being drawn, in points."""
    return matplotlib.rcParams["figure.figsize"][0] * 72


def _titled(title, subtitle, below):
    """A figure with title and subtitle at the left, so many points high ``below`` them."""
    heading = _fill(title[:LONGEST_TEXT], _characters(_width(), "title"))
    line = _fill(subtitle[:LONGEST_TEXT], _characters(_width(), "text"))
    start = MARGIN + _height([heading], "title") + 2
    top = start + _height([line], "text")
    height = top + below
    figure = Figure(figsize=(_width() / 72, height / 72))
    figure.headline = title
    left = MARGIN / _width()
    size = {"size": SIZES["title"], "weight": "bold", "va": "top", "linespacing": 1.2}
    figure.text(left, 1 - MARGIN / height, heading, **size)
    figure.text(left, 1 - start / height, line, color=COLOURS["label"], va="top")
    return figure, top


def _name_rows(axes, names, row, above):
    """Names beside the rows, or above them at the left; the first row is on top."""
    share = (ROW / 2 if above else row / 2) / row  # of a row, that is below its mark
    axes.set_ylim(len(names) - 1 + share, share - 1)
    axes.set_yticks(range(len(names)), [""] * len(names) if above else names)
    if above:
        style = {"xycoords": ("axes fraction", "data"), "va": "bottom"}
        for place, name in enumerate(names):
            annotate(axes, name, (0, place), right=0, up=ROW / 3, **style)


def _room_for_names(names, above):
    """Points that names beside rows take, or the numbers of a scale."""
    if above:
        return 0
    return _widest(names) + 8 if names else SCALE


def _height_of_row(names, above):
    """Points of a row, beside or below its name."""
    further = max([0, *(name.count("\n") for name in names)])
    return ROW + LINE * SIZES["small"] * (further + above)


def _label_ends(axes, said):
    style = {"xycoords": "axes fraction", "va": "top", "color": COLOURS["label"]}
    up = -_height(["0"], "small") - 6
    for text, place, align in zip(said, (0, 1), ("left", "right"), strict=False):
        if text:
            size = SIZES["small"]
            annotate(axes, text, (place, 0), right=0, up=up, ha=align, size=size, **style)


def _widest(names):
    """Points that the longest of some texts takes."""
    lines = [line for name in names for line in name.splitlines()]
    longest = sorted(lines, key=_about_wide)[
        -3:
    ]  # letters being unequal, the widest is one of them
    figure = Figure(dpi=72)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of fonts, said once a picture is made
        texts = [figure.text(0, 0, line) for line in longest]
        return max([0, *(text.get_window_extent().width for text in texts)])


def _characters(points, size):
    """Characters of a size that a line of so many points holds."""
    share = {"title": 0.66}.get(size, 0.56)
    return max(int(points / (share * SIZES[size])), 6)


def _height(texts, size):
    """Points that the highest of some texts takes."""
    lines = max([0, *(text.count("\n") + 1 for text in texts if text)])
    return LINE * SIZES[size] * lines


def _list_values(names, values):
    """The first values of a measure, each with the name of what it belongs to.

    >>> _list_values(Series(["rain", "snow"]), Series(["12", ""], name="tokens"))
    'Tokens: rain 12.'
    """
    pairs = (names + " " + values)[values != ""]
    end = " …" if len(pairs) > ALT_VALUES else "."
    heading = heading_of(values.name)
    return f"{heading[:1].upper()}{heading[1:]}: {'; '.join(pairs[:ALT_VALUES]) or 'none'}{end}"


def _cut(name):
    """The name with each of its lines cut where it is too long."""
    return "\n".join(map(_cut_line, name.splitlines()))


def _cut_line(line):
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1]}…"


def _columns(text):
    """Columns that a text takes, of which a Chinese character has two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _about_wide(text):
    return _columns(text) + 0.3 * sum(map(str.isupper, text))


def _fill(text, width):
    """The text in lines of at most so many characters, of which a Chinese one counts twice.

    A dash may end a line.

    >>> _fill("Rain 宁波港口", 8), _fill("Rain–Sea Institute", 10)
    ('Rain\\n宁波港口', 'Rain–Sea\\nInstitute')
    """
    doubled = "".join(
        character + "\0" if east_asian_width(character) in "WF" else character
        for character in _DASH.sub(f"–{_END} ", text)
    )
    filled = textwrap.fill(doubled, width).replace("\0", "")
    return filled.replace(f"{_END} ", "").replace(_END, "")
