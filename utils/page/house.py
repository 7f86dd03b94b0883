"""Colours, sizes and style of all that a reader sees.

A colour is changed in ``colours.csv`` and nowhere else. A row has a colour, the one in its place
where the reader's screen is dark (blank: the same), and the settings of matplotlib that take it.
"""

from bisect import bisect_left
from pathlib import Path

import matplotlib
from cycler import cycler
from matplotlib.font_manager import fontManager
from pandas import read_csv

WIDTH = 7.0  # of a figure, in inches

_STYLE = Path(__file__).with_name("house.mplstyle")
_TABLE = read_csv(_STYLE.with_name("colours.csv"), index_col="name", keep_default_na=False)
COLOURS = _TABLE.colour.to_dict()
DARK_COLOURS = _TABLE.dark[_TABLE.dark != ""].to_dict()
"""What pages use in place of the colours above where the reader's screen is dark."""


def house_style() -> matplotlib.rc_context:
    """Context in which a figure is drawn or saved; outside it no setting of matplotlib changes.

    DejaVu Sans comes with matplotlib, so a figure is the same on every machine; Chinese text and
    other scripts need the machine's own fonts.
    """
    style = matplotlib.rc_params_from_file(_STYLE, use_default_template=False)
    installed = set(fontManager.get_font_names())
    hues = [COLOURS[name] for name in ("target", "reference", "context")]
    settings = _TABLE.settings.str.split().explode().dropna()
    style.update({setting: COLOURS[name] for name, setting in settings.items()})
    style["font.family"] = [font for font in style["font.family"] if font in installed]
    style["axes.prop_cycle"] = cycler(color=hues)
    return matplotlib.rc_context(style)


def height_for(rows: int) -> float:
    """Height in inches of a figure that has so many rows, below its title.

    >>> height_for(8), height_for(9), height_for(21)
    (2.6, 4.6, 8.2)
    """
    return (2.6, 4.6, 8.2)[bisect_left((8, 20), rows)]


def css_colours() -> str:
    """The colours as variables of a style sheet, with those for a dark screen.

    >>> css_colours().startswith(":root{--target:#")
    True
    """
    dark = f"@media (prefers-color-scheme:dark){{{_css_root(DARK_COLOURS)}}}"
    return f"{_css_root(COLOURS)}\n{dark}\n"


def _css_root(colours):
    variables = [f"--{name.replace('_', '-')}:{value};" for name, value in colours.items()]
    return f":root{{{''.join(variables)}}}"
