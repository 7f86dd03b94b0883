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
    utils.corpus.files.Mistake: a.txt: not UTF-8 at byte 3; it may be ...: save it as UTF-8
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
    header, records = _records(file)
    _check_header(file.name, header, required, optional)
    filled = {row: record for row, record in enumerate(records, 2) if any(map(str.strip, record))}
    long = [f"{file.name}, row {row}: more fields than columns; put quotes round a value that has a comma"
            for row, record in filled.items() if any(map(str.strip, record[len(header) :]))]  # fmt: skip
    if long:
        raise Mistake(long)
    rows = [(record + [""] * len(header))[: len(header)] for record in filled.values()]
    table = pd.DataFrame(rows, columns=header, index=list(filled), dtype=object)
    return table.astype(str).apply(lambda column: column.str.strip())


def _records(file: Path) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a CSV file, empty rows among them."""
    text = decode(file.read_bytes(), file.name).removeprefix("\ufeff")
    try:
        header, *records = list(csv.reader(text.splitlines(keepends=True), strict=True)) or [[]]
    except csv.Error as error:
        raise Mistake(f"{file.name}: a quotation mark does not close, or closes in the middle ({error})") from None
    return [name.strip() for name in header], records


def _check_header(name: str, header: list[str], required: Iterable[str], optional: Iterable[str]) -> None:
    if len(header) == 1 and ";" in header[0]:
        raise Mistake(f"{name}, row 1: its columns are separated by semicolons; save it separated by commas")
    if wrong := misspelt(header, [*required, *optional]):
        raise Mistake(
            [f"{name}, row 1: no column {found!r} is known; did you mean {meant}?" for found, meant in wrong.items()]
        )
    if missing := [column for column in required if column not in header]:
        raise Mistake(f"{name}, row 1: no column {', '.join(missing)}; it has {', '.join(header) or 'nothing'}")
