"""All side tables of a corpus checked together, before anything runs."""

from functools import cached_property, partial

import regex
from pandas import DataFrame, Series

from utils.corpus.files import Mistake
from utils.corpus.tables import TABLES, RowProblems, SideTable, folder_of, read_side_table
from utils.corpus.tokens import tokenize
from utils.facts.claims import claim_table
from utils.facts.coding import read_facts
from utils.facts.names import read_aliases
from utils.facts.quotations import Quotations
from utils.search.queries import find, query_problems

READERS = (read_aliases, read_facts, claim_table)
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
    checks = (Quotations(articles).check, query_problems, _Searches(articles).check)
    reads = [
        partial(read_side_table, name, folder_of(articles), *checks)
        for name in TABLES
        if name != "metadata"
    ]
    problems = [] if _has_word(articles) else [_NO_WORD]
    notes = []
    for read in reads + [partial(reader, articles) for reader in READERS]:
        try:
            notes += read().attrs.get("notes", [])
        except Mistake as mistake:
            problems += mistake.problems
    if problems:
        raise Mistake(dict.fromkeys(problems))
    return list(dict.fromkeys(notes))


class _Searches:
    """Looks for the queries that hold a regular expression, since one may never end."""

    def __init__(self, articles):
        self.articles = articles

    @cached_property
    def _tokens(self):
        return tokenize(self.articles)

    def check(self, table: SideTable, record: Series) -> RowProblems:
        """Which queries of a row cannot be looked for in these articles."""
        for column in table.holding("query"):
            try:
                if "/" in record[column]:
                    find(self._tokens, record[column], self.articles)
            except Mistake as mistake:
                yield column, str(mistake)


def _has_word(articles):
    """Whether a letter or digit is in the body of any article; of many the first will do."""
    bodies = zip(articles.raw, articles.body, strict=True)
    return any(_LETTER.search(raw, *span) for raw, spans in bodies for span in spans)
