"""Tables -> matplotlib figures in the house style. Nothing here counts or saves.

Blue is the corpus studied, vermillion what it is compared with, grey the context; the house style
draws what comes first in blue and what comes second in vermillion. The title is the finding; the
subtitle says measure, unit, corpus and n. Each figure carries ``data``, the table that it was drawn
from, and ``alt``, its text for those who cannot see it. A table without rows gives a figure without
axes, in whose place ``show`` says that there is nothing to draw.
"""

import textwrap
from collections.abc import Iterable, Mapping
from functools import partial, wraps
from unicodedata import east_asian_width

import numpy as np
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import LogFormatter, MaxNLocator
from pandas import DataFrame, Series

from utils.page.columns import cell_text, heading_of
from utils.page.house import COLOURS, WIDTH, height_for, house_style
from utils.page.names import name_of
from utils.page.wording import count, join_words, sentence

CONTEXT = COLOURS["context"]
ALT_VALUES = 6  # values of each measure that the alternative text names
NAMED_ARTICLES = 8  # up to so many articles are named in a figure of growth
LONGEST_TEXT = 400  # characters of a text in a figure
LONGEST_NAME = 60  # characters of the name of a row; a longer one leaves no room to draw
RANK_ROWS = 200  # rows of data that a figure of ranks carries
KEYWORD_COLUMNS = "term target reference log_ratio low high query verdict".split()


def _drawing(draw):
    """Draws in the house style, and nothing where the table has no rows.

    A text without end, as a "word" of 200,000 letters, is cut: it would be drawn for minutes.
    """

    @wraps(draw)
    def drawn(table, *arguments, **options):
        if table.empty:
            figure = Figure()
            figure.data = table
            figure.alt = ""
            return figure
        with house_style():
            figure = draw(table, *arguments, **options)
            for text in figure.findobj(Text):
                text.set_text(text.get_text()[:LONGEST_TEXT])
            return figure

    return drawn


@_drawing
def draw_bars(table: DataFrame, title: str, subtitle: str) -> Figure:
    """Horizontal bars, the longest on top, each with its value at the end.

    The first column of ``table`` names the bars and the second has their lengths.
    """
    label, value = table.columns[:2]
    rows = table.sort_values(value, ignore_index=True)
    figure, (axes,) = _canvas(_texts(rows[label]), title, subtitle)
    bars = axes.barh(rows.index, rows[value], height=0.62)
    axes.bar_label(bars, _texts(rows[value]), padding=4)
    axes.set_xmargin(0.1)
    axes.xaxis.set_visible(False)
    axes.spines.bottom.set_visible(False)
    return _finish(figure, table, "Bar chart", table[[label, value]])


@_drawing
def draw_dot_panels(
    table: DataFrame, measures: dict[str, str], title: str, subtitle: str
) -> Figure:
    """One panel of dots for each measure (column -> label of its axis), over the same rows.

    The first column of ``table`` names the rows.
    """
    label = table.columns[0]
    rows = table.sort_values(next(iter(measures)), ignore_index=True)
    figure, panels = _canvas(_texts(rows[label]), title, subtitle, len(measures))
    for axes, column in zip(panels, measures, strict=True):
        values = rows[column]
        _draw_dots(axes, values, _texts(values).replace("", "too short to tell"))
        axes.set(xlabel=measures[column], xlim=(0, 1.3 * np.nanmax([*values, 0.1])))
    return _finish(figure, table, "Dot plots, one for each measure", table[[label, *measures]])


@_drawing
def draw_dispersion(table: DataFrame, title: str, subtitle: str) -> Figure:
    """DP of each term as a dot on the grey range that chance alone would give.

    A term whose verdict is ``uneven`` has a diamond.
    """
    rows = table[::-1].reset_index(drop=True)
    names = [
        f"{row.term}  ({row.frequency} in {row.document_frequency})" for row in rows.itertuples()
    ]
    figure, (axes,) = _canvas(names, title, subtitle)
    axes.hlines(rows.index, rows.chance_low, rows.chance_high, color=COLOURS["range"], linewidth=6)
    axes.plot(rows.dispersion_expected, rows.index, "|", color=CONTEXT, markersize=7)
    uneven = rows.verdict == "uneven"
    axes.plot(rows.dispersion.mask(uneven), rows.index, "o")
    axes.plot(rows.dispersion.where(uneven), rows.index, "D")
    axes.set(xlim=(0, 1), xlabel="← spread as the articles' lengths     DP     in one article →")
    return _finish(figure, table, "Dot plot", table[["term", "dispersion"]])


@_drawing
def draw_rank_frequency(table: DataFrame, title: str, subtitle: str, named: int = 6) -> Figure:
    """Frequency against rank on logarithmic scales, some of the most frequent terms named."""
    figure, (axes,) = _canvas([], title, subtitle)
    frequency = table.frequency.set_axis(range(1, len(table) + 1))
    plateau_ends = frequency[frequency.diff().ne(0) | frequency.diff(-1).ne(0)]
    axes.loglog(plateau_ends, ".-", markersize=4, linewidth=1)
    for rank in frequency.index.intersection(2 ** np.arange(named)):  # evenly spaced on the scale
        _annotate(axes, table.term.iloc[rank - 1], (rank, frequency[rank]), up=6)
    axes.set(xlabel="rank", ylabel="frequency (tokens)")
    axes.grid(True, axis="both")
    for axis in (axes.xaxis, axes.yaxis):  # the usual labels of such a scale need mathematics
        axis.set_major_formatter("{x:,.0f}")
        axis.set_minor_formatter(LogFormatter())
    first = table[["term", "frequency"]]
    return _finish(figure, table.head(RANK_ROWS), "Line on logarithmic scales", first)


@_drawing
def draw_growth(table: DataFrame, ends: Series, title: str, subtitle: str) -> Figure:
    """Distinct terms against running tokens; a grey line where each article of ``ends`` ends.

    Only where they are few are the articles marked.
    """
    figure, (axes,) = _canvas([], title, subtitle)
    axes.plot(table.tokens, table.types)
    axes.set(xlabel="running tokens", xlim=(0, None), ylabel="types met so far", ylim=(0, None))
    if len(ends) <= NAMED_ARTICLES:
        axes.vlines(ends, 0, table.types.max(), color=COLOURS["range"], linewidth=0.8)
        middles = ends - ends.diff().fillna(ends) / 2
        names = [_wrap(name_of(doc_id), 90 // len(ends)) for doc_id in ends.index]
        top = axes.secondary_xaxis("top")
        top.set_xticks(middles, names, size=7)
        top.tick_params(length=0)
        top.spines.top.set_visible(False)
    steps = table[:: max(len(table) // 5, 1)]
    read = [f"after {count(tokens, 'token')}" for tokens in steps.tokens]
    return _finish(figure, table, "Line chart", steps.assign(tokens=read)[["tokens", "types"]])


@_drawing
def draw_keywords(table: DataFrame, sides: tuple[str, str], title: str, subtitle: str) -> Figure:
    """Log ratio of each term with its interval, the target to the right, the reference to the left.

    In colour: terms whose verdict is ``more`` or ``less`` and whose ``query`` is empty.
    """
    rows = table.sort_values("log_ratio", ignore_index=True)
    names = [f"{row.term}  ({row.target}:{row.reference})" for row in rows.itertuples()]
    figure, (axes,) = _canvas(names, title, subtitle)
    edge = 1.25 * max([1.6, *rows.log_ratio.abs()])
    ends = rows[["low", "high"]].clip(-edge, edge)
    ink = COLOURS["mark_text"]
    axes.hlines(rows.index, ends.low, ends.high, color=ink, linewidth=0.9, zorder=3)
    codes = rows.verdict.astype(str).where(rows["query"] == "")
    hues = codes.map({"more": "target", "less": "reference"}).fillna("muted").map(COLOURS)
    axes.barh(rows.index, rows.log_ratio, color=hues, height=0.5, alpha=0.55)
    for column, arrow in (("low", "<"), ("high", ">")):
        beyond = ends[column][rows[column].abs() > edge]  # the interval goes on outside the axes
        axes.plot(beyond, beyond.index, arrow, color=ink, markersize=3, clip_on=False)
    axes.axvline(0, color=CONTEXT, linewidth=0.8)
    label = f"← {sides[1]}     log ratio (doublings)     {sides[0]} →"
    axes.set(xlim=(-edge, edge), xlabel=label)
    data = table[KEYWORD_COLUMNS]
    return _finish(figure, data, "Diverging bars", data[["term", "log_ratio"]])


@_drawing
def draw_occurrences(
    places: DataFrame, doc_ids: Iterable[str], title: str, subtitle: str
) -> Figure:
    """Where each term is in those of the articles that have one, in the order of ``doc_ids``.

    The place is the share of the article that is read before it.
    """
    data = places[places.doc_id.isin(doc_ids)].astype({"doc_id": str})
    order = [doc_id for doc_id in doc_ids if doc_id in set(data.doc_id)]
    groups = data.groupby("query", sort=False)
    figure, panels = _canvas(list(map(name_of, order)), title, subtitle, len(groups))
    for axes, (term, part) in zip(panels, groups, strict=False):
        axes.plot(part.share, part.doc_id.map(order.index), "|", markersize=9)
        axes.set(xlim=(-0.02, 1.02), xlabel=f"{term} ({len(part)})")
        axes.set_xticks([0, 1], ["start", "end"])
    panels[0].invert_yaxis()
    things = data["query"] + " in " + _texts(data.doc_id)
    counts = things.value_counts(sort=False).rename_axis("thing").reset_index(name="occurrences")
    return _finish(figure, data, "Dispersion plot", counts)


@_drawing
def draw_shares(table: DataFrame, row: str, column: str, title: str, subtitle: str) -> Figure:
    """One panel of dots for each value of ``column``, over the values of ``row``.

    Each dot is a ``share``; beside it is how many that is ``of`` how many, where the table says so.
    """
    data = table.assign(label=_share_labels(table))
    names = table[row].drop_duplicates()[::-1]
    groups = data.groupby(column, sort=False, observed=True)
    figure, panels = _canvas(_texts(names), title, subtitle, len(groups))
    for axes, (value, part) in zip(panels, groups, strict=False):
        cells = part.set_index(row).reindex(names).reset_index()
        _draw_dots(axes, cells.share, cells.label.fillna(""), size=7)
        axes.set_xlim(-0.04, 1.3)
        axes.set_xticks([0, 0.5, 1], ["0", "½", "1"])
        heading = _wrap(_cut(cell_text(value, column)), max(84 // len(groups), 8))
        axes.set_title(heading, size=7.5, color=COLOURS["label"])
    things = _texts(data[row]) + " in " + _texts(data[column])
    listed = DataFrame({"thing": things, "share": data.label})
    return _finish(figure, data, f"Dot plots, one for each {heading_of(column)}", listed)


@_drawing
def draw_stability(table: DataFrame, title: str, subtitle: str) -> Figure:
    """Agreement of topics under resampling, and their coherence, against the number of topics.

    In grey: what shuffled text gives.
    """
    figure, (left, right) = _canvas([], title, subtitle, 2)
    low = 2 * table.shuffled - table.shuffled_high
    left.fill_between(table.k, low, table.shuffled_high, color=COLOURS["stem"], linewidth=0)
    left.plot(table.k, table.shuffled, color=CONTEXT)
    left.plot(table.k, table.agreement, "o-")
    for last in table.tail(1).itertuples():
        label = partial(_annotate, left, right=0, ha="right")
        label("shuffled text", (last.k, last.shuffled), up=-12, color=CONTEXT)
        label("this text", (last.k, last.agreement), up=7, color=COLOURS["target"])
    left.set(ylabel="agreement, 0 to 1", ylim=(0, 1))
    right.plot(table.k, table.coherence, "o-")
    right.set(ylabel="coherence (NPMI)")
    for axes in (left, right):
        axes.set_xlabel("number of topics")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    listed = table[["k", "agreement", "shuffled"]].assign(k=table.k.map("{} topics".format))
    return _finish(figure, table, "Line charts", listed)


@house_style()
def draw_timeline(
    dates: DataFrame,
    published: Series,
    title: str,
    subtitle: str,
    notes: Mapping[str, str] | None = None,
) -> Figure:
    """Years that each article of ``published`` prints as dots, its release as a diamond.

    Beside its name each article has its release and its note (of ``notes``), for what has no place
    on a line of years.
    """
    rows = Series(range(len(published)), index=published.index)
    texts = ("released " + published).where(published != "", "no release date")
    texts += (", " + Series(notes or {}, dtype=object)).reindex(rows.index).fillna("")
    names = [f"{name_of(doc_id)}\n{text}" for doc_id, text in texts.items()]
    figure, (axes,) = _canvas(names, title, subtitle)
    data = dates[dates.doc_id.isin(rows.index)]
    dated = data.dropna(subset="year").astype({"year": int, "doc_id": str}).sort_values("year")
    axes.plot(dated.year, dated.doc_id.map(rows), "o")
    years = published[published != ""].str[:4].astype(int)
    axes.plot(years, rows[years.index], "D", markersize=9, fillstyle="none")
    axes.set_xmargin(0.1)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.invert_yaxis()
    printed = dated[["doc_id", "year"]].drop_duplicates().astype(str).groupby("doc_id").year
    listed = DataFrame({"years printed": printed.agg(join_words), "released": published})
    listed = listed.reindex(rows.index).rename_axis("doc_id").reset_index()
    return _finish(figure, data, "Timeline", listed)


def _share_labels(table):
    """``k/n`` where the table has ``of``, else the share itself."""
    if "of" not in table:
        return table.share.map("{:.2f}".format)
    part = (table.share * table.of).round().fillna(0).astype(int)
    return part.astype(str) + "/" + table.of.astype(str)


def _canvas(names, title, subtitle, columns=1):
    """A figure with its title and subtitle at the left above one row of axes.

    With the names of rows the axes share them; without any each has a scale of its own.
    """
    heading = _fill(title, 66)
    below = _fill(subtitle, 100)
    title_height = 0.22 * (1 + heading.count("\n"))
    plot_height = height_for(len(names))
    height = plot_height + title_height + 0.17 * (1 + below.count("\n"))
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    figure.headline = title
    figure.text(0.01, 1 - 0.06 / height, heading, size=12, weight="bold", va="top")
    place = 1 - (0.12 + title_height) / height
    figure.text(0.01, place, below, color=COLOURS["label"], va="top")
    figure.get_layout_engine().set(rect=(0, 0, 1, (plot_height - 0.16) / height))
    named = len(names) > 0
    panels = figure.subplots(1, max(columns, 1), sharey=named, squeeze=False)[0]
    if named:
        panels[0].set_yticks(range(len(names)), list(map(_cut, names)))
        panels[0].set_ylim(-0.6, len(names) - 0.4)
    return figure, panels


def _finish(figure, data, kind, listed):
    """The figure with its data and its alternative text: kind, title and the first values.

    ``listed`` has the names of things in its first column and what is measured in the others.
    """
    names, *measures = (_texts(listed[column]) for column in listed)
    values = [_list_values(names, measure) for measure in measures]
    figure.data = data
    figure.alt = " ".join([f"{kind}.", sentence(figure.headline), *values])
    return figure


def _list_values(names, values):
    """The first values of a measure, each with the name of what it belongs to.

    >>> _list_values(Series(["rain", "snow"]), Series(["12", ""], name="tokens"))
    'Tokens: rain 12.'
    """
    pairs = (names + " " + values)[values != ""]
    end = " …" if len(pairs) > ALT_VALUES else "."
    heading = heading_of(values.name)
    return f"{heading[:1].upper()}{heading[1:]}: {'; '.join(pairs[:ALT_VALUES]) or 'none'}{end}"


def _texts(values):
    """The values as a reader sees them in the column of their name."""
    return values.astype(object).map(partial(cell_text, key=values.name))


def _wrap(text, width):
    """The text in lines of at most so many characters; a dash may end a line.

    >>> _wrap("Rain–Sea Institute", 10)
    'Rain–Sea\\nInstitute'
    """
    return _fill(text.replace("–", "– "), width).replace("– ", "–")


def _cut(name):
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _fill(text, width):
    """The text in lines of at most so many characters, of which a Chinese one counts twice.

    >>> _fill("Rain 宁波港口", 8)
    'Rain\\n宁波港口'
    """
    doubled = "".join(
        character + "\0" if east_asian_width(character) in "WF" else character for character in text
    )
    return textwrap.fill(doubled, width).replace("\0", "")


def _annotate(axes, text, point, right=4, up=0, **style):
    """Write a text beside a point, so many typographic points to the right of it and above."""
    style = {"textcoords": "offset points", "va": "center"} | style
    axes.annotate(text, point, (right, up), **style)


def _draw_dots(axes, values, texts, size=9):
    """A dot on a stem in each row, with a text beside it; a blank value has its text at 0."""
    ends = values.fillna(0)
    axes.hlines(values.index, 0, ends, color=COLOURS["stem"], linewidth=0.8)
    axes.plot(values, values.index, "o", markersize=size / 1.5)
    for text, point in zip(texts, ends.items(), strict=True):
        _annotate(axes, text, point[::-1], right=6, size=size)
