"""A page saved from the web becomes its article, with what the page states of itself."""

import json
from contextlib import suppress
from email import message_from_bytes
from email.policy import default

import regex
from lxml.etree import iterwalk
from lxml.html import HTMLParser, document_fromstring

from utils.corpus.files import Mistake, decode
from utils.corpus.formats.dates import iso_date
from utils.corpus.formats.record import AS_PRINTED, File, Record

_CHARSET = regex.compile(rb"(?i)<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]+)")
_SPACE = regex.compile(r"\s+")
_HEAD = 4096  # bytes in which a page must name its encoding
_SAVED_FROM = regex.compile(r"<!-- saved from url=\(\d+\)(\S+) -->")
_DATE_NAMES = (
    *"article:published_time datepublished og:published_time og:article:published_time".split(),
    *"citation_publication_date dcterms.issued dc.date.issued dcterms.created dc.date".split(),
    *"dcterms.date pubdate publishdate publish_date publish-date publication_date date".split(),
    *"sailthru.date parsely-pub-date apub:time".split(),
)
"""Meta elements in which a page states its date, the surest first."""
_DATES = (
    "//*[@itemprop='datePublished']/@*[name()='datetime' or name()='content']",
    "//time[@pubdate]/@datetime",
    "//article//time/@datetime | //main//time/@datetime",
)
"""Where else a page states its date; none counts that gives several days."""

_NO_TEXT = {"script", "style", "title", "noscript", "template"}
_PARTING = dict.fromkeys(
    "div tr table li ul ol dl dt dd section article header br hr".split(), "\n"
)
_PARTING |= dict.fromkeys("p h1 h2 h3 h4 h5 h6 blockquote pre".split(), "\n\n")
_PARTING |= dict.fromkeys(("td", "th"), "")


def read_page(file: File) -> list[Record]:
    """The article of a page saved as HTML, with the metadata that the page states.

    The date is that of the page's meta elements, JSON-LD or time elements; none is made from
    what only looks like a date, and none is that of a change.

    >>> page = b"<title>T</title><meta name=date content=2023-05-04><p>Rain &amp; sun.</p>"
    >>> read_page(File("a.html", page))[0].metadata["published"]
    '2023-05-04'
    """
    page = page_source(file.data, file.name)
    return [Record(article_text(page, file.name), page_metadata(page))]


def read_mhtml(file: File) -> list[Record]:
    """The article of a page saved with its pictures in one file (MHTML)."""
    message = message_from_bytes(file.data, policy=default)
    part = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    if part is None:
        raise Mistake(f"{file.name}: no page of HTML inside; save the page as HTML")
    data = part.get_payload(decode=True)
    charset = (part.get_content_charset() or "utf-8").encode()
    [record] = read_page(File(file.name, b"<meta charset=" + charset + b">" + data))
    url = message["Snapshot-Content-Location"] or part["Content-Location"] or ""
    return [record._replace(metadata={"url": url} | record.metadata)]


def html_text(data: bytes, name: str) -> str:
    """The article in a page of HTML, a blank line between its paragraphs."""
    return article_text(page_source(data, name), name)


def page_source(data: bytes, name: str) -> str:
    """The HTML of a page, by the encoding that it names, else as any other text."""
    charset = _CHARSET.search(data[:_HEAD])
    try:
        page = data.decode(charset[1].decode() if charset else "utf-8")
    except (LookupError, UnicodeDecodeError):
        page = decode(data, name)
    return page.removeprefix("\ufeff")


def article_text(page: str, name: str) -> str:
    """What trafilatura finds to be the article; raises ``Mistake`` where it finds none."""
    import trafilatura  # loaded here, since few corpora need it

    text = trafilatura.extract(page, include_comments=False)
    if not text:
        raise Mistake(f"{name}: no article was found in the page; save its text as a .txt file")
    return "\n\n".join(text.splitlines()) + "\n"


def page_lines(page: str, codes: dict[str, str] | None = None) -> str:
    """All text of a page as it is laid out: a line for each block, a tab between cells.

    ``codes`` has the ends of the names of classes; an element of such a class gets its code and a
    tab before its text, where they do not stand there already.

    >>> page_lines("<h1 class=enHeadline>Rain</h1><p>One<br>two</p>", {"Headline": "HD"})
    'HD\\tRain\\n\\nOne\\ntwo\\n'
    """
    parser = HTMLParser(encoding="utf-8", huge_tree=True)
    tree = document_fromstring(page.encode("utf-8", "replace") or b"<p>", parser=parser)
    text = "".join(_laid_out(tree, codes or {}))
    text = regex.sub(r"[^\S\n]*\t[^\S\n]*", "\t", text)
    text = regex.sub(r"(?m)^\s*?(\w+\t)\1", r"\1", text)
    return regex.sub(r" *\n *(?:\n\s*)?", _line_end, text).strip() + "\n"


def page_metadata(page: str) -> dict[str, str]:
    """Title, outlet, date, author, address and language, as far as the page states them."""
    from trafilatura import load_html
    from trafilatura.metadata import extract_metadata

    tree = load_html(page)
    if tree is None:
        return {}
    stated = extract_metadata(tree, extensive=False)
    saved_from = _SAVED_FROM.search(page[:_HEAD])
    found = {
        "title": stated.title,
        "outlet": stated.sitename,
        "author": stated.author,
        "url": stated.url or (saved_from and saved_from[1]),
        "language": tree.get("lang"),
        **_published(tree),
    }
    return {name: value for name, value in found.items() if value}


def _published(tree):
    """The date that a page states, from the surest place that gives just one day."""
    printed = ""
    for values in (_json_dates(tree), *_meta_dates(tree), *map(tree.xpath, _DATES)):
        days = {iso_date(value) for value in values}
        if len(days) == 1 and days != {""}:
            return {"published": days.pop()}
        printed = printed or (values[0] if days == {""} else "")
    return {AS_PRINTED: printed}


def _meta_dates(tree):
    contents = {}
    for node in tree.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop") or ""
        contents.setdefault(name.lower(), node.get("content") or "")
    return [[contents[name]] for name in _DATE_NAMES if contents.get(name)]


def _json_dates(tree):
    """When the articles that a page describes in JSON-LD were published."""
    described = []
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        with suppress(ValueError):
            described.append(json.loads(script))
    return [
        str(thing["datePublished"])
        for thing in _things(described)
        if "datePublished" in thing and "headline" in thing
    ]


def _things(described):
    """Every object in parsed JSON, those inside others too."""
    waiting = [described]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, dict):
            yield thing
            waiting.extend(thing.values())
        elif isinstance(thing, list):
            waiting.extend(thing)


def _laid_out(tree, codes):
    """The pieces of a page's text, in order, with what parts them."""
    for event, node in iterwalk(tree, events=("start", "end")):
        if event == "end":
            yield (node.tag != "br") * _PARTING.get(node.tag, "") + _spaced(node.tail)
        elif node.tag in ("td", "th"):
            yield ("" if node.getprevious() is None else "\t") + _spaced(node.text)
        elif isinstance(node.tag, str) and node.tag not in _NO_TEXT:
            code = _code(node.get("class", "").split(), codes)
            yield _PARTING.get(node.tag, "") + code + _spaced(node.text)


def _code(classes, codes):
    """The code of an element of these classes, and a tab."""
    ends = [end for end in codes if any(name.endswith(end) for name in classes)]
    return f"{codes[ends[0]]}\t" if ends else ""


def _spaced(text):
    return _SPACE.sub(" ", text) if text else ""


def _line_end(found):
    return "\n\n" if found[0].count("\n") > 1 else "\n"
