"""How time and memory of every public function grow with the text; prints a Markdown table.

``python benchmarks/growth.py`` measures texts of 1,000 to 1,000,000 characters of many kinds, 100
to 10,000 short articles, and 250 to 25,000 articles of 4,000 characters, which are 1 to 100 MB.
Every measurement is a process of its own, which is ended when it takes too long. ``--only NAME``
measures one function, ``--text KIND`` one kind of text, ``--all`` prints every measurement.

Memory is what a process has of its own, looked at a hundred times a second; the pages of a mapped
index are not counted, since they are given back when another asks. ``kept`` is what the result of
the largest text takes of it, with all that the function keeps for later calls.

Left out are sentences and figures of a few rows of a table, which no text makes longer, and what
needs labels of lines by hand. Where lines of every word are asked for, some are drawn, since nobody
reads all.
"""

import argparse
import csv
import dis
import gc
import io
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout, suppress
from functools import partial
from itertools import pairwise, product
from pathlib import Path
from signal import SIGXCPU
from typing import Any, NamedTuple

import numpy as np
import psutil
from pandas import DataFrame, Series

from utils import corpus, facts, page, search, stats
from utils.page import figures
from utils.report.forked import give_back

SIZES = (1_000, 10_000, 100_000, 1_000_000)  # characters
NUMBERS = (100, 1_000, 10_000)  # short articles
LONG = "articles of 4 kB"
LONG_NUMBERS = (250, 2_500, 25_000)
LENGTH = 4_000  # characters of a long article
FEW = 4  # articles of a text that is measured by its characters
LIMIT = 60  # CPU seconds for one measurement, and for each megabyte of the text
PER_MEGABYTE = 3
EVERY = 0.01  # seconds between two looks at the memory
MEMORY = 8_000_000_000  # bytes of addresses for one measurement, beside what is there before
MOST = 12  # times more for ten times the text
SLOW = 5  # CPU seconds that are told at once
FLOOR = {"seconds": 0.2, "megabytes": 50}  # below these, growth is not judged
NOISE = {"seconds": 0.02, "megabytes": 25}  # what smaller values are taken for
SYLLABLES = "ba ce di fo gu la me ni ro su ta ve wi zo ka pe".split()
FORK = multiprocessing.get_context("fork")


def words(number: int, random: np.random.Generator) -> list[str]:
    """So many words, frequent and rare ones as in a language, new ones without an end."""
    ranks = random.zipf(1.3, number) % 10_000_000
    return ["".join(SYLLABLES[int(digit, 16)] for digit in f"{rank:x}") for rank in ranks]


def prose(size: int, seed: int = 0) -> str:
    """Sentences with capitals, names, numbers, dates and quotations, in paragraphs."""
    random = np.random.default_rng(seed)
    parts = []
    length = 0
    while length < size:
        text = words(int(random.integers(6, 25)), random)
        text[0] = text[0].title()
        text[2:4] = [name.title() for name in text[2:4]]
        extra = ("", f" in {random.integers(1990, 2026)}", f", {random.integers(2, 99)} million,")
        text[5] += extra[random.integers(3)]
        text[-1] += random.choice([".", ".", ".", ".”", ". “Yes.”", "!", ".\n\n"])
        parts.append(" ".join(text))
        length += len(parts[-1]) + 1
    return " ".join(parts)[:size]


def repeat(text: str, size: int) -> str:
    """The text over and over, up to this size."""
    return (text * (size // len(text) + 1))[:size]


def numbered(form: str, size: int) -> str:
    """The form with one number after another in it, up to this size."""
    return "".join(form.format(number) for number in range(size // len(form) + 1))[:size]


TEXTS: dict[str, Callable[[int], str]] = {
    "ordinary": prose,
    "numbers only": partial(numbered, "{} "),
    "no stops": lambda size: " ".join(words(size // 4, np.random.default_rng(1)))[:size],
    "no spaces": partial(repeat, "abcdefghij"),
    "short lower-case lines": lambda size: prose(size).lower().replace(" ", "\n"),
    "dots": partial(repeat, "a.... . . . "),
    "only dots": partial(repeat, "."),
    "one line": lambda size: prose(size).replace("\n", " "),
    "quotation marks": partial(repeat, "“\"'”"),
    "capitals": lambda size: prose(size).upper(),
    "names": lambda size: prose(size).title().replace(".", ""),
    "Chinese": partial(repeat, "甬江实验室与英国大学合作建设创新中心和产业园区"),
    "white space": partial(repeat, "a \t \u3000  "),
    "one word": partial(repeat, "innovation "),
}
"""Texts of one kind, by their size in characters."""

ARTICLES: dict[str, Callable[[int], str]] = {
    "short articles": lambda number: prose(300, number),
    "with one paragraph in all": lambda number: prose(300, number) + "\n\n" + prose(400),
    "copies of each other": lambda number: prose(300, number // 10) + f"\n\nNumber {number}.",
    "articles of numbers": lambda number: " ".join(
        str(1000 + 37 * n % 9000) for n in range(number, number + 60)
    ),
    "Chinese articles": lambda number: repeat("甬江实验室与英国大学合作", 150) + str(number),
}
"""Short articles of one kind, by their number."""


PAIRS = list(zip(SYLLABLES[:8], SYLLABLES[8:], strict=True))
PATTERNS = [(f"about {one}", f'{one}*|{two}|"{one} {two}"', "") for one, two in PAIRS]
SIDE_TABLES = {
    "themes.csv": [("theme", "pattern", "note"), *PATTERNS],
    "renderings.csv": [("concept", "rendering", "note"), *PATTERNS],
    "attributes.csv": [
        ("attribute", "meaning", "check", "use", "kinds"),
        *[(f"attribute {n}", "", syllable, "", "") for n, syllable in enumerate(SYLLABLES)],
    ],
}


CODERS = ("one person", "another")
"""The first codes every article, and the other every tenth."""


def write_corpus(folder: Path, texts: list[str]) -> None:
    """A corpus in our layout, two groups by turns, with side tables."""
    (folder / "texts").mkdir()
    tables = SIDE_TABLES | {
        "metadata.csv": [("doc_id", "file", "title", "role", "centre", "city", "published")],
        "centres.csv": ["centre attribute value about doc_id quote note coder".split()],
        "aliases.csv": ["body alias doc_id quote kind".split()],
    }
    for number, text in enumerate(texts):
        (folder / "texts" / f"{number}.txt").write_text(text, "utf-8")
        role = "one" if number % 2 else "two"
        row = (f"d{number}", f"{number}.txt", "", role, f"centre {number}", "Here", "2020-01-01")
        tables["metadata.csv"].append(row)
        for n, coder in product(range(5), CODERS if number % 10 == 0 else CODERS[:1]):
            coded = (f"centre {number}", f"attribute {n}", "not stated", "centre", row[0], "", "")
            tables["centres.csv"].append((*coded, coder))
        tables["aliases.csv"].append((f"body {number % 50}", SYLLABLES[number % 8], row[0], "", ""))
    for name, rows in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)


class Study:
    """A corpus and the tables made of it, each when it is first asked for."""

    def __init__(self, folder: Path):
        self.folder = folder

    def __getattr__(self, name: str) -> Any:
        if name not in CALLS:
            raise AttributeError(name)
        value = CALLS[name](self)
        setattr(self, name, value)
        return value


def draw(function: Callable, table: DataFrame, *arguments: Any) -> Any:
    """A figure of the rows that a notebook would draw."""
    return function(table, *arguments, "A title", "A subtitle")


CALLS: dict[str, Callable[[Study], Any]] = {
    "read_corpus": lambda s: corpus.read_corpus(s.folder),
    "tokenize": lambda s: corpus.tokenize(s.read_corpus),
    "sentence_table": lambda s: corpus.sentence_table(s.read_corpus),
    "fingerprint": lambda s: corpus.fingerprint(s.read_corpus),
    "metadata_table": lambda s: corpus.metadata_table(s.read_corpus),
    "in_language": lambda s: corpus.in_language(s.read_corpus),
    "languages_of": lambda s: corpus.languages_of(s.read_corpus),
    "left_out": lambda s: corpus.left_out(s.in_language),
    "line_table": lambda s: corpus.line_table(s.read_corpus),
    "function_words": lambda s: corpus.function_words(s.read_corpus),
    "is_content": lambda s: corpus.is_content(s.tokenize.term.cat.categories, s.function_words),
    "unify_variants": lambda s: corpus.unify_variants(s.tokenize),
    "lemmatize": lambda s: corpus.lemmatize(s.tokenize),
    "find": lambda s: search.find(s.tokenize, 'ba*|"ce di"|/.*o.*/'),
    "concordance": lambda s: search.concordance(s.read_corpus, s.tokenize, "zo*", sort="L1 R1"),
    "concordance_drawn": lambda s: search.concordance(
        s.read_corpus, s.tokenize, "*", sort="L1 R1", sample=1000
    ),
    "lines_at": lambda s: search.lines_at(
        s.read_corpus, s.tokenize, *[np.arange(len(s.tokenize))[:1000]] * 2
    ),
    "frequency_table": lambda s: stats.frequency_table(
        s.tokenize, "juilland_d carroll_d2 rosengren_s".split()
    ),
    "evidence": lambda s: search.evidence(s.read_corpus, s.tokenize, s.frequency_table.term[:5]),
    "occurrences": lambda s: search.occurrences(s.tokenize, s.frequency_table.term[:5]),
    "compare_dispersion": lambda s: stats.compare_dispersion(
        s.frequency_table.head(15), s.tokenize
    ),
    "article_table": lambda s: stats.article_table(s.read_corpus, s.tokenize),
    "vocabulary_growth": lambda s: stats.vocabulary_growth(s.tokenize),
    "longest_articles": lambda s: stats.longest_articles(s.tokenize, 6),
    "choose_groups": lambda s: stats.choose_groups(s.read_corpus),
    "inseparable": lambda s: stats.inseparable(s.read_corpus, s.choose_groups),
    "within": lambda s: stats.within(s.read_corpus, s.choose_groups, ["city"]),
    "tokens_of_groups": lambda s: stats.tokens_of_groups(
        s.tokenize, s.read_corpus, s.choose_groups
    ),
    "query_terms": lambda s: stats.query_terms(s.read_corpus),
    "body_names": lambda s: stats.body_names(s.read_corpus),
    "keyword_table": lambda s: stats.keyword_table(*s.tokens_of_groups, s.query_terms),
    "changed_verdicts": lambda s: stats.changed_verdicts(s.keyword_table, s.keyword_table),
    "clear_keywords": lambda s: stats.clear_keywords(s.keyword_table),
    "mark_names": lambda s: stats.mark_names(s.keyword_table, s.tokenize, s.body_names),
    "other_groupings": lambda s: stats.other_groupings(s.keyword_table, *s.tokens_of_groups),
    "against_english": lambda s: stats.against_english(s.tokenize),
    "key_phrases": lambda s: stats.key_phrases(*s.tokens_of_groups, s.function_words),
    "shared_phrases": lambda s: stats.shared_phrases(s.tokenize, s.function_words),
    "longest_phrases": lambda s: stats.longest_phrases(s.shared_phrases),
    "similarity": lambda s: stats.similarity(
        s.tokenize, s.body_names, s.function_words, s.shared_phrases
    ),
    "read_nodes": lambda s: stats.read_nodes(s.read_corpus, s.tokenize),
    "collocates": lambda s: stats.collocates(s.tokenize, s.frequency_table.term[0]),
    "read_themes": lambda s: stats.read_themes(s.read_corpus),
    "theme_hits": lambda s: stats.theme_hits(s.tokenize, s.read_themes, s.body_names),
    "theme_table": lambda s: stats.theme_table(
        s.read_corpus, s.tokenize, s.read_themes, s.body_names
    ),
    "theme_lines": lambda s: stats.theme_lines(s.read_corpus, s.tokenize, s.theme_hits),
    "compare_themes": lambda s: stats.compare_themes(s.theme_table, s.choose_groups),
    "pattern_report": lambda s: stats.pattern_report(s.read_themes, s.tokenize, s.theme_hits),
    "overlap": lambda s: stats.overlap(s.theme_hits),
    "untouched_words": lambda s: stats.untouched_words(s.tokenize, s.theme_hits, s.function_words),
    "fit_topics": lambda s: stats.fit_topics(s.tokenize),
    "topic_shares": lambda s: stats.topic_shares(s.fit_topics.weights),
    "topics_and_themes": lambda s: stats.topics_and_themes(
        s.fit_topics.weights, s.theme_hits, s.tokenize
    ),
    "typical_paragraphs": lambda s: stats.typical_paragraphs(s.fit_topics.weights, s.read_corpus),
    "source_checks": lambda s: facts.source_checks(s.read_corpus, s.tokenize),
    "count_checks": lambda s: facts.count_checks(s.source_checks),
    "without_copies": lambda s: facts.without_copies(s.read_corpus, s.tokenize),
    "copy_table": lambda s: facts.copy_table(s.source_checks),
    "support_table": lambda s: facts.support_table(s.read_corpus, s.tokenize),
    "language_table": lambda s: facts.language_table(s.read_corpus, s.tokenize),
    "without_retold": lambda s: facts.without_retold(s.tokenize, s.source_checks),
    "with_and_without": lambda s: facts.with_and_without(s.tokenize, s.without_retold),
    "date_table": lambda s: facts.date_table(s.read_corpus),
    "quantity_table": lambda s: facts.quantity_table(s.read_corpus),
    "accuracy": lambda s: facts.accuracy(s.read_corpus),
    "claim_table": lambda s: facts.claim_table(s.read_corpus),
    "read_facts": lambda s: facts.read_facts(s.read_corpus),
    "coded_as": lambda s: facts.coded_as(s.read_facts, "status"),
    "own_facts": lambda s: facts.own_facts(s.read_facts),
    "read_codings": lambda s: facts.read_codings(s.read_corpus),
    "read_coders": lambda s: facts.read_coders(s.read_corpus, s.read_codings),
    "first_coding": lambda s: facts.first_coding(s.read_codings),
    "settled_coding": lambda s: facts.settled_coding(s.read_codings),
    "settled_table": lambda s: facts.settled_table(s.read_codings),
    "coder_table": lambda s: facts.coder_table(s.read_codings),
    "agreement_table": lambda s: facts.agreement_table(s.read_corpus, s.read_codings),
    "disagreements": lambda s: facts.disagreements(s.read_codings),
    "partly_coded": lambda s: facts.partly_coded(s.read_codings),
    "compare_centres": lambda s: facts.compare_centres(s.read_corpus, s.tokenize, s.read_themes),
    "words_apart": lambda s: stats.words_apart(
        s.tokenize, s.compare_centres.of_centre, s.query_terms, s.body_names
    ),
    "read_aliases": lambda s: facts.read_aliases(s.read_corpus),
    "mentions": lambda s: facts.mentions(s.tokenize, s.read_aliases),
    "mention_lines": lambda s: facts.mention_lines(s.read_corpus, s.tokenize, s.mentions),
    "body_table": lambda s: facts.body_table(s.mentions, s.read_aliases),
    "renderings": lambda s: facts.renderings(s.tokenize, s.read_corpus),
    "show": lambda s: page.show(s.frequency_table, name="table", caption="", rows=15),
    "show_corpus": lambda s: page.show_corpus(s.read_corpus, s.tokenize),
    "show_tokens": lambda s: page.show_tokens(s.read_corpus, s.tokenize),
    "summarise_texts": lambda s: page.summarise_texts(
        s.read_corpus, s.article_table, s.support_table
    ),
    "show_articles": lambda s: page.show_articles(s.read_corpus),
    "oddity_table": lambda s: page.findings_overview.oddity_table(s.source_checks),
    "describe_oddities": lambda s: page.findings_overview.describe_oddities(
        s.source_checks, s.read_corpus
    ),
    "describe_one_article": lambda s: page.findings_words.describe_one_article(s.keyword_table),
    "describe_comparison": lambda s: page.findings_centres.describe_comparison(s.compare_centres),
    "draw_rank_frequency": lambda s: draw(figures.draw_rank_frequency, s.frequency_table),
    "draw_growth": lambda s: draw(
        figures.draw_growth,
        s.vocabulary_growth,
        s.article_table.set_index("doc_id").tokens.cumsum(),
    ),
    "draw_timeline": lambda s: draw(figures.draw_timeline, s.date_table, s.read_corpus.published),
}
"""Every public function that works on a corpus, called as a notebook calls it.

What a call needs stands before it: what is made while it runs would be measured with it.
"""


class Measured(NamedTuple):
    """What one call took; ``problem`` says why it did not end well."""

    name: str
    kind: str
    size: int
    seconds: float
    megabytes: float
    kept: float
    problem: str = ""


def needs(name: str) -> set[str]:
    """The other calls whose results a call takes."""
    steps = pairwise(dis.get_instructions(CALLS[name]))
    return {step.argval for before, step in steps if before.argval == "s" and step.argval in CALLS}


def with_needs(names: set[str]) -> set[str]:
    """These calls, and all whose results they take."""
    more = set().union(*map(needs, names)) - names
    return with_needs(names | more) if more else names


def measure(study: Study, name: str, limit: int) -> tuple[float, float, float, str]:
    """CPU seconds, megabytes beyond those at the start, those kept, and what went wrong."""
    gc.collect()  # what is freed would be used again unseen, or taken for kept
    give_back()
    receiver, sender = FORK.Pipe(False)
    process = FORK.Process(target=call, args=(study, name, limit, sender))
    before = own_memory(psutil.Process())
    process.start()
    sender.close()
    most = before
    while not receiver.poll(EVERY):
        with suppress(psutil.Error):
            most = max(most, own_memory(psutil.Process(process.pid)))
    result = None
    with suppress(EOFError):
        result = receiver.recv()
    process.join()
    ended = f"over {limit} s" if process.exitcode == -SIGXCPU else "it died"
    seconds, kept, problem = result or (limit, before, ended)
    return seconds, max(most, kept) - before, kept - before, problem


def call(study: Study, name: str, limit: int, sender: Any) -> None:
    own = psutil.Process()
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    addresses = own.memory_info().vms + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (addresses, addresses))
    start = time.process_time()
    problem = ""
    result = None
    try:
        with redirect_stdout(io.StringIO()):
            result = CALLS[name](study)
    except corpus.Mistake as mistake:
        problem = f"refused: {mistake}".partition("\n")[0]
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    seconds = time.process_time() - start
    gc.collect()
    give_back()
    sender.send((seconds, own_memory(own), problem))
    del result  # it was to be there until now


def own_memory(process: psutil.Process) -> float:
    """The memory that a process has now, in megabytes, without files that are mapped."""
    memory = process.memory_info()
    return (memory.rss - getattr(memory, "shared", 0)) / 1e6


def measure_all(texts: list[str], kind: str, size: int, names: set[str]) -> list[Measured]:
    """Every function on one corpus; what needs the result of one that failed is left out."""
    results = []
    lost: set[str] = set()
    limit = LIMIT + PER_MEGABYTE * sum(map(len, texts)) // 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder), texts)
        study = Study(Path(folder))
        for name in CALLS:
            if needs(name) & lost:
                lost.add(name)
            elif name in names:
                result = Measured(name, kind, size, *measure(study, name, limit))
                results.append(result)
                if result.seconds > SLOW:
                    say(f"{kind}, {size:,}: {name} {result.seconds:.1f} s")
                if result.problem:
                    lost.add(name)
                elif any(name in needs(other) for other in names):
                    getattr(study, name)
    say(f"{kind}, {size:,}: done")
    return results


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def corpora() -> Iterator[tuple[list[str], str, int]]:
    """The texts to measure, their kind and their size, the large ones first."""
    for number in reversed(LONG_NUMBERS):
        yield [prose(LENGTH, n) for n in range(number)], LONG, number
    for number in reversed(NUMBERS):
        for kind, make in ARTICLES.items():
            yield [make(n) for n in range(number)], kind, number
    for size in reversed(SIZES):
        for kind, make in TEXTS.items():
            text = make(size)
            step = size if kind == "one line" else size // FEW
            yield [text[start : start + step] for start in range(0, size, step)], kind, size


def warm_up(names: set[str]) -> None:
    """Load what these calls load at first, so that it counts for none."""
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()):
        write_corpus(Path(folder), [prose(2000, n) for n in range(FEW)])
        study = Study(Path(folder))
        for name in names:
            getattr(study, name)


def growth(table: DataFrame, column: str) -> Series:
    """How many times more each size takes than the one before; blank where too little to judge."""
    taken = table.sort_values("size")[column].clip(lower=NOISE[column])
    times = taken / taken.groupby([table.name, table.kind]).shift()
    return times.where(table[column] > FLOOR[column])


def print_table(table: DataFrame, everything: bool) -> None:
    """One line a function and kind of text; without ``everything`` the slowest kind and the bad."""
    table["bad"] = table.problem.str.startswith("over")
    for column in FLOOR:
        table[f"times_{column}"] = growth(table, column)
        table["bad"] |= table[f"times_{column}"] > MOST
    lines = table.groupby(["name", "kind"], sort=False)
    print("| function | text | CPU s by size | MB | kept | times more for ten times the text | |")
    print("|---|---|---|---|---|---|---|")
    slowest = set(lines.seconds.max().groupby("name").idxmax())
    for (name, kind), rows in lines:
        if everything or rows.bad.any() or (name, kind) in slowest:
            rows = rows.sort_values("size")
            seconds = " · ".join(
                rows.problem.where(rows.problem != "", rows.seconds.map("{:.2f}".format))
            )
            megabytes = " · ".join(rows.megabytes.map("{:.0f}".format))
            times = rows[["times_seconds", "times_megabytes"]].max().round(1)
            mark = "grows" if rows.bad.any() else ""
            kept = f"{rows.kept.iloc[-1]:.0f}"
            cells = [name, kind, seconds, megabytes, kept, times.max(), mark]
            print(f"| {' | '.join(map(str, cells))} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=CALLS, default=list(CALLS))
    parser.add_argument("--text", nargs="+", choices=[*TEXTS, *ARTICLES, LONG])
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="characters or articles")
    parser.add_argument("--all", action="store_true", help="print every measurement")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    names = with_needs(set(options.only))
    warm_up(names)
    with ProcessPoolExecutor(options.jobs, FORK) as pool:
        runs = [
            pool.submit(measure_all, texts, kind, size, names)
            for texts, kind, size in corpora()
            if kind in (options.text or [kind]) and size <= options.largest
        ]
        table = DataFrame(result for run in runs for result in run.result())
    print_table(table[table.name.isin(options.only)].reset_index(drop=True), options.all)


if __name__ == "__main__":
    main()
