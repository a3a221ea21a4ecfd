"""The classification by function, the labels that name it, and the five real reports' labels."""

import csv
import re
import time
from collections import defaultdict
from pathlib import Path

import pytest

from tasks.extract.document import FORMS, NOISE
from tasks.extract.functions import parse_path
from tasks.extract.functions.table import FunctionTable, Label, Resolved, function_table, normalised, read_functions

YEARS = range(2018, 2027)
FUNCTIONS = list(read_functions())
LEVELS = ("类", "款", "项")


def compact(text: str) -> str:
    return NOISE.sub("", text.translate(FORMS))


def resolved(text: str, year: int = 2020, carried: tuple[str | None, str | None] = (None, None)) -> Resolved:
    return function_table().resolve(parse_path(text).labels, year, carried)


def labels(*names: str | None) -> tuple[Label, ...]:
    return tuple(Label(level, name) for level, name in zip(LEVELS, names, strict=True) if name)


@pytest.fixture(scope="module")
def report(real_reports: Path) -> dict[str, str]:
    return {path.name[:3]: path.read_text(encoding="utf-8") for path in real_reports.glob("*.txt")}


# The data


def test_codes_have_one_name_in_a_year_and_a_parent_in_that_year() -> None:
    for year in YEARS:
        valid = [function.code for function in FUNCTIONS if function.years_from(year) == 0]
        assert len(valid) == len(set(valid))
        assert {code[:-2] for code in valid if len(code) > 3} <= set(valid)


def test_rows_are_sound() -> None:
    for function in FUNCTIONS:
        assert function.name.strip() and all(alias.strip() for alias in function.aliases), function
        assert function.valid_from >= 2018 and (function.valid_to is None or function.valid_to >= function.valid_from)
        assert not re.search(r"[()\s]", function.name), f"{function.name}: official names have full-width brackets"


def test_no_two_siblings_share_a_name_in_a_year() -> None:
    for year in YEARS:
        owner: dict[tuple[str, str], str] = {}
        for function in FUNCTIONS:
            if function.years_from(year):
                continue
            parent = function.code[:-2] if len(function.code) > 3 else ""
            for name in {normalised(name) for name in (function.name, *function.aliases)}:
                assert owner.setdefault((parent, name), function.code) == function.code, (year, name)


def test_every_official_name_resolves_to_its_own_code_in_every_year_it_is_valid() -> None:
    names: dict[tuple[int, str], str] = {
        (year, function.code): function.name
        for function in FUNCTIONS
        for year in YEARS
        if function.years_from(year) == 0
    }
    for (year, code), name in names.items():
        path = [names[year, code[:length]] for length in (3, 5) if length < len(code)] + [name]
        expected = Resolved(code, code[:-2] if len(code) > 3 else None, name)
        assert function_table().resolve(labels(*path, *[None] * (3 - len(path))), year) == expected


def test_the_classes_of_2021_are_complete() -> None:
    classes = {function.code for function in FUNCTIONS if len(function.code) == 3}
    missing = {"209", "218", "225", "226", "228"}
    assert classes == {str(code) for code in range(201, 235)} - missing


def test_a_bad_row_is_refused(tmp_path: Path) -> None:
    header = "code,name,valid_from,valid_to,aliases\n"
    for line, complaint in (
        ("20101,人大事务,2018,,", "before its parent 201"),
        ("2010,人大,2018,,", "3, 5 or 7 digits"),
    ):
        (tmp_path / "functions.csv").write_text(f"{header}{line}\n", encoding="utf-8")
        with pytest.raises(ValueError, match=f"functions.csv, line 2: .*{complaint}"):
            list(read_functions(tmp_path))


# Labels


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("1.一般公共服务(201)政府办公厅(室)及相关机构事务(03):行政运行(01)支出决算为", "2010301", "行政运行"),
        ("一般公共服务支出(类)人大事务(款)行政运行:支出决算为", "2010101", "行政运行"),
        (
            "社会保障和就业(类)行政事业单位离退休(款)机关事业单位基本养老保险缴费支出(项):",
            "2080505",
            "机关事业单位基本养老保险缴费支出",
        ),
        ("住房保障支出(221)住房改革支出(02)住房公积金(01)支出决算为", "2210201", "住房公积金"),
        ("社会保障和就业(208)行政事业单位养老支出(05):支行政单位离退休(01)出决算为", "2080501", "行政单位离退休"),
        ("一般公共服务支出(类)政府办公厅(室)及相关机构事务款)事业运行(项)", "2010350", "事业运行"),
        ("一般公共服务支出(类)政府办公厅(室)及相关机构事务(款事业运行(项)", "2010350", "事业运行"),
        ("教育(类)进修与培训(款)干部教育(项):", "2050802", "干部教育"),
        ("7.住房保障支出(类)住房改革支出(款)住房公积金(项):支出", "2210201", "住房公积金"),
        ("201一般公共服务支出-20103政府办公厅(室)及相关机构事务-2010301行政运行", "2010301", "行政运行"),
        ("一般公共服务支出→人大事务→行政运行", "2010101", "行政运行"),
        ("201.03.01行政运行", "2010301", "行政运行"),
        ("2010301行政运行", "2010301", "行政运行"),
        ("(2010301)行政运行", "2010301", "行政运行"),
        ("行政运行(2010301)", "2010301", "行政运行"),
        ("住房保障支出住房改革支出住房公积金", "2210201", "住房公积金"),
        ("一般公共服务支出类人大事务款行政运行项", "2010101", "行政运行"),
        ("(1)农林水(类)扶贫(款)其他扶贫支出(项):支出", "2130599", "其他扶贫支出"),
        ("一是一般公共服务(类)支出财政事务(款)支出预算改革业务(项)年初预算为", "2010604", "预算改革业务"),
        ("其中:教育支出(类)普通教育(款)小学教育(款)2020年决算数为", "2050202", "小学教育"),
        ("公共安全支出(类)公安(款)执法办案(项)。主要用于:办案。年初预算为", "2040220", "执法办案"),
        ("国有资本经营预算支出(类)解决历史遗留问题及改革成本支出(款)", "22301", "解决历史遗留问题及改革成本支出"),
        ("科学技术(类)***(款)***(项):支出决算为", "206", "科学技术"),
        ("文化旅游体育与传媒(类)…(款)…(项)支出", "207", "文化旅游体育与传媒"),
        ("一般公共服务支出", "201", "一般公共服务支出"),
        ("一般公共服务支出(类)支出", "201", "一般公共服务支出"),
        ("一般公共服务(类)支出", "201", "一般公共服务"),
        ("教育支出(类)", "205", "教育支出"),
        ("教育支出(类)5.66万元", "205", "教育支出"),
        ("卫生健康(类)支出", "210", "卫生健康"),
        ("文化旅游体育与传媒支出类科目", "207", "文化旅游体育与传媒支出"),
    ],
)
def test_a_label_is_taken_apart_and_resolved(text: str, code: str, name: str) -> None:
    path = parse_path(text)
    assert text[path.start : path.end] == path.labels[-1].name == name
    assert resolved(text).code == code


def test_levels_and_codes_are_told() -> None:
    assert parse_path("1.一般公共服务(201)人大事务(03):行政运行(01)支出决算为").labels == (
        Label("类", "一般公共服务", "201"),
        Label("款", "人大事务", "03"),
        Label("项", "行政运行", "01"),
    )
    assert parse_path("行政运行(01)支出决算为").labels == (Label(None, "行政运行", "01"),)
    assert parse_path("抚恤(款)死亡抚恤").labels == (Label("款", "抚恤"), Label("项", "死亡抚恤"))
    assert parse_path("支出决算为") == ((), 0, 0)


def test_levels_that_are_not_named_are_inherited() -> None:
    carried = ("201", "20101")
    assert resolved("一般行政管理事务(项):支出决算为", carried=carried).code == "2010102"
    assert resolved("政协事务(款)行政运行(项)", carried=carried).code == "2010201"
    assert resolved("事业运行(50)支出决算为", carried=carried) == ("2010150", "20101", "事业运行")
    assert resolved("教育支出(类)", carried=carried).code == "205"
    assert resolved("教育支出", carried=carried).code == "205"
    assert resolved("一般行政管理事务(项)").code is None


def test_the_item_of_a_group_that_is_left_out_is_found_only_where_no_other_bears_the_name() -> None:
    assert resolved("住房保障支出(类)住房公积金(项)").code == "2210201"
    assert resolved("一般公共服务支出(类)行政运行(项)") == (None, "201", None)


# What resolves, and what must not


@pytest.mark.parametrize(
    ("year", "names", "expected"),
    [
        (2018, ("医疗卫生与计划生育支出", None, None), ("210", None, "医疗卫生与计划生育支出")),
        (2020, ("医疗卫生与计划生育", None, None), ("210", None, "卫生健康支出")),
        (2020, ("社会保障与就业", "行政事业单位离退休", None), ("20805", "208", "行政事业单位养老支出")),
        (2019, ("社会保障和就业", "行政事业单位离退休", "未归口管理的行政单位离退休"), ("2080504", "20805", None)),
        (2023, ("社会保障和就业", "行政事业单位养老支出", "未归口管理的行政单位离退休"), ("2080504", "20805", None)),
        (2019, ("社会保障和就业", "行政事业单位离退休", "行政单位离退休"), ("2080501", "20805", None)),
        (2020, ("农林水", "扶贫", "其他扶贫支出"), ("2130599", "21305", "其他扶贫支出")),
        (2021, ("农林水", "扶贫", None), ("21305", "213", "巩固脱贫衔接乡村振兴")),
        (2024, ("农林水", "扶贫", None), ("21305", "213", "巩固脱贫攻坚成果衔接乡村振兴")),
        (2020, ("社会保障和就业", "其他社会保障和就业支出", "其他社会保障和就业支出"), ("2089901", "20899", None)),
        (2021, ("社会保障和就业", "其他社会保障和就业支出", "其他社会保障和就业支出"), ("2089999", "20899", None)),
    ],
)
def test_names_of_other_years_resolve_and_the_name_of_the_year_is_given(
    year: int, names: tuple[str | None, ...], expected: tuple[str, str | None, str | None]
) -> None:
    found = function_table().resolve(labels(*names), year)
    assert found[:2] == expected[:2]
    assert expected[2] is None or found.official_name == expected[2]


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ("机关事业单位基本养老保险", "2080505"),
        ("机关事业单位职业年金缴费", "2080506"),
        ("机关事业单基本养老保险缴费支出", "2080505"),
        ("机关事业单位基养本老保险缴费支出", "2080505"),
        ("支行政单位离退休", "2080501"),
        ("行政单位养老", None),
        ("抚恤", None),
    ],
)
def test_one_character_lost_or_moved_is_tolerated(item: str, code: str | None) -> None:
    found = function_table().resolve(labels("社会保障和就业支出", "行政事业单位养老支出", item), 2020)
    assert found[:2] == (code, "20805")


def test_a_printing_error_does_not_become_a_sibling() -> None:
    """初等职业教育, 中等职业教育 and 高等职业教育 differ by one character: another character is not tolerated."""
    assert function_table().resolve(labels("教育支出", "职业教育", "大等职业教育"), 2020) == (None, "20503", None)


def test_a_group_is_found_below_an_unknown_or_misprinted_class() -> None:
    for name in ("社会障和就业工作", "一般公共服务支出"):
        assert function_table().resolve(labels(name, "行政事业单位养老支出", "事业单位离退休"), 2020).code == "2080502"
    assert function_table().resolve(labels("无此类", "一般公共服务", None), 2020).code is None


def test_what_is_unknown_has_no_code_but_a_parent() -> None:
    assert resolved("一般公共服务支出(类)人大事务(款)无此项目名(项)") == (None, "20101", None)
    assert resolved("一般公共服务支出(类)无此款名(款)行政运行(项)") == (None, "201", None)
    assert resolved("无此类名(类)") == resolved("") == (None, None, None)


def test_a_printed_code_counts_where_the_name_says_nothing() -> None:
    assert resolved("20133") == ("20133", "201", "宣传事务")
    assert resolved("一般公共服务(201)人大会办公事务(01)行政事务管理(02)支出决算为") == (
        "2010102",
        "20101",
        "一般行政管理事务",
    )
    assert resolved("2010188尚未列入的项") == ("2010188", "20101", None)
    assert resolved("机关事业单位基本养老保险(05)", carried=("201", "20103")).code is None


# The real reports

ITEM = re.compile(r"^(.*?)(\d[\d.]*)万元")
OTHER_ITEMS = {
    "001": "2010301 2010350 2080501 2080505 2080506 2080801 2101101 2101102 2101103 2101199 2210201",
    "003": "2010301 2010302 2010350 2080505 2101101 2101102 2101103 2210201",
}


def section(text: str, heading: str, until: str) -> str:
    body = text[re.search(heading, text).end() :]
    return body[: re.search(until, body).start()]


def gold(shared: Path, seed: str) -> list[tuple[str, str]]:
    with (shared / "gold" / f"facts_{seed}.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["concept"] == "gpb_function_expenditure"]
    return [(row["member_code"], row["value"]) for row in rows]


def read_items(text: str, year: int) -> list[tuple[str | None, str]]:
    """The codes and amounts of the clauses; each label inherits from the one before."""
    found, carried = [], (None, None)
    for clause in re.split(r"[;\n]|(?<=%)。", text):
        if item := ITEM.match(compact(clause)):
            code = function_table().resolve(parse_path(item[1]).labels, year, carried).code
            if code and len(code) > 3:
                carried = (code[:3], code[:5])
            found.append((code, item[2]))
    return found


@pytest.mark.parametrize("seed", ["000", "001", "002", "003", "004"])
def test_every_item_of_the_five_reports_has_its_code(shared: Path, report: dict[str, str], seed: str) -> None:
    text = report[seed].translate(FORMS)
    year = 2023 if seed == "001" else 2020
    classes = section(text, r"财政拨款支出决算结构情况\S*\s+\S*?主要用于以下方面:", r"\(图6|\(罗列|\(三\)|\[image")
    items = section(text, r"财政拨款支出决算具体情况[^其]*其中:", r"六、一般公共预算财政拨款基本支出|\(注:")
    found = [*read_items(classes, year), *read_items(items, year)]
    if seed in OTHER_ITEMS:
        assert [code for code, _ in found if code is None or len(code) > 3] == OTHER_ITEMS[seed].split()
        assert {code for code, _ in found if code and len(code) == 3} >= {"201", "208", "210", "221"}
    else:
        assert sorted(found) == sorted(gold(shared, seed))


def test_a_hostile_label_takes_bounded_time() -> None:
    begin = time.perf_counter()
    for text in ("行政运行" * 20_000, "1" * 100_000, "(" * 100_000, "2010101" * 20_000, "教育支出(类)" * 10_000):
        resolved(text)
    assert time.perf_counter() - begin < 5


def test_a_table_knows_only_its_rows() -> None:
    table = FunctionTable(function for function in FUNCTIONS if function.code.startswith("205"))
    assert table.resolve(labels("教育支出", None, None), 2020).code == "205"
    assert table.resolve(labels("一般公共服务支出", None, None), 2020).code is None


def test_most_groups_list_their_items() -> None:
    listed = defaultdict(int)
    for function in FUNCTIONS:
        listed[function.code[:5]] += len(function.code) == 7
    groups = [code for code in listed if len(code) == 5]
    assert sum(listed[code] > 0 for code in groups) / len(groups) > 0.8


@pytest.mark.parametrize("text", ["2011301(行政运行)决算数", "2011301行政运行决算数", "2011301(行政运行)"])
def test_a_code_may_stand_before_its_name_in_brackets(text: str) -> None:
    assert resolved(text).code == "2011301"
