"""Word 97-2003: what LibreOffice writes of our DOCX files is read as these are; what it never writes is put together."""

import hashlib
from collections.abc import Callable
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.raw import BLOCKS, DOCUMENTS
from schemas.validate import validate
from sources.writer.accounts import random_figures
from sources.writer.compose import write_report
from sources.writer.render import FORMATS
from sources.writer.wording import random_form
from tasks.extract import extract
from tasks.read import Unreadable, read
from tests import office
from tests.read.conftest import build_docx
from tests.read.containers import compound, word

SHA256 = "0" * 64
SEEDS = [(family, seed) for family in "ABC" for seed in range(4)]


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def numbered(text: str, level: int = 0, number: int = 1) -> str:
    return p(run(text), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def field(code: str, result: str) -> str:
    sign = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
    return sign.format("begin") + code + sign.format("separate") + run(result) + sign.format("end")


def cell(content: str, properties: str = "", width: int = 1500) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}</w:tcPr>{content}</w:tc>'


def table(*rows: str, columns: int, width: int = 1500) -> str:
    grid = f'<w:gridCol w:w="{width}"/>' * columns
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def level(number: int, form: str, text: str, style: str = "") -> str:
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{style}<w:lvlText w:val="{text}"/></w:lvl>'


def numbering(*lists: tuple[str, ...]) -> str:
    definitions = "".join(
        f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'
        for number, levels in enumerate(lists, 1)
    )
    return definitions + "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>' for number in range(1, len(lists) + 1)
    )


FEATURES = {
    "lists": (
        numbered("总体情况")
        + numbered("甲", 1)
        + numbered("乙", 1)
        + numbered("收入情况")
        + numbered("丙", 1)
        + numbered("点", 2)
        + p(run("正文"))
        + numbered("圈", 0, 2)
        + numbered("圈", 0, 2)
        + p(run("概况"), '<w:pStyle w:val="Heading2"/>')
        + p(run("说明"), '<w:pStyle w:val="Heading2"/>')
    ),
    "characters": (
        p(run("见") + field('HYPERLINK "https://example.org/a"', "附件") + run("第") + field("PAGEREF _Toc1", "12"))
        + p(run("可见") + run("隐藏", "<w:vanish/>") + run("仍可见"))
        + p(run("原") + '<w:del w:id="1" w:author="x"><w:r><w:delText>删</w:delText></w:r></w:del>' + run("文"))
        + p(run("一行") + "<w:r><w:br/></w:r>" + run("二行") + "<w:r><w:tab/></w:r>" + run("𠮷") + run("12,345.67"))
        + p('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + run("勾"))
        + p(run("注") + '<w:r><w:footnoteReference w:id="2"/></w:r>')
    ),
    "tables": (
        table(
            cell(p(run("项目"))) + cell(p(run("金额")) + p(run("万元"))) + cell(p(run("比例"))),
            cell(p(run("宽")), '<w:gridSpan w:val="2"/>', 3000) + cell(p(run("1.5%"))),
            cell(p(run("高")), '<w:vMerge w:val="restart"/>') + cell(p(run("2"))) + cell(p("")),
            cell(p(""), "<w:vMerge/>") + cell(p(run("3"))) + cell(p(run("4"))),
            columns=3,
        )
        + p(run("之间"))
        + table(
            cell(p(run("外")))
            + cell(
                p(run("前"))
                + table(cell(p(run("内")), "", 700) + cell(p(run("里")), "", 700), columns=2, width=700)
                + p(run("后"))
            ),
            columns=2,
        )
        + p(run("宽表"))
        + table(*["".join(cell(p(run(f"{at}")), "", 300) for at in range(40))] * 2, columns=40, width=300)
    ),
}
LISTS = {
    "numbering": numbering(
        (level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）"), level(2, "decimal", "%3.")),
        (level(0, "decimalEnclosedCircle", "%1"),),
        (level(0, "decimal", "第%1部分", "Heading2"),),
    ),
    "styles": '<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/>'
    '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>',
}
NOTES = {
    "footnotes": '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
    '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>脚注</w:t></w:r></w:p></w:footnote>',
}
PARTS = {"lists": LISTS, "characters": NOTES, "tables": {}}
BOX = (
    '<w:p><w:r><w:t>锚</w:t></w:r><w:r><w:pict><v:shape style="width:200pt;height:50pt"><v:textbox><w:txbxContent>'
    "<w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    "<w:p><w:r><w:t>其后</w:t></w:r></w:p>"
)


@pytest.fixture(scope="session")
def converted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, bytes]]:
    """DOCX files by name, each with the DOC file that LibreOffice makes of it."""
    folder = tmp_path_factory.mktemp("doc")
    contents = {name: build_docx(body, **PARTS[name]) for name, body in FEATURES.items()} | {"box": build_docx(BOX)}
    for family, seed in SEEDS:
        report = write_report(random_figures(Random(seed)), seed, form=random_form(family, seed))
        contents[f"{family}{seed}"] = FORMATS["docx"](report)
    made = office.converted({f"{name}.docx": content for name, content in contents.items()}, "doc", folder)
    return {name: (content, made[f"{name}.docx"]) for name, content in contents.items()}


def facts(content: bytes) -> tuple[str, list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Format, identity and all facts of a report."""
    document = hashlib.sha256(content).hexdigest()
    done = read(content, document, "report.doc")
    row = dict.fromkeys(DOCUMENTS.schema) | {"document": document, "source": "s", "url": "report.doc"}
    documents = DOCUMENTS.frame({name: [value] for name, value in row.items()})
    found = extract(done.blocks, documents.with_columns(format=pl.lit(done.format)))
    # Tables side by side are one table in a DOC: their places differ.
    own = ("report_id", "block", "start", "end", "place")
    identity = found.reports.select("fiscal_year", "region_code", "entity", "kind", "unmapped")
    return done.format, identity.rows(), found.facts.drop(own).rows()


@pytest.mark.parametrize("name", [f"{family}{seed}" for family, seed in SEEDS])
def test_a_doc_gives_the_facts_of_its_docx(converted, name: str) -> None:
    docx, doc = converted[name]
    expected = facts(docx)
    assert len(expected[2]) > 50
    assert facts(doc) == ("doc", *expected[1:])


@pytest.mark.parametrize("name", FEATURES)
def test_a_doc_is_read_as_its_docx(converted, blocks, name: str) -> None:
    docx, doc = map(blocks, converted[name])
    assert doc.height > 5
    assert doc.drop("document").equals(docx.drop("document"))


def test_automatic_numbers_stand_before_their_paragraphs(converted, texts) -> None:
    assert texts(converted["lists"][1]) == [
        "一、总体情况",
        "（一）甲",
        "（二）乙",
        "二、收入情况",
        "（一）丙",
        "1.点",
        "正文",
        "① 圈",
        "② 圈",
        "第1部分 概况",
        "第2部分 说明",
    ]


def test_text_boxes_follow_the_text(converted, texts) -> None:
    assert texts(converted["box"][1]) == ["锚", "其后", "框内"]


def test_texts_are_put_together_from_pieces_of_both_widths(texts) -> None:
    text = "决算表café 12.5%\r支出\x0b合计\x1e\x1f5\r"
    assert texts(word(text, pieces=[(0, 3, False), (3, 14, True), (14, len(text), False)])) == [
        "决算表café 12.5%",
        "支出\n合计-5",
    ]


def test_a_field_without_an_end_hides_nothing(texts) -> None:
    assert texts(word("前\x13 TOC \x14目录\x13 PAGEREF a \x143\x15\x15后\x13收入 5\r")) == ["前目录3后收入 5"]


def test_a_last_paragraph_without_its_mark_is_not_lost(texts) -> None:
    assert texts(word("收入\r支出")) == ["收入", "支出"]


def test_cells_without_the_end_of_their_row_are_not_lost(texts) -> None:
    assert texts(word("收入\x07支出\x07\r结束\r")) == ["收入", "支出", "结束"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (word("a\r", flags=0x100), "a.doc: the Word document is encrypted: remove its password."),
        (word("a\r", version=0x68), "a.doc: a document of Word 95 or older is not read: save it as DOCX."),
        (compound({"WordDocument": b"\xff" * 5000}), "a.doc: the Office file is damaged or cut short"),
        (word("a\r")[:600], "a.doc: the Office file is damaged or cut short"),
        (word("a" * 90 + "\r", pieces=[(90, 91, True), (0, 90, True)]), "a.doc: the Office file is damaged"),
        (word("\r\r \r"), "a.doc: the document holds no text"),
    ],
)
def test_what_cannot_be_read_is_told(content: bytes, told: str) -> None:
    with pytest.raises(Unreadable) as error:
        read(content, SHA256, "a.doc")
    assert str(error.value).startswith(told)


@pytest.fixture(scope="session")
def damaged(converted) -> Callable[[list[tuple[float, bytes]]], bytes]:
    def run(damage: list[tuple[float, bytes]]) -> bytes:
        content = bytearray(converted["tables"][1])
        for where, instead in damage:
            at = int(where * len(content))
            content[at : at + len(instead)] = instead
        return bytes(content)

    return run


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 1, exclude_max=True),
            st.one_of(st.binary(min_size=1, max_size=4), st.sampled_from([b"\xff" * 4, bytes(4), b"\xff\xff\xff\x7f"])),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_damaged_documents_are_read_or_told(damaged, damage: list[tuple[float, bytes]]) -> None:
    try:
        validate(read(damaged(damage), SHA256, "a.doc").blocks, BLOCKS)
    except Unreadable as error:
        assert str(error).startswith("a.doc: ")
        assert "fault of the program" not in str(error)
