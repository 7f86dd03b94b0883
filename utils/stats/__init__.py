"""Tables of what the tokens show: frequency, keywords, phrases, collocates, themes, topics."""

from utils.stats import measures
from utils.stats.collocation import collocates, read_nodes
from utils.stats.counted import by_groups, keep_counted
from utils.stats.frequency import (
    article_table,
    compare_dispersion,
    frequency_table,
    longest_articles,
    vocabulary_growth,
)
from utils.stats.groups import choose_groups, inseparable, tokens_of_groups, within
from utils.stats.keywords import (
    against_english,
    changed_verdicts,
    clear_keywords,
    keyword_table,
    mark_names,
    other_groupings,
    query_terms,
)
from utils.stats.measure_list import measures_table
from utils.stats.phrases import key_phrases, longest_phrases, shared_phrases
from utils.stats.resampling import Resampling
from utils.stats.similarity import similarity, words_apart
from utils.stats.themes import (
    body_names,
    compare_themes,
    overlap,
    pattern_report,
    read_themes,
    theme_hits,
    theme_lines,
    theme_table,
    untouched_words,
)
from utils.stats.topics import fit_topics, topic_shares, topics_and_themes, typical_paragraphs
