"""What each role of template.yaml may do, compared with what its code calls on AWS."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

import mallfeed.pipeline.parts
import mallfeed.search_api.index
from infra.local.deploy_template import Plain, plain
from infra.local.iam.evaluate import Policies
from infra.local.iam.known import actions
from infra.local.iam.malformed import PolicyKind, listed
from infra.local.iam.policy import read
from infra.local.place import ACCOUNT, REGION
from infra.paths import CHECKOUT
from mallfeed.errors import SettingsInvalid
from mallfeed.plan.limits_reader import LimitsReader
from mallfeed.settings import from_environment
from tests.infra.template_policies import decide, identity
from tests.infra.test_template import BROUGHT, ENDPOINT

PREFIX = "/mallfeed"
NAMES = {
    "MALLFEED_FEEDS_BUCKET": "feeds",
    "MALLFEED_LAKE_BUCKET": "lake",
    "MALLFEED_LEDGER_TABLE": "ledger",
    "AWS_REGION": REGION,
}
TRANSACTION_PARTS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
"""What IAM calls the parts of a transaction (DynamoDB Developer Guide, "Using IAM with transactions")."""


@pytest.fixture(scope="module")
def brought() -> Plain:
    return plain(BROUGHT, ENDPOINT)


def _documents(stack: Plain, role: str) -> list[dict[str, Any]]:
    return [one["PolicyDocument"] for one in stack.of("AWS::IAM::Role")[role]["Policies"]]


def _may(stack: Plain, role: str, action: str, resource: str) -> bool:
    """As AWS decides, over TLS, by the identity policies of the role and the policy of the bucket."""
    return _decides(stack, role)(action, resource)


def _decides(stack: Plain, role: str) -> Callable[[str, str], bool]:
    own = identity(role, _documents(stack, role))
    buckets = {
        one["Bucket"]: read(one["PolicyDocument"], PolicyKind.RESOURCE)
        for one in stack.of("AWS::S3::BucketPolicy").values()
    }

    def may(action: str, resource: str) -> bool:
        bucket = buckets.get(resource.removeprefix("arn:aws:s3:::").split("/")[0])
        return decide(role, Policies(own, resource=bucket), action, (resource,)).allowed

    return may


def _granted(stack: Plain, role: str, service: str) -> set[str]:
    """Every action of the service, in lower case, that the role may call on something that it names."""
    statements = [one for document in _documents(stack, role) for one in document["Statement"]]
    named = {arn.replace("*", "x") for one in statements for arn in listed(one["Resource"])}
    may = _decides(stack, role)
    return {
        action
        for action in actions()[service]
        if any(may(f"{service}:{action}", arn) for arn in named)
    }


class Parameters:
    """SSM as a client, empty; `paths` are the requested ones, as they were sent."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def get_parameters_by_path(self, **asked: Any) -> dict[str, Any]:
        self.paths.append(asked["Path"])
        return {"Parameters": []}


def _limits(client: Parameters, _patch: pytest.MonkeyPatch) -> None:
    LimitsReader(client, PREFIX).read()


def _all(client: Parameters, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(mallfeed.pipeline.parts, "client", lambda _service: client)
    mallfeed.pipeline.parts.stack_parameters(from_environment(NAMES))


def _where_search_is(client: Parameters, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(mallfeed.search_api.index, "client", lambda _service: client)
    with pytest.raises(SettingsInvalid):  # there is nothing
        mallfeed.search_api.index.opensearch_client(from_environment(NAMES))
    assert mallfeed.search_api.index.stored_rates(from_environment(NAMES)) is None


READERS = {
    "FeedArrivedRole": _limits,
    "DispatchRunsRole": _limits,
    "SearchApiRole": _where_search_is,
    "LoadFeedsRole": _all,
}


@pytest.mark.parametrize("role", READERS)
def test_a_role_may_read_the_parameters_by_the_path_that_its_code_sends(
    brought: Plain, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, read = Parameters(), READERS[role]
    read(client, monkeypatch)
    assert client.paths
    base = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter"
    for sent in (one for path in client.paths for one in (path, path.rstrip("/"))):
        assert _may(brought, role, "ssm:GetParametersByPath", base + sent), sent


def test_every_role_that_may_read_parameters_is_looked_at(brought: Plain) -> None:
    roles = brought.of("AWS::IAM::Role")
    assert {role for role in roles if _granted(brought, role, "ssm")} == set(READERS)


@pytest.mark.parametrize("role", ["FeedArrivedRole", "DispatchRunsRole", "SearchApiRole"])
def test_a_function_may_only_read_its_own_parameters(brought: Plain, role: str) -> None:
    secret = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{PREFIX}/redshift/secret_arn"
    assert _granted(brought, role, "ssm") == {"getparametersbypath"}
    assert not _may(brought, role, "ssm:GetParametersByPath", secret)


@pytest.mark.parametrize("role", ["FeedArrivedRole", "DispatchRunsRole", "LoadFeedsRole"])
def test_the_ledger_may_be_asked_what_its_code_asks_and_no_more(brought: Plain, role: str) -> None:
    assert _granted(brought, role, "dynamodb") == _ledger_actions()
    table = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/mallfeed-ledger"
    for resource in (table, f"{table}/index/open", f"{table}/index/by_order"):
        assert _may(brought, role, "dynamodb:Query", resource)


def _ledger_actions() -> set[str]:
    """IAM's names of the DynamoDB calls in the code, in lower case, those within transactions one by one."""
    found = set()
    for folder in ("ledger", "progress"):
        for file in (CHECKOUT / "mallfeed" / folder).glob("*.py"):
            text = file.read_text("utf-8")
            calls = re.findall(r"client\.(\w+_item|query|scan)\(", text)
            found |= {call.replace("_", "") for call in calls}
            parts = re.findall(rf'"({"|".join(TRANSACTION_PARTS)})": \{{', text)
            found |= {TRANSACTION_PARTS[part].lower() for part in parts}
    return found


def test_only_the_job_copies_and_so_reads_the_tags_of_feeds_and_of_earlier_copies(
    brought: Plain,
) -> None:
    feed, copy = (
        f"arn:aws:s3:::{brought.outputs[name]}/{key}"
        for name, key in (
            ("FeedsBucketName", "feeds/mall_a/a.csv"),
            ("LakeBucketName", "staging/f1/raw/00000-a.csv"),
        )
    )
    for resource in (feed, copy):
        assert _may(brought, "LoadFeedsRole", "s3:GetObjectTagging", resource)
    assert not _may(brought, "FeedArrivedRole", "s3:GetObjectTagging", feed)


def test_only_dispatch_and_jobs_ask_after_maintenance_runs(brought: Plain) -> None:
    run = f"arn:aws:glue:{REGION}:{ACCOUNT}:job/mallfeed-maintain"
    roles = brought.of("AWS::IAM::Role")
    asking = {role for role in roles if _may(brought, role, "glue:GetJobRun", run)}
    assert asking == {"DispatchRunsRole", "LoadFeedsRole"}
