"""All side tables of a corpus checked together, before anything runs."""

from functools import partial

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


def check_side_tables(articles: DataFrame) -> list[str]:
    """Read every side table of the corpus, the metadata aside, which ``read_corpus`` checked.

    Returns what is odd in them, a line each. Raises one ``Mistake`` with the problems of all.
    """
    checks = (Quotations(articles).check, query_problems)
    reads = [
        partial(read_side_table, name, folder_of(articles), *checks)
        for name in TABLES
        if name != "metadata"
    ]
    problems = []
    notes = []
    for read in reads + [partial(reader, articles) for reader in READERS]:
        try:
            notes += read().attrs.get("notes", [])
        except Mistake as mistake:
            problems += mistake.problems
    if problems:
        raise Mistake(dict.fromkeys(problems))
    return list(dict.fromkeys(notes))
