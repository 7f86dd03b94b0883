"""All side tables of a corpus checked together, before anything runs."""

from functools import cache, partial

import regex
from pandas import DataFrame

from utils.corpus.files import Mistake
from utils.corpus.tables import TABLES, folder_of, read_side_table
from utils.corpus.tokens import tokenize
from utils.facts.claims import claim_table
from utils.facts.coders import read_coders
from utils.facts.coding import read_codings
from utils.facts.labels import read_labels
from utils.facts.names import read_aliases
from utils.facts.quotations import Quotations
from utils.search.queries import find, query_problems

READERS = (read_aliases, claim_table, read_labels)
"""Readers that check more than the description of a table says."""
_LETTER = regex.compile(r"[\p{L}\p{N}]")
_NO_WORD = (
    "no article has a word that is counted: all its lines are titles, page furniture or without "
    "letters; put the texts of articles in, or see what furniture.csv takes out"
)


def check_side_tables(articles: DataFrame) -> list[str]:
    """Read every side table of the corpus, the metadata aside, which ``read_corpus`` checked.

    Returns what is odd in them, a line each. Raises one ``Mistake`` with the problems of all, and
    for articles in which there is nothing to count.
    """
    checks = (Quotations(articles).check, query_problems, _search_check(articles))
    reads = [
        partial(read_side_table, name, folder_of(articles), *checks)
        for name in TABLES
        if name != "metadata"
    ]
    codings = cache(partial(read_codings, articles))
    reads += [partial(reader, articles) for reader in READERS]
    reads += [codings, lambda: read_coders(articles, codings())]
    problems = [] if _has_word(articles) else [_NO_WORD]
    notes = []
    for read in reads:
        try:
            notes += read().attrs.get("notes", [])
        except Mistake as mistake:
            problems += mistake.problems
    if problems:
        raise Mistake(dict.fromkeys(problems))
    return list(dict.fromkeys(notes))


def _search_check(articles):
    """A check of the queries that hold a regular expression, since one may never end."""
    tokens = cache(partial(tokenize, articles))

    def problems(table, record):
        for column in table.holding("query"):
            try:
                if "/" in record[column]:
                    find(tokens(), record[column], articles)
            except Mistake as mistake:
                yield column, str(mistake)

    return problems


def _has_word(articles):
    """Whether a letter or digit is in the body of any article; of many the first will do."""
    bodies = zip(articles.raw, articles.body, strict=True)
    return any(_LETTER.search(raw, *span) for raw, spans in bodies for span in spans)
