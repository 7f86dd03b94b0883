"""Documents of word processors, PDF and plain text become text, each paragraph on its own line.

The properties of a document (title, author) often are those of its template or of whoever saved
it. They are taken where its text says the same, and a date never is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from logging import ERROR, getLogger

import regex

from utils.corpus.files import Mistake, decode_any, whole_characters
from utils.corpus.formats.record import File, Record

_UNREAL = regex.compile(r"(?i)|untitled|unknown|user|admin(istrator)?|(microsoft|word|pdf)\b.*")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ODT_LEFT_OUT = {"tracked-changes", "note", "annotation"}
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}


def read_text(file: File) -> list[Record]:
    """The one record of a plain text; a note names an encoding that had to be guessed.

    >>> read_text(File("a.txt", "Rain.".encode("utf-16")))[0].text
    'Rain.'
    """
    text, encoding = decode_any(file.data, file.name)
    if encoding in ("utf_8", "utf_16"):
        return [Record(text, {})]
    return [Record(text, {}, notes=(f"{file.name}: not UTF-8; read as {encoding}",))]


def read_docx(file: File) -> list[Record]:
    """The one record of a DOCX: paragraphs and rows of tables in their order.

    What was deleted under "track changes" is left out; so are notes and comments.
    """
    import docx

    if file.data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Mistake(
            f"{file.name}: encrypted, or a DOC of before 2007; save it as a DOCX without password"
        )
    with plainly(file, "a DOCX"):
        document = docx.Document(BytesIO(file.data))
        text = "".join(_docx_pieces(document.element.body)).lstrip("\n")
    properties = document.core_properties
    return [Record(whole_characters(text), stated(text, properties.title, properties.author))]


def read_odt(file: File) -> list[Record]:
    """The one record of an ODT: headings and paragraphs in their order, those of tables too."""
    import odf.opendocument

    with plainly(file, "an ODT"):
        document = odf.opendocument.load(BytesIO(file.data))
        text = "\n".join(_odt_paragraphs(document.text))
        about = {node.qname[1]: str(node) for node in document.meta.childNodes}
    return [Record(whole_characters(text), stated(text, about.get("title"), about.get("creator")))]


def read_rtf(file: File) -> list[Record]:
    r"""The one record of an RTF, in the code page that it names.

    >>> read_rtf(File("a.rtf", rb"{\rtf1\ansi\ansicpg1252 Caf\'e9\par \u8220?Rain\u8221?}"))[0].text
    'Café\n“Rain”'
    """
    from striprtf.striprtf import rtf_to_text

    if not file.data.lstrip().startswith(b"{\\rtf"):
        raise Mistake(f"{file.name}: no RTF, whatever its name says; save it as RTF or as DOCX")
    with plainly(file, "an RTF"):
        try:
            marked = file.data.decode()
        except UnicodeDecodeError:
            marked = file.data.decode("cp1252", "replace")
        marked = regex.sub(r"(\\fldinst[^\\}]*)HYPERLINK", r"\1", marked)
        text = rtf_to_text(marked, errors="replace")
    return [Record(whole_characters(text.strip("\n")), {})]


def read_doc(file: File) -> list[Record]:
    """The one record of a file named DOC that is an RTF or a DOCX, as databases export them.

    Raises ``Mistake`` for a DOC of Word before 2007.
    """
    return read_rtf(file) if file.data.lstrip().startswith(b"{\\rtf") else read_docx(file)


def read_pdf(file: File) -> list[Record]:
    """The one record of a PDF with text in it, a blank line between pages.

    Words divided at the ends of lines, running heads and page numbers stand as in the PDF, and a
    note says so. Raises ``Mistake`` for a scan and for a PDF that needs a password.
    """
    from pypdf import PdfReader

    getLogger("pypdf").setLevel(ERROR)
    with plainly(file, "a PDF"):
        reader = PdfReader(BytesIO(file.data))
        if reader.is_encrypted and not _opens(reader):
            raise Mistake(f"{file.name}: encrypted; save it without a password")
        text = whole_characters("\n\n".join(page.extract_text() for page in reader.pages).strip())
        about = reader.metadata
    if not text:
        raise Mistake(
            f"{file.name}: no text inside: it is a scan; have a text recognised in it (OCR) first"
        )
    note = f"{file.name}: divided words, running heads and page numbers stand as in the PDF"
    metadata = stated(text, about and about.title, about and about.author)
    return [Record(text, metadata, notes=(note,))]


@contextmanager
def plainly(file: File, kind: str) -> Iterator[None]:
    """Whatever goes wrong in a library while it reads a file becomes a ``Mistake``."""
    try:
        yield
    except Mistake:
        raise
    except Exception as error:
        reason = " ".join(str(error).split())[:80] or type(error).__name__
        raise Mistake(
            f"{file.name}: cannot be read as {kind} ({reason}); save it anew, or as plain text"
        ) from None


def stated(text: str, title: str | None, author: str | None) -> dict[str, str]:
    """The title and the author in a document's properties, where its text says the same.

    The title is to fill a line, or some.

    >>> stated("Rain\\nBy Ann Lee", "Rain", "Administrator")
    {'title': 'Rain'}
    """
    found = {"title": (title, r"(?m)^\s*{}\s*$"), "author": (author, r"\b{}\b")}
    metadata = {}
    for name, (value, pattern) in found.items():
        words = (value or "").split()
        sought = pattern.replace("{}", r"\s+".join(map(regex.escape, words)))
        if not _UNREAL.fullmatch(" ".join(words)) and regex.search(sought, text, regex.I):
            metadata[name] = " ".join(words)
    return metadata


def _docx_pieces(body):
    """The pieces of a document's text; a further cell of a row is parted from the last by a tab."""
    for node in body.iter():
        name = str(node.tag).removeprefix(_WORD)
        parent = node.getparent()
        if name == "p":
            yield "\t" if _is_further_cell(node, parent) else "\n"
        elif name == "t":
            yield node.text or ""
        elif name in _BREAKS and parent.tag == f"{_WORD}r":
            yield _BREAKS[name]


def _is_further_cell(paragraph, parent):
    return (
        parent.tag == f"{_WORD}tc"
        and parent.getprevious() is not None
        and parent.getprevious().tag == f"{_WORD}tc"
        and paragraph.getprevious().tag == f"{_WORD}tcPr"
    )


def _odt_paragraphs(node):
    for child in node.childNodes:
        name = getattr(child, "qname", ("", ""))[1]
        if name in ("h", "p"):
            yield _odt_text(child)
        elif name not in _ODT_LEFT_OUT:
            yield from _odt_paragraphs(child)


def _odt_text(node):
    name = getattr(node, "qname", ("", ""))[1]
    if name in _ODT_LEFT_OUT:
        return ""
    if node.nodeType == node.TEXT_NODE:
        return node.data
    own = {"tab": "\t", "line-break": "\n", "s": " " * int(_spaces(node, name))}.get(name, "")
    return own + "".join(map(_odt_text, node.childNodes))


def _spaces(node, name):
    return (node.getAttribute("c") or 1) if name == "s" else 1


def _opens(reader):
    """Whether an encrypted PDF opens without a password, as many do that only forbid printing."""
    try:
        return bool(reader.decrypt(""))
    except Exception:
        return False
