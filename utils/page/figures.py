"""Tables -> matplotlib figures in the house style. Nothing here counts, shows or saves.

Blue is the corpus studied, vermillion what it is compared with, grey the context. The title is the
finding, built by the caller from the data; the subtitle says measure, unit, corpus and n.
"""

import textwrap
from collections.abc import Callable
from functools import wraps
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ticker import MaxNLocator

BLUE, VERMILLION, VERMILLION_TEXT, GREY = "#0072B2", "#D55E00", "#B34E00", "#767676"
WIDE, TALL = (7.0, 2.6), (7.0, 4.6)  # inches, below the title
STYLE = Path(__file__).parent / "house.mplstyle"
_HAN_FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "SimHei")


def house_style() -> "matplotlib.rc_context":
    """Context in which a figure is drawn or saved; outside it no setting is changed."""
    installed = set(fontManager.get_font_names())
    fonts = ["DejaVu Sans", *(name for name in _HAN_FONTS if name in installed)]
    return matplotlib.rc_context({"font.family": fonts}, fname=STYLE)


def _in_house_style(draw: Callable[..., Figure]) -> Callable[..., Figure]:
    @wraps(draw)
    def styled(*args, **kwargs) -> Figure:
        with house_style():
            return draw(*args, **kwargs)

    return styled


@_in_house_style
def bars(table: pd.DataFrame, label: str, value: str, title: str, subtitle: str) -> Figure:
    """Horizontal bars, longest on top, each with its value at the end."""
    table = table.sort_values(value)
    figure, axes = _canvas(_size(len(table)), title, subtitle)
    axes.barh(table[label].astype(str), table[value], color=BLUE, height=0.62)
    for place, number in enumerate(table[value]):
        axes.annotate(_number(number), (number, place), (4, 0), textcoords="offset points", va="center")
    axes.set(xlim=(0, table[value].max() * 1.1), ylim=(-0.6, len(table) - 0.4))
    axes.grid(False)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    return figure


@_in_house_style
def dot_panels(table: pd.DataFrame, label: str, values: dict[str, str], title: str, subtitle: str) -> Figure:
    """One panel of dots per measure (column -> axis label), over the same rows."""
    table = table.sort_values(next(iter(values)))
    figure, panels = _canvas(_size(len(table)), title, subtitle, columns=len(values))
    for axes, (column, axis_label) in zip(np.atleast_1d(panels), values.items(), strict=True):
        axes.hlines(range(len(table)), 0, table[column].fillna(0), color="#D9D9D9", linewidth=0.8)
        axes.plot(table[column], range(len(table)), "o", color=BLUE)
        for place, number in enumerate(table[column]):
            text = _number(number) if number == number else "too short to tell"
            axes.annotate(text, (np.nan_to_num(number), place), (7, 0), textcoords="offset points", va="center")
        axes.set(xlabel=axis_label, xlim=(0, np.nanmax([*table[column], 0.1]) * 1.25), ylim=(-0.6, len(table) - 0.4))
    np.atleast_1d(panels)[0].set_yticks(range(len(table)), table[label].astype(str))
    return figure


@_in_house_style
def dispersion_dots(table: pd.DataFrame, title: str, subtitle: str) -> Figure:
    """DP of each term as a dot on the grey range that chance alone would give."""
    table = table.iloc[::-1].reset_index(drop=True)
    figure, axes = _canvas(_size(len(table)), title, subtitle)
    clumped = table.dispersion > table.chance_high + 1e-9
    axes.hlines(table.index, table.chance_low, table.chance_high, color="#C9C9C9", linewidth=6)
    axes.plot(table.dispersion_expected, table.index, "|", color=GREY, markersize=7)
    axes.plot(table.dispersion[~clumped], table.index[~clumped], "o", color=BLUE)
    axes.plot(table.dispersion[clumped], table.index[clumped], "D", color=VERMILLION)
    labels = [f"{row.term}  ({row.frequency} in {row.document_frequency})" for row in table.itertuples()]
    axes.set_yticks(table.index, labels)
    axes.set(xlim=(0, 1), ylim=(-0.6, len(table) - 0.4))
    axes.set_xlabel("← spread as the articles' lengths     DP     in one article →")
    return figure


@_in_house_style
def rank_frequency(table: pd.DataFrame, title: str, subtitle: str, named: int = 6) -> Figure:
    """Frequency against rank, both on logarithmic scales, the most frequent terms named."""
    figure, axes = _canvas(WIDE, title, subtitle)
    plateau = (
        table.assign(rank=np.arange(1, len(table) + 1)).groupby("frequency", sort=False)["rank"].agg(["first", "last"])
    )
    axes.loglog(plateau.to_numpy().ravel(), np.repeat(plateau.index, 2), ".-", color=BLUE, markersize=4, linewidth=1)
    for place in [2**power for power in range(named) if 2**power <= len(table)]:  # evenly spaced on the scale
        row = table.iloc[place - 1]
        axes.annotate(row.term, (place, row.frequency), (4, 3), textcoords="offset points")
    axes.set(xlabel="rank", ylabel="frequency (tokens)")
    axes.grid(True, axis="both")
    return figure


@_in_house_style
def growth(table: pd.DataFrame, ends: pd.Series, title: str, subtitle: str) -> Figure:
    """Distinct terms against running tokens; grey lines mark where each article (index of ``ends``) ends."""
    figure, axes = _canvas(WIDE, title, subtitle)
    axes.plot(table.tokens, table.types, color=BLUE)
    axes.set(xlabel="running tokens", ylabel="types met so far", xlim=(0, table.tokens.max() * 1.02), ylim=(0, None))
    if len(ends) <= 8:
        for name, end in ends.items():
            axes.axvline(end, color="#C9C9C9", linewidth=0.8)
            low = np.interp(end, table.tokens, table.types) < table.types.max() / 2
            place = {"xy": (end, 0.97 if low else 0.03), "va": "top" if low else "bottom"}
            axes.annotate(name, **place, xycoords=("data", "axes fraction"), xytext=(-4, 0), textcoords="offset points", rotation=90, ha="right", color=GREY)  # fmt: skip
    return figure


@_in_house_style
def diverging_bars(table: pd.DataFrame, sides: tuple[str, str], title: str, subtitle: str) -> Figure:
    """Log ratio of each term with its interval: target to the right in blue, reference to the left in vermillion,
    in grey what is a name, carried by one article or hardly beyond counting error."""
    table = table.sort_values("log_ratio", ignore_index=True)
    figure, axes = _canvas(_size(len(table)), title, subtitle)
    edge = max(table.log_ratio.abs().max() * 1.25, 2)
    axes.hlines(
        table.index, table.low.clip(-edge, edge), table.high.clip(-edge, edge), color="#333333", linewidth=0.9, zorder=3
    )
    holds = table.verdict.str.startswith("more") & ~table.verdict.str.contains("carried") & (table["query"] == "")
    for side, colour in (
        (holds & (table.log_ratio >= 0), BLUE),
        (holds & (table.log_ratio < 0), VERMILLION),
        (~holds, "#BBBBBB"),
    ):
        axes.barh(table.index[side], table.log_ratio[side], color=colour, height=0.5, alpha=0.55)
    for row in table.itertuples():
        for end, sign in ((row.low, "◂"), (row.high, "▸")):
            if abs(end) > edge:  # an interval that goes on beyond the axis
                axes.annotate(sign, (np.sign(end) * edge, row.Index), color="#333333", va="center", ha="center", size=7)
    axes.set_yticks(table.index, [f"{row.term}  ({row.target}:{row.reference})" for row in table.itertuples()])
    axes.axvline(0, color=GREY, linewidth=0.8)
    axes.set(xlim=(-edge, edge), ylim=(-0.6, len(table) - 0.4))
    axes.set_xlabel(f"← {sides[1]}     log ratio (doublings)     {sides[0]} →")
    return figure


@_in_house_style
def occurrences(places: pd.DataFrame, order: list[str], title: str, subtitle: str) -> Figure:
    """Where in each article (``doc_id``) each term stands: ``share`` of the article read; a panel per term."""
    names = list(dict.fromkeys(places["query"]))
    figure, panels = _canvas(WIDE, title, subtitle, columns=max(len(names), 1))
    for axes, name in zip(np.atleast_1d(panels), names, strict=False):
        part = places[places["query"] == name]
        axes.plot(part.share, [order.index(doc_id) for doc_id in part.doc_id], "|", color=BLUE, markersize=9)
        axes.set(xlim=(-0.02, 1.02), ylim=(len(order) - 0.5, -0.5), xlabel=f"{name} ({len(part)})")
        axes.set_xticks([0, 1], ["start", "end"])
    np.atleast_1d(panels)[0].set_yticks(range(len(order)), order)
    return figure


@_in_house_style
def share_dots(table: pd.DataFrame, row: str, column: str, title: str, subtitle: str) -> Figure:
    """One panel of dots per value of ``column``, over the values of ``row``: each a ``share`` with its ``label``."""
    rows, columns = list(dict.fromkeys(table[row]))[::-1], list(dict.fromkeys(table[column]))
    figure, panels = _canvas(_size(len(rows)), title, subtitle, columns=len(columns))
    for axes, name in zip(np.atleast_1d(panels), columns, strict=True):
        part = table[table[column] == name].set_index(row).reindex(rows)
        axes.hlines(range(len(rows)), 0, part.share, color="#D9D9D9", linewidth=0.8)
        axes.plot(part.share, range(len(rows)), "o", color=BLUE, markersize=4)
        for place, (share, label) in enumerate(zip(part.share, part.label, strict=True)):
            axes.annotate(label, (share, place), (5, 0), textcoords="offset points", va="center", size=7)
        axes.set(xlim=(-0.04, 1.3), ylim=(-0.6, len(rows) - 0.4))
        axes.set_xticks([0, 0.5, 1], ["0", "½", "1"])
        axes.set_title(str(name).replace("-", "-\n", 1), size=7.5, color="#595959")
    np.atleast_1d(panels)[0].set_yticks(range(len(rows)), rows)
    return figure


@_in_house_style
def stability(table: pd.DataFrame, title: str, subtitle: str) -> Figure:
    """Agreement under resampling and coherence against the number of topics, with what shuffled text gives."""
    figure, (left, right) = _canvas(WIDE, title, subtitle, columns=2, sharey=False)
    left.fill_between(
        table.k, 2 * table.shuffled - table.shuffled_high, table.shuffled_high, color="#DDDDDD", linewidth=0
    )
    left.plot(table.k, table.shuffled, color=GREY)
    left.plot(table.k, table.agreement, "o-", color=BLUE)
    for column, name, colour, drop in (("shuffled", "shuffled text", GREY, -12), ("agreement", "this text", BLUE, 7)):
        end = (table.k.iloc[-1], table[column].iloc[-1])
        left.annotate(name, end, (0, drop), textcoords="offset points", ha="right", color=colour)
    left.set(xlabel="number of topics", ylabel="agreement, 0 to 1", ylim=(0, 1))
    right.plot(table.k, table.coherence, "o-", color=BLUE)
    right.set(xlabel="number of topics", ylabel="coherence (NPMI)")
    for axes in (left, right):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    return figure


@_in_house_style
def timeline(dates: pd.DataFrame, published: pd.Series, title: str, subtitle: str, notes: dict[str, str]) -> Figure:
    """Years that each article (index of ``published``) prints, as dots; its year of release as a diamond; at the right
    its note, for what has no place on a line of years."""
    figure, axes = _canvas(_size(len(published)), title, subtitle)
    place = {doc_id: len(published) - 1 - i for i, doc_id in enumerate(published.index)}
    dated, released = dates.dropna(subset=["year"]), published[published != ""]
    axes.plot(dated.year.astype(float), dated.doc_id.map(place).astype(float), "o", color=BLUE)
    years, rows = released.str[:4].astype(float), [place[doc_id] for doc_id in released.index]
    axes.plot(years, rows, "D", color=VERMILLION, markersize=9, fillstyle="none")
    for doc_id, printed in released.items():
        at, shift = (float(printed[:4]), place[doc_id]), {"xytext": (0, 7), "textcoords": "offset points"}
        axes.annotate(f"released {printed}", at, **shift, ha="center", color=VERMILLION_TEXT)
    for doc_id, row in place.items():
        told = ", ".join(filter(None, ["" if published[doc_id] else "no release date", notes.get(doc_id, "")]))
        axes.annotate(told, (1.01, row), xycoords=("axes fraction", "data"), va="center", color=GREY)
    axes.set_yticks(list(place.values()), list(place))
    axes.set(ylim=(-0.6, len(published) - 0.3))
    axes.margins(x=0.18)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    return figure


def _canvas(
    size: tuple[float, float], title: str, subtitle: str, columns: int = 1, sharey: bool = True
) -> tuple[Figure, Axes]:
    """A figure with its title and subtitle at the left above one row of axes."""
    title, subtitle = textwrap.fill(title, 66), textwrap.fill(subtitle, 100)
    width, height = size
    title_height, subtitle_height = 0.22 * (title.count("\n") + 1), 0.17 * (subtitle.count("\n") + 1)
    height += title_height + subtitle_height
    figure = Figure(figsize=(width, height), layout="constrained")
    figure.text(0.01, 1 - 0.06 / height, title, size=12, weight="bold", va="top", linespacing=1.15)
    figure.text(0.01, 1 - (0.12 + title_height) / height, subtitle, color="#595959", va="top", linespacing=1.2)
    top = 1 - (title_height + subtitle_height + 0.16) / height
    figure.get_layout_engine().set(rect=(0, 0, 1, top))
    return figure, figure.subplots(1, columns, sharey=sharey)


def _size(rows: int) -> tuple[float, float]:
    return WIDE if rows <= 8 else TALL


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.2f}" if value < 10 else f"{value:.1f}"
