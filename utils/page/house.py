"""Colours, sizes and style of all that a reader sees.

A colour is changed in ``colours.csv`` and nowhere else. A row has a colour, the one in its place
where the reader's screen is dark (blank: the same), and the settings of matplotlib that take it.
"""

import logging
from functools import cache
from pathlib import Path

import matplotlib
from cycler import cycler
from matplotlib.font_manager import findSystemFonts, fontManager
from pandas import read_csv

WIDTHS = (7.0, 3.5)  # of a figure in a wide and in a narrow place, in inches: 672 and 336 pixels
SIZES = {"title": 12, "text": 9, "small": 8.25}
"""The sizes of text in figures, in points; the small one is 11 pixels high."""

_TEXT_SIZES = {
    "font.size": "text",
    "axes.titlesize": "small",
    "xtick.labelsize": "small",
    "ytick.labelsize": "text",
}
# A font without bold letters is drawn as it is, and nobody needs to hear of it.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
_STYLE = Path(__file__).with_name("house.mplstyle")
CHINESE_FONTS = _STYLE.with_name("chinese_fonts.txt").read_text("utf-8").splitlines()
"""Fonts with Chinese, of which a figure takes those that the machine has. Of Noto Sans CJK the file
that has them all is read as JP."""
_TABLE = read_csv(_STYLE.with_name("colours.csv"), index_col="name", keep_default_na=False)
COLOURS = _TABLE.colour.to_dict()
DARK_COLOURS = _TABLE.dark[_TABLE.dark != ""].to_dict()
"""What pages use in place of the colours above where the reader's screen is dark."""


def house_style(width: float = WIDTHS[0]) -> matplotlib.rc_context:
    """Context in which a figure is drawn or saved; outside it no setting of matplotlib changes.

    DejaVu Sans comes with matplotlib, so a figure is the same on every machine; Chinese text and
    other scripts need the machine's own fonts, which are found by name.
    """
    style = matplotlib.rc_params_from_file(_STYLE, use_default_template=False)
    if not _installed(CHINESE_FONTS):
        _look_for_new_fonts()
    hues = [COLOURS[name] for name in ("target", "reference", "context")]
    for setting, size in _TEXT_SIZES.items():
        style[setting] = SIZES[size]
    style["axes.facecolor"] = "none"
    style["figure.figsize"] = (width, width)  # the height is that of what is drawn
    settings = _TABLE.settings.str.split().explode().dropna()
    style.update({setting: COLOURS[name] for name, setting in settings.items()})
    first, *others = style["font.family"]
    style["font.family"] = _installed([first, *CHINESE_FONTS, *others])
    style["axes.prop_cycle"] = cycler(color=hues)
    return matplotlib.rc_context(style)


def _installed(names):
    """Those of some fonts that matplotlib knows of, in their order."""
    known = set(fontManager.get_font_names())
    return [name for name in names if name in known]


@cache  # once is enough
def _look_for_new_fonts():
    """Take fonts installed since matplotlib made its list, which it does only once."""
    known = {font.fname for font in fontManager.ttflist}
    for file in sorted(set(findSystemFonts()) - known):
        try:
            fontManager.addfont(file)
        except (OSError, RuntimeError):  # a font of pictures, or a broken file
            continue


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
