"""Tables -> the finding as a sentence: titles of figures and lines of "What we found".

Each is true of whatever corpus ran, down to a corpus of one article.
"""

import pandas as pd


def lengths(sizes: pd.DataFrame) -> str:
    """From ``article_table``: how unequal the articles are in length.

    >>> lengths(pd.DataFrame({"doc_id": ["a", "b"], "tokens": [100, 150]}))
    'The longest article, b, has 1.5 times the tokens of the shortest, a'
    """
    if len(sizes) == 1:
        return f"One article of {sizes.tokens.iloc[0]:,} tokens"
    longest, shortest = sizes.loc[sizes.tokens.idxmax()], sizes.loc[sizes.tokens.idxmin()]
    if longest.tokens == shortest.tokens:
        return f"All {len(sizes)} articles have {longest.tokens:,} tokens"
    ratio = f"{longest.tokens / shortest.tokens:.1f} times" if shortest.tokens else f"{longest.tokens:,} more than"
    return f"The longest article, {longest.doc_id}, has {ratio} the tokens of the shortest, {shortest.doc_id}"


def left_out(lines: pd.DataFrame) -> str:
    """From ``line_table``: how much of the texts is page furniture."""
    characters = lines.text.str.len().groupby(lines.label).sum()
    share = characters.get("furniture", 0) / characters.sum()
    furniture = lines[lines.label == "furniture"]
    return (
        f"{count(len(furniture), 'line')} of page furniture, {share:.1%} of the characters, "
        f"in {furniture.doc_id.nunique()} of {count(lines.doc_id.nunique(), 'article')}"
    )


def oddities(checks: pd.DataFrame, articles: pd.DataFrame) -> str:
    """From ``source_checks``: how many odd things of how many kinds, in how many articles."""
    if checks.empty:
        return f"No check found anything odd in the {count(len(articles), 'article')}"
    return (
        f"The checks found {count(len(checks), 'odd thing')} of {count(checks.check.nunique(), 'kind')} "
        f"in {checks.doc_id.nunique()} of {count(len(articles), 'article')}"
    )


def diversity(sizes: pd.DataFrame, window: int) -> str:
    """From ``article_table``: which article repeats itself most."""
    measured = sizes.dropna(subset=["mattr"])
    if measured.empty:
        return f"No article has the {window} tokens that the measure needs"
    least = measured.loc[measured.mattr.idxmin()]
    if len(measured) == 1:
        return f"In {least.doc_id} {least.mattr:.0%} of the terms in {window} running tokens are distinct"
    most = measured.loc[measured.mattr.idxmax()]
    return (
        f"{least.doc_id} repeats itself most: of {window} running tokens {least.mattr:.0%} are distinct terms; "
        f"{most.doc_id} least, with {most.mattr:.0%}"
    )


def rank(frequencies: pd.DataFrame, top: int = 10) -> str:
    """From ``frequency_table``: how few terms make up the text, and how many occur once."""
    once, total = (frequencies.frequency == 1).sum(), frequencies.frequency.sum()
    return (
        f"The {min(top, len(frequencies))} most frequent terms make up {frequencies.frequency.head(top).sum() / total:.0%} "
        f"of the tokens; {once / len(frequencies):.0%} of the {len(frequencies):,} types occur once"
    )


def growth(curve: pd.DataFrame) -> str:
    """From ``vocabulary_growth``: how many new terms the last fifth of the text brought."""
    total, types = curve.tokens.iloc[-1], curve.types.iloc[-1]
    before = curve.types[curve.tokens <= total * 0.8]
    new = types - (before.iloc[-1] if len(before) else 0)
    return f"The last fifth of the text still brought {new:,} of the {types:,} types: more articles would bring more"


def spread(top: pd.DataFrame) -> str:
    """From ``compare_dispersion``: the most frequent term, and how many of those shown are spread unevenly."""
    if top.empty:
        return "No content word is left to count"
    first, uneven = top.iloc[0], top[top.dispersion > top.chance_high + 1e-9]
    names = ", ".join(f"“{term}”" for term in uneven.term.head(5)) + (" …" if len(uneven) > 5 else "")
    rest = f": {names}" if len(uneven) else ""
    return (
        f"“{first.term}” is the most frequent content word ({first.frequency:,} times); {len(uneven)} of the "
        f"{len(top)} most frequent are spread less evenly over the articles than by chance{rest}"
    )


def dated(dates: pd.DataFrame, articles: pd.DataFrame) -> str:
    """From ``date_table``: how many articles have a release date, and which years the texts print."""
    released = (articles.published != "").sum()
    years = dates.year.dropna()
    printed = f"the years printed run from {years.min()} to {years.max()}" if len(years) else "no text prints a year"
    verb = "has" if released == 1 else "have"
    return f"{released} of {count(len(articles), 'article')} {verb} a release date; {printed}"


def alt(kind: str, finding: str, table: pd.DataFrame, label: str, value: str, first: int = 6) -> str:
    """Alternative text: the kind of figure, the finding, and the first values for those who cannot see it.

    >>> alt("Bar chart", "One is longest", pd.DataFrame({"doc_id": ["a", "b"], "tokens": [3, 2]}), "doc_id", "tokens")
    'Bar chart. One is longest. From the data: a 3; b 2.'
    """
    rows = table[[label, value]].dropna().head(first).itertuples(index=False)
    pairs = [f"{name} {f'{number:.2f}' if isinstance(number, float) else f'{number:,}'}" for name, number in rows]
    return f"{kind}. {finding}. From the data: {'; '.join(pairs)}{' …' if len(table) > first else '.'}"


def count(number: int, noun: str) -> str:
    """Number and noun, the noun in the plural where it should be.

    >>> count(1, "article"), count(1200, "article")
    ('1 article', '1,200 articles')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
