"""Blocks as what a page draws: tables with their spans, headings of files, sheets and pages, texts cut at marks."""

from collections.abc import Iterable

import pytest

from schemas.raw import BLOCKS
from tasks.publish.pages.layout import Part, parts
from tasks.publish.places import Mark, Places

Block = tuple[str, dict[str, object]]


def drawn(blocks: Iterable[Block], found: Places | None = None) -> list[Part]:
    rows = []
    start = 0
    for number, (text, place) in enumerate(blocks):
        kind = "cell" if "table" in place else "paragraph"
        row = {"document": "0" * 64, "block": number, "kind": kind, "text": text, "start": start}
        rows.append(dict.fromkeys(BLOCKS.schema) | row | {"end": start + len(text)} | place)
        start += len(text)
    return list(
        parts(BLOCKS.frame({name: [row[name] for row in rows] for name in BLOCKS.schema}), found or Places([], {}))
    )


def cell(text: str, row: int, column: int, **place: object) -> Block:
    return text, {"table": 0, "row": row, "column": column} | place


def texts(part: Part) -> list[list[tuple[str, int]]]:
    return [
        [("".join(piece.text for run in each.runs for piece in run.pieces), each.columns) for each in row]
        for row in part.rows
    ]


def test_a_cell_reaches_to_the_next_one_of_its_row_or_to_the_end_of_the_table() -> None:
    (part,) = drawn(
        [
            cell("标题", 0, 0), cell("收入", 1, 0), cell("支出", 1, 2),
            cell("甲", 2, 0), cell("1", 2, 1), cell("乙", 2, 2), cell("2", 2, 3), cell("丙", 3, 1),
        ]
    )  # fmt: skip
    assert texts(part) == [
        [("标题", 4)],
        [("收入", 2), ("支出", 2)],
        [("甲", 1), ("1", 1), ("乙", 1), ("2", 1)],
        [("", 1), ("丙", 3)],
    ]


def test_cells_of_numbers_are_told_from_others() -> None:
    (part,) = drawn(
        [cell(text, 0, column) for column, text in enumerate(["-1,234.5", "12%\t", "3人", "", "—", " 7 \n"])]
    )
    assert [each.number for each in part.rows[0]] == [True, True, False, False, False, True]


def test_a_table_that_runs_over_pages_is_one_table() -> None:
    parted = drawn([("前\n", {"page": 1}), cell("1", 0, 0, page=1), cell("2", 1, 0, page=2), ("后", {"page": 2})])
    assert [(part.headings, len(part.rows)) for part in parted] == [(["Page 1"], 0), ([], 2), ([], 0)]


def test_files_and_sheets_begin_with_their_names() -> None:
    parted = drawn(
        [("前\n", {"file": "a.xlsx"}), cell("1", 0, 0, file="a.xlsx", sheet="收入"), ("后", {"file": "b.txt"})]
    )
    assert [part.headings for part in parted] == [["File a.xlsx"], ["Sheet 收入"], ["File b.txt"]]


def test_blank_paragraphs_are_left_out_but_not_their_page() -> None:
    parted = drawn([(" \n", {"page": 1}), ("文\n", {"page": 1}), ("\n", {"page": 2})])
    assert [part.headings for part in parted] == [["Page 1"]]


@pytest.mark.parametrize(
    ("words", "runs"),
    [
        ({}, [("", "", ["共", "12", "元"])]),
        ({(0, 4): "w0"}, [("w0", "w0", ["共", "12", "元"])]),
        # What cuts a figure holds the whole of it.
        ({(0, 2): "w0"}, [("w0", "w0", ["共", "12"]), ("", "", ["元"])]),
        ({(0, 3): "w0", (3, 4): "w1"}, [("w0", "w0", ["共", "12"]), ("w1", "w1", ["元"])]),
        ({(0, 3): "w0", (1, 4): "w1"}, [("w0", "w0", ["共"]), ("w0 w1", "w1", ["12"]), ("w1", "", ["元"])]),
        ({(3, 7): "w0"}, [("", "", ["共", "12"]), ("w0", "w0", ["元"])]),
    ],
)
def test_texts_are_cut_at_figures_and_words(words: dict, runs: list) -> None:
    figure = Mark(1, 3, "figure", "f0")
    first, second = drawn([("共12元", {}), ("和其他", {})], Places([figure], {0: figure}, {}, words))
    assert [(run.words, run.id, [piece.text for piece in run.pieces]) for run in first.runs] == runs
    assert [piece.id for run in first.runs for piece in run.pieces if piece.mark] == ["f0"]
    assert "".join(piece.text for run in second.runs for piece in run.pieces) == "和其他"


def test_a_mark_over_two_blocks_is_drawn_in_both_and_named_once() -> None:
    figure = Mark(1, 3, "figure", "f0")
    cells = drawn([cell("共1", 0, 0), cell("2元", 0, 1)], Places([figure], {0: figure}))[0].rows[0]
    pieces = [piece for each in cells for run in each.runs for piece in run.pieces]
    assert [(piece.text, piece.id) for piece in pieces if piece.mark] == [("1", "f0"), ("2", "")]
