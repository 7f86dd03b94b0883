"""Colours, sizes and style of all that a reader sees; a colour is changed here, nowhere else."""

from pathlib import Path

import matplotlib
from cycler import cycler
from matplotlib.font_manager import fontManager

COLOURS = {
    "target": "#0072B2",  # the corpus studied
    "reference": "#D55E00",  # what it is compared with
    "reference_text": "#B34E00",  # the same, dark enough for text
    "context": "#767676",
    # Greys of the figures, from dark to light.
    "mark_text": "#333333",
    "label": "#595959",
    "axis": "#999999",
    "muted": "#BBBBBB",
    "range": "#C9C9C9",
    "stem": "#D9D9D9",
    "grid": "#E5E5E5",
    # Pages.
    "ink": "#1f2328",
    "soft": "#57606a",
    "line": "#d0d7de",
    "paper": "#ffffff",
    "wash": "#f3f5f7",
    "link": "#0b5394",
    "mark": "#fff3c4",
    # What does not change in the dark: figures and print.
    "white": "#ffffff",
    "black": "#000000",
}
DARK_COLOURS = {
    "target": "#56B4E9",
    "reference": "#FF8A3D",
    "reference_text": "#FFA366",
    "context": "#9AA3AD",
    "ink": "#e6e9ed",
    "soft": "#aab3bd",
    "line": "#3d444d",
    "paper": "#14181d",
    "wash": "#1e242b",
    "link": "#8ec5ff",
    "mark": "#4a3f10",
}
"""What pages use in place of the colours above where the reader's screen is dark."""

# Width and height of a figure in inches, below its title: up to 8 rows, up to 20, and more.
WIDE = (7.0, 2.6)
TALL = (7.0, 4.6)
LONG = (7.0, 8.2)

_STYLE = Path(__file__).parent / "house.mplstyle"
_HAN_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "SimHei",
)
_COLOURED = {
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "axes.labelcolor": "label",
    "axes.edgecolor": "axis",
    "grid.color": "grid",
    "xtick.color": "label",
    "ytick.color": "mark_text",
}


def house_style() -> matplotlib.rc_context:
    """Context in which a figure is drawn or saved; outside it no setting of matplotlib changes.

    DejaVu Sans comes with matplotlib, so a figure is the same on every machine; Chinese text needs
    one of the machine's own fonts.
    """
    installed = set(fontManager.get_font_names())
    settings = {setting: COLOURS[name] for setting, name in _COLOURED.items()}
    settings["font.family"] = ["DejaVu Sans", *filter(installed.__contains__, _HAN_FONTS)]
    hues = [COLOURS[name] for name in ("target", "reference", "context")]
    settings["axes.prop_cycle"] = cycler(color=hues)
    settings["image.cmap"] = "cividis"
    return matplotlib.rc_context(settings, fname=_STYLE)


def size_for(rows: int) -> tuple[float, float]:
    """Width and height in inches of a figure that has so many rows.

    >>> size_for(5) == WIDE, size_for(15) == TALL
    (True, True)
    """
    if rows <= 8:
        return WIDE
    return TALL if rows <= 20 else LONG


def css_colours() -> str:
    """The colours as variables of a style sheet, with those for a dark screen.

    >>> css_colours()[:23]
    ':root{--target:#0072B2;'
    """
    dark = f"@media (prefers-color-scheme:dark){{{_css_root(DARK_COLOURS)}}}"
    return f"{_css_root(COLOURS)}\n{dark}\n"


def _css_root(colours: dict[str, str]) -> str:
    variables = [f"--{name.replace('_', '-')}:{value};" for name, value in colours.items()]
    return f":root{{{''.join(variables)}}}"
