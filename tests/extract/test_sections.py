import pytest

from tasks.extract.document import Document
from tasks.extract.lexicon import lexicon
from tasks.extract.sections import place
from tasks.read import read

CANON = {
    "一、收入支出决算总体情况说明": "一",
    "1、 收支总体情况": "一",
    "收入决算情况说明": "二",
    "3．支出决算情况": "三",
    "四、财政拨款收入支出决算总体情况说明": "四",
    "（一）一般公共预算财政拨款支出决算总体情况。": "五（一）",
    "（二）一般公共预算财政拨款支出决算结构情况": "五（二）",
    "（三）一般公共预算财政拨款支出决算具体情况": "五（三）",
    "六、一般公共预算财政拨款基本支出决算情况说明": "六",
    "    七、财政拨款“三公”经费支出决算情况说明": "七",
    "八、政府性基金预算财政拨款收入支出决算情况说明": "八",
    "国有资本经营预算支出决算情况说明": "九",
    "（一）机关运行经费支出情况": "十（一）",
    "（二）政府采购支出情况": "十（二）",
    "（三）国有资产占用情况": "十（三）",
    "（四）预算绩效管理工作开展情况": "十（四）",
}


def sections(text: str) -> list[str]:
    document = Document("0" * 64, read(text.encode(), "0" * 64, "x.txt").blocks)
    return [placed.section for placed in place(document.paragraphs, lexicon())]


@pytest.mark.parametrize(("heading", "section"), CANON.items())
def test_a_heading_is_known_by_its_words(heading: str, section: str) -> None:
    text = f"第二部分 2022年度部门决算情况说明\n{heading}\n正文。\n"
    assert sections(text)[-1] == section


def test_a_sentence_with_the_words_of_a_heading_opens_no_section() -> None:
    text = "第二部分 2022年度部门决算情况说明\n（二）政府采购支出情况\n本节说明国有资产占有使用情况以外的采购，下同。\n"
    assert sections(text)[-1] == "十（二）"


def test_income_of_the_performance_annex_is_not_section_two() -> None:
    text = "第二部分 决算情况说明\n二、收入决算情况说明\n正文\n第四部分 附件\n（一）收入情况。本年全部为拨款。\n"
    assert sections(text)[-1] == "绩效报告"


def test_a_heading_may_begin_its_paragraph() -> None:
    text = "第二部分 决算情况说明\n（一）机关运行经费支出情况。本年支出5万元。\n"
    document = Document("0" * 64, read(text.encode(), "0" * 64, "x.txt").blocks)
    last = place(document.paragraphs, lexicon())[-1]
    assert (last.section, last.paragraph.text[last.body :]) == ("十（一）", "本年支出5万元。")
