"""Checks find what is odd in the five articles, nothing in a clean one, and run on any corpus."""

import random
import textwrap

import pytest

from utils.corpus.articles import read_corpus
from utils.corpus.tokens import tokenize
from utils.facts import checks
from utils.facts.checks import (
    Finding,
    articles_concerned,
    copy_table,
    count_checks,
    source_checks,
    with_and_without,
    without_copies,
    without_retold,
)
from utils.page.findings_overview import oddity_table

CLEAN = (
    "A plain report\n\n"
    "The centre opened on 5 May 2021. Ten people came, and “all” were glad.\n\n"
    "It will stay open."
)


def found(folder, check) -> list[tuple]:
    """The details ``what, other, share, number`` of each finding of a check; None where blank."""
    table = source_checks(read_corpus(folder))
    details = table.loc[table.check == check, ["what", "other", "share", "number"]]
    return list(
        details.astype(object).where(details.notna(), None).itertuples(index=False, name=None)
    )


def test_what_is_odd_in_the_five_articles(articles):
    table = source_checks(articles)
    assert table.groupby("check").doc_id.apply(sorted).to_dict() == {
        "no publication date": ["ningbo-city", "ningbo-industries", "nottingham-ningbo"],
        "date without a year": [
            "cambridge-nanjing",
            "ningbo-city",
            "ningbo-city",
            "ningbo-industries",
            "nottingham-ningbo",
        ],
        "dated after its release": ["cambridge-nanjing"],
        "ends without a full stop": ["ningbo-city", "ningbo-industries", "nottingham-ningbo"],
        "unbalanced quotation mark": ["ningbo-city", "ningbo-city", "nottingham-ningbo"],
        "paragraph broken in mid-sentence": ["ningbo-city", "nottingham-ningbo"],
        "retold within the article": ["ukiic-taizhou"],
        "one name, several spellings": [
            "cambridge-nanjing",
            "cambridge-nanjing",
            "nottingham-ningbo",
        ],
        "outlet is a party": ["ukiic-taizhou"],
    }
    retold = table[table.check == "retold within the article"].iloc[0]
    assert (retold.what, retold.other, retold.number) == ("6", "ukiic-taizhou", 1)
    assert round(retold.share, 2) == 0.71
    assert retold.quote.startswith("British international innovation center (UKIIC)")


def test_a_clean_article_has_nothing_odd(make_corpus):
    folder = make_corpus({"a": CLEAN}, {"a": {"published": "2021-05-06", "outlet": "The Times"}})
    assert source_checks(read_corpus(folder)).empty


@pytest.mark.parametrize(
    ("check", "text"),
    [
        ("ends without a full stop", CLEAN[:-1]),
        ("unbalanced quotation mark", CLEAN.replace("”", "")),
        ("paragraph broken in mid-sentence", CLEAN.replace("came, and", "came,\n\nand")),
        ("dated after its release", CLEAN.replace("2021", "2022")),
        ("date without a year", CLEAN.replace(" 2021", "")),
        ("outlet is a party", CLEAN.replace("Ten people", "The Times")),
        ("dates disagree", "Published: 2021-05-04\n" + CLEAN),
        (
            "one name, several spellings",
            CLEAN.replace("Ten people", "York University, and many of the University of York"),
        ),
    ],
)
def test_each_check_fires_on_the_one_thing_that_is_odd(make_corpus, check, text):
    folder = make_corpus({"a": text}, {"a": {"published": "2021-05-06", "outlet": "The Times"}})
    assert source_checks(read_corpus(folder)).check.tolist() == [check]


@pytest.mark.parametrize(
    ("language", "sentence", "is_odd"),
    [
        ("en", "The port will open on 3 June 2022.", False),
        ("en", "Mr Li said the port, due to grow by 2030, was full.", False),
        ("en", "The plan runs from May 2021 to the end of 2025.", False),
        ("en", "The port was opened by the mayor on 3 June 2022.", True),
        ("en", "In May 2022 ten people came. The port will grow.", True),
        ("en", "He left on 23 July 1812 and came on 14 September.", False),
        ("en", "The port burned. It was in August of the same year.", False),
        ("en", "He left in spring and came on 14 September.", True),
        ("zh", "到2030年，港口扩建完成。", False),
        ("zh", "同年12月，他赴西藏。", False),
        ("zh", "港口将于2022年6月3日开放。", False),
        ("zh", "港口于2022年6月3日开放。", True),
    ],
)
def test_a_date_to_come_is_odd_unless_a_plan_or_another_year_is_told(
    make_corpus, language, sentence, is_odd
):
    row = {"published": "2021-05-06", "outlet": "The Times", "language": language}
    folder = make_corpus({"a": f"Rain in Hull\n\n{sentence}"}, {"a": row})
    found = source_checks(read_corpus(folder)).check.tolist()
    assert ("dated after its release" in found) == is_odd


def test_a_release_known_by_its_year_says_nothing_of_the_day(make_corpus):
    folder = make_corpus({"a": CLEAN}, {"a": {"published": "2021"}})
    assert source_checks(read_corpus(folder)).empty


@pytest.mark.parametrize(
    ("check", "text", "details"),
    [
        ("dates disagree", "Published: 2021-05-04\n" + CLEAN, ("2021-05-04", "2021-05-06")),
        (
            "dated after its release",
            CLEAN.replace("2021", "2022"),
            ("5 May 2022", "2021-05-06", 2022),
        ),
        ("dated after its release", CLEAN.replace("5 May 2021", "7 May"), ("7 May", "2021-05-06")),
        ("date without a year", CLEAN.replace(" 2021", ""), ("5 May",)),
        ("unbalanced quotation mark", CLEAN.replace("”", ""), ("1 “",)),
        ("outlet is a party", CLEAN.replace("Ten people", "The Times"), ("The Times",)),
    ],
)
def test_a_finding_has_the_values_that_its_sentence_needs(make_corpus, check, text, details):
    folder = make_corpus({"a": text}, {"a": {"published": "2021-05-06", "outlet": "The Times"}})
    values = [value for value in found(folder, check)[0] if value not in ("", None)]
    assert values == list(details)


@pytest.mark.parametrize("mark", ["“”", '""'])
def test_a_quotation_that_goes_on_is_opened_again_in_the_next_paragraph(make_corpus, mark):
    opening, closing = mark
    begun = f"Rain in Hull\n\nHe said: {opening}It is late in the year."
    folder = make_corpus(
        {
            "goes-on": f"{begun}\n\n{opening}It will be later,{closing} he said, and left.",
            "never-closed": f"{begun}\n\nHe left the hall with all the others.",
        }
    )
    table = source_checks(read_corpus(folder))
    unbalanced = table[table.check == "unbalanced quotation mark"]
    assert unbalanced[["doc_id", "what"]].to_numpy().tolist() == [["never-closed", f"1 {opening}"]]


def test_paragraphs_and_lines_shared_between_articles_are_found(make_corpus):
    shared = (
        "The city and the university signed an agreement on Monday to build a joint institute for "
        "green chemistry, smart factories and life sciences in the new district."
    )
    other = "Rain fell on the hills, and a farmer said that {} of the tea was picked in time. " * 2
    texts = {
        "a": f"T1\n\n{shared}\n\nIt rains.\n\n{other.format('half', 'none')}",
        "b": f"T2\n\nOn that day: {shared}\n\nIt rains.",
        "c": "T3\n\nIt rains.\n\nThe sun shone.",
    }
    folder = make_corpus(texts)
    assert found(folder, "shared with another article") == [("1", "a", 1.0, 1)]
    (line,) = found(folder, "line in several articles")
    assert line[3] == 3
    assert line[0].endswith(r",furniture,It rains\.,It rains.,")


def test_identical_files_and_unparted_words_are_found(make_corpus):
    chinese = "双方将共同建设创新中心，并在智能制造领域开展合作。"
    texts = {"a": "Rain\nfell.", "b": "\ufeffRain \r\n fell.", "c": chinese, "d": chinese[1:]}
    folder = make_corpus(texts, {"c": {"language": "en"}})
    assert found(folder, "same text as another article") == [("", "a", None, None)]
    assert len(found(folder, "words are not parted")) == 1  # the one that is called English


def test_a_break_between_short_lines_shows_no_more_than_them(make_corpus):
    table = source_checks(read_corpus(make_corpus({"a": "T\n\nIt was,\n\nso."})))
    broken = table[table.check == "paragraph broken in mid-sentence"]
    assert broken.quote.tolist() == ["It was,\n\nso."]
    assert broken[["start", "end"]].values.tolist() == [[3, 15]]


def test_a_long_text_without_white_space_is_checked_at_once(make_corpus):
    folder = make_corpus({"a": "T\n\n" + "x" * 200_000})
    assert len(found(folder, "ends without a full stop")) == 1


@pytest.mark.parametrize(
    ("language", "text", "flaws"),
    [
        ("th", "มหาวิทยาลัยเปิดศูนย์นวัตกรรมแห่งใหม่ที่เมืองหนิงปัวเมื่อวันจันทร์", 0),
        ("km", "សាកលវិទ្យាល័យបានបើកមជ្ឈមណ្ឌលថ្មី។", 0),
        ("hy", "Համալսարանը բացեց նոր կենտրոն։", 0),
        ("hy", "Համալսարանը բացեց նոր կենտրոն", 1),
    ],
)
def test_the_stop_at_the_end_is_one_of_the_language(make_corpus, language, text, flaws):
    folder = make_corpus({"a": f"A\n\n{text}"}, {"a": {"language": language}})
    assert len(found(folder, "ends without a full stop")) == flaws


def test_a_new_check_is_one_function_and_tokens_are_made_once(articles, monkeypatch):
    calls = []
    tokenize = checks.tokenize
    monkeypatch.setattr(checks, "tokenize", lambda *of: calls.append(of) or tokenize(*of))
    monkeypatch.setattr(checks, "CHECKS", dict(checks.CHECKS))

    @checks.source_check("long")
    def long_texts(sources):
        for article in sources.articles.itertuples():
            if len(article.raw) > 3_800:
                yield Finding(article.Index, number=len(article.raw))

    table = source_checks(articles)
    assert table.check.iloc[-1] == "long"
    assert table.number.iloc[-1] == len(articles.raw[table.doc_id.iloc[-1]])
    assert len(calls) == 1


def test_counts_without_what_is_retold(articles, tokens):
    once = without_retold(tokens, source_checks(articles))
    assert (
        len(tokens) - len(once)
        == ((tokens.doc_id == "ukiic-taizhou") & (tokens.paragraph == 6)).sum()
        == 77
    )
    assert with_and_without(tokens, once).tokens.tolist() == [2449, 2372]


def test_checks_run_on_a_single_line_and_on_no_words(make_corpus):
    assert not source_checks(read_corpus(make_corpus({"a": "中文。", "b": "— —"}))).empty


REPORT = (
    "The council of {0} met on Monday and voted for a bridge over the river, which will cost more "
    "than the old one and last for longer, its engineers said.\n\n"
    "Work on the bridge begins in spring, when the river is low, and ends two years later; until "
    "then a ferry takes people from {0} to the other bank.\n"
)
BOILERPLATE = (
    "This text was first printed by the wire of the region and is shown here by its kind leave; "
    "the views in it are those of the writers and of nobody else at all."
)


def test_copies_are_one_line_each_and_counted_once(make_corpus):
    text = REPORT.format("Dover")
    texts = {"a": text, "b": text.replace("\n", "\r\n"), "c": text.replace("spring", "May")}
    texts["d"] = REPORT.format("York").replace("ferry takes people", "boat carries all")
    folder = make_corpus(texts)
    articles = read_corpus(folder)
    odd = source_checks(articles)
    assert found(folder, "same text as another article") == [("", "a", None, None)]
    near = odd[odd.check == "nearly the same text as another article"]
    assert near.other.tolist() == ["a"]
    assert near.doc_id.tolist() == ["c"]
    assert 0.8 < near.share.iloc[0] < 1
    assert not odd.check.str.contains("line in|shared by").any()
    assert without_copies(articles).index.tolist() == ["a", "d"]
    once = without_retold(tokenize(articles), odd)
    assert once.doc_id.astype(str).unique().tolist() == ["a"]  # d tells both paragraphs again


def test_what_many_articles_share_is_one_line_and_grows_with_no_pairs(make_corpus):
    deal = random.Random(4)
    texts = {
        f"a{n:03}": f"{n} days\n\n{' '.join(f'w{deal.randrange(99)}' for _ in range(60))}.\n\n"
        f"On page {n}: {BOILERPLATE}"
        for n in range(120)
    }
    odd = source_checks(read_corpus(make_corpus(texts)))
    shared = odd[odd.check == "shared by several articles"]
    assert shared[["doc_id", "what", "number"]].to_numpy().tolist() == [["a000", "2", 120]]
    assert (odd.check == "shared with another article").sum() == 0


def test_lines_of_three_articles_are_a_row_ready_for_the_furniture(make_corpus):
    line = 'Tip? Write to "desk" (at) example.org, day or night: 24/7'
    texts = {name: f"Day {name}\n\nIt was {name}.\n\n{line}\n\nSo be it, {name}." for name in "pqr"}
    folder = make_corpus(texts)
    ((row, *_),) = found(folder, "line in several articles")
    (folder / "furniture.csv").write_text("rule,label,pattern,example,counterexample\n" + row)
    articles = read_corpus(folder)
    assert [article.raw.count(line) for article in articles.itertuples()] == [1, 1, 1]
    assert not any("Tip" in term for term in tokenize(articles).term.astype(str))
    assert "line in several articles" not in set(source_checks(articles).check)


@pytest.mark.parametrize(
    ("check", "end"),
    [
        ("wrong encoding", "The cafÃ© was full and the owner smiled."),
        ("wrong encoding", "Itâ€™s said that the townâ€™s mayor is glad."),
        ("wrong encoding", "The caf\ufffd was full."),
        ("HTML in the text", "It <b>rained</b> for days."),
        ("HTML in the text", 'See <a href="x.html">this</a>.'),
        ("HTML in the text", "Tea&nbsp;and cake &amp; more."),
        ("web address in the text", "The mayor wrote at https://t.co/Ab1?x=2 that it rained."),
        ("web address in the text", "中心的网页是https://nju.edu.cn/a。欢迎来信。"),
        ("web address in the text", "Write to the.mayor@town-hall.gov.uk or see www.town.uk."),
        ("cut short", "The mayor went on to say that the… [+1591 chars]"),
        ("cut short", "The mayor went on to say that the ... Read more"),
        ("cut short", "The mayor went on to say that the …"),
        ("cut short", "The mayor went on. Continue reading »"),
        ("ends without a full stop", "The mayor went on, he said"),
    ],
)
def test_a_text_that_came_damaged_is_one_line(make_corpus, check, end):
    folder = make_corpus({"a": f"{CLEAN}\n\n{end}"}, {"a": {"published": "2021-05-06"}})
    assert source_checks(read_corpus(folder)).check.tolist() == [check]


def test_an_address_ends_before_stops_and_chinese(make_corpus):
    text = f"{CLEAN}\n\nSee (https://t.co/a?b=1). 见https://nju.edu.cn/a。来信：ab@nju.edu.cn。"
    row = source_checks(read_corpus(make_corpus({"a": text}))).set_index("check")
    row = row.loc["web address in the text"]
    assert (row.quote, row.number) == ("https://t.co/a?b=1", 3)


@pytest.mark.parametrize(
    "end",
    [
        "The café’s naïve owner said “it’s 20 °C – or £5 × 3”.",
        "AT&T; R&D; x < y and a > b; he read more.",
        "“I wonder…”",
        "He thanked @mayor, #rain and the w.w.w. for 3 @ £5, and http is a word.",
        "宁波的大学。",
    ],
)
def test_what_is_sound_is_not_called_damaged(make_corpus, end):
    folder = make_corpus({"a": f"{CLEAN}\n\n{end}"}, {"a": {"published": "2021-05-06"}})
    assert source_checks(read_corpus(folder)).empty


def test_a_wrapped_text_and_one_without_a_body_are_said(make_corpus):
    wrapped = textwrap.fill(REPORT.format("Dover").replace("\n\n", " "), 64)
    folder = make_corpus({"a": f"Bridge\n\n{wrapped}\n", "b": "Copyright 2020 - Custom text here"})
    assert len(found(folder, "hard-wrapped")) == 1
    assert len(found(folder, "no body")) == 1
    assert found(folder, "paragraph broken in mid-sentence") == []


def test_copies_come_as_clusters(make_corpus):
    """Chains of copies belong to the first of them; who is alike to whom is one line."""
    text = REPORT.format("Dover")
    texts = {f"copy{n:02}": text.replace("spring", f"spring{n}") for n in range(24)}
    texts |= {"same": text, "again": text, "other": REPORT.format("York").replace("people", "us")}
    texts["other"] = "A fire broke out in the mill and nobody was hurt, said the town on Friday."
    folder = make_corpus(texts)
    articles = read_corpus(folder)
    odd = source_checks(articles)
    clusters = copy_table(odd)
    assert clusters.doc_id.tolist() == ["copy00"]
    assert clusters.articles.tolist() == [26]
    assert clusters.copies.iloc[0].startswith("copy01, copy02, ")
    assert clusters.copies.iloc[0].endswith(" and 5 more")
    assert 0.8 < clusters.share.iloc[0] < 1
    lines = odd[odd.check.str.startswith(("same text", "nearly the same"))]
    assert lines.other.tolist() == ["copy00", "copy00"]
    assert sorted(lines.number.fillna(0)) == [0, 23]
    findings = oddity_table(odd).finding[lines.index]
    assert findings.str.contains("and so are those of 23 more articles").sum() == 1
    assert without_copies(articles).index.tolist() == ["copy00", "other"]
    once = without_retold(tokenize(articles), odd)
    assert set(once.doc_id.astype(str)) == {"copy00", "other"}


def test_a_corpus_without_copies_has_no_clusters(articles):
    assert copy_table(source_checks(articles)).empty
    assert without_copies(articles).index.tolist() == articles.index.tolist()


def test_quotation_marks_pair_up_as_the_language_has_them(make_corpus):
    german = "„Wir bauen“, sagte er, „und wir lernen“.\n\n„Wir bauen, sagte er.\n"
    english = "“We build,” he said.\n\n“We build, he said.\n"
    folder = make_corpus({"a": german, "b": english})
    whats = [what for what, *_ in found(folder, "unbalanced quotation mark")]
    assert whats == ["1 „", "1 “"]


def test_all_articles_that_share_something_are_counted(make_corpus):
    """Three share a paragraph, two another, three a line, and two are copies of each other."""
    one, two, three, four = (" ".join(f"{w}{n}" for n in range(30)) for w in "pqrs")
    line = "Read on.\n\n"
    texts = {
        "a": f"A title\n\n{line}{one} one.\n\nAnd so one.",
        "b": f"A title\n\n{line}{one} two.\n\nAnd so two.\n\n{two}",
        "c": f"A title\n\n{line}{one} three.\n\nAnd so three, and more.\n\n{three}",
        "d": f"A title\n\n{two}\n\n{' '.join(f't{n}' for n in range(60))}.",
        "e": f"A title\n\n{four}",
        "f": f"A title\n\n{four.replace(' ', '  ')}",
    }
    odd = source_checks(read_corpus(make_corpus(texts)))
    counted = count_checks(odd).set_index("check")
    assert counted.loc["shared by several articles"].tolist() == [1, 3]
    assert counted.loc["shared with another article"].tolist() == [1, 2]
    assert counted.loc["line in several articles"].tolist() == [1, 3]
    assert counted.loc["same text as another article"].tolist() == [1, 2]
    concerned = articles_concerned(odd[~odd.check.str.startswith("no ")])
    assert sorted(concerned.doc_id.unique()) == list("abcdef")


def test_of_many_odd_things_some_of_each_kind_come_first(make_corpus):
    folder = make_corpus({f"a{n}": f"A title\n\nIn May <br> it rained {n}" for n in range(9)})
    odd = source_checks(read_corpus(folder))
    kinds = odd.check.unique().tolist()
    table = oddity_table(odd, 2 * len(kinds))
    assert table.check.tolist()[: 2 * len(kinds)] == [kind for kind in kinds for _ in range(2)]
    assert table.found.tolist()[0] == 9
    assert len(table) == len(odd)
    assert (
        "or the like is found in 1 place: save"
        in table.finding[table.check == "HTML in the text"].iloc[0]
    )
    assert "found" not in oddity_table(odd, len(odd))
