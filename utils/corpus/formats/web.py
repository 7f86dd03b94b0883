"""A page saved from the web becomes its article, with what the page states of itself."""

from email import message_from_bytes
from email.policy import default
from itertools import islice

import regex
from lxml.etree import strip_elements
from lxml.html import HTMLParser, document_fromstring

from utils.corpus.files import Mistake, decode, named_encoding, wide_encoding
from utils.corpus.formats.dates import iso_date
from utils.corpus.formats.record import File, Record, make_record

_CHARSET = regex.compile(rb"(?i)<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]+)")
_SPACE = regex.compile(r"\s+")
_JSON_DATE = regex.compile(r'"datePublished"\s*:\s*"([^"]+)"')
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

_NO_TEXT = ("script", "style", "title", "noscript", "template")
_PARTING = dict.fromkeys(
    "div tr table li ul ol dl dt dd section article header br hr".split(), "\n"
)
_PARTING |= dict.fromkeys("p h1 h2 h3 h4 h5 h6 blockquote pre".split(), "\n\n")


def read_page(file: File) -> tuple[str, Record]:
    """The article of a page saved as HTML, with what the page states of it, after a note.

    The date is that of the page's meta elements, JSON-LD or time elements; none is made from
    what only looks like a date, and none is that of a change. Raises ``Mistake`` for a page in
    which trafilatura finds no article.

    >>> page = b"<title>T</title><meta name=date content=2023-05-04><p>Rain &amp; sun.</p>"
    >>> read_page(File("a.html", page))[1].metadata
    {'title': 'T', 'published': '2023-05-04'}
    """
    import trafilatura  # loaded here, since few corpora need it

    page = page_source(file.data, file.name)
    text = trafilatura.extract(page, include_comments=False)
    if not text:
        what = "no article was found in the page; save its text as a .txt file"
        raise Mistake(f"{file.name}: {what}")
    note = "trafilatura took the article out of the page, and left the rest of the page out"
    return f"{file.name}: {note}", make_record("\n\n".join(text.splitlines()) + "\n", _stated(page))


def read_mhtml(file: File) -> tuple[str, Record]:
    """The article of a page saved with its pictures in one file (MHTML)."""
    message = message_from_bytes(file.data, policy=default)
    part = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    if part is None:
        raise Mistake(f"{file.name}: no page of HTML inside; save the page as HTML")
    charset = (part.get_content_charset() or "utf-8").encode()
    page = b"<meta charset=" + charset + b">" + part.get_payload(decode=True)
    note, record = read_page(File(file.name, page))
    url = message["Snapshot-Content-Location"] or part["Content-Location"] or ""
    return note, Record(record.text, {"url": url, **record.metadata})


def page_source(data: bytes, name: str) -> str:
    """The HTML of a page, by the encoding that it names, else as any other text.

    >>> page_source("<meta charset=big5><p>港口".encode("big5"), "a.html")[-2:]
    '港口'
    """
    charset = _CHARSET.search(data[:_HEAD])
    named = charset[1].decode() if charset else "utf-8"
    try:
        page = data.decode(wide_encoding(data) or named_encoding(named))
    except (LookupError, UnicodeDecodeError):
        page = decode(data, name)
    return page.removeprefix("\ufeff")


def page_lines(page: str, codes: dict[str, str] | None = None) -> str:
    """All text of a page as it is laid out: a line for each block, a tab between cells.

    ``codes`` has the ends of the names of classes; an element of such a class gets its code and a
    tab before its text, where they do not stand there already.

    >>> page_lines("<h1 class=enHeadline>Rain</h1><p>One<br>two</p>", {"Headline": "HD"})
    'HD\\tRain\\n\\nOne\\ntwo\\n'
    """
    parser = HTMLParser(encoding="utf-8", huge_tree=True)
    spaced = _SPACE.sub(" ", page).encode("utf-8", "replace")
    tree = document_fromstring(spaced.strip() or b"<p>", parser=parser)
    strip_elements(tree, *_NO_TEXT, with_tail=False)
    for node in tree.iter("*"):
        parting = _PARTING.get(node.tag, "")
        node.tail = parting * (node.tag != "br") + (node.tail or "")
        if node.tag in ("td", "th") and node.getprevious() is not None:
            parting = "\t"
        node.text = parting + _code(node, codes or {}) + (node.text or "")
    text = regex.sub(r"[^\S\n]*\t[^\S\n]*", "\t", tree.text_content())
    text = regex.sub(r"(?m)^\s*?(\w+\t)\1", r"\1", text)
    text = regex.sub(r"[^\S\n]*\n[^\S\n]*", "\n", regex.sub(r" {2,}", " ", text))
    return regex.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _code(node, codes):
    """The code of an element of such a class, and a tab."""
    classes = node.get("class", "").split()
    found = (code for end, code in codes.items() if any(name.endswith(end) for name in classes))
    return "".join(f"{code}\t" for code in islice(found, 1))


def _stated(page):
    """Title, outlet, date, author, address and language, as far as the page states them."""
    from trafilatura import load_html
    from trafilatura.metadata import extract_metadata

    tree = load_html(page)
    if tree is None:
        return {}
    stated = extract_metadata(tree, extensive=False)
    saved_from = _SAVED_FROM.search(page[:_HEAD])
    return {
        "title": stated.title,
        "outlet": stated.sitename,
        "author": stated.author,
        "url": stated.url or (saved_from and saved_from[1]),
        "language": tree.get("lang"),
        "published": _published(tree),
    }


def _published(tree):
    """The date of the surest place that gives just one day, else the first as printed."""
    printed = ""
    for values in (_json_dates(tree), *_meta_dates(tree), *map(tree.xpath, _DATES)):
        days = {iso_date(value) for value in values}
        if len(days) == 1 and days != {""}:
            return days.pop()
        if days == {""}:
            printed = printed or values[0]
    return printed


def _meta_dates(tree):
    contents = {}
    for node in tree.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop") or ""
        contents.setdefault(name.lower(), node.get("content") or "")
    return [[contents[name]] for name in _DATE_NAMES if contents.get(name)]


def _json_dates(tree):
    """When the articles that a page describes in JSON-LD were published."""
    scripts = tree.xpath("//script[@type='application/ld+json']/text()")
    return _JSON_DATE.findall(" ".join(script for script in scripts if '"headline"' in script))
