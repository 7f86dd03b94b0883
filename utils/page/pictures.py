"""A figure as pictures: SVG, and PNG and PDF where this machine has the fonts; always the same."""

import base64
import io
import warnings
from contextlib import contextmanager
from unicodedata import category, east_asian_width
from unicodedata import name as name_of_character

import regex
from fontTools import subset
from matplotlib.figure import Figure

from utils.page.characters import visible
from utils.page.house import house_style
from utils.page.vector import plain_svg
from utils.page.wording import inflect, join_words, sentence

UNSEEN = 12  # characters without a font that a sentence names
_GLYPH = regex.compile(r"Glyph (\d+)")
_CJK = "Noto Sans CJK SC"
_WIDE = ("W", "F")  # characters of Chinese, Japanese and Korean, and their brackets and stops
_NO_METADATA = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
_FOR_SETTING_TEXT = ("GSUB", "GPOS", "GDEF")  # tables of a font, needless once text is set


def pictures_of(figure: Figure) -> dict[str, str | list]:
    """The figure as SVG text, wide and narrow, and as PNG and PDF in base64, the same on every run.

    An SVG is drawn with the fonts of whoever reads it and names none of this machine. ``pixels``
    is the size of the PNG. Where this machine has no font for some characters there are no PNG and
    no PDF, and ``unseen`` says which they are and what to install.
    """
    with warnings.catch_warnings(record=True) as said, house_style():
        warnings.simplefilter("always")
        png = _saved(figure, "png")
        numbers = [_GLYPH.match(str(warning.message)) for warning in said]
        unseen = _describe_unseen(sorted({chr(int(number[1])) for number in numbers if number}))
        narrow = getattr(figure, "narrow", figure)  # one that was drawn elsewhere has one width
        pictures = {"svg": _svg_of(figure, figure), "narrow": _svg_of(narrow, figure)}
        files = {} if unseen else {"png": base64_of(png), "pdf": base64_of(_pdf_of(figure))}
    return pictures | files | {"pixels": _size_of(png), "unseen": unseen}


def _size_of(png):
    """Width and height of a PNG, which are at the same place in each."""
    return [int.from_bytes(png[place : place + 4], "big") for place in (16, 20)]


def _svg_of(figure, described):
    drawn = visible(_saved(figure, "svg").decode())
    title = getattr(described, "headline", "Figure")
    return plain_svg(drawn, sentence(title), described.alt)


def _pdf_of(figure):
    with _fonts_cut_fast():
        return _saved(figure, "pdf")


def _saved(figure, kind):
    file = io.BytesIO()
    figure.savefig(file, format=kind, metadata=_NO_METADATA[kind])
    return file.getvalue()


@contextmanager
def _fonts_cut_fast():
    """Fonts in a PDF are cut to their letters, without the tables that take most of the time."""
    load = subset.load_font

    def load_plain(*arguments, **options):
        font = load(*arguments, **options)
        for table in _FOR_SETTING_TEXT:
            if table in font:
                del font[table]
        return font

    subset.load_font = load_plain
    try:
        yield
    finally:
        subset.load_font = load


def _describe_unseen(characters):
    """What to install so that there are PNG and PDF too.

    >>> _describe_unseen(["中"])[:57]
    'There are no PNG and PDF files, since no font here has 中.'
    """
    if not characters:
        return ""
    fonts = list(dict.fromkeys(map(_font_for, characters)))
    command = " On Debian and Ubuntu: apt install fonts-noto-cjk." if _CJK in fonts else ""
    return (
        f"There are no PNG and PDF files, since no font here has {' '.join(characters[:UNSEEN])}. "
        f"To get them, install the {inflect(len(fonts), 'font')} {join_words(fonts)} "
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
