"""Claims that an article's own figures allow to be worked out again.

``claims.csv`` has one row per claim. Its kinds: ``growth``, the yearly rate between two values from
one year to another; ``sum`` of values; ``part``, values that a total includes; ``list``, as many
parts as are named; ``order``, an event before the release of the page that reports it; ``other``,
what no rule here can test.
"""

from datetime import date
from math import isnan, nan

import regex
from pandas import DataFrame

from utils.facts.dates import find_dates
from utils.facts.quotations import find_quotation, read_quoted
from utils.stats.verdicts import as_verdicts

_WORKED_OUT = ["recomputed", "low", "high"]
_COLUMNS = (
    "claim verdict stated recomputed low high measure yearless why doc_id sentence quote"
).split()
_NEEDED = "write numbers in digits; growth needs two values and two different years"
_NUMBER = regex.compile(r"\d+(\.\d+)?")
_ROUNDED = r"\s*(%|per cent|percent|million|billion|trillion|bn|m\b)"


def claim_table(articles: DataFrame) -> DataFrame:
    """One row per claim of ``claims.csv``; none where the corpus has no such file.

    Columns: ``claim, verdict, stated, recomputed, low, high, measure, yearless, why, doc_id,
    sentence, quote``. ``measure`` is the kind of the claim: ``recomputed`` is in per cent a year of
    ``growth``, in days after the release of ``order``, and a sum or number otherwise. ``low`` to
    ``high`` is what the rounding of the printed values allows; a claim holds when the stated value,
    as rounded, meets that range. ``yearless`` dates are taken to be of the release's year. ``why``
    is a reader's reason; blank where no two dates can be compared. Raises ``Mistake`` with a line
    for every problem of the file.

    >>> from utils.corpus.articles import read_corpus
    >>> claim_table(read_corpus()).groupby("verdict", observed=True).size().to_dict()
    {'holds': 4, 'fails': 2, 'untested': 9}
    """
    claims = read_quoted("claims", articles, _problems_of_claim)
    rows = []
    for _, claim in claims.iterrows():
        values = _recompute(claim, articles.published[claim.doc_id])
        rows.append((*values, _verdict(claim, *values)))
    worked = DataFrame(rows, claims.index, [*_WORKED_OUT, "verdict"])
    worked.loc[worked.low == worked.high, ["low", "high"]] = None  # nothing is rounded
    claims = claims.join(worked)
    reasons = claims.explanation.where(claims.verdict == "fails", "")
    claims["why"] = claims.untestable.where(claims.verdict == "untested", reasons)
    claims["verdict"] = as_verdicts(claims.verdict)
    claims["measure"] = claims.kind
    claims["yearless"] = (claims.kind == "order") & ~claims.stated.str.contains(r"\d{4}")
    return claims[_COLUMNS].reset_index(drop=True)


def _values(claim):
    """The values between the strokes, without the white space around them."""
    return regex.findall(r"[^|\s](?:[^|]*[^|\s])?", claim["values"])


def _problems_of_claim(table, claim):
    """What keeps a claim from being worked out again."""
    for value in _values(claim):
        if not find_quotation(claim.quote, value):
            yield "values", f"the quotation has no “{value}”; copy the value from it"
    try:
        verdict = _verdict(claim, *_recompute(claim, ""))
    except (ValueError, ZeroDivisionError):
        column = _column_at_fault(claim)
        yield column, f"{claim[column]!r} cannot be worked with; {_NEEDED}"
    else:
        if verdict == "untested" and not claim.untestable and claim.kind != "order":
            yield "values", "empty; give the values as printed, or say why it is untestable"


def _column_at_fault(claim):
    years = ["from", "to"] if claim.kind == "growth" else []
    wrong = [name for name in [*years, "stated"] if not _NUMBER.fullmatch(claim[name])]
    return [*wrong, "values"][0]


def _recompute(claim, published):
    """The value worked out from the others, and the least and most that their rounding allows.

    All three are blank where nothing can be worked out.
    """
    values = _values(claim)
    if claim.kind == "order":
        return [_days_after(claim.stated, published)] * 3
    if not values:
        return [nan] * 3
    if claim.kind == "list":
        return [len(values)] * 3
    numbers = [float(value) for value in values]
    errors = [_rounding(value, claim.quote) for value in values]
    if claim.kind == "growth":
        return _growth(numbers, errors, int(claim["to"]) - int(claim["from"]))
    return [sum(numbers), sum(numbers) - sum(errors), sum(numbers) + sum(errors)]


def _growth(numbers, errors, years):
    """Per cent a year, compounded, from the first number to the second."""
    first, second = zip(numbers, errors, strict=True)
    ratios = [(second[0] + sign * second[1]) / (first[0] - sign * first[1]) for sign in (0, -1, 1)]
    return [100 * (ratio ** (1 / years) - 1) for ratio in ratios]


def _verdict(claim, recomputed, low, high):
    """Whether the claim holds within the rounding of the printed values."""
    if claim.untestable or isnan(recomputed):
        return "untested"
    stated = 0 if claim.kind == "order" else float(claim.stated)
    holds = low <= stated
    if claim.kind not in ("order", "part"):
        quote = f"{claim.stated}%" if claim.kind == "growth" else claim.quote
        error = _rounding(claim.stated, quote)
        holds = low <= stated + error and stated - error <= high
    return "holds" if holds else "fails"


def _days_after(printed, published):
    """Days from the release to a printed date, in the release's own year where none is printed."""
    try:
        event = find_dates(printed)[0]
        release = date.fromisoformat(published)
        return (date(event.year or release.year, event.month, event.day) - release).days
    except (IndexError, TypeError, ValueError):  # no date, a part of one, or February 30
        return nan


def _rounding(printed, quote):
    """Half a unit of the last digit printed; 0 for a count, which is exact.

    A whole number is a count unless a magnitude or a per cent sign follows it in the quotation.
    """
    if "." in printed or regex.search(rf"\b{regex.escape(printed)}{_ROUNDED}", quote):
        return 0.5 * 10 ** -len(printed.partition(".")[2])
    return 0.0
