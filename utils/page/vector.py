"""SVG of figures: small and plain as a file, and as a part of a page.

Only the elements and attributes listed here are left, whatever an SVG has, so that one in a page
draws and does nothing else. A page's policy forbids attributes of style: they become attributes of
their own.
"""

from xml.etree import ElementTree

import regex
from markupsafe import Markup

from utils.page.house import COLOURS
from utils.page.languages import lang_of

FONTS = "'DejaVu Sans', Verdana, sans-serif"  # Verdana has its widths, for those who lack it
_SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"
_ELEMENTS = set("svg title desc defs g path use text rect image clipPath".split())
_GEOMETRY = set("d x y width height transform".split())
_LOOK = set(
    "fill fill-opacity stroke stroke-width stroke-linecap stroke-linejoin stroke-opacity "
    "stroke-dasharray opacity font-size font-weight font-style font-family text-anchor "
    "clip-path".split()
)
_KEPT = {"id", "role", "aria-labelledby", "viewBox", _LINK, *_GEOMETRY, *_LOOK}
_LONG_NUMBER = regex.compile(r"-?\d+\.\d+")
_REFERENCE = regex.compile(r"(?<=^url\(#|^#)")
_GROUPS = ("g", "defs")
_GROUND = "patch_1"  # the name that matplotlib gives to what is behind a figure
_BACKGROUND = {"width": "100%", "height": "100%", "fill": COLOURS["white"]}
_DEFAULTS = {"stroke-linejoin": "round", "stroke-linecap": "butt", "font-family": FONTS}
_IN_PAGE = {value.lower(): f"var(--{name.replace('_', '-')})" for name, value in COLOURS.items()}
_IN_PAGE |= {COLOURS["black"]: "currentColor", COLOURS["white"]: "var(--paper)"}

ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


def plain_svg(drawn: str, title: str, description: str) -> str:
    """An SVG as matplotlib draws it, made small, with a title and a description.

    It has a white ground, so that it can be read on any page.
    """
    root = ElementTree.fromstring(drawn)
    referred = {name for element in root.iter() for name in _references(element)}
    described = {"role": "img", "aria-labelledby": "title description"}
    whole = _element("svg", _DEFAULTS | described | _attributes_of(root))
    for name, text in (("title", title), ("description", description)):
        tag = "desc" if name == "description" else name
        ElementTree.SubElement(whole, f"{{{_SVG}}}{tag}", id=name).text = text
    whole.append(_element("rect", _BACKGROUND))
    whole.extend(_parts(root, referred))
    return ElementTree.tostring(whole, "unicode")


def inline_svg(svg: str, name: str) -> Markup:
    """A plain SVG as a part of a page: without ground, in the page's colours.

    Ids begin with ``name``, which no other SVG of the page has.
    """
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in filter(_has_no_place, list(parent)):
            parent.remove(child)
    for element in root.iter():
        _fit_into_page(element, name)
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    return Markup(ElementTree.tostring(root, "unicode"))  # noqa: S704  # what is left is harmless


def _has_no_place(element):
    """Whether this is the ground, or nothing that draws."""
    return _tag(element) not in _ELEMENTS or element.get("width") == "100%"


def _fit_into_page(element, name):
    """Only harmless attributes, with the page's colours and ids."""
    kept = {key: value for key, value in element.items() if key in _KEPT}
    if _tag(element) == "text":
        kept = {"fill": "currentColor"} | kept
        language = lang_of("".join(element.itertext()), "", "en")
        kept |= {"lang": language} if language else {}
    element.attrib.clear()
    element.attrib.update((key, _in_page(key, value, name)) for key, value in kept.items())


def _in_page(key, value, name):
    """The value of an attribute in a page."""
    if key == "id":
        return f"{name}-{value}"
    if key == "aria-labelledby":
        return " ".join(f"{name}-{part}" for part in value.split())
    if key == _LINK and not value.startswith(("#", "data:image/png;")):
        return "#"
    return _IN_PAGE.get(value.lower()) or _REFERENCE.sub(f"{name}-", value)


def _parts(element, referred):
    """The children that draw something; a group without a look of its own gives its children."""
    for child in element:
        if child.get("id") != _GROUND and _tag(child) in _ELEMENTS:
            yield from _small(child, referred)


def _small(element, referred):
    """The element with what it needs, or in its place its parts, where it says nothing of them."""
    tag = _tag(element)
    attributes = _attributes_of(element)
    if attributes.get("id") not in referred:
        attributes.pop("id", None)
    parts = list(_parts(element, referred))
    if tag == "g" and not attributes:
        return parts
    if tag in _GROUPS and not parts:
        return []
    kept = _element(tag, attributes)
    kept.text = (element.text or "").strip() or None
    kept.extend(parts)
    return [kept]


def _attributes_of(element):
    """Attributes with short numbers, those of ``style`` among them."""
    style = [part.split(":", 1) for part in element.get("style", "").split(";") if ":" in part]
    attributes = dict(element.items()) | {key.strip(): value.strip() for key, value in style}
    attributes.pop("font-family", None)  # the same everywhere, and said once
    if attributes.get("transform", "").startswith("rotate(-0 "):
        del attributes["transform"]
    return {
        key: _shorten(value) if key in _GEOMETRY else value
        for key, value in attributes.items()
        if key in _KEPT
    }


def _shorten(numbers):
    """Numbers to a hundredth of a point, in one line."""
    return " ".join(_LONG_NUMBER.sub(_short_number, numbers).split())


def _short_number(match):
    return f"{round(float(match[0]), 2):g}"


def _references(element):
    """Ids that an element refers to."""
    values = (element.get(_LINK, ""), element.get("clip-path", ""))
    return {value.strip("url()#") for value in values if value}


def _element(tag, attributes):
    return ElementTree.Element(f"{{{_SVG}}}{tag}", attributes)


def _tag(element):
    return element.tag.rpartition("}")[2]
