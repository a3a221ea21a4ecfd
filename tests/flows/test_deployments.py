"""`prefect.yaml`: what it names can be imported, and is called as its flow wants it."""

from pathlib import Path

import pytest
from prefect import Task

from flows.deployments import declared, served

HOUSE = Path(__file__).resolve().parents[2]
DEPLOYMENTS = declared()


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment["name"])
def test_a_deployment_names_a_flow_and_parameters_that_it_takes(deployment):
    from prefect.flows import load_flow_from_entrypoint

    flow = load_flow_from_entrypoint(str(HOUSE / deployment["entrypoint"]))
    asked = {"years": [2023]} if "years" in flow.parameters.required else {}
    parameters = deployment["parameters"] | asked
    assert flow.validate_parameters(parameters) == parameters
    assert set(flow.parameters.properties) == set(parameters)
    assert all(told["description"] for told in flow.parameters.properties.values())


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment["name"])
def test_a_schedule_is_one_that_prefect_takes(deployment):
    from prefect.client.schemas.schedules import CronSchedule

    for schedule in deployment["schedules"]:
        assert CronSchedule(**schedule).timezone == "Asia/Shanghai"


def test_inputs_of_the_deployments_exist():
    for deployment in DEPLOYMENTS:
        assert all((HOUSE / each).exists() for each in deployment["parameters"]["inputs"])


def test_what_is_served_is_what_is_declared_with_the_inputs_and_the_data_folder_of_the_command():
    for told, deployment in zip(DEPLOYMENTS, served(["a.toml"], "elsewhere"), strict=True):
        assert (deployment.name, deployment.description) == (told["name"], told["description"])
        assert deployment.parameters == told["parameters"] | {"inputs": ["a.toml"], "data": "elsewhere"}
        assert deployment.entrypoint.startswith("flows.annual.")
        assert [each.schedule.cron for each in deployment.schedules] == [each["cron"] for each in told["schedules"]]
        assert (deployment.tags, deployment.concurrency_limit) == (told["tags"], told["concurrency_limit"])
        assert deployment.tags and deployment.concurrency_limit == 1


def test_a_run_is_given_up_after_a_day_and_only_the_network_is_tried_again():
    from flows import annual, obtain, steps, visits, work

    assert annual.annual.timeout_seconds == annual.reaudit.timeout_seconds == 24 * 60 * 60
    # Faults of the network are repeated with a pause and jitter where they occur (`tasks.fetch.http`); all others stay.
    tasks = [
        each for module in (obtain, steps, visits, work) for each in vars(module).values() if isinstance(each, Task)
    ]
    assert {each.name for each in tasks} >= {"visit", "fetch", "read", "extract", "reconcile", "audit", "publish"}
    assert not any(each.retries for each in tasks)
