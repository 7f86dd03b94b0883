"""Numbers in the text -> quantities: number, unit, year, hedge, and the sentence each stands in.

A quantity is a cardinal, in digits or words, that counts or measures: money, a share, things counted, a length
of time; and a printed date. No quantities are ordinals ("8th"), labels and versions ("246", "Ningbo 2.0",
"four-in-one"), *one* without a magnitude, clock times, and magnitudes without a number ("tens of billions").
Money and large counts are written out in full: 42.8 billion yuan is 42,800,000,000 yuan.
"""

from pathlib import Path
from typing import NamedTuple

import pandas as pd
import regex

from utils.corpus.articles import CORPUS
from utils.facts.dates import find_dates
from utils.corpus.files import Mistake, read_table
from utils.corpus.tokens import sentence_table
from utils.corpus.words import function_words

_SMALL = {
    word: n
    for n, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen".split(),
        1,
    )
} | {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SCALE = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT = {"m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12, "k": 10**3}
_CURRENCY = {"$": "dollars", "us$": "dollars", "usd": "dollars", "£": "pounds", "gbp": "pounds", "€": "euros"}
_CURRENCY |= {"¥": "yuan", "rmb": "yuan", "cny": "yuan", "renminbi": "yuan"}
_WORD = "(?:" + "|".join([*_SMALL, *_SCALE]) + ")"
_NUMBER = rf"(?>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|{_WORD}(?:(?:[\s-]|\sand\s){_WORD})*)"
_QUANTITY = regex.compile(
    rf"""(?i)(?<![\w.,:/&+-]|\d\s?[-–]|\d\s)
    (?P<before>\b[a-z]{{1,2}}\$|[$£€¥]|\b(?:rmb|cny|usd|gbp)\s?)?
    (?:(?P<low>{_NUMBER})(?:\s?[-–]\s?|\s(?:to|or)\s|(?<=\bbetween\s\S+)\sand\s)(?=[a-z]{{0,2}}[\d$£€¥]|{_WORD}\b)(?:[a-z]{{0,2}}[$£€¥])?)?
    (?P<number>{_NUMBER})
    (?:\s?(?P<scale>hundred|thousand|million|billion|trillion|bn|mn|tn)\b|(?P<short>[mk])\b)?
    (?:\s?(?P<percent>%|per\s?cent\b|percentage\spoints?\b)
      |\s(?P<after>yuan|rmb|renminbi|(?:u\.?s\.?\s)?dollars?|pounds?|euros?)\b
      |-(?P<measure>(?:year|month|week|day|hour|minute|(?:nano|kilo)?met(?:er|re)|acre|hectare|tonne|point|storey)s?)\b
      |\s?(?P<unit>km|kg|mw|gw|kwh|hectares?)\b)?
    (?![\w/:-]|[.,]\d|\s\d|\s?(?:[ap]\.?m\b|gmt\b|o’clock)|\sin\s(?:\d|{_WORD}\b))""",
    regex.VERBOSE,
)
_HEDGE = regex.compile(
    r"(?i)\b(?:(?:more|less|fewer|no more) than|nearly|almost|about|around|approximately|roughly|over|under|some|up to"
    r"|at (?:least|most)|as (?:many|much) as|close to|above|below|more than an estimated|an estimated)\s$"
)
_OF = regex.compile(r"(?i)\b(\w+)\s(?:of|is|was|reached|stood at)\s$")
_LABEL = regex.compile(
    r"(?i)\b(?:no\.?|number|article|fortune|top|page|room|phase|type|tier|section|chapter|grade"
    r"|version|release|model|line|route|junction|gate|platform|levels?|floors?|building|one in|two in|three in)\s$"
)
_SKIPPED = frozenset("of the these those its their our his her more other such all".split())
_NO_PLURAL = frozenset("overseas perhaps news towards always sometimes its as has was".split())
_PLURAL = frozenset("people staff personnel men women children".split())


class Quantity(NamedTuple):
    """A quantity as printed, what it amounts to, and its span."""

    printed: str
    kind: str
    number: float | None
    unit: str
    hedge: str
    start: int
    end: int


def find_quantities(text: str) -> list[Quantity]:
    """Every quantity of a sentence, dates among them, in the order of the text.

    >>> [found[:5] for found in find_quantities("In 2019 nearly 2.8% went to more than 300 research teams.")]
    [('2019', 'date', 2019, 'year', ''), ('2.8%', 'percent', 2.8, '%', 'nearly'), ('300', 'count', 300, 'research teams', 'more than')]
    """
    dates = [Quantity(d.printed, "date", d.year, "year" if d.month is None else "date", "", d.start, d.end)
             for d in find_dates(text)]  # fmt: skip
    found = list(dates)
    for date in dates:  # a number inside a date counts nothing
        text = text[: date.start] + "_" * (date.end - date.start) + text[date.end :]
    for match in _QUANTITY.finditer(text):
        found += [] if _is_label(text, match) else _quantities(text, match)
    return sorted(found, key=lambda quantity: quantity.start)


def quantity_table(articles: pd.DataFrame) -> pd.DataFrame:
    """Quantities of the bodies: ``doc_id, sentence, printed, kind, number, unit, year, hedge, start, end``.

    ``number`` is written out in full, blank for a date; ``year`` is one printed in the same sentence, blank where
    none is or where it is open which of several is meant.
    """
    rows = []
    for sentence in sentence_table(articles).itertuples():
        text = articles.raw[sentence.doc_id][sentence.start : sentence.end]
        found = find_quantities(text)
        for q in found:
            number = None if q.kind == "date" else q.number
            at = (sentence.start + q.start, sentence.start + q.end)
            rows.append(
                (
                    sentence.doc_id,
                    sentence.sentence,
                    q.printed,
                    q.kind,
                    number,
                    q.unit,
                    _year(text, q, found),
                    q.hedge,
                    *at,
                )
            )
    columns = ["doc_id", "sentence", "printed", "kind", "number", "unit", "year", "hedge", "start", "end"]
    return pd.DataFrame(rows, columns=columns).astype({"number": float, "year": "Int64"})


def numbers(text: str) -> set[float]:
    """Every number in ``text``, in digits or words, labels too, for checking that a value stands in its quotation.

    >>> sorted(numbers("three areas, 42.8 billion yuan, 2.0"))
    [2.0, 3, 42.8]
    """
    digits = {float(found.replace(",", "")) for found in regex.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)}
    words = regex.findall(rf"(?i)\b{_WORD}\b", text)
    return digits | {_SMALL[word.lower()] for word in words if word.lower() in _SMALL}


def accuracy(articles: pd.DataFrame, folder: Path | str | None = CORPUS) -> pd.DataFrame:
    """The quantities found beside the hand-made list ``folder/quantities.csv``, one row for each in either.

    ``doc_id, sentence, number, unit, year, found, right``: ``found`` is "both", "missed" or "not in the list";
    ``right`` says of those in both whether the unit's last word and the year agree. No rows without such a file.
    """
    file, columns = Path(folder or CORPUS) / "quantities.csv", ["doc_id", "sentence", "number", "unit", "year"]
    if not file.exists():
        return pd.DataFrame(columns=[*columns, "found", "right"])
    found = quantity_table(articles)
    found = found.assign(
        number=found.number.fillna(found.year.astype(float)), year=found.year.astype("string").fillna("")
    )
    sides = {"listed": _listed(file, columns), "extracted": found}
    for name, side in sides.items():
        side["number"] = side.number.fillna(0)
        side["nth"] = side.groupby(["doc_id", "sentence", "number"]).cumcount()
        sides[name] = side[[*columns, "nth"]]
    both = sides["listed"].merge(sides["extracted"], "outer", ["doc_id", "sentence", "number", "nth"], suffixes=("", "_found"), indicator="found")  # fmt: skip
    both["found"] = both.found.astype(str).map({"both": "both", "left_only": "missed", "right_only": "not in the list"})
    heads = [both[name].str.split().str[-1].str.lower() for name in ("unit", "unit_found")]
    both["right"] = (
        ((heads[0] == heads[1]) & (both.year == both.year_found))
        .map({True: "yes", False: "no"})
        .where(both.found == "both", "")
    )
    return both.drop(columns="nth")


def precision_and_recall(compared: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """From ``accuracy``: ``precision`` and ``recall`` as k of n, and how many of those found have unit and year right."""
    both = int((compared.found == "both").sum())
    missed, extra = ((compared.found == name).sum() for name in ("missed", "not in the list"))
    right = int((compared.right == "yes").sum())
    return {
        "precision": (both, both + int(extra)),
        "recall": (both, both + int(missed)),
        "unit and year": (right, both),
    }


def _listed(file: Path, columns: list[str]) -> pd.DataFrame:
    table = read_table(file, columns)
    wrong = [f"{file.name}, row {row}, column {name}: {value!r} is no number; give digits without commas"
             for name in ("sentence", "number") for row, value in table[name].items()
             if not regex.fullmatch(r"\d+(\.\d+)?", value) and (value or name == "sentence")]  # fmt: skip
    if wrong:
        raise Mistake(wrong)
    return table.assign(sentence=table.sentence.astype(int), number=pd.to_numeric(table.number))


def _is_label(text: str, match: regex.Match) -> bool:
    """Whether the number names a thing and counts nothing."""
    left, right = text[: match.start()], text[match.end() :]
    if match["before"] or match["percent"] or match["after"]:
        return False
    if match["number"].lower() in ("one", *_SCALE):
        return not match["scale"] and not regex.search(r"(?i)\ba\s$", left)
    if (match["measure"] or "")[:1].isupper():  # the Five-Year Plan
        return True
    quoted = regex.search(r"[\"“'‘]$", left) and regex.match(r"[\"”'’]", right)
    before = regex.search(r"([A-Z]\w*)\s$", left)
    named = before and before[1].lower() not in function_words() and not _HEDGE.search(left)
    counted = regex.match(r"[\s\"“]+[a-z]", right) and _noun(right)
    capital = match["number"][0].isupper() and left.strip() and regex.match(r"\s[A-Z]", right)  # "Four Top"
    return bool(quoted or _LABEL.search(left) or named and not counted or capital)


def _quantities(text: str, match: regex.Match) -> list[Quantity]:
    """One quantity, or the two ends of a range, which share their unit and magnitude."""
    unit, kind = _unit(text, match)
    hedge = _HEDGE.search(text[: match.start()])
    scale = (match["scale"] or match["short"] or "").lower()
    bare = kind == "count" and not hedge and regex.fullmatch(r"(19|20)\d\d([-–](19|20)?\d\d)?", match.group())
    if bare and (match["low"] or not regex.match(r"\s[a-z]\w*s\b", text[match.end() :])):
        return _years(match)
    ends = [name for name in ("low", "number") if match[name]]
    starts = [match.start()] if len(ends) == 1 else [match.start(), match.start("number")]
    stops = [match.end()] if len(ends) == 1 else [match.end("low"), match.end()]
    return [
        Quantity(text[start:end], kind, round(_amount(match[name], scale), 6), unit, (hedge.group().strip().lower() if hedge else ""), start, end)
        for name, start, end in zip(ends, starts, stops, strict=True)
    ]  # fmt: skip


def _amount(number: str, scale: str) -> float:
    """What a number amounts to with its magnitude; "800,000 to 1 million" does not multiply the first."""
    value = _value(number)
    return value * (_SCALE | _SHORT).get(scale, 1) if value < 1000 else value


def _years(match: regex.Match) -> list[Quantity]:
    """A bare year, or the two of a span such as 2015-16, as dates."""
    names = [name for name in ("low", "number") if match[name]]
    years = [int(match[name]) if len(match[name]) == 4 else int(match["low"][:2] + match[name]) for name in names]
    return [Quantity(match[n], "date", year, "year", "", *match.span(n)) for n, year in zip(names, years, strict=True)]


def _unit(text: str, match: regex.Match) -> tuple[str, str]:
    """Unit and kind: money, percent or count."""
    if money := match["before"] or match["after"]:
        name = money.strip().lower()
        if name.endswith("$") and name not in _CURRENCY:
            return money, "money"
        plural = "pounds" if "pound" in name else "euros" if "euro" in name else "dollars" if "dollar" in name else name
        return _CURRENCY.get(name, plural), "money"
    if match["percent"]:
        return ("percentage points" if "point" in match["percent"] else "%"), "percent"
    if measure := match["measure"] or match["unit"]:
        return measure.lower() if match["unit"] else measure.lower().removesuffix("s") + "s", "count"
    if regex.search(r"[A-Z]\w+, $", text[: match.start()]) and regex.match(r"[,.]", text[match.end() :]):
        return "years", "count"  # a person's age
    before = _OF.search(regex.sub(_HEDGE.pattern, "", text[: match.start()]))
    return _noun(text[match.end() :]) or (before[1] if before else ""), "count"


def _noun(right: str) -> str:
    """The noun that is counted, with what describes it: up to the first plural, or to a function word."""
    words, stop = [], function_words()
    for word in regex.match(r"(?:[\s\"“”]+[\w&'’-]+[\"”]?){0,9}", right)[0].split():
        plain = word.strip('"“”').lower() or "_"
        if not words and (plain in _SKIPPED or plain[0].isdigit()):
            continue
        if plain in stop and plain not in ("and", "or", "new") or plain[0].isdigit():
            break
        words.append(word)
        if plain in _PLURAL or regex.fullmatch(r"[\w-]{2,}(?<!s|u|i)s", plain) and plain not in _NO_PLURAL:
            return " ".join(words)
    return regex.sub(r"(\s(and|or))+$", "", " ".join(words))


def _value(number: str) -> float:
    """What a number in digits or words amounts to."""
    if number[0].isdigit():
        plain = number.replace(",", "")
        return float(plain) if "." in plain else int(plain)
    total = current = 0
    for word in regex.findall(rf"(?i){_WORD}", number):
        scale = _SCALE.get(word.lower(), 0)
        current = current + _SMALL[word.lower()] if not scale else max(current, 1) * scale
        if scale >= 1000:
            total, current = total + current, 0
    return total + current


def _year(text: str, quantity: Quantity, found: list[Quantity]) -> int | None:
    """The year of a quantity: its own, one that follows at once, the only one of its clause, or the sentence's if before it."""
    if quantity.kind == "date":
        return int(quantity.number) if quantity.number else None
    years = [q for q in found if q.kind == "date" and q.number]
    between = r"(?:\s*(?:and|respectively|in|by|[$£€¥]?[\d.,]+|million|billion|trillion|yuan|%)\b%?)*\s*"
    for year in years:
        if quantity.end <= year.start and regex.fullmatch(between, text[quantity.end : year.start]):
            return int(year.number)
    edges = [match.start() for match in regex.finditer(r"[,;:](?!\d)|\s(?:while|compared with|and in)\s", text)]
    clause = sum(edge < quantity.start for edge in edges)
    near = [q for q in years if sum(edge < q.start for edge in edges) == clause] or years
    only = {q.number for q in near}
    return int(only.pop()) if len(only) == 1 and (near is not years or years[0].start < quantity.start) else None
