"""Numbers with a unit in Chinese: what counts, what is not clear, and what it amounts to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.facts.chinese_quantities import chinese_number
from utils.facts.quantities import find_quantities
from utils.page.wording import CODE_WORDS

QUANTITIES = {
    "总投资2.8万亿元，约合４０００亿美元。": [(2.8e12, "yuan", ""), (4e11, "dollars", "约")],
    "增长百分之三点五，比去年高0.7个百分点，占１０％。": [
        (3.5, "%", ""),
        (0.7, "percentage points", ""),
        (10, "%", ""),
    ],
    "三百名学生、两个中心、十五所大学、一百零五家企业。": [
        (300, "名", ""),
        (2, "个", ""),
        (15, "所", ""),
        (105, "家", ""),
    ],
    "超过300万人，3000多万元，五十余位。": [
        (3e6, "人", "超过"),
        (3e7, "yuan", "多"),
        (50, "位", "余"),
    ],
    "5至10万元，100-200人，3%—5%。": [
        (5e4, "yuan", ""),
        (1e5, "yuan", ""),
        (100, "人", ""),
        (200, "人", ""),
        (3, "%", ""),
        (5, "%", ""),
    ],
    "投資逾三億美元，約兩萬人。": [(3e8, "dollars", "逾"), (2e4, "人", "約")],
    "他付了5¥，共3€。": [(5, "yuan", ""), (3, "euros", "")],
    "三分之一的船，千分之五，$1,200。": [(1 / 3, "", ""), (5, "‰", ""), (1200, "dollars", "")],
    "装机300万千瓦，发电3.5亿千瓦时，重两千克，有三千人。": [
        (3e6, "千瓦", ""),
        (3.5e8, "千瓦时", ""),
        (2, "千克", ""),
        (3000, "人", ""),
    ],
    "近三成的企业，七成以上，五至六成，两成立场不同，五成员到场。": [
        (30, "%", "近"),
        (70, "%", ""),
        (50, "%", ""),
        (60, "%", ""),
    ],
    "历时两年半，三个半小时，一年半，共三年半数以上。": [
        (2.5, "年", ""),
        (3.5, "小时", ""),
        (1.5, "年", ""),
        (3, "年", ""),
    ],
    "增速为-3.2%，气温零下5℃到37℃，下降3-5%。": [
        (-3.2, "%", ""),
        (-5, "℃", ""),
        (37, "℃", ""),
        (3, "%", ""),
        (5, "%", ""),
    ],
    "提高5个多百分点，历时3个多小时。": [(5, "percentage points", "多"), (3, "小时", "多")],
    "廿多人，廿五年，二十来个，12例，3起，500万澳元，￥500。": [
        (20, "人", "多"),
        (25, "年", ""),
        (20, "个", "来"),
        (12, "例", ""),
        (3, "起", ""),
        (5e6, "Australian dollars", ""),
        (500, "yuan", ""),
    ],
    "“三个代表”和“三百亿元”，-5家。": [(3e10, "yuan", "")],
    "零下二十度，20度-30度，三成半，“300名学生”。": [
        (-20, "度", ""),
        (20, "度", ""),
        (35, "%", ""),
        (300, "名", ""),
    ],
    "三个半导体项目，两个多元化项目，两个半球，两个半小时；减负30%。": [
        (3, "个", ""),
        (2, "个", ""),
        (2, "个", ""),
        (2.5, "小时", ""),
        (30, "%", ""),
    ],
    "双十一起售、一成不变、三门湾、三门峡、十三门徒、两例如下、三类似、五间谍、三克拉。": [],
    "三本院校、二类疫苗、二层、七成五。": [],
    "第三届、第15次、一个人、三四百人、数十家、几百人、千万别来、十分重要。": [],
    "三年级、60年代、5G网络、2.0版、246号、比分3-1、一万五人、三亚、四川。": [],
}


@pytest.mark.parametrize("text", QUANTITIES)
def test_quantities(text):
    found = find_quantities(text, "zh")
    assert [(q.number, q.unit, q.hedge) for q in found] == QUANTITIES[text]
    assert all(text[q.start : q.end] == q.printed for q in found)
    assert {q.kind for q in found} <= set(CODE_WORDS["quantity"])


def test_a_date_is_no_number_and_gives_its_clause_a_year():
    text = "2019年投资300亿元，2020年5月17日有20家；昨日有3家。"
    found = [(q.kind, q.number, q.year) for q in find_quantities(text, "zh")]
    assert found[:4] == [
        ("date", 2019, 2019),
        ("money", 3e10, 2019),
        ("date", 2020, 2020),
        ("count", 20, 2020),
    ]
    assert found[4] == ("count", 3, None)


@given(st.integers(1, 9999))
def test_numerals_and_digits_amount_to_the_same(number):
    digits = "〇一二三四五六七八九"
    thousands, hundreds, tens, ones = map(int, f"{number:04}")
    parts = [(thousands, "千"), (hundreds, "百"), (tens, "十"), (ones, "")]
    printed = ""
    for value, unit in parts:
        if value:
            printed += digits[value] + unit
        elif printed and not printed.endswith("〇"):
            printed += "〇"
    assert chinese_number(printed.rstrip("〇")) == number
    assert chinese_number(f"{number}万") == number * 10_000


@given(st.text("一二〇十百千万亿0123.,%至多元人家个 ，分之", max_size=30))
def test_any_text_of_numbers_has_its_spans(text):
    for quantity in find_quantities(text, "zh"):
        assert text[quantity.start : quantity.end] == quantity.printed
