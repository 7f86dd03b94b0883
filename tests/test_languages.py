"""Languages: identified, and each read by its own rules; a corpus of several, side by side."""

import pytest
import regex
from pandas import Series

from utils.corpus.articles import read_corpus
from utils.corpus.chunks import terms_of
from utils.corpus.files import Mistake
from utils.corpus.languages import (
    code_of,
    identify_languages,
    in_language,
    language_notes,
    language_of,
    languages_of,
    left_out,
)
from utils.corpus.token_pattern import spans_of_tokens
from utils.corpus.tokens import sentence_table, tokenize
from utils.corpus.words import function_words, general_function_words, lemmatize, unify_variants
from utils.facts.dates import date_table
from utils.facts.quantities import quantity_table
from utils.report import main

BILINGUAL = {
    "rain": "Rain at sea\n\nThe harbour of Dover opened on 3 June 2019. About 40 boats came.\n",
    "yu": "港口开放\n\n宁波的港口于２０１９年６月３日开放。"
    "“这里有300余家企业。”王强说。昨日下雨。\n",
    "gang": "港口開放\n\n寧波的港口於五月十七日開放，投資超過2.8億元，成長百分之十。\n",
}
EACH_LANGUAGE = [
    "01_corpus_overview",
    "01_corpus_overview.zh",
    "02_keywords",
    "02_keywords.zh",
]
TEXTS = {
    "de": "Der Hafen wurde am 3. Juni 2019 eröffnet. Dr. Weber zählte 1.234 Boote im Hafen.",
    "fr": "Le port a ouvert le 3 juin 2019. M. Petit a vu l'eau et 1.234 bateaux aujourd'hui.",
    "es": "El puerto abrió el 3 de junio de 2019. El Sr. Ruiz contó 1.234 barcos en la bahía.",
}


@pytest.fixture
def bilingual(make_corpus):
    stated = {"rain": {"language": "English"}, "gang": {"language": "zh-Hant"}}
    return read_corpus(make_corpus(BILINGUAL, stated))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("English", "en"),
        ("EN-us", "en"),
        ("eng", "en"),
        ("英语", "en"),
        ("英文", "en"),
        ("zh_Hant_TW", "zh"),
        ("zho", "zh"),
        ("Chinese (Traditional)", "zh"),
        ("Chinese - Traditional", "zh"),
        ("ngerman", "de"),
        ("繁體中文", "zh"),
        ("français", "fr"),
        ("Allemand", "de"),
        ("日本語", "ja"),
        ("", ""),
        ("und", ""),
        ("Martian", ""),
    ],
)
def test_names_and_codes_are_known(name, code):
    assert code_of(name) == code


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nobody knew when the ferry would come back.", "en"),
        ("渡轮什么时候回来？没有人知道。", "zh"),
        ("渡輪甚麼時候回來？沒有人知道。", "zh"),
        ("フェリーはいつ戻りますか。", "ja"),
        ("Niemand wusste, wann die Fähre zurückkommt.", "de"),
        ("Personne ne savait quand le bac reviendrait.", "fr"),
        ("Nadie sabía cuándo volvería el barco.", "es"),
        ("Паром ещё не вернулся.", "ru"),
        ("", "und"),
        ("12 · 34 %", "und"),
    ],
)
def test_a_language_is_told_from_its_text(text, language):
    assert language_of(text)[0] == language


def test_what_is_stated_stands_and_the_rest_is_detected(bilingual):
    assert bilingual.language.to_dict() == {"rain": "en", "yu": "zh", "gang": "zh"}
    assert bilingual.language_from.tolist() == ["metadata", "detected", "metadata"]
    assert any("detected by py3langid" in note for note in bilingual.attrs["notes"])
    assert languages_of(bilingual) == ["zh", "en"]


def test_a_name_that_is_none_and_a_text_that_is_too_short_are_said():
    doc_ids = ["a", "b"]
    texts = Series(["The ferry has left.", "5"], doc_ids)
    stated = Series(["Martian", ""], doc_ids)
    languages = identify_languages(stated, texts)
    notes = language_notes(stated, languages)
    assert languages.language.tolist() == ["en", "und"]
    assert "'Martian'" in notes[0]
    assert "less than 0.9 sure" in notes[-2]
    assert notes[-1] == "Read as English, since no language can be told: b"


def test_tokens_of_each_article_are_those_of_its_language(bilingual):
    tokens = tokenize(bilingual)
    assert tokens.doc_id.drop_duplicates().tolist() == ["rain", "yu", "gang"]
    for token in tokens.itertuples():
        assert len(bilingual.raw[token.doc_id][token.start : token.end]) == token.end - token.start
    chinese = tokens[tokens.doc_id == "yu"].term.tolist()
    assert chinese[:4] == ["宁波", "的", "港口", "于"]
    assert {"300", "2019"} <= set(chinese)
    alone = tokenize(in_language(bilingual, "zh"))
    together = tokens[tokens.doc_id != "rain"]
    for column in ("term", "start", "end", "sentence"):
        assert alone[column].tolist() == together[column].tolist()


def test_function_words_are_those_of_the_languages_there(bilingual):
    chinese = function_words(in_language(bilingual, "zh"))
    assert {"的", "这里", "這裡", "因为"} <= chinese
    assert not chinese & {"the", "港口", "宁波", "企业", "人", "年"}
    assert {"the", "的"} <= function_words(bilingual)
    assert {"der", "wurde"} <= general_function_words("de")
    assert general_function_words("am") == frozenset()


def test_dates_and_quantities_of_chinese(bilingual):
    dates = date_table(bilingual)
    assert dates[["doc_id", "printed"]].to_numpy().tolist() == [
        ["rain", "3 June 2019"],
        ["yu", "２０１９年６月３日"],
        ["gang", "五月十七日"],
    ]
    assert dates.year.isna().tolist() == [False, False, True]
    table = quantity_table(bilingual).dropna(subset="number")
    assert table[["printed", "number", "unit"]].to_numpy().tolist() == [
        ["40", 40.0, "boats"],
        ["300余家", 300.0, "家"],
        ["2.8億元", 2.8e8, "yuan"],
        ["百分之十", 10.0, "%"],
    ]


def test_sentences_of_chinese(bilingual):
    sentences = sentence_table(in_language(bilingual, "zh"))
    texts = [bilingual.raw[s.doc_id][s.start : s.end] for s in sentences.itertuples()]
    assert texts[1:3] == ["“这里有300余家企业。”王强说。", "昨日下雨。"]


@pytest.mark.parametrize("language", TEXTS)
def test_german_french_and_spanish_have_sentences_and_dates_and_no_quantities(
    language, make_corpus
):
    articles = read_corpus(make_corpus({"a": f"T\n\n{TEXTS[language]}\n"}))
    assert articles.language.tolist() == [language]
    assert len(sentence_table(articles)) == 2
    assert date_table(articles)[["year", "month", "day"]].to_numpy().tolist() == [[2019, 6, 3]]
    assert quantity_table(articles).empty
    assert left_out(articles).what.tolist() == ["quantities"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "港は六月三日に開いた。船は四十隻だった。"),
        ("th", "ท่าเรือเปิดแล้ว เรือสี่สิบลำมาถึง"),
    ],
)
def test_words_that_cannot_be_parted_are_left_out_and_not_counted_wrong(
    language, text, make_corpus
):
    articles = read_corpus(make_corpus({"a": f"T\n\n{text}\n"}, {"a": {"language": language}}))
    assert tokenize(articles).empty
    assert len(sentence_table(articles)) >= 1
    assert quantity_table(articles).empty
    assert date_table(articles).empty
    assert {"words", "dates", "quantities"} <= set(left_out(articles).what)


def test_any_other_language_has_tokens_and_no_facts(make_corpus):
    texts = {"a": "T\n\nГавань открылась 3 июня 2019. Пришло 40 лодок.\n"}
    articles = read_corpus(make_corpus(texts))
    assert articles.language.tolist() == ["ru"]
    assert len(tokenize(articles)) == 8
    assert date_table(articles).empty
    assert quantity_table(articles).empty
    assert left_out(articles).what.tolist() == ["dates", "quantities"]


def test_english_spelling_and_word_forms_are_left_to_english(tokens_of):
    tokens = tokens_of("Le color centers media.")
    for step in (unify_variants, lemmatize):
        assert step(tokens, "zh").equals(tokens)
    assert unify_variants(tokens).term.tolist() == ["le", "colour", "centres", "media"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("这个实验室和北京市", ["这", "个", "实验室", "和", "北京", "市"]),
        ("人口密度与科技创新", ["人口", "密度", "与", "科技", "创新"]),
        ("自力更生", ["自力更生"]),
        ("UKIIC与5G网络，增长2.8%", ["ukiic", "与", "5g", "网络", "增长", "2.8%"]),
        ("科\u200b技\u200b创新", ["科技", "创新"]),
    ],
)
def test_words_of_chinese(text, terms):
    assert terms_of(text, "zh") == terms


@pytest.mark.parametrize(
    "text",
    [
        "Ｒ＆Ｄ中心\u3000二〇一八年",
        "𠮷野家，\ufa10",
        "科\u200b技 \u200bcafe\u0301店",
        "ｶﾅと漢字1,000万",
    ],
)
def test_tokens_of_chinese_cover_the_text_as_collected(text):
    tokens = "".join(text[start:end] for start, end in spans_of_tokens(text, "zh"))
    hidden = r"[，\s\u200b]"
    assert regex.sub(hidden, "", tokens) == regex.sub(hidden, "", text)


def test_words_of_the_corpus_are_kept_whole(make_corpus):
    folder = make_corpus(
        {"a": "T\n\n甬江实验室的5G网络在宁波。A股，UKA股。\n"}, {"a": {"language": "zh"}}
    )
    (folder / "words.txt").write_text("# own\n甬江实验室\n甬江\n5G网络\nA股\n", "utf-8")
    terms = tokenize(read_corpus(folder)).term.tolist()
    assert terms == ["甬江实验室", "的", "5g网络", "在", "宁波", "a股", "uka", "股"]
    (folder / "words.txt").write_text("甬江 实验室\n", "utf-8")
    problem = "words.txt, row 1, column word: '甬江 实验室' has a space; write a word a line"
    with pytest.raises(Mistake, match=problem):
        tokenize(read_corpus(folder))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("L’homme d'aujourd'hui", ["l'", "homme", "d'", "aujourd'hui"]),
        ("qu'il, quelqu’un, jusqu'à", ["qu'", "il", "quelqu'un", "jusqu'", "à"]),
        ("« C'est l´été »", ["c'", "est", "l'", "été"]),
    ],
)
def test_words_of_french(text, terms):
    assert terms_of(text, "fr") == terms


def test_words_of_german_and_spanish():
    assert terms_of("Die Müller-Straße »ist« schön.", "de") == [
        "die",
        "müller-straße",
        "ist",
        "schön",
    ]
    assert terms_of("¿Qué? ¡Niños!", "es") == ["qué", "niños"]


def test_a_corpus_of_two_languages_gets_pages_of_each(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(3):
        english = f"Port {number}\n\nThe port opened in spring. Ships of the port came and went.\n"
        chinese = f"港口{number}\n\n港口在春天开放。很多船来到港口，货物很多。\n"
        (folder / f"en{number}.txt").write_text(english, "utf-8")
        (folder / f"zh{number}.txt").write_text(chinese, "utf-8")
    output = tmp_path / "report"
    assert main(["--corpus", str(folder), "--output", str(output), "--notebooks", "01", "02"]) == 0
    pages = {file.name for file in output.glob("0*.html")}
    assert pages == {f"{stem}.html" for stem in EACH_LANGUAGE}
    chinese = (output / "01_corpus_overview.zh.html").read_text("utf-8")
    assert "港口" in (output / "data/01_corpus_overview.zh/frequencies.csv").read_text("utf-8")
    assert "This page shows those in Chinese" in chinese
    assert 'href="02_keywords.zh.html"' in chinese  # the next, in this language
    assert 'href="01_corpus_overview.html">The same in English' in chinese
    index = (output / "index.html").read_text("utf-8")
    assert "English (3) and Chinese (3)" in index
    assert "(Chinese)</a>" in index


def test_a_report_without_words_says_so_and_gives_no_number_of_them(tmp_path, capsys):
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(1, 10):
        text = f"見出し{number}\n\n寧波に研究所を設立した。\n市長は協力を歓迎すると述べた。\n"
        (folder / f"2023-05-0{number}_Echo_news.txt").write_text(text, "utf-8")
    output = tmp_path / "report"
    assert main(["--corpus", str(folder), "--output", str(output)]) == 0, capsys.readouterr().err
    overview = (output / "01_corpus_overview.html").read_text("utf-8")
    assert "The corpus has nine articles with no words that are counted" in overview
    assert "No word of the articles is counted" in (output / "index.html").read_text("utf-8")
    assert "tell again what was told" not in overview
    assert "articles have a publication date." in overview  # years of Japanese are not read
    centres = (output / "04_innovation_centres.html").read_text("utf-8")
    assert "cosine" not in regex.sub(r"(?s)<details.*?</details>", "", centres)
