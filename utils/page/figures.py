"""Tables -> matplotlib figures in the house style. Nothing here counts or saves.

Blue is the corpus studied, vermillion what it is compared with, grey the context; the house style
draws what comes first in blue and what comes second in vermillion. A mark that is hollow is no
finding. The title is the finding; the subtitle says measure, unit, corpus and n. Each figure
carries ``data``, the table that it was drawn from, and ``alt``, its text for those who cannot see
it. Of many rows the first and the last are drawn, so that whatever a title says of all is there.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.artist import setp
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator
from pandas import DataFrame, Series, concat

from utils.page.canvas import (
    annotate,
    canvas,
    drawing,
    figure_of_nothing,
    finish,
    is_narrow,
    texts_of,
)
from utils.page.columns import cell_text
from utils.page.house import COLOURS
from utils.page.names import name_of
from utils.page.wording import count, join_words

CONTEXT = COLOURS["context"]
MOST_ROWS = 15  # rows of a figure, unless it is told otherwise
NAMED_ARTICLES = 8  # up to so many articles are named in a figure of growth
FEW_YEARS = 4  # so many years or fewer are read in a table
MOST_PERIODS = 20  # bars of a figure of years
RANK_ROWS = 200  # rows of data that a figure of ranks carries
RANK_POINTS = 150  # points of its line
SQUARE = 14  # points from one square to the next, at most
BAR = 12  # points that a bar is high
KEYWORD_COLUMNS = "term target reference log_ratio low high query verdict".split()
FEW_DECADES = 50  # a logarithmic scale that goes less far has labels between powers of ten
_PERIODS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  # years of a bar


@drawing
def draw_bars(table: DataFrame, title: str, subtitle: str, rows: int = MOST_ROWS) -> Figure:
    """Horizontal bars, the longest on top, each with its value at the end.

    The first column of ``table`` names the bars and the second has their lengths.
    """
    label, value = table.columns[:2]
    drawn, names = _both_ends(table.sort_values(value, ascending=False, kind="stable"), rows)
    figure, (axes,) = canvas(title, subtitle, names, ends=None)
    bars = axes.barh(drawn.index, drawn[value], height=BAR / figure.row)
    axes.bar_label(bars, texts_of(drawn[value]), padding=4)
    axes.set_xlim(0, (1.25 if is_narrow() else 1.1) * max(drawn[value].max(), 1))
    return finish(figure, table, "Bar chart", table[[label, value]])


@drawing
def draw_dot_panels(
    table: DataFrame,
    measures: dict[str, str],
    title: str,
    subtitle: str,
    rows: int = MOST_ROWS,
) -> Figure:
    """One panel of dots for each measure (column -> its name), over the same rows.

    The first column of ``table`` names the rows; the highest of the first measure is on top. The
    axes do not begin at 0, since dots are read by their places.
    """
    label = table.columns[0]
    first = next(iter(measures))
    drawn, names = _both_ends(table.sort_values(first, ascending=False, kind="stable"), rows)
    figure, panels = canvas(title, subtitle, names, list(measures.values()))
    for axes, column in zip(panels, measures, strict=True):
        values = drawn[column]
        low, high = _range(values)
        axes.plot(values, values.index, "o")
        texts = texts_of(values).where(values.notna() | drawn[label].isna(), "too short to tell")
        for text, (place, value) in zip(texts, values.fillna(low).items(), strict=True):
            annotate(axes, text, (value, place), right=6)
        axes.set_xlim(low - 0.2 * (high - low), high + (high - low) * (1.2 if is_narrow() else 0.4))
        axes.grid(True, axis="both")
        axes.xaxis.set_major_locator(MaxNLocator(2 if is_narrow() else 4))
    return finish(figure, table, "Dot plots, one for each measure", table[[label, *measures]])


@drawing
def draw_intervals(table: DataFrame, title: str, subtitle: str, rows: int = MOST_ROWS) -> Figure:
    """A dot on its interval in each row, the highest on top, with its value at the end.

    The first four columns of ``table`` name the rows and have the value, the lower and the upper
    end; a value may have no interval.
    """
    label, value, low, high = table.columns[:4]
    drawn, names = _both_ends(table.sort_values(value, ascending=False, kind="stable"), rows)
    figure, (axes,) = canvas(title, subtitle, names)
    axes.hlines(drawn.index, drawn[low], drawn[high], color=COLOURS["range"], linewidth=3)
    axes.plot(drawn[value], drawn.index, "o")
    ends = drawn[high].fillna(drawn[value])
    for text, (place, end) in zip(texts_of(drawn[value]), ends.items(), strict=True):
        annotate(axes, text, (end, place), right=6)
    first, last = _range(Series([*drawn[low], *drawn[value], *drawn[high]]))
    axes.set_xlim(first, last + (last - first) * (0.3 if is_narrow() else 0.1))
    axes.grid(True, axis="both")
    return finish(figure, table, "Dot plot with intervals", table[[label, value, low, high]])


@drawing
def draw_dispersion(table: DataFrame, title: str, subtitle: str) -> Figure:
    """DP of each term as a dot on the grey range that chance alone would give.

    A term whose verdict is ``uneven`` has a diamond.
    """
    rows = table.reset_index(drop=True)
    names = [
        f"{row.term}  ({row.frequency:,} in {row.document_frequency:,})"
        for row in rows.itertuples()
    ]
    ends = ("← evenly spread", "all in one article →")
    figure, (axes,) = canvas(title, subtitle, names, ends=ends)
    axes.hlines(rows.index, rows.chance_low, rows.chance_high, color=COLOURS["range"], linewidth=3)
    uneven = rows.verdict == "uneven"
    axes.plot(rows.dispersion.mask(uneven), rows.index, "o")
    axes.plot(rows.dispersion.where(uneven), rows.index, "D")
    axes.set(xlim=(0, 1.02))
    return finish(figure, table, "Dot plot", table[["term", "dispersion"]])


@drawing
def draw_rank_frequency(table: DataFrame, title: str, subtitle: str, named: int = 6) -> Figure:
    """Frequency against rank on logarithmic scales, some of the most frequent terms named."""
    figure, (axes,) = canvas(title, subtitle, heads=["tokens"], ends=("", "rank of the word →"))
    frequency = table.frequency.set_axis(range(1, len(table) + 1))
    plateau_ends = frequency[frequency.diff().ne(0) | frequency.diff(-1).ne(0)]
    axes.loglog(_thinned(plateau_ends), linewidth=1.2)
    ranks = frequency.index.intersection(2 ** np.arange(named))  # evenly spaced on the scale
    axes.loglog(frequency[ranks], "o", color=COLOURS["target"])
    for rank in ranks:
        annotate(axes, table.term.iloc[rank - 1], (rank, frequency[rank]), right=5, up=6)
    once = frequency[frequency == 1]
    if len(once):
        text = f"{count(len(once), 'word')} found once"
        annotate(axes, text, (once.index[0], 1), right=-5, ha="right", color=COLOURS["label"])
    axes.grid(True, axis="both")
    for axis in (axes.xaxis, axes.yaxis):  # the usual labels of such a scale need mathematics
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(_write_number)
    axes.xaxis.set_major_locator(LogLocator())
    few = frequency.max() < FEW_DECADES * frequency.min()
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if few else (1,)))
    first = table[["term", "frequency"]]
    return finish(figure, table.head(RANK_ROWS), "Line on logarithmic scales", first)


@drawing
def draw_growth(table: DataFrame, ends: Series, title: str, subtitle: str) -> Figure:
    """Distinct terms against running tokens; a dot where each article of ``ends`` ends.

    Beside it are the name of the article and how many terms it was the first to have. Only where
    they are few are the articles marked.
    """
    heads = ["different words met so far"]
    figure, (axes,) = canvas(title, subtitle, heads=heads, ends=("", "running words →"))
    axes.plot(table.tokens, table.types)
    axes.set(xlim=(0, None), ylim=(0, None))
    axes.grid(True, axis="both")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5, integer=True))
        axis.set_major_formatter(_write_number)
    if len(ends) <= NAMED_ARTICLES:
        met = Series(np.interp(ends, table.tokens, table.types).round(), index=ends.index)
        axes.plot(ends, met, "o", color=COLOURS["target"], clip_on=False)
        first = met.diff().fillna(met).astype(int)
        for doc_id, place in ends.items():
            early = place < ends.max() / 2
            text = f"{name_of(doc_id)} +{first[doc_id]:,}"
            side = {"right": 5, "up": -9} if early else {"right": -5, "up": 8, "ha": "right"}
            annotate(axes, text, (place, met[doc_id]), **side)
    steps = table[:: max(len(table) // 5, 1)]
    read = [f"after {count(tokens, 'token')}" for tokens in steps.tokens]
    return finish(figure, table, "Line chart", steps.assign(tokens=read)[["tokens", "types"]])


@drawing
def draw_keywords(table: DataFrame, sides: tuple[str, str], title: str, subtitle: str) -> Figure:
    """Log ratio of each term with its interval, the target to the right, the reference to the left.

    In colour: terms whose verdict is ``more`` or ``less`` and whose ``query`` is empty. The other
    dots are hollow. An interval that goes on beyond the axis ends in a hollow triangle.
    """
    rows = table.sort_values("log_ratio", ascending=False, ignore_index=True)
    names = [f"{row.term}  ({row.target:,}:{row.reference:,})" for row in rows.itertuples()]
    below = f"{subtitle}; hollow: no finding; ◁ ▷: the interval goes on"
    ends = (f"← {sides[1]}", f"{sides[0]} →")
    figure, (axes,) = canvas(title, below, names, ends=ends)
    edge = 1.15 * max([1.6, *rows.log_ratio.abs()])
    codes = rows.verdict.astype(str).where(rows["query"] == "")
    hues = codes.map({"more": "target", "less": "reference"}).fillna("context")
    for hue, part in rows.groupby(hues, sort=False):
        _draw_intervals(axes, part, edge, COLOURS[hue], hollow=hue == "context")
    axes.axvline(0, color=CONTEXT, linewidth=0.8, zorder=1)
    axes.set(xlim=(-1.06 * edge, 1.06 * edge))
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.xaxis.set_major_formatter(_signed)
    data = table[KEYWORD_COLUMNS]
    bounds = data.low.map(_bound) + " to " + data.high.map(_bound)
    listed = texts_of(data.log_ratio) + " (" + bounds + ")"
    return finish(figure, data, "Dots with intervals", data[["term"]].assign(log_ratio=listed))


def _draw_intervals(axes, rows, edge, colour, hollow):
    """Dots with the intervals about them, as far as the edges of the axes."""
    ends = rows[["low", "high"]].clip(-edge, edge)
    axes.hlines(rows.index, ends.low, ends.high, color=colour, linewidth=1.2)
    face = COLOURS["white"] if hollow else colour
    style = {"color": colour, "clip_on": False, "zorder": 3}
    axes.plot(rows.log_ratio, rows.index, "o", markerfacecolor=face, **style)
    for column, triangle in (("low", "<"), ("high", ">")):
        beyond = ends[column][rows[column].abs() > edge]
        axes.plot(
            beyond, beyond.index, triangle, markerfacecolor=COLOURS["white"], markersize=5, **style
        )


@drawing
def draw_occurrences(
    places: DataFrame,
    doc_ids: Sequence[str],
    title: str,
    subtitle: str,
    rows: int = MOST_ROWS,
) -> Figure:
    """Where each term is in each article, in the order of ``doc_ids``; some have no row of strokes.

    The place is the share of the article that is read before it. Of many articles those with the
    most occurrences have a row, and the subtitle says how many there are.
    """
    data = places.astype({"doc_id": str})
    listed = list(map(str, doc_ids))
    hits = data.doc_id.value_counts().reindex(listed, fill_value=0)
    kept = set(hits.nlargest(rows).index)
    order = [doc_id for doc_id in listed if doc_id in kept]
    groups = list(data.groupby("query", sort=False))
    heads = [f"{term} ({len(part):,})" for term, part in groups]
    if len(order) < len(listed):
        subtitle = f"{subtitle}; the {len(order)} of {len(listed)} articles that have most"
    figure, panels = canvas(title, subtitle, list(map(name_of, order)), heads)
    for axes, (_, part) in zip(panels, groups, strict=True):
        shown = part[part.doc_id.isin(kept)]
        axes.plot(shown.share, shown.doc_id.map(order.index), "|", markersize=9, markeredgewidth=1)
        axes.set(xlim=(-0.02, 1.02))
        axes.grid(True, axis="y")
        axes.set_xticks([0, 1], ["start", "end"])
        for label, align in zip(axes.get_xticklabels(), ("left", "right"), strict=True):
            label.set_ha(align)
    things = data["query"] + " in " + texts_of(data.doc_id)
    counts = things.value_counts(sort=False).rename_axis("thing").reset_index(name="occurrences")
    return finish(figure, data, "Dispersion plot", counts)


@drawing
def draw_units(table: DataFrame, row: str, kind: str, title: str, subtitle: str) -> Figure:
    """A square for each of the ``statements`` of each row, from dark to hollow in order of kind."""
    kinds = table[kind].drop_duplicates().tolist()
    wide = table.pivot_table("statements", row, kind, "sum", 0, sort=False, observed=True)[kinds]
    names = [
        f"{cell_text(name, row)}\n{' · '.join(f'{n} {kind}' for kind, n in numbers.items())}"
        for name, numbers in wide.iterrows()
    ]
    below = f"{subtitle}. Squares, from dark to hollow: {join_words(kinds)}"
    figure, (axes,) = canvas(title, below, names, ends=None)
    points = 72 * figure.get_figwidth() * axes.get_position().width
    step = min(SQUARE, points / max(wide.sum(axis=1).max(), 1))
    shades = np.linspace(1, 0, len(kinds))
    for place, numbers in enumerate(wide.to_numpy()):
        faces = [(COLOURS["target"], shade) for shade in np.repeat(shades, numbers)]
        squares = axes.barh(
            [place] * len(faces),
            0.75,
            0.75 * step / figure.row,
            np.arange(len(faces)) + 0.1,
            color=faces,
            edgecolor=COLOURS["target"],
            linewidth=1,
        )
        hollow = [square for square, (_, shade) in zip(squares, faces, strict=True) if not shade]
        setp(hollow, linestyle=(0, (2, 1)))
    axes.set(xlim=(0, points / step))
    axes.grid(False)
    things = texts_of(table[kind]) + " in " + texts_of(table[row])
    listed = DataFrame({"thing": things, "statements": table.statements})
    return finish(figure, table, "Squares, one for each statement", listed)


@drawing
def draw_stability(table: DataFrame, title: str, subtitle: str) -> Figure:
    """Agreement of topics under resampling, and their coherence, for each number that was tried.

    In grey: what shuffled text gives, up to the bar that one in 20 passes. The number chosen is
    filled. Of a single number the figure has no axes, and its data are a table.
    """
    if len(table) == 1:
        return figure_of_nothing(table, title)
    heads = ["agreement of topics from half of the articles, 0 to 1"]
    heads += ["coherence of a topic's top words (NPMI)"]
    ends = ("", "topics →")
    figure, (left, right) = canvas(title, subtitle, heads=heads, ends=ends)
    low = 2 * table.shuffled - table.shuffled_high
    left.fill_between(table.k, low, table.shuffled_high, color=COLOURS["band"], linewidth=0)
    left.plot(table.k, table.shuffled, color=CONTEXT)
    left.set(ylim=(0, 1))
    for axes, column in ((left, "agreement"), (right, "coherence")):
        axes.plot(table.k, table[column], "-o", markerfacecolor=COLOURS["white"])
        chosen = table[table.chosen]
        axes.plot(chosen.k, chosen[column], "o", color=COLOURS["target"])
        axes.set_xticks(_spaced(table.k))
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.grid(True, axis="both")
    first = table.iloc[0]
    last = table.iloc[-1]
    up = 10 if first.agreement > first.shuffled else -10
    annotate(left, "this text", (first.k, first.agreement), up=up, color=COLOURS["target"])
    point = (last.k, last.shuffled)
    up = -10 if last.agreement > last.shuffled else 10
    annotate(left, "shuffled text", point, right=0, up=up, ha="right", color=COLOURS["label"])
    listed = table[["k", "agreement", "shuffled", "coherence"]]
    named = listed.assign(k=table.k.map("{} topics".format))
    return finish(figure, table, "Line charts", named)


def draw_timeline(
    dates: DataFrame,
    published: Series,
    title: str,
    subtitle: str,
    notes: Mapping[str, str] | None = None,
) -> Figure:
    """Years that each article of ``published`` prints as dots, its release as a diamond.

    Beside its name each article has its release and its note (of ``notes``), for what has no place
    on a line of years. Where there are few years the figure has no axes, and its data are a table
    of them; where there are many articles it has bars for the number of articles in each period.
    """
    data = dates[dates.doc_id.isin(published.index)].astype({"doc_id": str})
    years = data.dropna(subset="year").astype({"year": int})[["doc_id", "year"]].drop_duplicates()
    years = years.sort_values("year", kind="stable")
    released = published[published != ""].str[:4].astype(int)
    if len(years) + len(released) <= FEW_YEARS:
        return figure_of_nothing(_list_years(years, published, notes), title)
    if len(published) > MOST_ROWS:
        return _draw_periods(_count_by_period(years, released), title, len(published))
    return _draw_years(_list_years(years, published, notes), years, data, title, subtitle)


@drawing
def _draw_years(listed, years, data, title, subtitle):
    released = listed.released[listed.released != ""]
    said = ("released " + listed.released).where(listed.released != "", "no release date")
    if "event" in listed:
        said += (", " + listed.event).where(listed.event != "", "")
    names = listed.doc_id.map(name_of) + "\n" + said
    figure, (axes,) = canvas(title, subtitle, names.tolist())
    places = Series(listed.index, index=listed.doc_id)
    axes.plot(years.year, years.doc_id.map(places), "o")
    axes.plot(released.str[:4].astype(int), released.index, "D", markersize=9, fillstyle="none")
    axes.set_xmargin(0.1)
    axes.grid(True, axis="both")
    axes.xaxis.set_major_locator(MaxNLocator(4 if is_narrow() else 8, integer=True))
    return finish(figure, data, "Timeline", listed[["doc_id", "years_printed", "released"]])


@drawing
def _draw_periods(table, title, articles):
    measures = {"printing": "articles that print a year", "releases": "articles released"}
    step = table.attrs["years"]
    subtitle = f"Articles by periods of {count(step, 'year')}, n = {count(articles, 'article')}"
    figure, panels = canvas(title, subtitle, heads=list(measures.values()))
    for axes, (column, hue) in zip(
        panels, (("printing", "target"), ("releases", "reference")), strict=True
    ):
        axes.bar(table.period, table[column], 0.8 * step, align="edge", color=COLOURS[hue])
        axes.xaxis.set_major_locator(MaxNLocator(3 if is_narrow() else 5, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.set_ylim(0, max(1.05 * table[column].max(), 1))
        axes.grid(True, axis="y")
        axes.grid(False, axis="x")
    named = table.assign(period="from " + table.period.astype(str))
    return finish(figure, table, "Bar charts", named[["period", *measures]])


def _list_years(years, published, notes):
    """One row per article: the years it prints, its release, and its note."""
    printed = years.astype(str).groupby("doc_id").year.agg(join_words)
    listed = DataFrame({"years_printed": printed.reindex(published.index), "released": published})
    if notes:
        listed["event"] = Series(notes, dtype=object).reindex(published.index)
    return listed.fillna("").rename_axis("doc_id").reset_index()


def _count_by_period(years, released):
    """How many articles print a year of each period, and how many were released in it."""
    every = concat([years.year, released])
    span = every.max() - every.min() + 1
    step = next((years for years in _PERIODS if span / years <= MOST_PERIODS), _PERIODS[-1])
    first = every.min() // step
    last = every.max() // step
    printing = years.assign(period=years.year // step * step).drop_duplicates(["doc_id", "period"])
    counts = {
        "printing": printing.period.value_counts(),
        "releases": (released // step * step).value_counts(),
    }
    table = DataFrame(counts, index=range(first * step, (last + 1) * step, step)).fillna(0)
    table = table.astype(int).rename_axis("period").reset_index()
    table.attrs["years"] = step
    return table


def _both_ends(rows, most):
    """Rows with their names, or the first and the last of them about one that says how many miss.

    The first column has the names.
    """
    if len(rows) <= most:
        drawn = rows.reset_index(drop=True)
        return drawn, texts_of(drawn.iloc[:, 0]).tolist()
    last = most // 2
    gap = rows.iloc[:1].reset_index(drop=True).reindex([-1])
    drawn = concat([rows.head(most - last), gap, rows.tail(last)], ignore_index=True)
    names = texts_of(drawn.iloc[:, 0]).tolist()
    names[most - last] = f"… {len(rows) - most:,} between …"
    return drawn, names


def _bound(number):
    """An end of an interval in words."""
    return f"{number:+.2f}" if np.isfinite(number) else "no bound"


def _signed(number, _place):
    """A number with its sign, as a label of an axis."""
    return f"{number:+.0f}".replace("-", "−") if number else "0"


def _write_number(number, _):
    """A number on an axis; millions, which have no room there, as 10m.

    >>> _write_number(50_000, 0), _write_number(2_500_000, 0)
    ('50,000', '2.5m')
    """
    return f"{number:,.0f}" if number < 1_000_000 else f"{number / 1_000_000:g}m"


def _thinned(values):
    """The values by rank, or some of very many, evenly spaced on a logarithmic scale of ranks."""
    if len(values) <= RANK_POINTS:
        return values
    ranks = np.geomspace(1, values.index[-1], RANK_POINTS)
    places = np.searchsorted(values.index, ranks - 1e-6)
    return values.iloc[np.unique(np.minimum(places, len(values) - 1))]


def _range(values):
    """The lowest and the highest value, a tenth apart or more."""
    low = np.nanmin([*values, np.inf])
    high = np.nanmax([*values, -np.inf])
    if not np.isfinite(low):
        return 0, 1
    return low, max(high, low + max(abs(low) / 10, 0.01))


def _spaced(numbers):
    """Those of some numbers whose labels leave each other room on a narrow axis."""
    least = (max(numbers) - min(numbers)) / (7 if is_narrow() else 14)
    kept = []
    for number in numbers:
        if not kept or number - kept[-1] >= least:
            kept.append(number)
    return kept
