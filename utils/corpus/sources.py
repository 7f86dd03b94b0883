"""A file becomes its text, by the ending of its name."""

from pathlib import Path
from typing import NamedTuple

import regex

from utils.corpus.files import Mistake, decode

_CHARSET = regex.compile(rb"(?i)<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]+)")
_HEAD = 4096  # bytes in which a page must name its encoding


class Source(NamedTuple):
    """The bytes of a file, and the text in them that is labelled, counted and quoted."""

    data: bytes
    text: str


def read_source(file: Path) -> Source:
    """A file and its text: of a page saved as HTML what trafilatura finds to be the article.

    The text of any other file is the file itself, decoded as UTF-8. Raises ``Mistake`` for a file
    without text and for one that is in no known encoding.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.html"
    >>> _ = file.write_text("<title>T</title><p>Rain &amp; sun.</p><script>x()</script>")
    >>> read_source(file).text
    'Rain & sun.\\n'
    """
    data = file.read_bytes()
    if not data.strip():
        raise Mistake(f"{file.name} is empty; put the text in it or take the row out")
    return Source(data, READERS.get(file.suffix.lower(), decode)(data, file.name))


def html_text(data: bytes, name: str) -> str:
    """The article in a page of HTML, a blank line between its paragraphs."""
    import trafilatura  # loaded here, since few corpora need it

    charset = _CHARSET.search(data[:_HEAD])
    try:
        page = data.decode(charset[1].decode() if charset else "utf-8")
    except (LookupError, UnicodeDecodeError):
        page = decode(data, name)
    text = trafilatura.extract(page.removeprefix("\ufeff"), include_comments=False)
    if not text:
        raise Mistake(f"{name}: no article was found in the page; save its text as a .txt file")
    return "\n\n".join(text.splitlines()) + "\n"


READERS = {".html": html_text, ".htm": html_text, ".xhtml": html_text}
"""What reads the bytes of a file that is no plain text, by the ending of its name."""
