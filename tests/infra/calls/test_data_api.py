"""Who may call the Data API's stand-in: asked of the local AWS."""

from __future__ import annotations

from collections.abc import Callable
from email.message import Message
from typing import Any

import pytest

from infra.local.calls.credentials import GLUE, of_session
from infra.local.place import ACCOUNT, CREDENTIALS, REGION
from infra.local.redshift_data.callers import allowed
from infra.local.redshift_data.errors import ApiError
from infra.local.warehouse import WORKGROUP_ID
from tests.infra.roles import allow, make_role

WORKGROUP = f"arn:aws:redshift-serverless:{REGION}:{ACCOUNT}:workgroup/{WORKGROUP_ID}"
SUBMIT = {"WorkgroupName": "mallfeed", "Sql": "select 1"}
OWN = {"StringEquals": {"redshift-data:statement-owner-iam-userid": "${aws:userid}"}}
STATEMENTS = (
    allow(["redshift-data:ExecuteStatement", "redshift-serverless:GetCredentials"], WORKGROUP),
    allow("redshift-data:DescribeStatement", Condition=OWN),
)
Ask = Callable[..., str]


def headers(session: dict[str, str]) -> Message:
    found = Message()
    scope = f"{session['AWS_ACCESS_KEY_ID']}/20261124/{REGION}/redshift-data/aws4_request"
    found["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
    if "AWS_SESSION_TOKEN" in session:
        found["X-Amz-Security-Token"] = session["AWS_SESSION_TOKEN"]
    return found


@pytest.fixture
def ask(aws_environment: dict[str, str], clients: Any, request: pytest.FixtureRequest) -> Ask:
    """Calls in the name of a role with these statements."""

    def asking(
        operation: str,
        members: dict[str, Any],
        owner: str | None = None,
        statements: tuple[dict[str, Any], ...] = STATEMENTS,
        name: str = "run",
    ) -> str:
        role = make_role(clients, f"d{abs(hash(request.node.name))}", GLUE, *statements)
        session = of_session(aws_environment, role, GLUE, name)
        endpoint = aws_environment["AWS_ENDPOINT_URL"]
        return allowed(endpoint, headers(session), operation, members, owner)

    return asking


def refused(ask: Ask, *asked: Any, **more: Any) -> ApiError:
    with pytest.raises(ApiError) as error:
        ask(*asked, **more)
    return error.value


def test_who_submits_a_statement_owns_it(ask: Ask) -> None:
    userid = ask("ExecuteStatement", SUBMIT)
    assert userid.startswith("AROA")
    assert userid.endswith(":run")
    assert ask("DescribeStatement", {"Id": "1"}, userid) == userid


def test_a_statement_of_another_is_refused(ask: Ask) -> None:
    mine = ask("ExecuteStatement", SUBMIT)
    for owner in (f"{mine}2", "local", None):
        error = refused(ask, "DescribeStatement", {"Id": "1"}, owner)
        assert error.kind == "AccessDeniedException"
        assert "redshift-data:DescribeStatement" in str(error)
    other = ask("ExecuteStatement", SUBMIT, name="another-run")
    assert other != mine
    refused(ask, "DescribeStatement", {"Id": "1"}, mine, name="another-run")


def test_the_credentials_for_a_statement_are_asked_for_too(ask: Ask) -> None:
    only = (allow("redshift-data:ExecuteStatement", WORKGROUP),)
    error = refused(ask, "ExecuteStatement", SUBMIT, statements=only)
    assert "redshift-serverless:GetCredentials" in str(error)
    secret = {**SUBMIT, "SecretArn": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:w-AbCdEf"}
    error = refused(ask, "ExecuteStatement", secret)
    assert "secretsmanager:GetSecretValue" in str(error)


def test_the_operator_owns_what_the_operator_submits() -> None:
    assert allowed(None, headers(CREDENTIALS), "ExecuteStatement", SUBMIT, None) == "local"


def test_strangers_are_refused(aws_environment: dict[str, str]) -> None:
    endpoint, nobody = aws_environment["AWS_ENDPOINT_URL"], {"AWS_ACCESS_KEY_ID": "AKIANOBODY"}
    for given, kind, at in (
        (headers(nobody), "UnrecognizedClientException", endpoint),
        (Message(), "MissingAuthenticationTokenException", endpoint),
        (headers(nobody), "UnrecognizedClientException", None),
    ):
        with pytest.raises(ApiError) as error:
            allowed(at, given, "ListStatements", {}, None)
        assert error.value.kind == kind
