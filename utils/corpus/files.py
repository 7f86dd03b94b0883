"""The bytes of a file as text, and what is said of a user's mistake: one plain line each."""

from collections.abc import Iterable
from difflib import get_close_matches

from charset_normalizer import from_bytes

_NO_ENCODING = "no text encoding fits: is it a text file?"


class Mistake(ValueError):
    """What the user can mend, a line each: what is wrong, where, and how to mend it."""

    def __init__(self, problems: str | Iterable[str]):
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))

    def _render_traceback_(self) -> list[str]:
        """IPython shows these lines in place of a traceback."""
        return self.problems


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
