"""Regular expressions that are kept in tables: a ``.toml`` file has them, and CSV files words."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

import regex
from pandas import read_csv

HERE = Path(__file__).parent
QUANTITY_WORDS = read_csv(HERE / "quantity_words.csv", keep_default_na=False)


def one_of(words: Iterable[str]) -> str:
    """A pattern of any of these words, each a pattern itself; the longest goes first.

    >>> one_of(["six", "sixteen"])
    '(?:sixteen|six)'
    """
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"


def read_patterns(file: str, words: dict[str, str], *sections: str) -> dict[str, str]:
    """The patterns of some sections of a file by name, without those in capitals.

    ``{{name}}`` in a pattern stands for one of ``words``, and in capitals for a pattern above.

    >>> read_patterns("chinese_patterns.toml", {"unit": "元"}, "patterns")["part"]
    '([^万萬亿億]*)((?<=.)[万萬亿億]*)(?<=.)'
    """
    listed = tomllib.loads((HERE / file).read_text("utf-8"))
    filled = dict(words)
    names = []
    for section in sections:
        for name, pattern in listed[section].items():
            joined = regex.sub(r"\n\s*", "", pattern)
            filled[name] = regex.sub(r"{{(.+?)}}", lambda part: filled[part[1]], joined)
            names.append(name)
    return {name: filled[name] for name in names if name.islower()}
