import pytest

from tasks.read.word.numbering import chinese, circled, ideograph_digits


def level(number: int, form: str, text: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def numbering(*levels: str, nums: str = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>') -> str:
    return f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{nums}'


def numbered(text: str, ilvl: int = 0, num: int = 1) -> str:
    place = f'<w:numPr><w:ilvl w:val="{ilvl}"/><w:numId w:val="{num}"/></w:numPr>'
    return f"<w:p><w:pPr>{place}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def styled(text: str, style: str, more: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("chineseCounting", "%1、", "二、情况"),
        ("chineseCountingThousand", "（%1）", "（二）情况"),
        ("japaneseCounting", "第%1部分", "第二部分 情况"),
        ("ideographDigital", "%1、", "二、情况"),
        ("decimal", "%1.", "2.情况"),
        ("decimalFullWidth", "%1．", "２．情况"),
        ("decimalEnclosedCircle", "%1", "② 情况"),
        ("bullet", "\uf06c", "情况"),
        ("thaiCounting", "%1.", "情况"),
    ],
)
def test_a_list_number_is_restored(texts, docx, form: str, text: str, expected: str) -> None:
    body = numbered("概况") + numbered("情况")
    assert texts(docx(body, numbering=numbering(level(0, form, text))))[1] == expected


def test_levels_count_below_each_other(texts, docx) -> None:
    levels = level(0, "chineseCounting", "%1、"), level(1, "decimal", "%1.%2"), level(2, "decimal", "（%3）")
    body = "".join(numbered("甲", ilvl) for ilvl in (0, 1, 1, 2, 0, 1, 2))
    assert texts(docx(body, numbering=numbering(*levels))) == [
        *("一、甲", "一.1 甲", "一.2 甲", "（1）甲", "二、甲", "二.1 甲", "（1）甲")
    ]


def test_legal_levels_count_in_arabic_digits(texts, docx) -> None:
    levels = level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "%1.%2", "<w:isLgl/>")
    body = numbered("甲") + numbered("甲", 1)
    assert texts(docx(body, numbering=numbering(*levels))) == ["一、甲", "1.1 甲"]


def test_lists_share_their_counts_unless_one_starts_again(texts, docx) -> None:
    nums = """<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>
    <w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>"""
    body = "".join(numbered("甲", 0, num) for num in (1, 2, 3, 3))
    assert texts(docx(body, numbering=numbering(level(0, "decimal", "%1."), nums=nums))) == [
        "1.甲",
        "2.甲",
        "1.甲",
        "2.甲",
    ]


def test_headings_are_numbered_by_their_style(texts, docx) -> None:
    styles = """<w:style w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
    <w:style w:styleId="H2"><w:basedOn w:val="H1"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
    <w:style w:styleId="H1a"><w:basedOn w:val="H1"/></w:style><w:style w:styleId="L"><w:basedOn w:val="L"/></w:style>"""
    levels = (
        level(0, "chineseCounting", "%1、", '<w:pStyle w:val="H1"/>'),
        level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="H2"/>'),
    )
    none = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = styled("甲", "H1") + styled("乙", "H2") + styled("丙", "H1a") + styled("丁", "H1", none) + styled("戊", "L")
    assert texts(docx(body, numbering=numbering(*levels), styles=styles)) == [
        "一、甲",
        "（一）乙",
        "二、丙",
        "丁",
        "戊",
    ]


def test_numbers_in_cells_are_restored(texts, docx) -> None:
    row = f"<w:tr><w:tc>{numbered('甲')}</w:tc><w:tc>{numbered('乙')}</w:tc></w:tr>"
    assert texts(docx(f"<w:tbl>{row}</w:tbl>", numbering=numbering(level(0, "decimal", "%1.")))) == ["1.甲", "2.乙"]


def test_nonsense_in_the_numbering_does_no_harm(texts, docx) -> None:
    nums = (
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="9"/></w:num>'
    )
    levels = '<w:lvl w:ilvl="x"><w:start w:val="99999999999999"/><w:lvlText w:val="%1%2."/></w:lvl>'
    body = numbered("甲") + numbered("乙", 7) + numbered("丙", 0, 2)
    assert texts(docx(body, numbering=numbering(levels, nums=nums))) == ["甲", "乙", "丙"]


def test_signs() -> None:
    assert [chinese(number) for number in (1, 10, 11, 20, 35, 99)] == ["一", "十", "十一", "二十", "三十五", "九十九"]
    assert [chinese(number) for number in (0, 100)] == [None, None]
    assert ideograph_digits(10) == "一〇"
    assert [circled(number) for number in (1, 20, 21)] == ["①", "⑳", None]
