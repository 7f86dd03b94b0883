"""A figure as pictures: SVG, and PNG where this machine has the fonts, the same on every run."""

import base64
import io
import warnings
from unicodedata import category, east_asian_width
from unicodedata import name as name_of_character

import matplotlib
import regex
from matplotlib.figure import Figure

from utils.page.characters import visible
from utils.page.house import house_style
from utils.page.wording import inflect, join_words

UNSEEN = 12  # characters without a font that a sentence names
_FONTS = "'DejaVu Sans', Verdana, sans-serif"  # Verdana has its widths, for those who lack it
_GLYPH = regex.compile(r"Glyph (\d+)")
_CJK = "Noto Sans CJK SC"
_WIDE = ("W", "F")  # characters of Chinese, Japanese and Korean, and their brackets and stops


def pictures_of(figure: Figure) -> dict[str, str]:
    """The figure as SVG text and as PNG in base64, the same bytes on every run.

    An SVG is drawn with the fonts of whoever reads it and names none of this machine. Where this
    machine has no font for some characters there is no PNG, and ``unseen`` says which they are and
    what to install.
    """
    svg = io.StringIO()
    png = io.BytesIO()
    with warnings.catch_warnings(record=True) as said, house_style():
        warnings.simplefilter("always")
        installed = ", ".join(f"'{name}'" for name in matplotlib.rcParams["font.family"])
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # laid out once, for both
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        figure.savefig(png, format="png", metadata={"Software": None})
    text = visible(svg.getvalue()).replace(f"font-family: {installed}", f"font-family: {_FONTS}")
    numbers = [_GLYPH.match(str(warning.message)) for warning in said]
    unseen = _describe_unseen(sorted({chr(int(number[1])) for number in numbers if number}))
    png_file = {} if unseen else {"png": base64_of(png.getvalue())}
    return {"svg": text, "unseen": unseen} | png_file


def _describe_unseen(characters):
    """What to install so that there is a picture as PNG too.

    >>> _describe_unseen(["中"])[:64]
    'There is no PNG file, since no font here has 中. To get one, inst'
    """
    if not characters:
        return ""
    fonts = list(dict.fromkeys(map(_font_for, characters)))
    command = " On Debian and Ubuntu: apt install fonts-noto-cjk." if _CJK in fonts else ""
    return (
        f"There is no PNG file, since no font here has {' '.join(characters[:UNSEEN])}. "
        f"To get one, install the {inflect(len(fonts), 'font')} {join_words(fonts)} "
        f"and run this again.{command}"
    )


def _font_for(character):
    """A free font that has the character: Noto has one for every script, named after it."""
    if category(character) in ("So", "Sk"):
        return "Noto Emoji"
    if east_asian_width(character) in _WIDE:
        return _CJK
    script = name_of_character(character, "").partition(" ")[0].partition("-")[0].title()
    return f"Noto Sans {script}".strip()


def base64_of(data: bytes) -> str:
    """Bytes as text.

    >>> base64_of(b"tea")
    'dGVh'
    """
    return base64.b64encode(data).decode()
