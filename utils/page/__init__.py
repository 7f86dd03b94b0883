"""What a person reads: figures, sentences, and one rich output for each."""

from utils.page import (
    figures,
    findings_centres,
    findings_coders,
    findings_corpus,
    findings_overview,
    findings_summary,
    findings_topics,
    findings_words,
)
from utils.page.framed import show_coding
from utils.page.names import name_of, remember_names
from utils.page.parameters import check_parameters
from utils.page.show import (
    render,
    say,
    show,
    show_articles,
    show_corpus,
    show_findings,
    show_heat,
    show_run,
    show_summary,
    show_tokens,
)
from utils.page.summary import summarise_facts, summarise_texts
from utils.page.wording import count, each_of_first
