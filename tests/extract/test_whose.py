"""Whose a figure is, where several things were named before it: each to its own, or to nobody."""

from collections.abc import Callable

import pytest

Facts = Callable[[str, str], list[tuple[str, str | None, str, str, str]]]

BASIC = "六、一般公共预算财政拨款基本支出决算情况说明"
TWO = "人员经费60万元，公用经费8万元，"
PUBLIC = "七、“三公”经费财政拨款支出决算情况说明"
PERFORMANCE = "（四）预算绩效管理情况"
ASSETS = "（三）国有资产占有使用情况"


def found(rows: list[tuple[str, str | None, str, str, str]]) -> list[str]:
    """Concept, member where there is one, and number."""
    return [" ".join(filter(None, row[:2])) + f" {row[3]}" for row in rows]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ("较上年分别增加1.2万元和减少0.9万元。", {"personnel": ["change 1.2"], "public_use": ["change 0.9"]}),
        ("较上年分别增加1.2万元、0.9万元。", {"personnel": ["change 1.2"], "public_use": ["change 0.9"]}),
        (
            "较上年分别增加1.2万元，减少0.9万元，分别增长2%和下降11%。",
            {"personnel": ["change 1.2", "rate 2"], "public_use": ["change 0.9", "rate 11"]},
        ),
        ("较上年分别增加1.2万元、0.9万元和3万元。", {"personnel": [], "public_use": []}),
        ("较上年各增加1.2万元，增长2%。", {kind: ["change 1.2", "rate 2"] for kind in ("personnel", "public_use")}),
    ],
)
def test_changes_of_two_amounts(facts_of: Facts, changes: str, expected: dict[str, list[str]]) -> None:
    told = found(facts_of(BASIC, TWO + changes))
    for kind, figures in expected.items():
        prefix = f"gpb_{kind}_expenditure_yoy_"
        assert [each.removeprefix(prefix) for each in told if each.startswith(prefix)] == figures


@pytest.mark.parametrize(
    ("heading", "paragraph", "expected"),
    [
        pytest.param(
            PUBLIC,
            "出国团组0个，累计0人次。公务用车购置预算数0万元，支出0万元，购置0辆；公务用车运行维护费预算数9万元，支出6万元。",
            [
                "overseas_travel_group_count 0",
                "overseas_travel_person_count 0",
                "vehicle_purchase_budget 0",
                "vehicle_purchase_expenditure 0",
                "vehicle_purchased_count 合计 0",
                "vehicle_operation_budget 9",
                "vehicle_operation_expenditure 6",
            ],
            id="what was spent is of the budget before it",
        ),
        pytest.param(
            PUBLIC,
            "因公出国（境）费、公务用车购置及运行维护费预算及决算均为0万元。",
            [
                "overseas_travel_expenditure 0",
                "official_vehicle_expenditure 0",
                "overseas_travel_budget 0",
                "official_vehicle_budget 0",
            ],
            id="budget and actual amount of several things",
        ),
        pytest.param(
            PUBLIC,
            "因公出国费、公务用车购置和运行维护费以及公务接待费均为0万元。",
            ["overseas_travel_expenditure 0", "official_vehicle_expenditure 0", "official_reception_expenditure 0"],
            id="a name that holds a joint",
        ),
        pytest.param(
            PUBLIC,
            "“三公”经费支出20万元，比年初预算25万元节约5万元，完成80%；比上年少1万元，降4.76%。",
            [
                "three_public_expenditure 20",
                "three_public_initial_budget 25",
                "three_public_budget_completion_rate 80",
                "three_public_yoy_change 1",
                "three_public_yoy_rate 4.76",
            ],
            id="less than the budget is no change against the year before",
        ),
        pytest.param(
            PUBLIC,
            "“三公”经费支出20万元，同比减少至少3万元，核减2万元。",
            ["three_public_expenditure 20"],
            id="a character is a direction only by itself",
        ),
        pytest.param(
            ASSETS,
            "共有车辆8辆，其中特种专业技术用车6辆（救护车5辆、体检车1辆）、其他用车2辆。",
            ["vehicle_count 8", "vehicle_use_count 特种专业技术用车 6", "vehicle_use_count 其他用车 2"],
            id="kinds within a use are no uses",
        ),
        pytest.param(
            PERFORMANCE,
            "对12个项目开展了绩效自评，涉及资金30万元。其中，以填报自评表形式开展自评10项，涉及资金20万元；"
            "1个项目接受财政重点绩效评价，涉及资金5万元；3个项目开展了部门评价，涉及资金6万元。",
            ["project_self_evaluated_count 12", "project_self_evaluated_amount 30", "project_evaluated_count 3"],
            id="the money of other evaluations is not the self-evaluated",
        ),
        pytest.param(
            PERFORMANCE,
            "全面开展绩效自评，其中一级项目9个，二级项目0个，涉及资金20万元。",
            ["project_self_evaluated_count 9", "project_self_evaluated_amount 20"],
            id="projects of the first level where none is of the second",
        ),
        pytest.param(
            PERFORMANCE,
            "关爱、家教2个项目绩效自评结果。关爱帮扶项目绩效自评综述：自评得分为96分，全年预算数为5万元，执行数为4万元。"
            "家庭教育项目绩效自评综述：自评得分为95分，全年预算数为3万元。",
            [
                "performance_score 关爱帮扶 96",
                "project_budget 关爱帮扶 5",
                "project_executed 关爱帮扶 4",
                "performance_score 家庭教育 95",
                "project_budget 家庭教育 3",
            ],
            id="projects narrated in one paragraph",
        ),
        pytest.param(
            PERFORMANCE,
            "家庭建设、维权服务和普法宣传项目全年预算分别为20万元、15万元、5万元，执行数分别为19万元、15万元和3万元。",
            [
                "project_budget 家庭建设项目 20",
                "project_budget 维权服务项目 15",
                "project_budget 普法宣传项目 5",
                "project_executed 家庭建设项目 19",
                "project_executed 维权服务项目 15",
                "project_executed 普法宣传项目 3",
            ],
            id="a measure that projects share",
        ),
    ],
)
def test_whose_a_figure_is(facts_of: Facts, heading: str, paragraph: str, expected: list[str]) -> None:
    assert found(facts_of(heading, paragraph)) == expected


def test_a_change_does_not_reach_behind_an_announced_item(facts_of: Facts) -> None:
    """The item's figures stand in a paragraph of their own, behind one that only names it."""
    change = "一般公共预算财政拨款支出186万元。与上年相比，增加10万元。"
    item = "1.卫生健康支出（类）公立医院（款）综合医院（项）。\n年初预算104万元，支出决算109万元。"
    told = facts_of("五、一般公共预算财政拨款支出决算情况说明", f"{change}\n{item}")
    assert [(row[0], row[1]) for row in told[-2:]] == [
        ("gpb_function_initial_budget", "2100201"),
        ("gpb_function_expenditure", "2100201"),
    ]
