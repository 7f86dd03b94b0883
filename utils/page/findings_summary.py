"""What leads the report's first page: the overclaimed, the unquoted, the undone and the unsaid.

Each sentence is a list of ``parts``, so that a quotation leads to where it is.
"""

from pandas import DataFrame, Series

from utils.corpus.languages import name_of_language
from utils.corpus.tables import NOT_STATED
from utils.facts.coding import SHARED_SIDES, coded_as, own_facts
from utils.page.findings_corpus import name_languages
from utils.page.findings_overview import describe_lengths
from utils.page.parts import Part, plain, to_sentence, to_table
from utils.page.show import PROJECT
from utils.page.wording import (
    CODE_WORDS,
    count_word,
    date_in_words,
    inflect,
    join_words,
    words_of,
    words_of_all,
)

_NAMED = 2  # headlines that are quoted; others are counted
_MOST_UNSAID = 5
_MOST_TITLES = 3


def describe_lead(facts: DataFrame, kinds: DataFrame, unsaid: list[str]) -> list[list[Part]]:
    """The sentences that the coding of the entities allows, from ``read_facts``.

    ``kinds`` is the ``kinds_of`` the attributes; ``unsaid`` is what nothing is stated of.
    """
    centres = facts.centre.unique().tolist()
    sentences = [
        describe_headlines(facts, kinds),
        describe_unquoted(facts, centres),
        describe_stages(facts, kinds),
        describe_unsaid(unsaid, centres),
    ]
    return list(filter(None, sentences))


def describe_headlines(facts: DataFrame, kinds: DataFrame) -> list[Part]:
    """Which headlines claim a higher rung of the ladder than their texts, with both quotations."""
    beyond = overclaims(facts, kinds)
    if not beyond:
        return []
    parts = []
    for headline, text in beyond[:_NAMED]:
        the = "; the" if parts else "The"
        parts += [
            plain(f"{the} headline on {headline.centre} says "),
            to_sentence(headline, quote=True),
            plain(", which is more than its text says of it: "),
            to_sentence(text, quote=True),
        ]
    more = len(beyond) - _NAMED
    if more > 0:
        others = f"{words_of(more)} more {inflect(more, 'headline')}"
        say = inflect(more, "says more than its text", "say more than their texts")
        parts += [plain("; "), to_table(others, "matrix"), plain(f" {say}")]
    return [*parts, plain(".")]


def overclaims(facts: DataFrame, kinds: DataFrame) -> list[tuple]:
    """The highest claims of a headline and of its text, where that of the headline is higher."""
    rungs = kinds.kind[kinds.use == "status"].drop_duplicates().tolist()
    pairs = []
    for _, statuses in coded_as(own_facts(facts), "status").groupby("centre", sort=False):
        headline, text = (highest(part, rungs) for part in split_by_place(statuses))
        if headline and text and rungs.index(headline.kind) > rungs.index(text.kind):
            pairs.append((headline, text))
    return pairs


def split_by_place(statuses: DataFrame) -> tuple[DataFrame, DataFrame]:
    """Statuses that the headlines claim, and those that the texts claim."""
    in_title = statuses.sentence.fillna(0) == 0
    return statuses[in_title], statuses[~in_title]


def highest(statuses: DataFrame, rungs: list[str]):
    """The row that claims the highest rung, or None where no row claims any."""
    known = statuses[statuses.kind.isin(rungs)]
    return max(known.itertuples(), key=lambda row: rungs.index(row.kind), default=None)


def describe_unquoted(facts: DataFrame, centres: list[str]) -> list[Part]:
    """Of whom nobody is quoted: of the side that is silent on most, or where no side is known.

    The sides are those of people, by the affiliation printed. Only of those is anything said of
    which a reader coded who speaks.
    """
    looked = facts.centre[facts.use == "speaker"].unique().tolist()
    voices = coded_as(own_facts(facts), "speaker")
    people = coded_as(facts, "person", "speaker")
    sides = [side for side in people.side.unique() if side not in ("", *SHARED_SIDES)]
    silent = {f"no one {side}": _without(looked, voices[voices.side == side]) for side in sides}
    silent = silent or {"no one": _without(looked, voices)}
    who = max(silent, key=lambda side: len(silent[side]))
    if not silent[who]:
        return []
    on = name_all(silent[who], centres, "any", "either", " or ")
    told = to_table(f"{who[0].upper()}{who[1:]}", "people")
    return [told, plain(f" is quoted on {on}"), *_quoted_elsewhere(people, who), plain(".")]


def _quoted_elsewhere(people, who):
    """Whom of that side an article quotes on something else than the entity itself."""
    speakers = people[(people.use == "speaker") & (people.side == who.removeprefix("no one "))]
    speaker = next(speakers.itertuples(), None)
    if not speaker:
        return []
    comma = "," if "," in speaker.value else ""
    return [
        plain("; "),
        to_sentence(speaker),
        plain(f"{comma} is quoted on something else ({speaker.about})"),
    ]


def _without(looked, voices):
    return [centre for centre in looked if centre not in set(voices.centre)]


def describe_stages(facts: DataFrame, kinds: DataFrame) -> list[Part]:
    """How many statements are at the first stage, such as done, and how many at each other."""
    numbers = count_stages(facts, kinds)
    total = numbers.sum()
    if not total:
        return []
    first = numbers.iloc[0]
    only = "only " if 0 < 2 * first < total else ""
    verb = inflect(first or 1, "reports", "report")
    others = numbers.iloc[1:][numbers.iloc[1:] > 0]
    word = words_of_all(total, first, *others)
    done = f"{only}{word[first]} {verb} something {numbers.index[0]}"
    are = inflect(others.iloc[0], "is", "are") if len(others) else ""
    rest = join_words(f"{word[n]} {stage}" for stage, n in others.items()).replace(
        " ", f" {are} ", 1
    )
    told = to_table(f"{word[total]} {inflect(total, 'statement')}", "statements")
    if first == total:
        every = f"All {told['text']}" if total > 1 else "The only statement"
        return [told | {"text": every}, plain(f" {verb} something {numbers.index[0]}.")]
    return [plain("Of "), told, plain(f", {done}; {rest}.")]


def count_stages(facts: DataFrame, kinds: DataFrame) -> Series:
    """The number of statements about the entities at each stage, in the order of the stages."""
    stages = kinds.kind[kinds.use == "statement"].drop_duplicates()
    return coded_as(own_facts(facts), "statement").kind.value_counts().reindex(stages, fill_value=0)


def describe_unsaid(unsaid: list[str], centres: list[str]) -> list[Part]:
    """What a reader looked for and found of none of the entities."""
    if not unsaid:
        return []
    of = name_all(centres, centres, "any", "either", " or ")
    listed = join_words(unsaid, most=_MOST_UNSAID, last=" or ")
    return [to_table("No article", "silences"), plain(f" states the {listed} of {of}.")]


def name_all(names: list[str], of: list[str], every: str, both: str, last: str) -> str:
    """Names, or "any of the three" where they are all.

    >>> name_all(["a", "b"], ["a", "b"], "any", "either", " or ")
    'either of the two'
    >>> name_all(["a", "b"], ["a", "b", "c"], "any", "either", " or ")
    'a or b'
    """
    if len(names) < len(of) or len(of) == 1:
        return join_words(names, most=4, last=last)
    return f"{both if len(of) == 2 else every} of the {words_of(len(of))}"


def title_of(corpus: str, articles: int, entities: list[str]) -> str:
    """The title of the first page: the entities compared, or the corpus, and how many articles.

    >>> title_of("rivers", 4, ["Humber", "Severn"]), title_of("rivers", 1, [])
    ('Humber and Severn: what four articles say', 'rivers: what one article is about')
    """
    told = count_word(articles, "article")
    if not entities:
        return f"{corpus}: what {told} {inflect(articles, 'is', 'are')} about"
    subject = join_words(entities, most=_MOST_TITLES)
    if corpus == PROJECT:
        subject = f"{words_of(len(entities)).capitalize()} {corpus}"
    return f"{subject}: what {told} {inflect(articles, 'says', 'say')}"


def describe_texts(articles: DataFrame, sizes: DataFrame) -> list[str]:
    """Languages, lengths, outlets and dates of the articles, in a few sentences.

    ``sizes`` is the ``article_table`` of those in one language.
    """
    outlets = articles.outlet[articles.outlet != ""].unique()
    dates = sorted(articles.published[articles.published != ""])
    texts = [name_languages(articles)]
    if len(sizes) == len(articles):
        texts.append(describe_lengths(sizes))
    if len(outlets):
        named = join_words(outlets, most=3)
        number = count_word(len(outlets), "outlet")
        texts.append(f"the metadata name {number}: {named}")
    if dates:
        ends = [date_in_words(date) for date in dict.fromkeys([dates[0], dates[-1]])]
        span = f"from {' to '.join(ends)}" if len(ends) > 1 else f"on {ends[0]}"
        dated = inflect(len(dates), "the one article", f"the {words_of(len(dates))} articles")
        some = f"{dated} with a date" if len(dates) < len(articles) else "they"
        texts.append(f"{some} {inflect(len(dates), 'was', 'were')} published {span}")
    return texts


def describe_limits(support: DataFrame) -> list[str]:
    """What a corpus cannot show and why, from ``support_table``, the gravest first."""
    words = CODE_WORDS["cannot"]
    rows = support.fillna({"have": 0, "other": 0, "need": 0})
    alone = rows.language.isin(rows.language[rows.support == "single"])
    implied = alone & (rows.support == "topics of paragraphs")  # by there being one article
    known = rows[rows.support.isin(list(words)) & ~implied].to_dict("records")
    known.sort(key=lambda row: list(words).index(row["support"]))
    several = rows.language[rows.language != ""].nunique() > 1
    limits = {}
    for row in known:
        limit = words[row["support"]].format(**_in_words(row, words[row["support"]]))
        limits.setdefault(limit, []).append(row["language"])
    said = [f"{limit}{_of(languages) if several else ''}" for limit, languages in limits.items()]
    tables = support.analysis[support.support == "no table"]
    return [*said, _describe_tables(tables)] if len(tables) else said


def _in_words(row, limit):
    """A row of the table with the numbers that a sentence has, and ``others`` with the noun."""
    there = [key for key in ("have", "other", "need") if f"{{{key}" in limit]
    word = words_of_all(*(int(row[key]) for key in there))
    numbers = {key: word[row[key]] for key in there}
    others = f"{numbers.get('other')} {inflect(row['other'], 'article')}"
    return row | numbers | {"others": others}


def _of(languages):
    """Of which languages something is said; nothing where it is said of all."""
    named = join_words(map(name_of_language, filter(None, dict.fromkeys(languages))))
    return f" ({named})" if named else ""


def _describe_tables(analyses):
    listed = join_words(analyses, last=" or ")
    return (
        f"Nobody has made the tables for {listed}, so nothing is said here of these; that does not "
        "mean that the articles say nothing"
    )


def unsaid_of_all(facts: DataFrame, attributes: DataFrame) -> DataFrame:
    """The attributes that a reader looked for and found stated of none of the entities."""
    looked = facts[facts.value == NOT_STATED].groupby("attribute").centre.nunique()
    missing = attributes.attribute.map(looked).eq(facts.centre.nunique())
    stated = own_facts(facts[facts.value != NOT_STATED]).attribute
    return attributes[missing & ~attributes.attribute.isin(stated)]
