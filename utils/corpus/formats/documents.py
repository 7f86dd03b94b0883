"""Documents of word processors, PDF and plain text become text, each paragraph on its own line.

The properties of a document (title, author) often are those of its template or of whoever saved
it. They are taken where its text says the same, and a date never is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from logging import ERROR, getLogger

import regex

from utils.corpus.files import Mistake
from utils.corpus.formats.fields import field_of
from utils.corpus.formats.record import File, Found, make_record, text_of
from utils.corpus.furniture import front_matter

_STATED = regex.compile(
    r"(?m)^(\w[\w -]*?)\s*[:：=] *+(?![>|][+-]?\s*$)[\"'\[]*(\S.*?)[\"'\]]*\s*?$"
)
_UNREAL = regex.compile(r"(?i)|untitled|unknown|user|admin(istrator)?|(microsoft|word|pdf)\b.*")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ODT_LEFT_OUT = {"tracked-changes", "note", "annotation"}
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}


def read_text(file: File) -> Iterator[Found]:
    """The one record of a plain text, with what its front matter states.

    >>> [record.text for record in read_text(File("a.txt", "Rain.".encode("utf-16")))]
    ['Rain.']
    """
    text, notes = text_of(file)
    yield from notes
    stated = {}
    for name, value in _STATED.findall(front_matter(text)):
        stated.setdefault(field_of(name) or name, value)
    yield make_record(text, stated)


def read_docx(file: File) -> Iterator[Found]:
    """The one record of a DOCX: paragraphs and rows of tables in their order.

    What was deleted under "track changes" is left out; so are notes and comments.
    """
    import docx  # loaded here, as are the libraries below, since few corpora need it

    document = docx.Document(BytesIO(file.data))
    text = "".join(_docx_pieces(document.element.body)).lstrip("\n")
    properties = document.core_properties
    yield make_record(text, _stated(text, properties.title, properties.author))


def read_odt(file: File) -> Iterator[Found]:
    """The one record of an ODT: headings and paragraphs in their order, those of tables too."""
    import odf.opendocument

    document = odf.opendocument.load(BytesIO(file.data))
    text = "\n".join(_odt_paragraphs(document.text))
    about = {node.qname[1]: str(node) for node in document.meta.childNodes}
    yield make_record(text, _stated(text, about.get("title"), about.get("creator")))


def read_rtf(file: File) -> Iterator[Found]:
    r"""The one record of an RTF, in the code page that it names.

    >>> rtf = rb"{\rtf1\ansi\ansicpg1252 Caf\'e9\par \u8220?Rain\u8221?}"
    >>> [record.text for record in read_rtf(File("a.rtf", rtf))]
    ['Café\n“Rain”']
    """
    from striprtf.striprtf import rtf_to_text

    if not file.data.lstrip().startswith(b"{\\rtf"):
        raise Mistake(f"{file.name}: no RTF, whatever its name says; save it as RTF or as DOCX")
    try:
        marked = file.data.decode()
    except UnicodeDecodeError:
        marked = file.data.decode("cp1252", "replace")
    marked = regex.sub(r"(\\fldinst[^\\}]*)HYPERLINK", r"\1", marked)
    yield make_record(rtf_to_text(marked, errors="replace").strip("\n"), {})


def read_pdf(file: File) -> Iterator[Found]:
    """The one record of a PDF with text in it, a blank line between pages.

    Words divided at the ends of lines, running heads and page numbers stand as in the PDF, and a
    note says so. Raises ``Mistake`` for a scan and for a PDF that needs a password.
    """
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    getLogger("pypdf").setLevel(ERROR)
    reader = PdfReader(BytesIO(file.data))  # which tries the empty password, as many need
    try:
        text = "\n\n".join(page.extract_text() for page in reader.pages).strip()
    except FileNotDecryptedError:
        raise Mistake(f"{file.name}: encrypted; save it without a password") from None
    if not text:
        raise Mistake(
            f"{file.name}: no text inside: it is a scan; have a text recognised in it (OCR) first"
        )
    yield f"{file.name}: divided words, running heads and page numbers stand as in the PDF"
    about = reader.metadata
    yield make_record(text, _stated(text, about and about.title, about and about.author))


@contextmanager
def library_errors(file: File, kind: str) -> Iterator[None]:
    """Whatever goes wrong in a library while it reads a file becomes a ``Mistake``.

    >>> with library_errors(File("a.pdf", b""), "PDF"):
    ...     raise KeyError("xref")
    Traceback (most recent call last):
        ...
    utils.corpus.files.Mistake: a.pdf: cannot be read as PDF ('xref'); save it anew, ...
    """
    try:
        yield
    except Mistake:
        raise
    except Exception as error:
        reason = " ".join(str(error).split())[:80] or type(error).__name__
        raise Mistake(
            f"{file.name}: cannot be read as {kind} ({reason}); save it anew, or as plain text"
        ) from None


def _stated(text, title, author):
    """The title and the author in a document's properties, where its text says the same.

    The title is to fill a line, or some.
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
    cell = f"{_WORD}tc"
    before = parent.getprevious()
    is_second = parent.tag == cell and before is not None and before.tag == cell
    return is_second and paragraph.getprevious().tag == f"{_WORD}tcPr"


def _odt_paragraphs(node):
    from odf.teletype import extractText

    for child in node.childNodes:
        name = getattr(child, "qname", ("", ""))[1]
        if name in ("h", "p"):
            _remove_notes(child)
            yield extractText(child)
        elif name not in _ODT_LEFT_OUT:
            yield from _odt_paragraphs(child)


def _remove_notes(node):
    for child in list(node.childNodes):
        if getattr(child, "qname", ("", ""))[1] in _ODT_LEFT_OUT:
            node.removeChild(child)
        else:
            _remove_notes(child)
