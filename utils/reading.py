"""Files on disk -> text and tables; a user's mistake -> one plain line each."""

import csv
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import pandas as pd
from charset_normalizer import from_bytes


class Mistake(ValueError):
    """Something the user can mend: one line each, saying what is wrong, where, and how to mend it."""

    def __init__(self, problems: str | Iterable[str]):
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))

    def _render_traceback_(self) -> list[str]:
        """IPython shows these lines in place of a traceback."""
        return self.problems


def nearest(name: str, known: Iterable[str]) -> str:
    """What to say of a name that is not there: the one it is nearest to, or all there are.

    >>> nearest("rgion", ["region", "year"]), nearest("x", ["region", "year"])
    ('did you mean region?', 'there are: region, year')
    """
    known = list(known)
    by_case = {other.casefold(): other for other in known}
    near = get_close_matches(name.casefold(), by_case, 1, 0.4)
    return f"did you mean {by_case[near[0]]}?" if near else f"there are: {', '.join(known)}"


def misspelt(names: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """Names that are not known and look like one that is not among them: name -> the one probably meant.

    >>> misspelt(["publised", "region"], ["published", "city"])
    {'publised': 'published'}
    """
    names, known = list(names), list(known)
    near = {name: get_close_matches(name, set(known) - set(names), 1, 0.8) for name in names if name not in known}
    return {name: found[0] for name, found in near.items() if found}


def decode(data: bytes, name: str) -> str:
    """Text of a UTF-8 file, newlines and byte-order mark as they are.

    Raises ``Mistake`` naming the byte offset at which UTF-8 ends, and the encoding it may be.

    >>> decode(b"caf\\xe9", "a.txt")
    Traceback (most recent call last):
        ...
    utils.reading.Mistake: a.txt: not UTF-8 at byte 3; it may be ...: save it as UTF-8
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        guess = from_bytes(data).best()
        mend = f"it may be {guess.encoding}: save it as UTF-8" if guess else "no text encoding fits: is it a text file?"
        raise Mistake(f"{name}: not UTF-8 at byte {error.start}; {mend}") from None
    if "\0" in text or text.startswith(("%PDF-", "PK\x03\x04", "{\\rtf")):
        at = max(text.find("\0"), 0)
        raise Mistake(f"{name}: binary content at byte {len(text[:at].encode())}; save the article as plain UTF-8 text")
    return text


def read_table(file: Path, required: Iterable[str], optional: Iterable[str] = ()) -> pd.DataFrame:
    """Rows of a CSV file as text, blank where empty; the index is the row number a spreadsheet shows.

    Raises ``Mistake`` when the file or a required column is missing, a column looks like a misspelt one, or a row is
    longer than the header.
    """
    if not file.is_file():
        raise Mistake(f"{file}: no such file; make it with the columns {', '.join(required)}")
    text = decode(file.read_bytes(), file.name).removeprefix("\ufeff")
    reader = csv.DictReader(text.splitlines(keepends=True), restkey="")
    header = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = header
    wrong = misspelt(header, [*required, *optional])
    if wrong:
        raise Mistake(
            [f"{file.name}, row 1: no column {name!r} is known; did you mean {meant}?" for name, meant in wrong.items()]
        )
    missing = [name for name in required if name not in header]
    if missing:
        raise Mistake(
            f"{file.name}, row 1: no column {', '.join(missing)}; it has {', '.join(header) or 'nothing'}"
            " (columns are separated by commas)"
        )
    rows = pd.DataFrame(list(reader), columns=[*header, ""], dtype=object).fillna("").astype(str)
    rows.index += 2
    long = [f"{file.name}, row {row}: more fields than columns; put quotes round a value that has a comma"
            for row in rows.index[rows[""] != ""]]  # fmt: skip
    if long:
        raise Mistake(long)
    return rows.drop(columns="").apply(lambda column: column.str.strip())
