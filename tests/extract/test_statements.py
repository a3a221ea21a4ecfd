"""Composed sentences in the genre's phrasings: what each number states."""

from collections.abc import Callable

import pytest

Facts = Callable[[str, str], list[tuple[str, str | None, str, str, str]]]

CASES = [
    pytest.param(
        "一、收入支出决算总体情况说明",
        "2022年度收、支总计810.5万元。与2021年相比，收、支总计各减少20万元，下降2.41%。",
        [
            ("revenue_total", None, "current", "810.5", "万元"),
            ("expenditure_total", None, "current", "810.5", "万元"),
            ("revenue_total_yoy_change", None, "change", "20", "万元"),
            ("expenditure_total_yoy_change", None, "change", "20", "万元"),
            ("revenue_total_yoy_rate", None, "change", "2.41", "%"),
            ("expenditure_total_yoy_rate", None, "change", "2.41", "%"),
        ],
        id="one number states two concepts",
    ),
    pytest.param(
        "一、收入支出决算总体情况说明",
        "2022年度收入总计90.1万元，其中本年收入合计88万元，上年结转2.1万元。与2021年相比增加7万元，增长8.42%。",
        [
            ("revenue_total", None, "current", "90.1", "万元"),
            ("revenue_current_year", None, "current", "88", "万元"),
            ("carryover_opening", None, "current", "2.1", "万元"),
            ("revenue_total_yoy_change", None, "change", "7", "万元"),
            ("revenue_total_yoy_rate", None, "change", "8.42", "%"),
        ],
        id="a change behind a full stop is about the sentence's subject",
    ),
    pytest.param(
        "四、财政拨款收入支出决算总体情况说明",
        "2022年度收入总计90.1万元，其中本年收入合计88万元。",
        [
            ("fiscal_revenue_total", None, "current", "90.1", "万元"),
            ("fiscal_revenue_current_year", None, "current", "88", "万元"),
        ],
        id="the section decides the concept",
    ),
    pytest.param(
        "三、支出决算情况说明",
        "2022年本年支出合计1,233.76万元，其中：基本支出１０.５万元，占0.85%；上缴上级支出0万元，0%。",
        [
            ("expenditure_current_year", None, "current", "1233.76", "万元"),
            ("expenditure_basic", None, "current", "10.5", "万元"),
            ("expenditure_basic_share", None, "current", "0.85", "%"),
            ("expenditure_remit_superior", None, "current", "0", "万元"),
            ("expenditure_remit_superior_share", None, "current", "0", "%"),
        ],
        id="thousands separators, full-width digits, a lost 占",
    ),
    pytest.param(
        "七、“三公”经费财政拨款支出决算情况说明",
        "公务接待费支出决算比2021年减少0.4万元，下降20%。国内公务接待3批次，25人次（不包括陪同人员），共计支出1.6万元。",
        [
            ("official_reception_yoy_change", None, "change", "0.4", "万元"),
            ("official_reception_yoy_rate", None, "change", "20", "%"),
            ("domestic_reception_batch_count", None, "current", "3", "批次"),
            ("domestic_reception_visitor_count", None, "current", "25", "人次"),
            ("domestic_reception_expenditure", None, "current", "1.6", "万元"),
        ],
        id="the unit tells batches from persons",
    ),
    pytest.param(
        "七、“三公”经费财政拨款支出决算情况说明",
        "因公出国（境）支出决算与2021年一样为0万元。公务用车购置及运行维护费支出决算与2021年持平。",
        [("overseas_travel_expenditure", None, "prior", "0", "万元")],
        id="the same as last year is a prior fact, 持平 is none",
    ),
    pytest.param(
        "（三）国有资产占有使用情况",
        "截至2022年12月31日，共有车辆2辆，其中：应急保障用车1辆、其他用车1辆。单价50万元以上通用设备3台（套）。",
        [
            ("asset_reference_date", None, "current", "2022年12月31日", "date"),
            ("vehicle_count", None, "current", "2", "辆"),
            ("vehicle_use_count", "应急保障用车", "current", "1", "辆"),
            ("vehicle_use_count", "其他用车", "current", "1", "辆"),
            ("equipment_general_over_500k_count", None, "current", "3", "台（套）"),
        ],
        id="a threshold is no fact",
    ),
    pytest.param(
        "五、一般公共预算财政拨款支出决算情况说明",
        "2022年一般公共预算支出决算数为332.77，完成预算97.89%。",
        [
            ("gpb_expenditure", None, "current", "332.77", ""),
            ("gpb_budget_completion_rate", None, "current", "97.89", "%"),
        ],
        id="a missing unit stays missing",
    ),
    pytest.param(
        "三、支出决算情况说明",
        "本年支出100万元，其中：基本支出60万元、项目支出30万元、经营支出10万元，占比分别为60%、30%和10%。",
        [
            ("expenditure_current_year", None, "current", "100", "万元"),
            ("expenditure_basic", None, "current", "60", "万元"),
            ("expenditure_project", None, "current", "30", "万元"),
            ("expenditure_business", None, "current", "10", "万元"),
            ("expenditure_basic_share", None, "current", "60", "%"),
            ("expenditure_project_share", None, "current", "30", "%"),
            ("expenditure_business_share", None, "current", "10", "%"),
        ],
        id="shares in turn are those of the amounts listed last",
    ),
    pytest.param(
        "三、支出决算情况说明",
        "基本支出60万元、项目支出30万元。本年支出90万元，占比分别为60%和30%。",
        [
            ("expenditure_basic", None, "current", "60", "万元"),
            ("expenditure_project", None, "current", "30", "万元"),
            ("expenditure_current_year", None, "current", "90", "万元"),
        ],
        id="shares in turn of too few amounts in the sentence are nobody's",
    ),
    pytest.param(
        "（二）一般公共预算财政拨款支出决算结构情况",
        "教育支出占60%，金额为54万元；卫生健康支出36万元，占40%，为本年新增。",
        [
            ("gpb_function_share", "205", "current", "60", "%"),
            ("gpb_function_expenditure", "205", "current", "54", "万元"),
            ("gpb_function_expenditure", "210", "current", "36", "万元"),
            ("gpb_function_share", "210", "current", "40", "%"),
        ],
        id="a share may stand before its amount",
    ),
    pytest.param(
        "（二）一般公共预算财政拨款支出决算结构情况",
        "卫生健康支出36万元，占40%，为12万元。",
        [
            ("gpb_function_expenditure", "210", "current", "36", "万元"),
            ("gpb_function_share", "210", "current", "40", "%"),
        ],
        id="a share behind its amount has no other amount",
    ),
    pytest.param(
        "七、“三公”经费财政拨款支出决算情况说明",
        "公务接待费支出6.4万元，国内公务接待40批次，平均每批次0.16万元。公务用车运行维护费支出9万元，每辆3万元。",
        [
            ("official_reception_expenditure", None, "current", "6.4", "万元"),
            ("domestic_reception_batch_count", None, "current", "40", "批次"),
            ("vehicle_operation_expenditure", None, "current", "9", "万元"),
        ],
        id="an average is no amount of what it is an average of",
    ),
    pytest.param(
        "第一部分 部门概况\n一、机构设置",
        "年末实有20人，离退休人员共15人，其中离休2人，退休13人。",
        [
            ("staff_actual", "合计", "current", "20", "人"),
            ("staff_retired", None, "current", "15", "人"),
            ("staff_retired", "离休人员", "current", "2", "人"),
            ("staff_retired", "退休人员", "current", "13", "人"),
        ],
        id="those who retired, of both kinds",
    ),
    pytest.param(
        "第一部分 部门概况\n一、机构设置",
        "现有离休干部1名，退休教师5名。",
        [
            ("staff_retired", "离休人员", "current", "1", "名"),
            ("staff_retired", "退休人员", "current", "5", "名"),
        ],
        id="cadres and teachers who retired",
    ),
]


@pytest.mark.parametrize(("heading", "paragraph", "expected"), CASES)
def test_each_number_of_a_sentence(
    facts_of: Facts, heading: str, paragraph: str, expected: list[tuple[str, ...]]
) -> None:
    assert facts_of(heading, paragraph) == expected


@pytest.mark.parametrize("end", ["", "\n"], ids=["same paragraph", "next paragraph"])
def test_what_a_total_is_the_list_behind_it_tells_even_in_a_paragraph_of_its_own(facts_of: Facts, end: str) -> None:
    said = f"2023年度支出总计97.45万元。支出合计88.98万元。{end}其中：基本支出54.35万元；项目支出34.63万元。"
    told = {(concept, value) for concept, _, _, value, _ in facts_of("一、收入支出决算总体情况说明", said)}
    assert told >= {("expenditure_total", "97.45"), ("expenditure_current_year", "88.98")}
