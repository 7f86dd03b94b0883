"""Where sentences end: texts split by hand, kinds one by one, and no text that takes long."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.corpus import chunks
from utils.corpus.articles import read_corpus
from utils.corpus.chunks import split_texts
from utils.corpus.sentences import sentence_spans, spans_between
from utils.corpus.tokens import sentence_table

HERE = Path(__file__).parent


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


# Chunks that a sentence may end with, within or before, for all the reasons there are.
CHUNKS = (
    "It it left. Left? U.S. Inc. Co. Terms were Mr. Wu The 5. 2018. i. (a) a.) No. p.m. Oct. Corp. "
    "etc.) e.g. B. :1. note: ... … …” . ! “Yes?” said. Yes!” said he » « « – - “No” “The $5 3 .NET "
    "No.” 。 好。”他说。 等…… क॥ x.”. Πού; ναι;» Ναι\u037e Abc!? don't. ΑΣ. \x1c \x1d. \xa0"
).split(" ")


@settings(deadline=None)
@given(
    st.lists(st.lists(st.sampled_from([*CHUNKS, "", "\n"])).map(" ".join), max_size=4),
    st.sampled_from(["en", "de", "fr", "zh", "el"]),
)
def test_sentences_of_many_texts_are_those_of_each(texts, language):
    found = np.column_stack(split_texts(texts, language)[0]).tolist()
    assert found == [
        [number, *span]
        for number, text in enumerate(texts)
        for span in sentence_spans(text, language)
    ]


def test_stops_that_must_be_read_do_not_cost_their_whole_paragraph_each(monkeypatch):
    """Only what is around them is read, and all is looked at for capitals once."""
    looks = []

    class Text(str):
        def lower(self):
            looks.append(len(self))
            return super().lower()

    def counted(text, part, *how):
        read.append(part[1] - part[0])
        return spans_between(text, part, *how)

    read = []
    monkeypatch.setattr(chunks, "spans_between", counted)
    text = Text("and " + "It is 1. The sea rose. The rain fell. " * 300)
    found = split_texts([text])[0].start
    assert len(read) == 300
    assert sum(read) < len(text)
    assert looks == [len(text)]
    assert len(found) == len(sentence_spans(text))


@pytest.mark.parametrize("name", ["sentences_a.txt", "sentences_b.txt"])
def test_newspaper_text_split_by_hand(name):
    """A sentence a line, a blank line between texts; F1 of the boundaries inside the texts."""
    wrong = found = right = 0
    for block in (HERE / name).read_text("utf-8").strip().split("\n\n"):
        expected = [line.strip() for line in block.splitlines()]
        ends = [end for _, end in sentence_spans(" ".join(expected))][:-1]
        lengths = [sum(map(len, expected[:n])) + n - 1 for n in range(1, len(expected))]
        wrong += len(set(ends) ^ set(lengths))
        found += len(ends)
        right += len(lengths)
    assert right >= 50
    assert 1 - wrong / (found + right) >= 0.98


@pytest.mark.parametrize(
    "text",  # the sign | stands where a sentence ends
    [
        # months, days, times
        "It opened on Feb. 9, 2019.| It shut on Dec. 1.| Nobody came.",
        "He came in Sept. and left in Oct.| The house is empty.",
        "It starts at 9 a.m. Monday and ends at 5 p.m.| The hall is full.",
        "They meet at 6 p.m.| Mr. Wu will speak.",
        # before a name, before a number
        "Cllr. Booth, Supt. Hall and Messrs. Lane agreed.| Dr. He did not.",
        "Gen. A. B. Cole met Sen. Pike and Rep. Dunn.",
        "It is No. 5 of Nos. 3 to 9.| Is it art?| He said no.| She agreed.",
        "See Fig. 3, vol. 2, pp. 4 and Art. 7 of the treaty.| It is modern art.| It sold.",
        "He lives in St. Ives near Mt. Snowdon.",
        # companies, states, juniors
        "Acme Inc. and Foo Co. Ltd. signed.| Acme Corp. Chairman Jo Hall left.",
        "It was sold to Acme Inc.| The price was low.",
        "It was sold to Acme Corp.| Terms were not given.",
        "The plant in Decatur, Ill. is shut, as is that in Salem, Ore.| They were old.",
        "The Ann Arbor, Mich., firm lost money.| A critical mass.| It works.",
        "Sam Hill Jr. spoke.| So did Lee Sr.| He was brief.",
        # initials and letters with stops
        "The author P.D. James met T.S. Eliot and J. R. R. Tolkien.",
        "The U.S. Senate met.| It is in the U.S.| The vote was close.",
        "The N.A.T.O. Council and the E.U. Commission agreed in Washington, D.C.| It was late.",
        "Take vitamin C.| It helps.| Plan B.| We go.",
        "She has a Ph.D. from Leeds, i.e. she can read, e.g. maps.",
        # ellipses
        "It was dark…| Then it rained.",
        "It was dark... and it rained.| It was . . . very . . . dark.",
        "He waited. . . .| Then he left.| “Is that … you?” he said.",
        # quotation marks and brackets
        "“It is late.| We go,” he said.| “Now.”| She nodded.",
        '"Who came?" asked Mr. Li.| "Nobody."| He left.',
        "“Who came?” Mr. Li asked.| “Nobody!” she said.| “Why?”| He left.",
        "He called it “the end.”| She laughed.| (It was not.)| The sun rose.",
        "‘It is open.’| The port (see No. 5) is big.| [It was.]| Yes.",
        # numbers
        "Sales rose 3.5 per cent.| Costs fell 2.| In 2.0 it is new.| It cost $1.5 million.",
        "It fell in 2019.| 300 people left.| $5 million went.",
        "1. Pay in advance.| 2. Keep the receipt.| (3) Go.",
        "The rules: 1. Pay.| 2. Go.",
        # questions, calls, several marks
        "Is it so?!| No!| Why not?| “Yes!” cried the boy.",
        # no capitals at all; other scripts
        "it was late. |the port shut.| nobody came.",
        "中心成立。|市长来了！|谁来了？|“好。”|他走了。",
        "2018年，中心成立。|他说：“很好。”|散会",
        "Порт открыт.| Город рад.",
        # one sentence only
        "No stop at all",
        "The end.",
    ],
)
def test_kinds(text):
    expected = [part.strip() for part in text.split("|")]
    assert split(text.replace("| ", " ").replace("|", "" if "。" in text else " ")) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "港口开了。|船来了！|谁来了？|“来了？”他问，没人答。|雨停了……|我们走吧。"),
        (
            "zh",
            "“港口开了。|船来了。”李明说。|「好。」|她走了。|“来！”她答。|鱼、虾……等都有。|好吗?|好!|完",
        ),
        ("zh", "船来了；人也来了。|增长2.8%。|U.K.的船（三艘）来了。|（完。）"),
        ("de", "Am 3. Juni kam Dr. Weber, z. B. mit ca. 5 Mio. Euro.| Er blieb bis zum 7. Juli."),
        (
            "de",
            "„Es regnet.“| Sie ging.| »Wer ist da?« fragte er.| Im Jahr 2018.| Die Stadt wuchs.",
        ),
        ("fr", "M. Le Goff et Mme Petit sont venus.| « Il pleut. »| Puis, env. 300 personnes."),
        ("es", "El Sr. Ruiz vive en EE. UU. desde 2018.| ¿Cuándo volverá?| ¡Nadie lo sabe!| Fin."),
        ("el", "Ποιος ήρθε;| Η Άννα, είπε· κι έφυγε.| «Πού πας;»| Ήταν αργά.| Γιατί\u037e| Έτσι."),
        ("grc", "τίς εἶ;| Οὐδείς."),
        ("hi", "नाव आई।| बारिश हुई।"),
        ("hy", "Նավը եկավ։| Անձրև էր։"),
        ("xx", "Ab cd.| Ef gh."),
    ],
)
def test_kinds_of_other_languages(language, text):
    joint = "" if language == "zh" else " "
    joined = text.replace("| ", "|").replace("|", joint)
    spans = sentence_spans(joined, language)
    expected = text.replace("| ", "|").split("|")
    assert [joined[start:end] for start, end in spans] == expected


@pytest.mark.parametrize(
    "piece",
    [
        ".",
        ". ",
        "word ",
        "a",
        "A. ",
        "“a ",
        "(a. ",
        "Mr. X ",
        ".'",
        "? Aa ",
        "。",
        "a.\n",
        "…",
        "１. ",
    ],
)
def test_any_length_is_read_to_its_end(piece):
    text = piece * 200_000
    spans = sentence_spans(text)
    assert spans[-1][1] == len(text.rstrip())


@given(st.text(st.sampled_from("aBé.!?…。 \n“”\"'(1)\u00a0中")))
def test_sentences_hold_all_but_white_space(text):
    spans = sentence_spans(text)
    assert "".join("".join(split(text)).split()) == "".join(text.split())
    assert spans == sorted(spans)
    assert all(start < end and not text[start].isspace() for start, end in spans)


def test_offsets_point_into_the_raw_text(make_corpus):
    text = "A title\n\n It rained…  The port\r\nshut.\n\n“Why?” asked Dr. Li. \n"
    table = sentence_table(read_corpus(make_corpus({"a": text})))
    assert [text[s:e] for s, e in zip(table.start, table.end, strict=True)] == [
        "It rained…",
        "The port\r\nshut.",
        "“Why?” asked Dr. Li.",
    ]
