"""The bytes of a file as text, and what is said of a user's mistake: one plain line each."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, lookup
from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import regex
from charset_normalizer import from_bytes

_NO_ENCODING = "no text encoding fits: is it a text file?"
_UTF16 = (BOM_UTF16_LE, BOM_UTF16_BE)
_UTF32 = (BOM_UTF32_LE, BOM_UTF32_BE)
_TOLD_BY = 4096  # bytes in which UTF-16 without a byte-order mark shows
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-1": "cp1252",
}
"""What browsers take encodings for, since pages and mails that name these use more characters."""
_USUAL = "cp1252"  # what few accents cannot tell from its neighbours, and much the most frequent
_MANY_BYTES = {"gb18030", "gbk", "gb2312", "big5", "big5hkscs", "cp950", "cp932", "shift_jis"}
_MANY_BYTES |= {"euc_jp", "cp949", "euc_kr", "utf_16", "utf_32"}
_COHERENT = 0.4  # of the letters, by which a language is known; below it a guess is none
_SIGNS = regex.compile(r"[^\p{L}\p{N}]+")
_HALF = regex.compile(r"[\uD800-\uDFFF]")
MOST_LINES = 20  # of the problems that are shown; the others are counted


class Mistake(ValueError):
    """What the user can mend, a line each: what is wrong, where, and how to mend it.

    ``problems`` has all lines. As text, and in a notebook, it has the first 20 and says how many
    more there are.
    """

    def __init__(self, problems: str | Iterable[str]):
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(first_of(self.problems)))

    def _render_traceback_(self):
        """IPython shows these lines in place of a traceback."""
        return first_of(self.problems)


def first_of(lines: list[str]) -> list[str]:
    """The first 20 lines, and one that says how many more there are.

    >>> first_of([f"line {number}" for number in range(500)])[-2:]
    ['line 19', 'and 480 more']
    """
    more = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], f"and {more:,} more"] if more > 0 else lines


def list_first(names: list[str], most: int) -> str:
    """The first names, and how many more there are.

    >>> list_first(["a.txt", "b.txt", "c.txt"], 2)
    'a.txt, b.txt and 1 more'
    """
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")


def letters_of(text: str) -> str:
    """The letters and digits of a text, in small letters.

    >>> letters_of("Full_Text (2)")
    'fulltext2'
    """
    return _SIGNS.sub("", text.casefold())


def printable(name: str) -> str:
    r"""The name of a file on one line: what cannot be printed as its code, "�" for what is no text.

    >>> print(printable("a" + chr(10) + "b"), printable("caf" + chr(0xDCE9)))
    a\nb caf�
    """
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return regex.sub(r"[\p{Cc}\p{Zl}\p{Zp}]", lambda found: repr(found[0])[1:-1], text)


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint for a name that is not known: the most similar known name, or all of them.

    >>> nearest("rgion", ["region", "year"]), nearest("x", ["region", "year"])
    ('did you mean region?', 'there are: region, year')
    """
    by_case = {other.casefold(): other for other in known}
    similar = get_close_matches(name.casefold(), by_case, 1, 0.4)
    if similar:
        return f"did you mean {by_case[similar[0]]}?"
    return f"there are: {', '.join(by_case.values())}"


def misspelt(names: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """Names that look like a known name which is absent, each with the one probably meant.

    >>> misspelt(["publised", "region"], ["published", "city"])
    {'publised': 'published'}
    """
    unknown = set(names).difference(known)
    absent = sorted(set(known).difference(names))
    similar = {name: get_close_matches(name, absent, 1, 0.8) for name in sorted(unknown)}
    return {name: likely[0] for name, likely in similar.items() if likely}


def distinct(names: Iterable[str], join: str = "-") -> list[str]:
    """The names, where none is there twice, capitals or not: the later ones get a number.

    >>> distinct(["port", "Port", "map", "port"])
    ['port', 'Port-2', 'map', 'port-3']
    """
    seen = {}
    numbers = Counter()
    for name in names:
        new = name
        while new.casefold() in seen:
            numbers[name.casefold()] += 1
            new = f"{name}{join}{numbers[name.casefold()] + 1}"
        seen[new.casefold()] = new
    return list(seen.values())


def in_order(name: str) -> list[tuple[int, str]]:
    """What names are sorted by, so that 2 goes before 10.

    >>> sorted(["b10", "b2", "a"], key=in_order)
    ['a', 'b2', 'b10']
    """
    parts = regex.findall(r"\d+|\D+", name)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def decode(data: bytes, name: str) -> str:
    """The text of a UTF-8 file; newlines and byte-order mark stay as they are.

    Raises ``Mistake`` that names the first byte which is not UTF-8 text, and the likely encoding.

    >>> decode(b"caf\\xe9", "a.txt")
    Traceback (most recent call last):
        ...
    utils.corpus.files.Mistake: a.txt: not UTF-8 at byte 3; it may be ...: save it as UTF-8
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        guess = from_bytes(data).best()
        hint = f"it may be {guess.encoding}: save it as UTF-8" if guess else _NO_ENCODING
        raise Mistake(f"{name}: not UTF-8 at byte {error.start}; {hint}") from None
    if "\0" in text or text.startswith(("%PDF-", "PK\x03\x04", "{\\rtf")):
        byte = max(data.find(b"\0"), 0)
        raise Mistake(f"{name}: binary content at byte {byte}; save the text as plain UTF-8")
    return text


def write_text(file: Path, text: str) -> None:
    """Write a text as UTF-8, or raise ``Mistake`` that says why it cannot be written."""
    write_bytes(file, text.encode())


def write_bytes(file: Path, data: bytes) -> None:
    """Write bytes to a file, or raise ``Mistake`` that says why they cannot be written."""
    try:
        file.write_bytes(data)
    except OSError as error:
        raise Mistake(f"{file}: {error.strerror}; name a file that can be written") from None


def decode_any(data: bytes, name: str) -> tuple[str, str]:
    """The text of a file in any encoding that can be told, and the name of the encoding.

    That is UTF-8, UTF-16, UTF-32 with its byte-order mark, or what charset-normalizer is sure of.
    Raises ``Mistake`` for a file whose encoding cannot be told.

    >>> decode_any("L’été, le café du port était fermé.".encode("cp1252"), "a.txt")
    ('L’été, le café du port était fermé.', 'cp1252')
    """
    encoding = wide_encoding(data) or "utf_8"
    try:
        return whole_characters(data.decode(encoding, "surrogatepass")), encoding
    except UnicodeDecodeError:
        guess = None if b"\0" in data or _is_torn(data) else _sure_guess(data)
    return guess or (decode(data, name), "utf_8")  # decode says where and why it is not


def wide_encoding(data: bytes) -> str:
    """UTF-32 by its byte-order mark, UTF-16 by this or by its bytes 0; empty for anything else.

    >>> wide_encoding("Rain".encode("utf-16")), wide_encoding("Rain".encode("utf-16-be"))
    ('utf_16', 'utf_16_be')
    """
    if data.startswith(_UTF32 + _UTF16):
        return "utf_32" if data.startswith(_UTF32) else "utf_16"
    start = data[:_TOLD_BY]
    high = start[::2].count(0)
    low = start[1::2].count(0)
    if max(high, low) <= max(len(start) / 4, 9 * min(high, low)):
        return ""
    return "utf_16_be" if high > low else "utf_16_le"


def named_encoding(name: str) -> str:
    """The encoding that is meant by this name. Raises ``LookupError`` for a name of none.

    >>> named_encoding("GB2312"), named_encoding("latin1")
    ('gb18030', 'cp1252')
    """
    encoding = lookup(name).name
    return _WIDER.get(encoding, encoding)


def whole_characters(text: str) -> str:
    """A text that can be written: "�" for NUL and for halves of characters (surrogates).

    >>> whole_characters("a" + chr(0xD83D) + "b")
    'a�b'
    """
    if not text.isascii() and _HALF.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", "\ufffd")


def _is_torn(data):
    """Whether bytes are UTF-8 but for some: more characters of several bytes than errors."""
    text = data.decode("utf-8", "replace")
    return len(regex.findall(r"[^\x00-\x7f\ufffd]", text)) > text.count("\ufffd")


def _sure_guess(data):
    """The text and its encoding, or nothing: the usual encoding goes before others that fit."""
    guesses = from_bytes(data)
    best = guesses.best()
    if best is None:
        return None
    for guess in guesses:
        if _USUAL in guess.could_be_from_charset and guess.chaos <= best.chaos:
            return str(guess), _USUAL
    sure = best.encoding in _MANY_BYTES or best.coherence >= _COHERENT
    return (str(best), best.encoding) if sure else None
