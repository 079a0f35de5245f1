"""template.yaml, in the variant whose sinks are brought and in the one that makes all of them."""

from __future__ import annotations

import pytest

from infra.local.cloudformation import State, Template, change_set, validated
from infra.local.deploy_template import TEMPLATE
from tests.infra.test_template import BROUGHT

MADE = {
    "ArtifactBucket": "artifacts",
    "ArtifactPrefix": "mallfeed/1",
    "VpcId": "vpc-0a1b2c3d",
    "SubnetIds": "subnet-0a1b2c3d,subnet-0a1b2c3e,subnet-0a1b2c3f",
    "AvailabilityZone": "ap-northeast-2a",
}
VARIANTS = {"brought": BROUGHT, "made": MADE}


@pytest.fixture(params=list(VARIANTS))
def parameters(request: pytest.FixtureRequest) -> dict[str, str]:
    return VARIANTS[request.param]


def template(parameters: dict[str, str]) -> Template:
    return validated(
        TEMPLATE.read_text("utf-8"),
        parameters,
        "ap-northeast-2",
        "123456789012",
        stack_name="mallfeed",
    )


def test_it_is_taken_and_nothing_changes_against_itself(parameters: dict[str, str]) -> None:
    assert change_set(template(parameters), template(parameters)) == {}


def test_the_second_try_after_a_failed_first_one_succeeds(parameters: dict[str, str]) -> None:
    last = list(template(parameters).resources)[-1]
    tries: list[str] = []

    def fails_once(action: str, made: object) -> None:
        if action == "CREATE" and getattr(made, "logical", "") == last and not tries:
            tries.append(last)
            raise RuntimeError("no room")

    state = State("ap-northeast-2", "123456789012", fails_once)
    text = TEMPLATE.read_text("utf-8")
    assert state.create("mallfeed", text, parameters).status == "ROLLBACK_COMPLETE"
    assert state.account.existing == []
    state.delete("mallfeed")
    assert state.create("mallfeed", text, parameters).status == "CREATE_COMPLETE"


def test_deleting_it_leaves_the_data_and_what_they_use(parameters: dict[str, str]) -> None:
    state = State("ap-northeast-2", "123456789012")
    state.create("mallfeed", TEMPLATE.read_text("utf-8"), parameters)
    deleted = state.delete("mallfeed")
    assert deleted is not None
    assert deleted.status == "DELETE_COMPLETE"
    left = {made.logical for made in state.leftovers()}
    data = {"FeedsBucket", "LakeBucket", "ArrivalsDeadLetters", "Ledger"}
    assert left == data | (
        {"Domain", "WarehouseSecret", "Namespace", "SecurityGroup"} if parameters is MADE else set()
    )
