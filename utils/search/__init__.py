"""A query becomes positions in the tokens, and those become lines of the texts."""

from utils.search.lines import concordance, evidence, lines_at, occurrences
from utils.search.queries import find, parse, read_queries
