"""Whose final accounts of which year: real reports, composed ones, fragments, and documents that are something else."""

import hashlib
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.extract.data import TaxonomyError, chosen, rows, whole
from tasks.extract.document import Document
from tasks.extract.identity import Identity, NotFinalAccounts, identify
from tasks.extract.identity.organisations import organisations
from tasks.extract.identity.regions import around, regions
from tasks.read import read

BODY = """
第一部分 部门概况
一、主要职能
负责相关工作。
第二部分 {year}年度部门决算情况说明
一、收入支出决算总体情况说明
{year}年度收、支总计100万元。与上年相比，收、支总计各增加1万元，增长1%。
"""


def document_of(content: bytes) -> Document:
    digest = hashlib.sha256(content).hexdigest()
    return Document(digest, read(content, digest, "composed.txt").blocks)


def identity_of(text: str, **known: object) -> Identity:
    document = document_of(text.encode())
    identity = identify(document, known, "composed.txt")
    if identity.title is not None:
        assert document.text[identity.title_start : identity.title_end] == identity.title
    return identity


@pytest.mark.parametrize(
    ("report", "year", "code", "entity"),
    [
        ("000", 2020, "510403", "攀枝花市西区人民政府办公室"),
        ("001", 2023, "510403", "攀枝花市西区人民政府办公室"),
        ("002", 2020, "510403", "攀枝花市西区人民代表大会常务委员会办公室"),
        ("003", 2020, "510403", "攀枝花市西区行政审批局"),
        ("004", 2020, "510812", "广元市朝天区人民政府办公室"),
    ],
)
def test_published_reports_without_a_title(real_reports: Path, report: str, year: int, code: str, entity: str) -> None:
    (path,) = real_reports.glob(f"{report}_*.txt")
    document = document_of(path.read_bytes())
    identity = identify(document, {}, path.name)
    assert (identity.fiscal_year, identity.region_code, identity.entity, identity.kind) == (year, code, entity, "部门")
    assert document.text[identity.title_start : identity.title_end] == identity.title


@pytest.mark.parametrize(
    ("title", "year", "code", "kind", "entity"),
    [
        ("上海市黄浦区财政局2022年度部门决算", 2022, "310101", "部门", "上海市黄浦区财政局"),
        ("2021年度重庆市渝中区教育委员会部门决算公开说明", 2021, "500103", "部门", "重庆市渝中区教育委员会"),
        ("中共蒲江县委组织部2019年度部门决算", 2019, "510131", "部门", "中共蒲江县委组织部"),
        ("某某县第一中学2023年度单位决算", 2023, "000000", "单位", "某某县第一中学"),
        (
            "成都市武侯区晋阳街道办事处（本级）2022年度单位决算",
            2022,
            "510107",
            "本级",
            "成都市武侯区晋阳街道办事处",
        ),
        ("仁寿县某某镇人民政府2020年部门决算编制说明", 2020, "511421", "部门", "仁寿县某某镇人民政府"),
        ("攀枝花市西区财政局机关2022年度部门决算", 2022, "510403", "本级", "攀枝花市西区财政局"),
        ("广元市财政局（汇总）2022年度部门决算", 2022, "510800", "部门", "广元市财政局"),
        ("四川省教育厅2022年度部门决算", 2022, "510000", "部门", "四川省教育厅"),
        ("东莞市教育局２０２２年度部门决算公开", 2022, "441900", "部门", "东莞市教育局"),
        ("北京市海淀区审计局2022年度部门决算及“三公”经费情况说明", 2022, "110108", "部门", "北京市海淀区审计局"),
        ("阿拉善左旗人民法院2021年度部门决算公开报告", 2021, "152921", "部门", "阿拉善左旗人民法院"),
        ("新疆生产建设兵团第八师财政局2021年度部门决算", 2021, "659001", "部门", "新疆生产建设兵团第八师财政局"),
        ("国家税务总局攀枝花市西区税务局2022年度部门决算", 2022, "510403", "部门", "国家税务总局攀枝花市西区税务局"),
        ("仁寿县财政局关于2021年公开2020年度部门决算的说明", 2020, "511421", "部门", "仁寿县财政局"),
        ("二〇二二年度南通市海门区教育局部门决算", 2022, "320614", "部门", "南通市海门区教育局"),
        ("2020年部门决算公开（攀枝花市西区审计局）", 2020, "510403", "部门", "攀枝花市西区审计局"),
        ("附件2：《攀枝花市西区审计局2020年度部门决算》", 2020, "510403", "部门", "攀枝花市西区审计局"),
        ("附属医院路街道办事处2020年度部门决算", 2020, "000000", "部门", "附属医院路街道办事处"),
        ("攀枝花市西区审计局\n2020 年 度\n部门决算公开", 2020, "510403", "部门", "攀枝花市西区审计局"),
        ("2020年度\n攀枝花市西区审计局\n部门决算", 2020, "510403", "部门", "攀枝花市西区审计局"),
        ("攀枝花市西区\n人民政府办公室\n2020年度部门决算", 2020, "510403", "部门", "攀枝花市西区人民政府办公室"),
        ("攀枝花市西区审计局部门决算\n（2020年度）", 2020, "510403", "部门", "攀枝花市西区审计局"),
    ],
)
def test_titles(title: str, year: int, code: str, kind: str, entity: str) -> None:
    identity = identity_of(title + BODY.format(year=year))
    assert (identity.fiscal_year, identity.region_code, identity.kind, identity.entity) == (year, code, kind, entity)
    assert identity.title == title


def test_title_among_site_furniture_and_table_of_contents() -> None:
    identity = identity_of(
        "首页\n财政预决算\n2021年部门预算\n2020年部门决算\n发布机构：攀枝花市西区人民政府\n发布日期：2021-09-29\n"
        "攀枝花市西区审计局2020年部门决算编制说明\n来源：区审计局\n目 录\n第一部分 部门概况......1\n"
        "第二部分 2020年度部门决算情况说明......3\n"
    )
    assert (identity.fiscal_year, identity.entity) == (2020, "攀枝花市西区审计局")
    assert identity.title == "攀枝花市西区审计局2020年部门决算编制说明"


def test_organisation_in_the_part_heading() -> None:
    identity = identity_of("第一部分 佛山市禅城区审计局概况\n一、部门职责\n第二部分 2021年度部门决算表\n")
    assert (identity.fiscal_year, identity.region_code, identity.entity) == (2021, "440604", "佛山市禅城区审计局")


def test_unit_is_not_mistaken_for_its_department_nor_the_other_way_round() -> None:
    unit = identity_of(
        "公开部门：成都市武侯区第一幼儿园\n2022年度单位决算公开\n主管部门是成都市武侯区教育局。\n"
        "2022年度，成都市武侯区第一幼儿园政府采购支出总额1万元。\n"
    )
    assert (unit.entity, unit.kind) == ("成都市武侯区第一幼儿园", "单位")
    department = identity_of(
        "2020年度部门决算\n纳入攀枝花市西区行政审批局2020年度部门决算编制范围的单位包括："
        "攀枝花市西区行政审批局政务服务中心。\n攀枝花市西区行政审批局机关内设科室5个。\n"
        "\t预算单位\n\t攀枝花市西区行政审批局政务服务中心\n"
    )
    assert (department.entity, department.kind) == ("攀枝花市西区行政审批局", "部门")


def test_short_names_count_for_the_full_one() -> None:
    identity = identity_of(
        "攀枝花市西区审计局（以下简称区审计局）是区政府工作部门。\n2020年，区审计局机关运行经费支出9万元。\n"
        "截至2020年12月31日，西区审计局共有车辆0辆。\n本单位政府采购支出总额0万元。\n"
    )
    assert identity.entity == "攀枝花市西区审计局"


def test_key_joins_the_forms_of_one_name() -> None:
    forms = (
        "攀枝花市西区人民代表大会常务委员会办公室",
        "四川省攀枝花市西区人大常委会办公室",
        "攀枝花西区人大常委会办公室（本级）",
    )
    keys = {identity_of(f"{form}2020年度部门决算\n").entity_key for form in forms}
    assert keys == {"四川省攀枝花市西区人大常委会办公室"}
    short = identity_of("西区人大常委会办公室2020年度部门决算\n", region_code="510403")
    assert short.entity_key in keys


def test_the_catalogue_has_the_last_word() -> None:
    known = {"fiscal_year": 2019, "region_code": "510402", "entity": "攀枝花市东区审计局", "kind": "单位"}
    identity = identity_of("攀枝花市西区审计局2020年度部门决算\n", **known)
    assert (identity.fiscal_year, identity.region_code, identity.entity, identity.kind) == tuple(known.values())
    assert identity.region_name == "四川省攀枝花市东区"
    silent = identity_of("攀枝花市西区审计局2020年度部门决算\n", **dict.fromkeys(known))
    assert (silent.fiscal_year, silent.entity) == (2020, "攀枝花市西区审计局")


def test_a_catalogue_that_contradicts_the_text_is_told() -> None:
    title = "攀枝花市西区审计局2020年度部门决算\n"
    known = {"fiscal_year": 2019, "region_code": "510402", "entity": "攀枝花市东区审计局", "kind": "单位"}
    assert identity_of(title, **known).conflict == (
        "fiscal year 2020, not 2019; entity 攀枝花市西区审计局, not 攀枝花市东区审计局; region code 510403, not 510402; "
        "kind 部门, not 单位"
    )


def test_a_catalogue_that_says_more_or_less_than_the_text_contradicts_nothing() -> None:
    title = "攀枝花市西区审计局2020年度部门决算\n"
    assert identity_of(title).conflict is None
    assert identity_of(title, fiscal_year=2020, entity="西区审计局", region_code="510400").conflict is None
    assert identity_of(title, entity="四川省攀枝花市西区审计局", region_code="510403", kind="部门").conflict is None
    assert identity_of("三、收入决算情况说明\n本年收入合计10万元。\n", fiscal_year=2020, kind="单位").conflict is None


def test_fiscal_year_is_neither_the_date_of_publication_nor_the_last_year_named() -> None:
    text = "2021年9月28日\n与2019年度部门决算相比\n第二部分 2020年度部门决算情况说明\n纳入2020年度部门决算编制范围\n2022年展望\n"
    assert identity_of(text).fiscal_year == 2020
    assert identity_of("2021年9月28日公开\n支出决算10万元。\n").fiscal_year is None


@pytest.mark.parametrize(
    ("fragment", "year", "entity"),
    [
        ("2020年度收、支总计894万元。与2019年相比，收、支总计各增加329.81万元，增长58.46%。", 2020, ""),
        ("一、收入支出决算总体情况说明", None, ""),
        ("2020年，西区审计局机关运行经费支出10万元。", 2020, "西区审计局"),
        ("2020年一般公共预算拨款支出75.09万元。", 2020, ""),
        ("2020年，“三公”经费财政拨款支出决算为0.07万元，完成预算100%。", 2020, ""),
        ("公务接待费支出0.07万元。", None, ""),
        ("关于公开2022年度部门决算的说明", 2022, ""),
    ],
)
def test_fragments_are_accepted(fragment: str, year: int | None, entity: str) -> None:
    identity = identity_of(fragment)
    assert (identity.fiscal_year, identity.entity, identity.region_code) == (year, entity, "000000")


GOVERNMENT = (
    "一、2020年一般公共预算收支决算情况\n全区一般公共预算收入完成10亿元，其中税收收入6亿元。上级转移支付5亿元。\n"
    "收入总计20亿元，支出总计20亿元。2020年债务限额30亿元。\n部门决算另行公开。\n"
)
BUDGET = (
    "一、基本职能\n二、收支预算情况说明\n西区审计局2021年收支预算总数123.45万元。\n（一）收入预算情况\n"
    "较上年决算数减少1万元。一般公共预算财政拨款基本支出100万元。\n“三公”经费预算安排情况说明\n"
)
SUMMARY = "2020年，区级部门“三公”经费财政拨款支出决算1000万元，其中公务接待费100万元。\n"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("攀枝花市西区审计局2021年部门预算\n" + BUDGET, "a budget"),
        (BUDGET, "a budget"),
        ("2021年财政拨款收支总预算894万元。", "a budget"),
        ("攀枝花市西区2020年度本级决算草案\n" + GOVERNMENT, "whole government"),
        ("关于攀枝花市西区2020年财政决算的报告\n" + GOVERNMENT, "whole government"),
        (GOVERNMENT, "whole government"),
        ("攀枝花市2020年“三公”经费决算汇总情况说明\n" + SUMMARY, "three-public"),
        ("攀枝花市西区2020年度区级“三公”经费决算情况说明\n" + SUMMARY, "three-public"),
        ("现将2020年区级“三公”经费决算汇总情况公开如下：\n" + SUMMARY, "three-public"),
        ("春天来了，公园里开满了花，孩子们在草地上放风筝。", "no trace"),
        ("2020", "no trace"),
    ],
)
def test_other_documents_are_refused_in_one_sentence(text: str, what: str) -> None:
    with pytest.raises(NotFinalAccounts, match=rf"^composed\.txt: [^\n]*{what}"):
        identity_of(text)


def test_a_finance_bureau_is_not_a_government() -> None:
    duties = "拟订转移支付办法，编制决算草案，管理债务限额和债务余额，组织税收收入和非税收入，上解资金。\n"
    identity = identity_of("攀枝花市西区财政局2020年度部门决算\n" + duties + BODY.format(year=2020))
    assert identity.entity == "攀枝花市西区财政局"


@pytest.mark.parametrize(
    ("name", "year", "code"),
    [
        ("攀枝花市西区政府", 2020, "510403"),
        ("攀枝花西区政府", 2020, "510403"),
        ("四川省西区政府", 2020, "510403"),
        ("西区政府", 2020, None),
        ("朝阳区教育局", 2020, None),
        ("朝天区教育局", 2020, "510812"),
        ("上海市浦东新区教育局", 2020, "310115"),
        ("锡林郭勒盟西乌珠穆沁旗财政局", 2020, "152526"),
        ("凉山州昭觉县教育局", 2020, "513431"),
        ("湖北省仙桃市财政局", 2020, "429004"),
        ("吉林省吉林市财政局", 2020, "220200"),
        ("江苏路街道办事处", 2020, None),
        ("四川大学", 2020, None),
        ("射洪县财政局", 2018, "510922"),
        ("射洪市财政局", 2019, "510981"),
        ("公主岭市财政局", 2019, "220381"),
        ("公主岭市财政局", 2020, "220184"),
        ("崇川区财政局", 2021, "320613"),
        ("米林县财政局", 2021, "540422"),
        ("米林市财政局", 2023, "540481"),
    ],
)
def test_regions_by_chain_and_year(name: str, year: int, code: str | None) -> None:
    assert regions(year).place(name).code == code


def test_ambiguous_districts_are_settled_by_the_text() -> None:
    assert identity_of("朝阳区教育局2020年度部门决算\n").region_code == "000000"
    assert identity_of("朝阳区教育局2020年度部门决算\n北京市朝阳区是首都功能区。\n").region_code == "110105"


def test_a_report_may_use_the_name_of_the_year_after() -> None:
    assert regions(2019).place("海门区").code is None
    assert identity_of("海门区教育局2019年度部门决算\n").region_code == "320614"


def test_every_change_names_a_region_below_one_that_exists() -> None:
    newest = next(around(None))
    assert all(f"{code[:2]}0000" in newest.official for code in newest.official)


def test_names_of_organisations() -> None:
    names = organisations()
    assert names.is_name("攀枝花市西区地方志编纂中心(区委党史研究室)")
    for other in ("本部门", "我单位", "下属单位", "负责全区的办公室", "审计局(机关", "局", "基本支出"):
        assert not names.is_name(other)
    assert names.trimmed("2020年市西区审计局部门") == ("市西区审计局", 5, None)
    assert names.trimmed("[101001]西区审计局(本级)") == ("西区审计局", 8, "本级")


def test_data_files_are_checked(tmp_path: Path) -> None:
    (tmp_path / "some.csv").write_text("a,b\n1,2,3\n", encoding="utf-8")
    with pytest.raises(TaxonomyError, match=r"some\.csv, line 2"):
        rows("some.csv", "a", "b", folder=tmp_path)
    with pytest.raises(TaxonomyError, match="should be"):
        rows("some.csv", "a", "c", folder=tmp_path)
    with pytest.raises(TaxonomyError, match="line 7"):
        chosen("some.csv", 7, "x", ("y",))
    with pytest.raises(TaxonomyError, match="line 8"):
        whole("some.csv", 8, "-1")


WORDS = (
    "攀枝花市西区",
    "审计局",
    "2020年",
    "2021年度",
    "部门",
    "决算",
    "预算",
    "(",
    ")",
    "\n",
    "\t",
    "（本级）",
    "简称",
    "，",
    " ",
    "《",
    "》",
)


@given(st.lists(st.sampled_from(WORDS), max_size=60).map(lambda words: "我" + "".join(words)))
@settings(max_examples=300, deadline=None)
def test_any_mixture_of_the_words_is_an_identity_or_a_refusal(text: str) -> None:
    try:
        identity = identity_of(text)
    except NotFinalAccounts:
        return
    assert identity.fiscal_year in (None, 2020, 2021)
    assert identity.region_code in ("000000", "510403")


@pytest.mark.parametrize(
    "hostile",
    [
        "审计局2020年度部门决算" + "()" * 34 + "x",
        "\n".join(f"部门：某县第{number}中学" for number in range(20_000)) + "\n部门决算",
        "部门决算" + "审计局2020年度部门决算" * 20_000,
        "预算单位\n" + "某" * 500_000 + "\n部门决算",
    ],
)
def test_hostile_texts_take_no_long_time(hostile: str) -> None:
    document = document_of(hostile.encode())
    started = time.process_time()
    identify(document, {}, "hostile.txt")
    assert time.process_time() - started < 2
