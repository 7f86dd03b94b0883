"""Exports of news databases: many articles in one file become a record each.

``layouts/*.toml`` describes one layout each, as patterns of whole lines:

- ``recognised``: all of these are in an export, and hardly in any other text;
- ``divider``: the line that stands between two articles, or before the first, or after the last
  (``keep_divider``: it is a part of the article that follows);
- ``headers``: the lines above the labels, the first that fits; its named groups are metadata;
- ``labels``: what stands before the mark (a colon, if ``mark`` does not say otherwise) in a
  labelled line, by the column of the metadata; ``left_out`` is not kept; a value runs on in the
  next lines if ``continued`` does not say otherwise;
- ``body`` and ``closing``: where the text begins and ends; without ``body`` it begins after the
  header and its labelled lines; ``drop``: what is left out inside it;
- ``article``: what a part between dividers must have to be one; ``once``: what each has once;
- ``total``: where the export says how many articles it has (so may ``divider``), in a group of
  this name;
- ``page``: what is in the HTML of every page of this layout, so that other pages are passed over
  quickly; ``classes``: the ends of the names of its classes, and the codes put in their place.

In patterns ``{date}`` and ``{words}`` stand for any date and for "words" in every language known
here; ``{label}`` for every label and ``{label.title}`` for those of titles; ``{mark}``
for what the layout has under this name, and so do its ``macros``. Lines have no white space
at their ends.
"""

import tomllib
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import regex

from utils.corpus.files import Mistake, letters_of
from utils.corpus.formats.dates import date_line
from utils.corpus.formats.record import AS_PRINTED, File, Found, make_record
from utils.corpus.formats.web import page_lines, page_source, read_page
from utils.corpus.furniture import is_hard_wrapped

_HERE = Path(__file__).parent
_WORDS = "words?|Wörter|Woerter|mots|palabras|parole|palavras|woorden|字词|字|語|слов"
_PATTERNS = "page divider body closing drop once total article".split()
_DEFAULTS = {
    **dict.fromkeys(_PATTERNS, "(?!)"),
    "mark": r"[^\S\n]*[:：][^\S\n]*",
    "headers": [],
    "macros": {},
    "keep_divider": False,
    "labels": {"left_out": "(?!)"},
    "continued": True,
    "classes": {},
}
_NOT_KEPT = {"left_out", "value", "code"}
_BY = regex.compile(r"^(?:By|BY|Von|Par|Por)\s+")
_HAN = regex.compile(r"\p{Han}")
_SHARE = 0.15  # by which the words found may differ from those stated, and
_MARGIN = 10  # words more


class _Part(NamedTuple):
    """An article as it stands in an export."""

    whole: str
    header: regex.Match | None
    above: str
    text: str
    below: str


def read_page_or_export(file: File) -> list[Found]:
    """The articles in a page of HTML that a news database made, else the article of the page."""
    page = page_source(file.data, file.name)
    layouts = [layout for layout in _layouts() if layout.page.search(page)]
    codes = {end: code for layout in layouts for end, code in layout.classes.items()}
    articles = articles_of(page_lines(page, codes), file.name) if layouts else []
    return articles or list(read_page(file))


def articles_of(text: str, name: str) -> list[Found]:
    """The articles of an export, in order; nothing where no layout is recognised.

    Lines say what is odd: no date, a date that cannot be read, another length than stated, an
    article without text, which is left out, articles that are missing. A ``Mistake`` stands in the
    place of articles that cannot be parted, and is raised where there is no article at all.

    >>> articles_of("An ordinary text. Length: short.", "a.txt")
    []
    """
    text = _plain_lines(text)
    begins = regex.sub(r"(?m)^(.{100}).+", r"\1", text)
    layout = next((layout for layout in _layouts() if _is_recognised(layout, begins)), None)
    found = list(_found(layout, text, name)) if layout else []
    if found and all(isinstance(item, str) for item in found):
        raise Mistake(found)
    return found


def _found(layout, text, name):
    parts = [_divided(layout, part) for part in _parts(layout, text)]
    wrapped = is_hard_wrapped("\n".join(part.text for part in parts))
    for number, part in enumerate(parts, start=1):
        yield from _article(layout, part, f"{name}, article {number}", wrapped)
    if parts:
        yield from _count_notes(layout, text, len(parts), name)


@cache
def _layouts():
    files = sorted((_HERE / "layouts").glob("*.toml"))
    return [_layout(tomllib.loads(file.read_text("utf-8"))) for file in files]


def _layout(description):
    """A description with its patterns compiled."""
    parts = _DEFAULTS | description
    labels = parts["labels"]
    macros = {"{mark}": parts["mark"]} | {f"{{{name}}}": p for name, p in parts["macros"].items()}
    macros |= {f"{{label.{name}}}": f"(?-x:{forms})" for name, forms in labels.items()}
    macros |= {"{label}": f"(?-x:{'|'.join(labels.values())})", "{words}": _WORDS}
    macros["{date}"] = date_line()

    def compiled(pattern):
        for macro, meaning in macros.items():
            pattern = pattern.replace(macro, meaning)
        return regex.compile(pattern, regex.MULTILINE)

    names = "|".join(f"(?P<{name}>{forms})" for name, forms in labels.items())
    further = parts["continued"] * r"(?:\n(?!{label}{mark}|\p{Lu}[\p{L} -]{1,25}:)\S.*)*"
    return SimpleNamespace(
        name=parts["name"],
        classes=parts["classes"],
        keep_divider=parts["keep_divider"],
        recognised=[compiled(pattern) for pattern in parts["recognised"]],
        headers=[compiled(pattern) for pattern in parts["headers"]],
        labelled=compiled(rf"^[【\[]?(?:{names}){{mark}}(?P<value>.*{further})"),
        leading=compiled(rf"\A(?:\s*^[【\[]?{{label}}{{mark}}.*{further}\n)*"),
        **{name: compiled(parts[name]) for name in _PATTERNS},
    )


def _is_recognised(layout, text):
    return all(pattern.search(text) for pattern in (layout.divider, *layout.recognised))


def _plain_lines(text):
    """A text without white space at the ends of its lines, and at most one blank line in a row."""
    text = regex.sub(r"\r\n?|[\f\u2028\u2029]", "\n", text.removeprefix("\ufeff"))
    lines = "\n".join(line.strip().rstrip("|") for line in text.split("\n"))
    return regex.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n"


def _parts(layout, text):
    """The articles as they stand in the file; the cover and what follows the last are none."""
    dividers = list(layout.divider.finditer(text))
    starts = [found.start() if layout.keep_divider else found.end() for found in dividers]
    ends = [found.start() for found in dividers]
    cuts = zip([0, *starts], [*ends, len(text)], strict=True)
    parts = [text[start:end] for start, end in cuts]
    return [part for part in parts if layout.article.search(part)]


def _divided(layout, whole):
    """The header of an article, what stands above its text, the text, and what follows it."""
    header = next((found for sought in layout.headers if (found := sought.search(whole))), None)
    rest = whole[header.end() :] if header else whole
    body = layout.body.search(rest)
    begin = (body or layout.leading.match(rest)).end()
    ends = layout.closing.search(rest, begin)
    end = ends.start() if ends else len(rest)
    above = rest[: body.start() if body else begin]
    return _Part(whole, header, above, layout.drop.sub("", rest[begin:end]), rest[end:])


def _article(layout, part, where, wrapped):
    """The record of one article and notes on it; only a note where it has no text."""
    if len(layout.once.findall(part.whole)) > 1:
        what = "two articles or more that no line divides; divide them in the file"
        yield Mistake(f"{where}: {what}")
        return
    text = _paragraphs(part.text, wrapped)
    record = make_record(text, _metadata(layout, part), where.rpartition(", ")[2])
    for note in _article_notes(record):
        yield f"{where}: {note}"
    if text:
        yield record


def _metadata(layout, part):
    """What the header and the labels state, the first of each kind."""
    stated = (
        _stated(layout.labelled.finditer(part.below))
        | _stated(layout.labelled.finditer(part.above))
        | _stated([part.header] if part.header else [])
    )
    stated.setdefault("published", stated.pop("published_else", ""))
    number = regex.match(r"\d[\d.,\u00a0 ]*", stated.get("words", ""))  # of "1,024 words"
    stated["words"] = regex.sub(r"\D", "", number[0]) if number else ""
    stated["author"] = _BY.sub("", stated.get("author", ""))
    return {name: value for name, value in stated.items() if name not in _NOT_KEPT}


def _stated(matches):
    """The values of named groups by their names, the first of each name."""
    stated = {}
    for match in matches:
        groups = match.groupdict()
        for name, printed in groups.items():
            value = groups.get("value", printed)
            if printed and value.strip():
                stated.setdefault(name, value)
    return stated


def _article_notes(record):
    text, metadata, _ = record
    if not text:
        yield "no text; it is left out"
        return
    if not metadata.get("published"):
        printed = metadata.get(AS_PRINTED)
        yield f"the date {printed!r} cannot be read" if printed else "no date is stated"
    if not metadata.get("title"):
        yield "no title is stated"
    stated = int(metadata.get("words", 0))
    found = _length(text)
    if stated and abs(stated - found) > _SHARE * stated + _MARGIN:
        yield f"{stated:,} words are stated and {found:,} found; look whether text is missing"


def _length(text):
    """Words as databases count them: what stands between spaces; in Chinese, characters."""
    han = len(_HAN.findall(text))
    words = sum(letters_of(word) != "" for word in text.split())
    return len("".join(text.split())) if han > words else words


def _paragraphs(text, wrapped):
    """The paragraphs of an article with a blank line between them."""
    parts = regex.split(r"\n\s*\n", text) if wrapped else text.split("\n")
    lines = (" ".join(part.split()) for part in parts)
    return "\n\n".join(line for line in lines if line)


def _count_notes(layout, text, found, name):
    """A note where the export says that it has another number of articles."""
    matches = [*layout.total.finditer(text), *layout.divider.finditer(text)]
    totals = [int(match["total"]) for match in matches if match.groupdict().get("total")]
    stated = max(totals, default=found)
    if stated != found:
        yield f"{name}: the export says that it has {stated:,} articles; {found:,} were found"
