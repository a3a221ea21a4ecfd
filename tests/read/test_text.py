import time

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.read import Unreadable, read, read_all

SHA256 = "0" * 64

LINES = st.lists(
    st.tuples(
        st.sampled_from(["", "", "\t", "\t", "\t\t", " ", "\u3000", "\ufeff"]),
        st.sampled_from(["", "", "决算", "项目绩效目标完成情况表", "100%", "一、概况。" * 20]),
        st.sampled_from(["\n", "\n", "\n", "\r\n", "\r", "\n\n", "\n\n\n", ""]),
    ),
    min_size=1,
    max_size=40,
).map(lambda lines: "".join(map("".join, lines)))


@given(LINES)
def test_the_blocks_are_the_text(text: str) -> None:
    if not text.strip("\ufeff \t\r\n\u3000"):
        return
    blocks = read(text.encode(), SHA256, "report").blocks
    assert "".join(blocks["text"]) == text
    assert [text[start:end] for start, end in blocks.select("start", "end").rows()] == blocks["text"].to_list()
    paragraphs = blocks.filter(pl.col("kind") == "paragraph")["text"]
    assert not any(paragraph.isspace() for paragraph in paragraphs)
    places = blocks.filter(pl.col("kind") == "cell").select("table", "row", "column").rows()
    assert places == sorted(set(places))


def test_the_real_reports_are_tiled(reports) -> None:
    for content in reports.values():
        assert "".join(read(content, SHA256, "report").blocks["text"]) == content.decode()


def shape(frame: pl.DataFrame) -> list[list[int]]:
    """The number of cells in each row of each table."""
    rows = frame.filter(pl.col("kind") == "cell").group_by("table", "row", maintain_order=True).len()
    return rows.group_by("table", maintain_order=True).agg("len")["len"].to_list()


# A project table: title, name, unit, three rows of money, two of goals, and its indicators below a header.
PROJECT = [1, 2, 2, 5, 5, 5, 3, 3, 6]


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ("000", [[*PROJECT, *[6] * count] for count in (8, 9, 6, 7, 7)]),
        ("001", []),
        ("002", [[*PROJECT, *[6] * 26]]),
        ("003", [[*PROJECT, *[6] * count] for count in (8, 9, 10, 7, 9)]),
        ("004", [[*PROJECT, *[6] * count] for count in (4, 6, 4)]),
    ],
)
def test_the_tables_of_the_real_reports(reports, blocks, report: str, expected: list[list[int]]) -> None:
    assert shape(blocks(reports[report]))[: len(expected) or None] == expected


def test_the_scoring_table_of_a_real_report(reports, blocks) -> None:
    tables = shape(blocks(reports["004"]))
    assert len(tables) == 4
    assert tables[3] == [7, *[11] * 12, 12, *[11] * 10, 8, 8]


def test_every_line_that_is_not_blank_is_a_paragraph(blocks) -> None:
    frame = blocks("\n\n一\r\n\r\n 二\r三\n\u3000\n四")
    assert frame["text"].to_list() == ["\n\n一\r\n\r\n", " 二\r", "三\n\u3000\n", "四"]
    assert frame["kind"].unique().to_list() == ["paragraph"]


def test_a_cell_may_hold_lines_and_an_empty_line(cells) -> None:
    text = "前文\n\t一级\n\t社会效益\n\n指标\n\t下一格\n\n\t甲\n乙\n\t\n\t丙\n\n\n后文\n"
    assert cells(text) == [
        (0, 0, 0, "一级"),
        (0, 0, 1, "社会效益\n\n指标"),
        (0, 0, 2, "下一格"),
        (0, 1, 0, "甲\n乙"),
        (0, 1, 1, ""),
        (0, 1, 2, "丙"),
    ]


TABLE = "\t表\n\n\t甲\n\t乙\n\n"


def test_text_without_a_tab_ends_a_table(texts, cells) -> None:
    text = TABLE + "后文\n\n又一段\n\n\n" + TABLE
    assert [cell[:3] for cell in cells(text)] == [
        (0, 0, 0), (0, 1, 0), (0, 1, 1), (1, 0, 0), (1, 1, 0), (1, 1, 1),
    ]  # fmt: skip
    assert texts(text)[3:5] == ["后文", "又一段"]


def test_many_lines_behind_an_empty_line_are_no_cell(texts, cells) -> None:
    text = TABLE + "段\n" * 9 + TABLE
    assert texts(text)[3:12] == ["段"] * 9
    assert {cell[0] for cell in cells(text)} == {0, 1}


def test_the_title_begins_the_next_table(cells) -> None:
    assert [cell[0] for cell in cells(TABLE + TABLE)] == [0, 0, 0, 1, 1, 1]
    assert [cell[0] for cell in cells(TABLE + "\n" + TABLE.replace("表", "另一表"))] == [0, 0, 0, 1, 1, 1]


def test_empty_lines_at_the_end_of_a_cell_do_not_end_the_table(cells) -> None:
    assert [cell[:2] for cell in cells(TABLE + "\n\t丙\n\t丁\n\n\n")] == [(0, 0), (0, 1), (0, 1), (0, 2), (0, 2)]


def test_a_row_that_an_empty_line_cuts_in_two_is_mended(cells) -> None:
    text = TABLE + "\t绩效\n\n\t一级\n\t二级\n\n\t\n\t数量\n\t质量\n\n\n"
    assert [cell[:3] for cell in cells(text)][3:] == [
        (0, 2, 0), (0, 2, 1), (0, 2, 2), (0, 3, 0), (0, 3, 1), (0, 3, 2),
    ]  # fmt: skip


def test_a_title_stays_apart_from_a_narrow_header(cells) -> None:
    text = "\t表\n\n\t项目\n\t决算\n\n\t\n\t甲\n\t乙\n\n\n"
    assert [cell[:3] for cell in cells(text)][:3] == [(0, 0, 0), (0, 1, 0), (0, 1, 1)]


SENTENCE = "本年收入合计100万元，比上年增加10万元，增长11.1%，主要原因是人员经费增加以及项目经费按照预算执行的进度拨付，与年初安排的预算一致。"


@pytest.mark.parametrize(
    "text",
    [
        f"\t{SENTENCE}\n\t{SENTENCE}\n\n\t{SENTENCE}\n\t{SENTENCE}\n",
        f"\t一、概况\n\n\t{SENTENCE}\n\n\t二、情况\n\n\t{SENTENCE}\n",
        f"\t一、概况\n{SENTENCE}\n\t二、情况\n{SENTENCE}\n",
        "\t单独一行\n",
        f"一、概况\n\t\n{SENTENCE}\n",
    ],
)
def test_a_tab_may_indent_prose(blocks, text: str) -> None:
    frame = blocks(text)
    assert frame["kind"].unique().to_list() == ["paragraph"]
    assert frame.height == sum(not line.isspace() for line in text.split("\n") if line)


TEXT = "部门决算：支出100万元\r\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (TEXT.encode(), TEXT),
        (TEXT.encode("utf-8-sig"), "\ufeff" + TEXT),
        (TEXT.encode("utf-16"), "\ufeff" + TEXT),
        (("\ufeff" + TEXT).encode("utf-16-be"), "\ufeff" + TEXT),
        (TEXT.encode("gb18030"), TEXT),
        ("㐀𠀀决算€".encode("gb18030"), "㐀𠀀决算€"),
        (b"2020: 100", "2020: 100"),
    ],
)
def test_encodings(blocks, content: bytes, expected: str) -> None:
    assert "".join(blocks(content)["text"]) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_text_that_is_cut_within_a_character_stays_readable(blocks, encoding: str) -> None:
    content = (TEXT * 20 + "决").encode(encoding)[:-1]
    assert "".join(blocks(content)["text"]) == TEXT * 20 + "\ufffd"


def test_a_table_may_begin_behind_the_byte_order_mark(cells) -> None:
    assert len(cells("\ufeff" + TABLE)) == 3


@pytest.mark.parametrize(
    "content", [bytes(range(256)) * 40, b"\xff" * 500, b"a\x00b\x00c\x00", "\ue001\ue002".encode() * 50]
)
def test_what_is_no_text_is_told(content: bytes) -> None:
    with pytest.raises(Unreadable, match=r"^a\.txt: this is neither text nor a known format: publish it as DOCX"):
        read(content, SHA256, "a.txt")


def test_the_length_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.read.encoding.MAX_CHARACTERS", 10)
    assert read(b"x" * 10, SHA256, "a.txt").blocks.height == 1
    for content in (b"x" * 11, b"x" * 41):
        with pytest.raises(Unreadable, match=r"^a\.txt: the text is longer than 10 characters: split it\.$"):
            read(content, SHA256, "a.txt")


def test_time_is_linear_in_hostile_texts() -> None:
    hostile = [
        "\t\n" * 100_000,
        "\ta\n\nb\n" * 60_000,
        "\ta\n\n" * 60_000,
        "\ta\n\tb\n\n" * 60_000,
        "\n" * 200_000 + "x",
        "a\tb\n" * 20_000,
        "a\tb\n\t\tc\n" * 10_000,
        "y\tz" + "\t" * 20_000 + "\n" + "y\tz\n" * 20_000,
    ]
    began = time.process_time()
    batch = read_all((str(number), "a.txt", text.encode()) for number, text in enumerate(hostile))
    assert time.process_time() - began < 10
    assert len(batch.formats) + len(batch.failures) == len(hostile)


GRID = "单位名称\t编制数\t在职人数\n某市档案馆\t22\t21\n某市方志馆\t\t9\n"


def test_lines_that_tabs_part_are_rows(cells, texts) -> None:
    assert cells("见下表：\n" + GRID + "后文\n") == [
        (0, 0, 0, "单位名称"), (0, 0, 1, "编制数"), (0, 0, 2, "在职人数"),
        (0, 1, 0, "某市档案馆"), (0, 1, 1, "22"), (0, 1, 2, "21"),
        (0, 2, 0, "某市方志馆"), (0, 2, 1, ""), (0, 2, 2, "9"),
    ]  # fmt: skip
    assert texts("见下表：\n" + GRID + "后文\n")[-1] == "后文"


def test_short_rows_are_filled_up(cells) -> None:
    text = "前文\n预算数\t\t\t决算数\n合计\t小计\t接待费\t合计\t小计\t接待费\n\t1\t2\t\t3\n"
    assert [cell[:3] for cell in cells(text)] == [(0, row, column) for row in range(3) for column in range(6)]
    assert [cell[3] for cell in cells(text)][:6] == ["预算数", "", "", "决算数", "", ""]
    assert [cell[3] for cell in cells(text)][12:] == ["", "1", "2", "", "3", ""]


@pytest.mark.parametrize(
    "text",
    [
        "一、概况\t3\n二、说明\t8\n三、附件\t12\n",
        "第一部分\t概况\t3\n第二部分\t说明\t8\n",
        "1.\t负责档案工作。\n2.\t指导村（社区）。\n",
        "单位：某局\t2022年度\t单位：万元\n",
        f"1.\t{SENTENCE}\t{SENTENCE}\n2.\t{SENTENCE}\t{SENTENCE}\n",
    ],
)
def test_tabs_in_contents_and_prose_part_no_cells(blocks, text: str) -> None:
    frame = blocks("前文\n" + text + "后文\n")
    assert frame["kind"].unique().to_list() == ["paragraph"]
    assert frame.height == 2 + text.count("\n")


def test_an_export_behind_a_grid_is_a_table_of_its_own(cells) -> None:
    assert [cell[0] for cell in cells(GRID + TABLE)] == [0] * 9 + [1] * 3
