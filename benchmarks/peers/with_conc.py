"""The steps that conc can do, with spaCy's blank English in place of a model."""

import shutil
from functools import partial
from pathlib import Path

import polars
import spacy
from conc.conc import Conc
from conc.corpus import Corpus
from spacy.language import Language
from timing import GROUPS, LINES, LINES_OF, PHRASES, WORDS, answer, each, rows, seconds

ALL = "all"
# Conc switches off the parts of a model that it does not need, and blank English has none of them.
Language.disable_pipes = lambda language, names: None


def prepare(file: Path, role: str) -> tuple[Path, Path]:
    """A table of the articles, which conc reads, and the folder of the corpus that it makes."""
    table = file.with_suffix(f".{role}.csv")
    if not table.exists():
        chosen = [row for row in rows(file) if role in (ALL, row["role"])]
        polars.DataFrame(chosen).write_csv(table)
    return table, file.with_suffix(f".{role}.conc")


def blank_english(folder: Path) -> str:
    """A model that splits words and no more."""
    place = folder / "blank_english"
    if not place.exists():
        spacy.blank("en").to_disk(place)
    return str(place)


def write(file: Path, role: str = ALL) -> float:
    """The corpus of these articles, anew."""
    table, folder = prepare(file, role)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    corpus = Corpus(name=role)
    model = blank_english(file.parent)
    return seconds(partial(corpus.build_from_csv, table, folder, model=model))


def load(file: Path, role: str = ALL) -> Corpus:
    """The corpus of these articles, made if it is not there."""
    folder = prepare(file, role)[1]
    if not list(folder.glob("*/corpus.json")):
        write(file, role)
    return Corpus().load(str(next(folder.glob("*/corpus.json")).parent))


def load_again(file: Path) -> float:
    """A corpus that is there, until its tokens are in memory."""
    load(file)
    return seconds(lambda: load(file).get_tokens_by_index("lower_index"))


def count(file: Path, questions: list[str]) -> float:
    """Where a word or phrase is, when the tokens are open and another was asked before."""
    corpus = load(file)
    return each(lambda text: positions(corpus, text), questions)


def positions(corpus: Corpus, text: str) -> int:
    """How often a word or phrase is in the corpus."""
    sequence, index = corpus.tokenize(text, simple_indexing=True)
    return len(corpus.get_token_positions(sequence, index)[0])


def lines(file: Path) -> float:
    """A hundred lines of a word written out."""
    conc = Conc(load(file))
    write_out = partial(conc.concordance, page_size=LINES)
    return each(lambda word: write_out(word).to_frame(), [WORDS[0], LINES_OF])


def keywords(file: Path) -> float:
    """Counts and measures of every term of one group that the other may have."""
    conc = Conc(load(file, GROUPS[0]))
    conc.set_reference_corpus(load(file, GROUPS[1]))
    table = partial(conc.keywords, page_size=0, exclude_negative_keywords=False)
    return seconds(lambda: table(show_document_frequency=True).to_frame())


if __name__ == "__main__":
    answer(
        {
            "build": write,
            "open": load_again,
            "word": partial(count, questions=WORDS),
            "phrase": partial(count, questions=PHRASES),
            "lines": lines,
            "keywords": keywords,
        }
    )
