"""`prefect.yaml`: what it names can be imported, and is called as its flow wants it."""

from pathlib import Path

import pytest

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
