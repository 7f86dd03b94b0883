"""Articles to measure on, as many megabytes as wanted; no download.

``python benchmarks/large_text.py FOLDER MEGABYTES ...`` writes JSON Lines, a file of each size:
sentences from the docstrings of what is installed and from Python's manual, and the articles of
``corpus``, over and over, in another order each time. Each time some of the rare words are other
words, so that the vocabulary grows as that of news does: to about 50,000 types in 10 MB and 190,000
in 100 MB. A file that is there already stays.
"""

import ast
import importlib.util
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from pydoc_data.topics import topics
from random import Random
from string import ascii_lowercase, ascii_uppercase

TEXTS = Path(__file__).parents[1] / "corpus" / "texts"
GROUPS = {
    "numbers": ["scipy", "numpy", "sklearn", "pandas"],
    "tools": ["matplotlib", "nltk", "IPython", "dask", "distributed", "hypothesis", "pip"],
}
"""The two groups of articles, and the packages whose docstrings they have."""
SENTENCES = re.compile(r"[A-Z][^<>{}\\|=_`*\[\]:]{59,}[.!?]")  # prose, and no code
WORD = re.compile(r"[A-Za-z]+")
RARE = 5  # times that a rare word is in the first repetition
GROWTH = 2.2  # times as many new types as the square root of the text gives
PARAGRAPH = 500  # characters at least
ARTICLE = 3200


def articles() -> Iterator[dict]:
    """Articles without an end."""
    random = Random(0)
    pieces = pieces_by_role()
    frequencies = Counter(WORD.findall(" ".join(sum(pieces.values(), []))))
    rare = sorted(word for word, number in frequencies.items() if number <= RARE)
    for repetition in count():
        other = other_words(rare, len(frequencies), repetition, random)
        for article in one_after_another(pieces, other, random):
            yield article | {"id": f"{repetition}-{article['id']}"}


@cache
def pieces_by_role() -> dict[str, list[str]]:
    """The pieces that each group of articles is made of."""
    return {role: pieces_of(packages) for role, packages in GROUPS.items()}


def pieces_of(packages: list[str]) -> list[str]:
    """Different pieces of prose of one or some sentences, from each paragraph of these packages."""
    texts = [text for package in packages for text in docstrings(package)]
    texts += topics.values() if "pip" in packages else []
    texts += [file.read_text("utf-8") for file in sorted(TEXTS.glob("*.txt"))]
    paragraphs = (" ".join(part.split()) for text in texts for part in text.split("\n\n"))
    return list(dict.fromkeys(filter(SENTENCES.fullmatch, paragraphs)))


def docstrings(package: str) -> Iterator[str]:
    """The docstrings of every module, class and function of a package."""
    folder = Path(importlib.util.find_spec(package).origin).parent
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    for file in sorted(folder.rglob("*.py")):
        try:
            tree = ast.parse(file.read_text("utf-8"))
        except (SyntaxError, UnicodeDecodeError):  # a file that is there to be wrong
            continue
        nodes = (node for node in ast.walk(tree) if isinstance(node, kinds))
        yield from filter(None, map(ast.get_docstring, nodes))


def other_words(rare: list[str], types: int, repetition: int, random: Random) -> dict[str, str]:
    """Rare words and what stands for them this time.

    The types grow with the square root of the repetitions.
    """
    if not repetition:
        return {}
    new = int(GROWTH * types * ((repetition + 1) ** 0.5 - repetition**0.5))
    shift = repetition % 25 + 1
    turned = [letters[shift:] + letters[:shift] for letters in (ascii_lowercase, ascii_uppercase)]
    table = str.maketrans(ascii_lowercase + ascii_uppercase, "".join(turned))
    chosen = random.sample(rare, min(new, len(rare)))
    turns = repetition // 25
    return {word: turn(word.translate(table), turns) for word in chosen}


def turn(word: str, turns: int) -> str:
    """The word with so many letters moved from its beginning to its end."""
    place = turns % len(word)
    return word[place:] + word[:place]


def one_after_another(pieces: dict, other: dict, random: Random) -> Iterator[dict]:
    """The articles of one repetition, of both groups by turns."""
    made = {role: bodies(texts, other, random) for role, texts in pieces.items()}
    number = 0
    while made:
        for role in list(made):
            text = next(made[role], None)
            if text is None:
                del made[role]
                continue
            number += 1
            yield {
                "id": f"{number:04}",
                "title": " ".join(text.split()[:8]),
                "outlet": f"Outlet {number % 12 + 1}",
                "published": f"{2010 + number % 15}-{number % 12 + 1:02}-{number % 28 + 1:02}",
                "language": "en",
                "role": role,
                "text": text,
            }


def bodies(pieces: list[str], other: dict[str, str], random: Random) -> Iterator[str]:
    """Texts of about 3.5 kB, in paragraphs of about 600 characters."""
    paragraphs = []
    sentences = []
    for piece in random.sample(pieces, len(pieces)):
        sentences.append(WORD.sub(lambda match: other.get(match[0], match[0]), piece))
        if sum(map(len, sentences)) >= PARAGRAPH:
            paragraphs.append(" ".join(sentences))
            sentences = []
        if sum(map(len, paragraphs)) >= ARTICLE:
            yield "\n\n".join(paragraphs)
            paragraphs = []


def write(file: Path, megabytes: float) -> None:
    """A file of about so many megabytes."""
    draft = file.with_suffix(".new")
    written = 0
    with draft.open("wb") as out:
        for article in articles():
            written += out.write(json.dumps(article, ensure_ascii=False).encode() + b"\n")
            if written >= megabytes * 1e6:
                break
    draft.rename(file)


if __name__ == "__main__":
    for size in sys.argv[2:]:
        target = Path(sys.argv[1], f"{size}.jsonl")
        if not target.exists():
            write(target, float(size))
