"""What the articles say: dates, quantities, names, coded facts, claims, and oddities."""

from utils.facts.centres import compare_centres
from utils.facts.checks import count_checks, source_checks, with_and_without, without_retold
from utils.facts.claims import claim_table
from utils.facts.coding import OWN, coded_as, read_attributes, read_facts
from utils.facts.dates import date_table, datelines
from utils.facts.names import body_table, mention_lines, mentions, read_aliases, renderings
from utils.facts.quantities import accuracy, precision_and_recall, quantity_table
from utils.facts.quotations import find_quotation
from utils.facts.tables import check_side_tables

__all__ = [
    "OWN",
    "accuracy",
    "body_table",
    "check_side_tables",
    "claim_table",
    "coded_as",
    "compare_centres",
    "count_checks",
    "date_table",
    "datelines",
    "find_quotation",
    "mention_lines",
    "mentions",
    "precision_and_recall",
    "quantity_table",
    "read_aliases",
    "read_attributes",
    "read_facts",
    "renderings",
    "source_checks",
    "with_and_without",
    "without_retold",
]
