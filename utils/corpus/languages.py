"""The language of each article: stated, or detected; and what there are rules for.

``lists/languages.csv`` has a row for each language with rules of its own and one (``*``) for all
others. A cell of its columns ``words`` to ``quantities`` says why this is left out of the analysis;
an empty one that it is there. Text in which no language can be told (``und``) is read as English.
"""

from functools import cache
from importlib.metadata import version

import regex
from pandas import DataFrame, Series, read_csv

from utils.corpus.files import Mistake, list_first
from utils.corpus.tables import LISTS, subset

NOT_KNOWN = "und"
SURE = 0.9
"""Articles whose language is less probable than this are named to the reader."""
ASPECTS = ["words", "sentences", "function words", "dictionary forms", "dates", "quantities"]
_LEAST = 0.25  # of a guess that is taken at all; English needs half the best
_READ = 300  # characters at the beginning, in the middle and at the end that tell the language
_NAMED = 5  # articles that a note names
_TABLE = read_csv(LISTS / "languages.csv", index_col="code", keep_default_na=False)
_NO_LANGUAGE = {NOT_KNOWN, "mul", "zxx", "*"}  # codes of no one language
_NAMES_FROM = "en zh zh_Hant de fr es".split()  # languages in which a language may be named
_CODE = regex.compile(r"(?i)([a-z]{2,3})(?:[-_][a-z\d]+)*")
_REMARK = regex.compile(r"\s*[(（,;].*|\s-\s.*")


def language_of(text: str) -> tuple[str, float]:
    """The language that py3langid detects, as a code, and its probability.

    The code is ``und`` where the text is too short or too mixed to tell.

    >>> language_of("Das Zentrum in Ningbo wurde im Mai eröffnet.")[0], language_of("2018")[0]
    ('de', 'und')
    """
    shares = dict(_identifier().rank(text))
    best = max(shares, key=shares.get)
    if 2 * shares["en"] >= shares[best] > 0.05:
        best = "en"
    return (best if best == "en" or shares[best] >= _LEAST else NOT_KNOWN), shares[best]


def identify_languages(stated: Series, texts: Series) -> DataFrame:
    """The ``language`` of each article, ``language_from`` and the ``probability``.

    A language is a code: the one that the metadata state, else the one detected; where it is from
    is ``metadata`` or ``detected``. A probability is there for those detected.

    >>> texts = Series(["Rain fell on the hills.", "中心在宁波成立。"], index=["a", "b"])
    >>> table = identify_languages(Series(["en-GB", ""], index=["a", "b"]), texts)
    >>> table.iloc[:, :2].values.tolist()
    [['en', 'metadata'], ['zh', 'detected']]
    """
    codes = stated.map({name: code_of(name) for name in stated.unique()})
    blank = codes == ""
    detected = DataFrame(
        [language_of(_sample(text)) for text in texts[blank]],
        index=texts.index[blank],
        columns=["language", "probability"],
    )
    return DataFrame(
        {
            "language": codes.mask(blank, detected.language.reindex(codes.index)),
            "language_from": blank.map({True: "detected", False: "metadata"}),
            "probability": detected.probability.reindex(codes.index).astype(float),
        }
    )


def _sample(text):
    """The beginning, the middle and the end of a text; a short one as a whole."""
    if len(text) <= 3 * _READ:
        return text
    middle = (len(text) - _READ) // 2
    return " ".join([text[:_READ], text[middle : middle + _READ], text[-_READ:]])


def language_notes(stated: Series, labels: DataFrame) -> list[str]:
    """What a reader should be told of languages that were detected.

    >>> stated = Series(["Elvish"], index=["a"])
    >>> language_notes(stated, identify_languages(stated, Series(["1 2"], index=["a"])))[0]
    "No language is called 'Elvish', so it was detected from the text"
    """
    unknown = [name for name in stated.unique() if name.strip() and not code_of(name)]
    notes = [
        f"No language is called {name!r}, so it was detected from the text" for name in unknown
    ]
    return notes + _detection_notes(labels[labels.language_from == "detected"])


def code_of(name: str) -> str:
    """The code of a language by a code or a name; empty if there is none.

    >>> [code_of(name) for name in ("EN", "en-GB", "zh-Hans", "chi", "中文", "Deutsch", "Elvish")]
    ['en', 'en', 'zh', 'zh', 'zh', 'de', '']
    """
    plain = _REMARK.sub("", name.strip()).casefold()
    code = _CODE.fullmatch(plain)
    if not plain or plain in _NO_LANGUAGE:
        return ""
    if plain in _TABLE.index:
        return plain
    return (code and _listed_code(code[1])) or _codes_by_name().get(plain, "")


def name_of_language(code: str) -> str:
    """The English name of a language.

    >>> name_of_language("zh"), name_of_language("pt")
    ('Chinese', 'Portuguese')
    """
    return _TABLE.name.get(code) or _english_names().get(code, code)


def languages_of(articles: DataFrame) -> list[str]:
    """The languages of the articles, the most frequent first; English where no column says it.

    >>> languages_of(DataFrame({"language": ["zh", "en", "zh"]}))
    ['zh', 'en']
    """
    return language_column(articles).value_counts().index.tolist()


def language_column(articles: DataFrame) -> Series:
    """The language of each article by whose rules it is read; English where none is stated.

    >>> language_column(DataFrame({"language": ["zh", "und", ""]})).tolist()
    ['zh', 'en', 'en']
    """
    blank = Series("", index=articles.index, dtype=object)
    return articles.get("language", blank).replace(["", NOT_KNOWN], "en")


def in_language(articles: DataFrame, language: str = "") -> DataFrame:
    """The articles in one language, as ``languages_of`` has them; "" is that of most articles.

    Raises ``Mistake`` where no article is in it.

    >>> articles = DataFrame({"language": ["zh", "en", "zh"]}, index=["a", "b", "c"])
    >>> in_language(articles, "English").index.tolist(), len(in_language(articles))
    (['b'], 2)
    """
    languages = languages_of(articles)
    chosen = code_of(language) if language else languages[0]
    if chosen not in languages:
        there = ", ".join(languages)
        raise Mistake(f"LANGUAGE {language}: no article is in this language; there are: {there}")
    return subset(articles, language_column(articles) == chosen)


def rules_of(language: str) -> Series:
    """The row of ``lists/languages.csv`` for a language, or that for all others.

    >>> rules_of("de").ordinals, rules_of("xx").dates
    ('yes', 'no rules here read the dates of this language')
    """
    return _TABLE.loc[language if language in _TABLE.index else "*"]


def left_out(articles: DataFrame) -> DataFrame:
    """What of each language is left out of the analysis, and why: ``language, what, why``.

    >>> left_out(DataFrame({"language": ["de"]})).values.tolist()
    [['German', 'quantities', 'no rules here read the numbers of German texts']]
    """
    rows = [
        (name_of_language(language), what, why)
        for language in languages_of(articles)
        for what, why in _reasons(language).items()
        if why
    ]
    return DataFrame(rows, columns=["language", "what", "why"], dtype=str)


def _reasons(language):
    """Why each aspect of a language is left out; empty for what is there."""
    import stopwordsiso

    reasons = rules_of(language)[ASPECTS].to_dict()
    if not (language in _TABLE.index or stopwordsiso.has_lang(language)):
        reasons["function words"] = "no list of the function words of this language is known"
    return reasons


def _detection_notes(detected):
    if detected.empty:
        return []
    counts = detected.language.map(name_of_language).value_counts()
    listed = ", ".join(f"{name} {number}" for name, number in counts.items())
    unsure = detected.index[detected.probability < SURE].tolist()
    sure = f"{detected.probability.mean():.2f} sure on average"
    notes = [f"Language detected by py3langid {version('py3langid')}, {sure}: {listed}"]
    if unsure:
        named = list_first(unsure, _NAMED)
        notes.append(f"It is less than {SURE} sure of the language of {named}")
    unknown = detected.index[detected.language == NOT_KNOWN].tolist()
    if unknown:
        named = list_first(unknown, _NAMED)
        notes.append(f"Read as English, since no language can be told: {named}")
    return notes


@cache
def _identifier():
    """The detector of py3langid, for the languages that have a list of function words."""
    import stopwordsiso
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(stopwordsiso.langs())
    return identifier


def _listed_code(code):
    """A code of two letters for one of three; empty for what is the code of no language."""
    from babel.core import get_global

    short = get_global("language_aliases").get(code, code).partition("_")[0]
    return short if short in _english_names() else ""


def _english_names():
    from babel import Locale  # loaded here, since few corpora need it

    return Locale("en").languages


@cache
def _codes_by_name():
    """The codes of languages by the names that their speakers and the large languages use."""
    import stopwordsiso
    from babel import Locale
    from babel.localedata import exists

    own = {Locale(code).languages.get(code): code for code in filter(exists, stopwordsiso.langs())}
    named = own | {
        name: code for shown in _NAMES_FROM for code, name in Locale(shown).languages.items()
    }
    names = {(name or "").casefold(): code.partition("_")[0] for name, code in named.items()}
    other = {name: code for code, listed in _TABLE.other_names.items() for name in listed.split()}
    return names | other
