"""`prefect.yaml`: what it names can be imported, and is called as its flow wants it."""

from pathlib import Path

import pytest
import yaml

HOUSE = Path(__file__).resolve().parents[2]
DEPLOYMENTS = yaml.safe_load((HOUSE / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment["name"])
def test_a_deployment_names_a_flow_and_parameters_that_it_takes(deployment):
    from prefect.flows import load_flow_from_entrypoint

    flow = load_flow_from_entrypoint(str(HOUSE / deployment["entrypoint"]))
    assert flow.validate_parameters(deployment["parameters"]) == deployment["parameters"]
    assert set(flow.parameters.properties) == set(deployment["parameters"])


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment["name"])
def test_a_schedule_is_one_that_prefect_takes(deployment):
    from prefect.client.schemas.schedules import CronSchedule

    for schedule in deployment["schedules"]:
        assert CronSchedule(**schedule).timezone == "Asia/Shanghai"


def test_inputs_of_the_deployments_exist():
    for deployment in DEPLOYMENTS:
        assert all((HOUSE / each).exists() for each in deployment["parameters"]["inputs"])
