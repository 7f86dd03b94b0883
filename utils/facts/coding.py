"""What a reader coded of each centre: the facts, and the attributes that were asked for.

A centre is any entity that the rows of ``centres.csv`` name. What an attribute is used for is
said by the columns ``use`` and ``kinds`` of ``attributes.csv``; no attribute is named in code.

Several readers may have coded an article, a language model among them. What counts is the coding
that is settled: of each centre, article and attribute the rows of the coder ``settled``, or else
those of the person who coded the article first. A model's rows count only once a person has settled
them.
"""

import re
from unicodedata import normalize

import pandas as pd
from pandas import DataFrame, Series

from utils.corpus.files import Mistake, misspelt, nearest
from utils.corpus.tables import (
    ABOUT,
    LISTS,
    NOT_STATED,
    TABLES,
    RowCheck,
    folder_of,
    read_side_table,
)
from utils.facts.quotations import read_quoted
from utils.search.queries import query_problems

OWN = ("centre", "event", "page")  # what a fact may be about to count as the centre's own
FACTS = (
    "centre attribute value about doc_id quote note start end sentence side hedge use kind"
).split()
SHARED_SIDES = ("joint", "centre")  # sides that are no side's own: both, or the entity itself
SETTLED = "settled"  # the coder of what was decided, alone or with a name: "settled: Amal"
_SETTLED = r"(?i)settled\s*(?::.*)?"
_MODEL = r"(?i)model\b.*"  # the name of a coder who is a language model
_LIKE_MODEL = re.compile(  # words in the names of language models
    r"(?<![a-zA-Z])(?:(?i:language model|model|llm|(?:chat)?gpt|(?:chat)?bot|gemini|llama|mistral"
    r"|deepseek|qwen|copilot)|AI)(?![a-zA-Z])"
)
_PERSON = r"(?i)person\b.*"  # the name of somebody who is called like a model
_FILE = TABLES["centres"].file
_LISTED = TABLES["attributes"].file
_COLON = re.compile(r"\s*:\s*")


def read_facts(articles: DataFrame) -> DataFrame:
    """The facts of ``centres.csv`` as settled, one row each; none where there is no such file.

    Columns: ``centre, attribute, value, about, doc_id, quote, note, start, end, sentence, side,
    hedge, use, kind``. ``kind`` is what the attribute says after a colon; ``use`` is that of the
    part before it. Raises ``Mistake`` with a line for every problem of the file.

    >>> from utils.corpus.articles import read_corpus
    >>> facts = read_facts(read_corpus())
    >>> facts[facts.use == "event date"].value.tolist()
    ['May 17', 'November 5th', 'the same day', 'recently']
    """
    return settled_coding(read_codings(articles))


def read_codings(articles: DataFrame) -> DataFrame:
    """Every row of ``centres.csv`` with its coder, in the order of the file.

    Columns: those of ``read_facts``, then ``coder`` (blank where nobody is named), ``why`` it was
    settled so, and ``row``, the row of ``attributes.csv`` that it belongs to. The index is the row
    of the file. Raises ``Mistake`` as ``read_facts`` does.
    """
    known = known_attributes(articles)
    facts = read_quoted("centres", articles, check_of_facts(known), check_of_coders())
    facts["attribute"] = facts.attribute.str.replace(_COLON, ": ", regex=True)
    parts = split_attributes(facts.attribute)
    uses = known.groupby(split_attributes(known.attribute).family).use.first()
    listed = listed_attributes(articles).attribute
    codings = facts.assign(
        use=parts.family.map(uses).fillna(""),
        kind=parts.kind,
        row=facts.attribute.where(facts.attribute.isin(listed), parts.family),
    )
    problems = [*odd_names(codings, "coder", _FILE), *_renamed(codings, listed)]
    if problems:
        raise Mistake(problems)
    return codings[[*FACTS, "coder", "why", "row"]]


def settle(codings: DataFrame) -> DataFrame:
    """The rows that count: of each centre, article and attribute what is settled, or the first's.

    The first is the person, not a model, whose row on the article comes first. What is settled
    stands in the place of the rows that it replaces.
    """
    decided = is_settled(codings.coder)
    persons = ~decided & ~is_model(codings.coder)
    articles = [codings.centre, codings.doc_id]
    first = codings.coder.where(persons).groupby(articles).transform("first")
    cells = [*articles, codings.row]
    replaced = decided.groupby(cells).transform("any")
    places = Series(range(len(codings)), codings.index)
    places = places.where(~decided, places.groupby(cells).transform("min"))
    chosen = codings[decided | (persons & (codings.coder == first) & ~replaced)]
    return chosen.loc[places[chosen.index].sort_values(kind="stable").index]


def settled_coding(codings: DataFrame) -> DataFrame:
    """The facts as ``read_facts`` gives them, of codings that are read already."""
    return settle(codings)[FACTS]


def first_coding(codings: DataFrame) -> DataFrame:
    """The facts as they were before anything was settled: the first person's of each article."""
    return settle(codings[~is_settled(codings.coder)])[FACTS]


def is_settled(coders: Series) -> Series:
    """Which coders stand for what was decided.

    >>> is_settled(Series(["settled", "Settled: Amal", "Amal"])).tolist()
    [True, True, False]
    """
    return coders.str.normalize("NFKC").str.fullmatch(_SETTLED)


def is_model(coders: Series) -> Series:
    """Which coders are language models: their names begin with the word "model".

    >>> is_model(Series(["model: any", "Modelska", ""])).tolist()
    [True, False, False]
    """
    return coders.str.normalize("NFKC").str.fullmatch(_MODEL)


def problem_of_coder(coder: str) -> str:
    """What is wrong with the name of a coder: it hides that a language model has coded or settled.

    >>> problem_of_coder("GPT-4")
    "'GPT-4' is like the name of a language model; write 'model: GPT-4', or 'person: GPT-4'"
    >>> problem_of_coder("settled: GPT-4").split(";")[0], problem_of_coder("person: A. Bot")
    ('a model settles nothing', '')
    """
    name = normalize("NFKC", coder)
    who = re.sub(r"(?i)^settled\s*:\s*", "", name)
    model = re.fullmatch(_MODEL, who)
    if not (model or _LIKE_MODEL.search(who)) or re.fullmatch(_PERSON, who):
        return ""
    if who != name:
        return "a model settles nothing; name the person who has decided"
    what = f"{who!r} is like the name of a language model"
    return "" if model else f"{what}; write 'model: {who}', or 'person: {who}'"


def read_attributes(articles: DataFrame, facts: DataFrame) -> DataFrame:
    """``attribute, meaning, check, use, kinds`` of ``attributes.csv``, then those only coded.

    "person: signed" is a row of its own where the file lists it, and otherwise belongs to
    "person". ``check`` is a query for words that would betray what is not stated.
    """
    listed = listed_attributes(articles)
    family = split_attributes(facts.attribute).family
    known = facts.attribute.isin(listed.attribute) | family.isin(listed.attribute)
    coded = DataFrame({"attribute": family[~known].unique()})
    return pd.concat([listed, coded], ignore_index=True).fillna("")


def known_attributes(articles: DataFrame) -> DataFrame:
    """The attributes with their uses: those of the corpus, or where it gives none those shipped."""
    listed = listed_attributes(articles)
    return listed if listed.use.any() else read_side_table("attributes", LISTS)


def split_attributes(names: Series) -> DataFrame:
    """What stands before and after the colon of each attribute: ``family, kind``.

    >>> split_attributes(Series(["person: signed", "venue"])).to_numpy().tolist()
    [['person', 'signed'], ['venue', '']]
    """
    return names.str.extract(r"^(?P<family>[^:]*?)\s*(?::\s*(?P<kind>.*))?$").fillna("")


def kinds_of(attributes: DataFrame) -> DataFrame:
    """The only kinds that may be coded of some attributes, in order: ``use, family, kind``.

    They are those of the column ``kinds``, and of statements the rows of the table.
    """
    parts = split_attributes(attributes.attribute)
    rows = parts.kind.where(attributes.use == "statement", "")
    kinds = attributes.kinds.where(attributes.kinds != "", rows).str.split(r"\s*\|\s*", regex=True)
    table = parts.assign(use=attributes.use, kind=kinds).explode("kind")
    return table.loc[table.kind != "", ["use", "family", "kind"]].drop_duplicates()


def coded_as(facts: DataFrame, *uses: str) -> DataFrame:
    """The facts that state something, of attributes with one of these uses."""
    return facts[facts.use.isin(uses) & (facts.value != NOT_STATED)]


def own_facts(facts: DataFrame) -> DataFrame:
    """The facts about the centre itself, its event or the page."""
    return facts[facts.about.isin(OWN)]


def listed_attributes(articles: DataFrame) -> DataFrame:
    """The rows of ``attributes.csv``, each attribute once; none where there is no such file."""
    table = read_side_table("attributes", folder_of(articles), query_problems)
    return table.drop_duplicates("attribute")


def check_of_facts(attributes: DataFrame) -> RowCheck:
    """A check of rows of ``centres.csv``: kinds that are not allowed, and ``about`` misspelt."""
    kinds = kinds_of(attributes)
    listed = set(attributes.attribute)
    allowed = (kinds.family + ": " + kinds.kind).groupby(kinds.family).agg(list)

    def problems(table, record):
        name = _COLON.sub(": ", record.attribute)
        names = allowed.get(name.split(":")[0], [name])
        whole = record.value == NOT_STATED and name in listed
        if not whole and name not in names:
            yield "attribute", f"{name!r} is not known; {nearest(name, names)}"
        for about, meant in misspelt([record.about], ABOUT).items():
            yield "about", f"{about!r} is not known; did you mean {meant}?"

    return problems


def check_of_coders(before: DataFrame | None = None, where: str = "row") -> RowCheck:
    """A check of rows of ``centres.csv``: the same row twice, and what is settled without a person.

    ``before`` has rows of another file, which count as seen; ``where`` says which.
    """
    key = "centre attribute value about doc_id quote coder".split()
    seen = {}
    if before is not None:
        rows = before[key].itertuples(index=False, name=None)
        seen = {row: f"{where} {number}" for row, number in zip(rows, before.index, strict=True)}

    def problems(table, record):
        name = record.coder
        same = seen.setdefault(tuple(map(record.get, key)), f"row {record.name}")
        if same != f"row {record.name}":
            whose = f"{name} has it in {same} too" if name else f"the same as {same}"
            yield "quote", f"{whose}; take one out, or give two coders two names"
        if re.fullmatch(_SETTLED, normalize("NFKC", name)) and not record.why:
            yield "why", "empty; say what was decided and why"
        if problem_of_coder(name):
            yield "coder", problem_of_coder(name)

    return problems


def odd_names(rows: DataFrame, column: str, file: str) -> list[str]:
    """Rows without a name in a column where others have one, and names unlike in capitals only.

    >>> odd_names(DataFrame({"coder": ["Ada", "ada"]}, [2, 3]), "coder", "a.csv")
    ["a.csv, row 3, column coder: 'ada' and 'Ada' differ in capitals only; give one coder one name"]
    """
    empty = rows.index[(rows[column] == "") & (rows[column] != "").any()]
    what = f"empty, while other rows name a {column}; fill it in"
    problems = [f"{file}, row {row}, column {column}: {what}" for row in empty]
    names = {}
    for row, name in rows[column].drop_duplicates().items():
        other = names.setdefault(normalize("NFKC", name).casefold(), name)
        if other != name:
            problem = f"{name!r} and {other!r} differ in capitals only; give one {column} one name"
            problems.append(f"{file}, row {row}, column {column}: {problem}")
    return problems


def _renamed(codings, listed):
    """Attributes that one of several coders uses, and that are neither listed nor another's.

    So an attribute under two names does not pass for a disagreement. Where nothing is listed, only
    a name that looks like another's is named.
    """
    coded = codings[~is_settled(codings.coder)]
    others = coded.groupby("row").coder.nunique()
    shared = {*listed, *others.index[others > 1]}
    several = coded.coder.nunique() > 1
    for row in coded[~coded.row.isin(shared)].drop_duplicates("row").itertuples():
        if several and (len(listed) or misspelt([row.row], shared)):
            what = f"only {row.coder} has {row.row!r}, and {_LISTED} does not list it"
            yield f"{_FILE}, row {row.Index}, column attribute: {what}; {nearest(row.row, shared)}"
