"""Claims that an article's own figures allow to be worked out again: stated, recomputed, and the verdict.

``claims.csv`` has one row per claim: ``claim, kind, doc_id, quote, stated, values, from, to, untestable, explanation``;
``values`` are divided by ``|``. Kinds: ``growth``, the yearly rate between two values from one year to another;
``sum`` of values; ``part``, values that a total includes; ``list``, as many parts as are named; ``order``, an event
before the release of the page that reports it; ``other``, what no rule here can test.
"""

from datetime import date
from pathlib import Path

import pandas as pd
import regex

from utils.corpus.articles import CORPUS
from utils.facts.dates import find_dates
from utils.facts.quotations import find_quotation, read_quoted
from utils.corpus.files import Mistake, nearest

HOLDS, FAILS, UNTESTED = "holds within rounding", "does not follow", "cannot be tested"
MEASURES = {
    "growth": "% a year",
    "sum": "sum of the values",
    "part": "sum of the parts",
    "list": "parts named",
    "order": "days after the release",
    "other": "",
}
TOLD = ["claim", "verdict", "stated", "recomputed", "low", "high", "measure", "why", "doc_id", "sentence", "quote"]
COLUMNS = ["claim", "kind", "stated", "values", "from", "to", "untestable", "explanation"]


def claim_table(articles: pd.DataFrame, folder: Path | str | None = CORPUS) -> pd.DataFrame:
    """One row per claim: ``claim, verdict, stated, recomputed, low, high, measure, why, doc_id, sentence, quote``.

    ``low`` to ``high`` is what the rounding of the printed values allows; a claim holds when the stated value, as
    rounded, meets that range. No rows where there is no ``claims.csv``. Raises ``Mistake`` naming the row.

    >>> from utils.corpus.articles import read_corpus
    >>> claim_table(read_corpus()).verdict.value_counts().to_dict()
    {'cannot be tested': 8, 'holds within rounding': 4, 'does not follow': 2}
    """
    file = Path(folder or CORPUS) / "claims.csv"
    if not file.exists():
        return pd.DataFrame(columns=TOLD)
    claims, rows, problems = read_quoted(file, articles, COLUMNS, "stated"), [], []
    for row, claim in claims.iterrows():
        try:
            found = _recomputed(claim, articles.published[claim.doc_id])
            yearless = ", if in its year" if claim.kind == "order" and not regex.search(r"\d{4}", claim.stated) else ""
            rows.append((*found, MEASURES[claim.kind] + yearless, *_verdict(claim, found)))
        except (ValueError, KeyError, ZeroDivisionError) as error:
            problems.append(f"{file.name}, row {row}{_mend(claim, error)}")
    if problems:
        raise Mistake(problems)
    told = pd.DataFrame(rows, columns=["recomputed", "low", "high", "measure", "verdict", "why"], index=claims.index)
    told.loc[told.low == told.high, ["low", "high"]] = None  # nothing is rounded
    return claims.join(told)[TOLD].reset_index(drop=True)


def _recomputed(claim: pd.Series, published: str) -> tuple[float | None, float | None, float | None]:
    """The value worked out from the others, and the range that their rounding allows."""
    values = [value.strip() for value in claim["values"].split("|") if value.strip()]
    if claim.kind == "order":
        days = _days_after(claim.stated, published)
        return days, days, days
    if lacking := [value for value in values if not find_quotation(claim.quote, value)]:
        raise ValueError(f"the quotation has no “{lacking[0]}”")
    if claim.kind == "list":
        return len(values), len(values), len(values)
    if not values and claim.untestable:
        return None, None, None
    numbers, errors = zip(*((float(value), _rounding(value, claim.quote)) for value in values), strict=True)
    if claim.kind == "growth":
        (one, two), years = zip(numbers, errors, strict=True), int(claim["to"]) - int(claim["from"])
        ends = [(two[0] + side * two[1]) / (one[0] - side * one[1]) for side in (0, -1, 1)]
        return tuple(100 * (end ** (1 / years) - 1) for end in ends)
    return sum(numbers), sum(numbers) - sum(errors), sum(numbers) + sum(errors)


def _verdict(claim: pd.Series, found: tuple) -> tuple[str, str]:
    """What may be concluded, and why it cannot be tested or what could explain it."""
    recomputed, low, high = found
    if claim.untestable or recomputed is None:
        return UNTESTED, claim.untestable or "no two dates that could be set against each other"
    if claim.kind == "order":
        holds = recomputed <= 0
    elif claim.kind == "part":
        holds = low <= float(claim.stated)
    else:
        stated, error = (
            float(claim.stated),
            _rounding(claim.stated, f"{claim.stated}%" if claim.kind == "growth" else claim.quote),
        )
        holds = low <= stated + error and stated - error <= high
    return (HOLDS, "") if holds else (FAILS, claim.explanation)


def _days_after(printed: str, published: str) -> int | None:
    """Days from the release to a printed date, in the release's own year where none is printed."""
    event = next(iter(find_dates(printed)), None)
    if len(published) < 10 or not event or not event.month or not event.day:
        return None
    release = date.fromisoformat(published)
    return (date(event.year or release.year, event.month, event.day) - release).days


def _rounding(printed: str, quote: str) -> float:
    """Half a unit of the last digit printed; a whole number without a magnitude or a share is a count, and exact."""
    rounded = "." in printed or regex.search(
        rf"\b{printed}\s*(%|per cent|percent|million|billion|trillion|bn|m\b)", quote
    )
    return 0.5 * 10 ** -len(printed.partition(".")[2]) if rounded else 0.0


def _mend(claim: pd.Series, error: Exception) -> str:
    """Which column cannot be used, and what to write there."""
    if claim.kind not in MEASURES:
        return f", column kind: {claim.kind!r}: {nearest(claim.kind, MEASURES)}"
    years = ("from", "to") if claim.kind == "growth" else ()
    for name, kind in (*((name, "year") for name in years), ("stated", "number")):
        if not regex.fullmatch(r"\d+(\.\d+)?", claim[name]):
            return f", column {name}: {claim[name]!r} is no {kind}; write it in digits, without commas or units"
    return f", column values: {claim['values']!r} will not do ({error}); give {'two' if years else 'the'} values as printed, divided by |"
