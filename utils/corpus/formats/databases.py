"""Exports of news databases: many articles in one file become a record each.

``layouts/*.toml`` describes one layout each, as patterns of whole lines:

- ``recognised``: all of these are in an export, and hardly in any other text;
- ``starts`` or ``ends``: the line with which each article begins (``keep_start``: it is a part of
  the article) or ends;
- ``headers``: the lines above the labels, the first that fits; its named groups are metadata;
- ``labels``: what stands before the mark (a colon, if ``mark`` does not say otherwise) in a
  labelled line, by the column of the metadata; ``left_out`` is not kept; a value runs on in the
  next lines if ``continued`` does not say otherwise;
- ``body`` and ``closing``: where the text begins and ends; without ``body`` it begins after the
  header and its labelled lines; ``drop``: what is left out inside it;
- ``article``: what a part must have to be one; ``once``: what each article has once;
- ``total``: where the export says how many articles it has;
- ``page``: what is in the HTML of every page of this layout, so that other pages are passed over
  quickly; ``classes``: the ends of the names of its classes, and the codes put in their place.

In patterns ``{date}`` and ``{words}`` stand for any date and for "words" in every language known
here; ``{label}`` for every label and ``{label.title}`` for those of titles; ``{mark}``,
``{language}`` and ``{facts}`` for what the layout has under these names. Lines have no white space
at their ends.
"""

import tomllib
from functools import cache
from itertools import filterfalse
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import regex

from utils.corpus.files import Mistake
from utils.corpus.formats.dates import PARTS, date_line, iso_date
from utils.corpus.formats.record import AS_PRINTED, File, Format, Record
from utils.corpus.formats.web import page_lines, page_source, read_page
from utils.corpus.furniture import is_hard_wrapped

_HERE = Path(__file__).parent
_WORDS = "words?|Wörter|Woerter|mots|palabras|parole|palavras|woorden|字词|字|語|слов"
_PATTERNS = "page starts ends body closing drop once total article".split()
_DEFAULTS = {
    **dict.fromkeys(_PATTERNS, "(?!)"),
    "article": "",
    "mark": r"[^\S\n]*[:：][^\S\n]*",
    "headers": [],
    "facts": "",
    "language": "",
    "labels": {"left_out": "(?!)"},
    "keep_start": False,
    "continued": True,
    "classes": {},
}
_NOT_KEPT = {*PARTS, "left_out", "value", "code", "number", "total"}
_NOT_LETTERS = regex.compile(r"[^\p{L}\p{N}]+")
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


def exports_first(read: Format, by_line: bool = False) -> Format:
    """A format whose text is parted by a layout of a news database, where one is recognised.

    Else it is the one article that ``read`` gives; ``by_line`` says that each of its lines is a
    paragraph. Raises ``Mistake`` for a file without text.
    """

    def read_document(file):
        [record] = read(file)
        articles = articles_of(record.text, file.name)
        if articles:
            return _with_notes(articles, record.notes, file.name)
        if not record.text.strip():
            raise Mistake(f"{file.name}: no text in it; take it out or put its text in")
        if by_line:
            lines = filter(str.strip, record.text.split("\n"))
            record = record._replace(text="\n\n".join(lines))
        return [record]

    return read_document


def read_page_or_export(file: File) -> list[Record | Mistake]:
    """The articles in a page of HTML that a news database made, else the article of the page."""
    page = page_source(file.data, file.name)
    layouts = [layout for layout in _layouts() if layout.page.search(page)]
    codes = {end: code for layout in layouts for end, code in layout.classes.items()}
    articles = articles_of(page_lines(page, codes), file.name) if layouts else []
    return articles or read_page(file)


def articles_of(text: str, name: str) -> list[Record | Mistake]:
    """The articles of an export, in order; nothing where no layout is recognised.

    The notes of the first record have whatever is true of the file, those of each record what is
    true of it: no date, a date that cannot be read, another length than stated. An article without
    text is no record; a note names it. A ``Mistake`` stands in the place of articles that cannot
    be parted.

    >>> articles_of("An ordinary text. Length: short.", "a.txt")
    []
    """
    text = _plain_lines(text)
    begins = regex.sub(r"(?m)^(.{100}).+", r"\1", text)
    layout = next((layout for layout in _layouts() if _is_recognised(layout, begins)), None)
    if layout is None:
        return []
    parts = [_divided(layout, part) for part in _parts(layout, text)]
    if not parts:
        return []
    wrapped = is_hard_wrapped("\n".join(part.text for part in parts))
    found = [
        _article(layout, part, f"{name}, article {number}", wrapped)
        for number, part in enumerate(parts, start=1)
    ]
    notes = [*filter(_is_note, found), *_count_notes(layout, text, len(parts), name)]
    return _with_notes(list(filterfalse(_is_note, found)), notes, name)


def _is_note(found):
    return isinstance(found, str)


@cache
def _layouts():
    files = sorted((_HERE / "layouts").glob("*.toml"))
    return [_layout(tomllib.loads(file.read_text("utf-8"))) for file in files]


def _layout(description):
    """A description with its patterns compiled."""
    parts = _DEFAULTS | description
    labels = parts["labels"]
    macros = {"{facts}": parts["facts"], "{mark}": parts["mark"]}
    macros |= {f"{{label.{name}}}": f"(?-x:{forms})" for name, forms in labels.items()}
    macros |= {"{label}": f"(?-x:{'|'.join(labels.values())})", "{words}": _WORDS}
    macros |= {"{language}": f"(?-x:{parts['language']})", "{date}": date_line()}

    def compiled(pattern):
        for macro, meaning in macros.items():
            pattern = pattern.replace(macro, meaning)
        return regex.compile(pattern, regex.MULTILINE)

    names = "|".join(f"(?P<{name}>{forms})" for name, forms in labels.items())
    further = parts["continued"] * r"(?:\n(?!{label}{mark}|\p{Lu}[\p{L} -]{1,25}:)\S.*)*"
    return SimpleNamespace(
        name=parts["name"],
        keep_start=parts["keep_start"],
        classes=parts["classes"],
        recognised=[compiled(pattern) for pattern in parts["recognised"]],
        headers=[compiled(pattern) for pattern in parts["headers"]],
        labelled=compiled(rf"^[【\[]?(?:{names}){{mark}}(?P<value>.*{further})"),
        leading=compiled(rf"\A(?:\s*^[【\[]?{{label}}{{mark}}.*{further}\n)*"),
        **{name: compiled(parts[name]) for name in _PATTERNS},
    )


def _is_recognised(layout, text):
    parted = layout.starts.search(text) or layout.ends.search(text)
    return bool(parted) and all(pattern.search(text) for pattern in layout.recognised)


def _plain_lines(text):
    """A text without white space at the ends of its lines, and at most one blank line in a row."""
    text = regex.sub(r"\r\n?|[\f\u2028\u2029]", "\n", text.removeprefix("\ufeff"))
    lines = "\n".join(line.strip().rstrip("|") for line in text.split("\n"))
    return regex.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n"


def _parts(layout, text):
    """The articles as they stand in the file; the cover and what follows the last are none."""
    ends = list(layout.ends.finditer(text))
    if not ends:
        return _parts_by_starts(layout, text)
    begins = [0, *(end.end() for end in ends)]
    parts = [text[begin : end.start()] for begin, end in zip(begins, ends, strict=False)]
    rest = text[begins[-1] :]
    return [*parts, rest] if layout.once.search(rest) else parts


def _parts_by_starts(layout, text):
    starts = list(layout.starts.finditer(text))
    stops = [*(start.start() for start in starts[1:]), len(text)]
    begins = (start.start() if layout.keep_start else start.end() for start in starts)
    parts = [text[begin:stop] for begin, stop in zip(begins, stops, strict=True)]
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
    """The record of one article, a note where it has no text, or a ``Mistake``."""
    if len(layout.once.findall(part.whole)) > 1:
        return Mistake(
            f"{where}: two articles or more that no line divides; divide them in the file"
        )
    metadata = _metadata(layout, part)
    text = _paragraphs(part.text, wrapped)
    title = metadata.get("title", "")
    if not text:
        return f"{where} ({title!r}): no text; it is left out"
    place = where.rpartition(", ")[2]
    notes = [f"{where} ({title!r}): {note}" for note in _article_notes(metadata, text)]
    return Record(text, metadata, place, tuple(notes))


def _metadata(layout, part):
    """What the header and the labels state, the first of each kind, tidied."""
    stated = _stated([part.header] if part.header else [])
    stated = (
        _stated(layout.labelled.finditer(part.below))
        | _stated(layout.labelled.finditer(part.above))
        | stated
    )
    stated.setdefault("published", stated.pop("published_else", ""))
    kept = {name: value for name, value in stated.items() if name not in _NOT_KEPT}
    tidied = kept | {name: _TIDY[name](value) for name, value in kept.items() if name in _TIDY}
    if not tidied["published"]:
        tidied[AS_PRINTED] = kept["published"]
    return {name: value for name, value in tidied.items() if value}


def _stated(matches):
    """The values of named groups by their names, the first of each name."""
    stated = {}
    for match in matches:
        groups = match.groupdict()
        for name in [name for name, value in groups.items() if value and name != "value"]:
            value = " ".join(groups.get("value", groups[name]).split())
            if value:
                stated.setdefault(name, value)
    return stated


def _number(printed):
    """The number at the beginning of "1,024 words"."""
    found = regex.match(r"\d[\d.,\u00a0 ]*", printed)
    return regex.sub(r"\D", "", found[0]) if found else ""


def _author(printed):
    return regex.sub(r"^(?:By|BY|Von|Par|Por)\s+", "", printed)


_TIDY = {
    "published": iso_date,
    "words": _number,
    "author": _author,
}
"""What brings a column into the form that it has in all corpora."""


def _article_notes(metadata, text):
    if not metadata.get("published"):
        printed = metadata.get(AS_PRINTED)
        yield f"the date {printed!r} cannot be read" if printed else "no date is stated"
    if not metadata.get("title"):
        yield "no title is stated"
    if metadata.get("words"):
        stated = int(metadata["words"])
        found = _length(text)
        if abs(stated - found) > _SHARE * stated + _MARGIN:
            yield f"{stated:,} words are stated and {found:,} found; look whether text is missing"


def _length(text):
    """Words as databases count them: what stands between spaces; in Chinese, characters."""
    han = len(_HAN.findall(text))
    words = sum(bool(_NOT_LETTERS.sub("", word)) for word in text.split())
    return len("".join(text.split())) if han > words else words


def _paragraphs(text, wrapped):
    """The paragraphs of an article with a blank line between them."""
    parts = regex.split(r"\n\s*\n", text) if wrapped else text.split("\n")
    lines = (" ".join(part.split()) for part in parts)
    return "\n\n".join(line for line in lines if line)


def _count_notes(layout, text, found, name):
    """A note where the export says that it has another number of articles."""
    totals = {
        int(number) for match in layout.total.finditer(text) for number in match.groups() if number
    }
    totals |= {int(match["total"]) for match in layout.starts.finditer(text) if _has_total(match)}
    stated = max(totals, default=found)
    if stated == found:
        return []
    return [f"{name}: the export says that it has {stated:,} articles; {found:,} were found"]


def _has_total(match):
    return bool(match.groupdict().get("total"))


def _with_notes(articles, notes, name):
    """The articles, the first of which has the notes on the file too."""
    for place, article in enumerate(articles):
        if isinstance(article, Record):
            with_notes = article._replace(notes=(*notes, *article.notes))
            return [*articles[:place], with_notes, *articles[place + 1 :]]
    if articles:
        return articles
    raise Mistake(notes or f"{name}: an export without an article in it")
