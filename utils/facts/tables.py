"""All side tables of a corpus checked together, before anything runs."""

from collections.abc import Callable

from pandas import DataFrame

from utils.corpus.files import Mistake
from utils.corpus.tables import TABLES, folder_of, read_side_table
from utils.facts.claims import claim_table
from utils.facts.coding import read_facts
from utils.facts.names import read_aliases
from utils.facts.quotations import Quotations
from utils.search.queries import query_problems

READERS = (read_aliases, read_facts, claim_table)
"""Readers that check more than the description of a table says."""


def check_side_tables(articles: DataFrame) -> None:
    """Read every side table of the corpus, the metadata aside, which ``read_corpus`` checked.

    Raises one ``Mistake`` with the problems of all tables.
    """
    folder = folder_of(articles)
    checks = (Quotations(articles).check, query_problems)
    problems = []
    for name in TABLES:
        if name != "metadata":
            problems += _problems_of(read_side_table, name, folder, *checks)
    for reader in READERS:
        problems += _problems_of(reader, articles)
    if problems:
        raise Mistake(dict.fromkeys(problems))


def _problems_of(read: Callable, *arguments: object) -> list[str]:
    try:
        read(*arguments)
    except Mistake as mistake:
        return mistake.problems
    return []
