"""Paragraphs that a dump broke into lines."""

import random
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.extract.conftest import extraction_of

SENTENCES = (
    "2022年度收入总计812.35万元，支出总计812.35万元。与2021年相比，收入总计增加20.15万元，增长2.54%；"
    "支出总计增加20.15万元，增长2.54%。变动的主要原因是人员经费按政策调整。"
)
TITLE = "某市某区档案馆2022年度部门决算\n第二部分 2022年度部门决算情况说明\n"
HEADING = "一、收入支出决算总体情况说明\n"


def facts(text: str) -> list[tuple[object, ...]]:
    frame = extraction_of(text).facts
    assert all(text[start:end] == quote for start, end, quote in frame.select("start", "end", "quote").iter_rows())
    return frame.select("concept", "period", "value", "unit").rows()


WHOLE = facts(TITLE + HEADING + SENTENCES + "\n")


@given(st.integers(min_value=12, max_value=40), st.randoms(use_true_random=False))
def test_lines_broken_at_any_character_tell_the_same(width: int, rng: random.Random) -> None:
    lines, start = [], 0
    while start < len(SENTENCES):
        end = start + rng.randint(12, max(12, width))
        lines.append(SENTENCES[start:end])
        start = end
    assert facts(TITLE + HEADING + "\n".join(lines) + "\n") == WHOLE


def test_page_numbers_and_running_heads_stand_between_lines() -> None:
    parts = [SENTENCES[i : i + 24] for i in range(0, len(SENTENCES), 24)]
    assert facts(TITLE + HEADING + "\n\n- 7 -\n\n区档案馆部门决算\n".join(parts) + "\n") == WHOLE


def test_a_heading_broken_over_two_lines_is_a_heading() -> None:
    broken = "一、收入支出决算总\n体情况说明\n"
    lines = "\n".join(SENTENCES[i : i + 30] for i in range(0, len(SENTENCES), 30))
    assert facts(TITLE + broken + lines + "\n") == WHOLE


def test_the_real_reports_are_not_reflowed(shared: Path) -> None:
    for path in sorted((shared / "reports").glob("*.txt")):
        frame = extraction_of(path.read_bytes().decode())
        assert frame.reports["unmapped"][0] <= 2, path.name


def test_a_list_of_bodies_does_not_take_in_the_heading_behind_it() -> None:
    bodies = "第一部分 部门概况\n纳入2022年度部门决算编报范围的单位包括：\n1.某市某区档案馆本级\n2.某市某区档案馆技术服务中心\n"
    title, part = TITLE.splitlines(keepends=True)
    assert facts(title + bodies + part + HEADING + SENTENCES + "\n") == WHOLE
