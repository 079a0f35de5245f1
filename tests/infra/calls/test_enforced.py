"""A real local AWS, real clients: who may what, in each protocol, and what a refusal looks like."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local.calls.credentials import LAMBDA, NoCredentials, of_session
from infra.local.deploy import Clients
from infra.local.events_inbox import post
from infra.local.place import ACCOUNT, REGION
from tests.infra.roles import allow, make_role

FREE, SHUT = "calls-free", "calls-shut"
"""Buckets, tables, queues and parameters of which the roles of these tests may use the first one."""


@pytest.fixture(scope="module")
def site(clients: Clients) -> Clients:
    """Two of each resource, made by the operator."""
    key = {"AttributeName": "pk", "KeyType": "HASH"}
    for name in (FREE, SHUT):
        clients("s3").create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        for path in ("in/a", "out/a"):
            clients("s3").put_object(Bucket=name, Key=path, Body=b"x")
        clients("dynamodb").create_table(
            TableName=name,
            KeySchema=[key],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        clients("sqs").create_queue(QueueName=name)
        clients("ssm").put_parameter(Name=f"/{name}/a", Value="1", Type="String")
    return clients


@pytest.fixture
def role(
    site: Clients, aws_environment: dict[str, str], request: pytest.FixtureRequest
) -> Callable[..., Clients]:
    """Clients of a session of a role with these statements."""

    def made(*statements: dict[str, Any]) -> Clients:
        name = f"r{abs(hash(request.node.name))}"
        arn = make_role(site, name, LAMBDA, *statements)
        return Clients(of_session(aws_environment, arn, LAMBDA, "probe"))

    return made


def refused(call: Callable[..., Any], **members: Any) -> ClientError:
    with pytest.raises(ClientError) as error:
        call(**members)
    return error.value


def url(name: str) -> str:
    return f"http://127.0.0.1/{ACCOUNT}/{name}"


PROTOCOLS: dict[str, tuple[str, str, str, str, dict[str, Any], dict[str, Any], str, int]] = {
    "rest-xml": ("s3", "get_object", "s3:GetObject", f"arn:aws:s3:::{FREE}/in/*",
        {"Bucket": FREE, "Key": "in/a"}, {"Bucket": SHUT, "Key": "in/a"}, "AccessDenied", 403),
    "rest-xml, no body": ("s3", "head_object", "s3:GetObject", f"arn:aws:s3:::{FREE}/in/*",
        {"Bucket": FREE, "Key": "in/a"}, {"Bucket": FREE, "Key": "out/a"}, "403", 403),
    "json 1.0": ("dynamodb", "get_item", "dynamodb:GetItem", f"arn:aws:dynamodb:*:*:table/{FREE}",
        {"TableName": FREE, "Key": {"pk": {"S": "1"}}}, {"TableName": SHUT, "Key": {"pk": {"S": "1"}}}, "AccessDeniedException", 400),
    "json 1.1": ("ssm", "get_parameters_by_path", "ssm:GetParametersByPath", f"arn:aws:ssm:*:*:parameter/{FREE}",
        {"Path": f"/{FREE}"}, {"Path": f"/{SHUT}"}, "AccessDeniedException", 400),
    "json with the codes of query": ("sqs", "receive_message", "sqs:ReceiveMessage", f"arn:aws:sqs:*:*:{FREE}",
        {"QueueUrl": url(FREE)}, {"QueueUrl": url(SHUT)}, "AccessDenied", 400),
    "query": ("sns", "list_topics", "sns:ListTopics", "*", {}, {}, "AccessDenied", 403),
    "rest-json": ("lambda", "list_functions", "lambda:ListFunctions", "*", {}, {}, "AccessDeniedException", 403),
}  # fmt: skip


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_role_may_what_its_policies_say_and_is_refused_the_rest_in_the_form_of_the_protocol(
    protocol: str, role: Callable[..., Clients]
) -> None:
    service, operation, action, resource, free, shut, code, status = PROTOCOLS[protocol]
    may = getattr(role(allow(action, resource))(service), operation)
    assert may(**free)["ResponseMetadata"]["HTTPStatusCode"] == 200
    if free == shut:  # an action without a resource
        may = getattr(role(allow("s3:GetObject"))(service), operation)
    error = refused(may, **shut).response
    assert error["Error"]["Code"] == code
    assert error["ResponseMetadata"]["HTTPStatusCode"] == status
    if "HEAD" not in protocol and code != "403":
        assert f"is not authorized to perform: {action}" in error["Error"]["Message"]
        assert error["Error"]["Message"].startswith(f"User: arn:aws:sts::{ACCOUNT}:assumed-role/r")


def test_the_operator_may_everything(site: Clients) -> None:
    assert site("s3").get_object(Bucket=SHUT, Key="in/a")["Body"].read() == b"x"
    assert site("iam").list_roles()["Roles"]


def test_an_explicit_deny_wins(role: Callable[..., Clients]) -> None:
    deny = {**allow("s3:GetObject", f"arn:aws:s3:::{FREE}/out/*"), "Effect": "Deny"}
    s3 = role(allow("s3:*"), deny)("s3")
    assert s3.get_object(Bucket=FREE, Key="in/a")
    error = refused(s3.get_object, Bucket=FREE, Key="out/a")
    assert "with an explicit deny in an identity-based policy" in str(error)


def test_a_changed_policy_counts_at_once(site: Clients, role: Callable[..., Clients]) -> None:
    s3 = role(allow("s3:GetObject"))("s3")
    assert s3.get_object(Bucket=FREE, Key="in/a")
    role(allow("s3:PutObject"))
    refused(s3.get_object, Bucket=FREE, Key="in/a")


def test_a_condition_is_about_what_the_call_says(role: Callable[..., Clients]) -> None:
    only = {"Condition": {"StringLike": {"s3:prefix": "in/*"}}}
    s3 = role(allow("s3:ListBucket", f"arn:aws:s3:::{FREE}", **only))("s3")
    assert s3.list_objects_v2(Bucket=FREE, Prefix="in/")["KeyCount"] == 1
    refused(s3.list_objects_v2, Bucket=FREE, Prefix="out/")
    refused(s3.list_objects_v2, Bucket=FREE)


def test_a_transaction_is_refused_whole_for_one_item(
    site: Clients, role: Callable[..., Clients]
) -> None:
    table = f"arn:aws:dynamodb:*:*:table/{FREE}"
    db = role(allow("dynamodb:PutItem", table), allow("dynamodb:GetItem", table))("dynamodb")
    put = {"Put": {"TableName": FREE, "Item": {"pk": {"S": "t"}}}}
    drop = {"Delete": {"TableName": FREE, "Key": {"pk": {"S": "u"}}}}
    error = refused(db.transact_write_items, TransactItems=[put, drop])
    assert "dynamodb:DeleteItem" in str(error)
    assert "Item" not in site("dynamodb").get_item(TableName=FREE, Key={"pk": {"S": "t"}})
    db.transact_write_items(TransactItems=[put])


def test_leading_keys_are_enforced(role: Callable[..., Clients]) -> None:
    own = {"Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["mine"]}}}
    db = role(allow("dynamodb:PutItem", f"arn:aws:dynamodb:*:*:table/{FREE}", **own))("dynamodb")
    db.put_item(TableName=FREE, Item={"pk": {"S": "mine"}})
    refused(db.put_item, TableName=FREE, Item={"pk": {"S": "yours"}})


def test_s3_answers_a_deletion_of_many_key_by_key(
    site: Clients, role: Callable[..., Clients]
) -> None:
    keys = ["in/<1>", "in/2", "out/1"]
    for key in keys:
        site("s3").put_object(Bucket=FREE, Key=key, Body=b"x")
    s3 = role(allow("s3:DeleteObject", f"arn:aws:s3:::{FREE}/in/*"))("s3")
    for quiet in (False, True):
        delete = {"Objects": [{"Key": key} for key in keys], "Quiet": quiet}
        answer = s3.delete_objects(Bucket=FREE, Delete=delete)
        if not quiet:  # which moto does not know
            assert [one["Key"] for one in answer["Deleted"]] == keys[:2]
        assert [(one["Key"], one["Code"]) for one in answer["Errors"]] == [
            ("out/1", "AccessDenied")
        ]
    nothing = s3.delete_objects(Bucket=FREE, Delete={"Objects": [{"Key": "out/1"}]})
    assert ("Deleted" in nothing, len(nothing["Errors"])) == (False, 1)
    left = site("s3").list_objects_v2(Bucket=FREE)["Contents"]
    assert [one["Key"] for one in left if one["Key"] in keys] == ["out/1"]


def test_a_missing_object_is_admitted_to_who_may_list_only(role: Callable[..., Clients]) -> None:
    reads = allow("s3:GetObject", f"arn:aws:s3:::{FREE}/*")
    some = {"Condition": {"StringLike": {"s3:prefix": "in/*"}}}
    for listing, codes in (
        ([], ("AccessDenied", "403")),
        ([allow("s3:ListBucket", f"arn:aws:s3:::{FREE}", **some)], ("AccessDenied", "403")),
        ([allow("s3:ListBucket", f"arn:aws:s3:::{FREE}")], ("NoSuchKey", "404")),
    ):
        s3 = role(reads, *listing)("s3")
        got = refused(s3.get_object, Bucket=FREE, Key="in/none").response["Error"]["Code"]
        head = refused(s3.head_object, Bucket=FREE, Key="in/none").response["Error"]["Code"]
        assert (got, head) == codes


def test_a_bucket_policy_is_judged_with_the_role(
    aws_environment: dict[str, str], role: Callable[..., Clients]
) -> None:
    denied = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject"}
    denied["Resource"] = f"arn:aws:s3:::{FREE}/out/*"  # type: ignore[assignment]
    insecure = {**denied, "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    document = {"Version": "2012-10-17", "Statement": [denied, insecure]}
    endpoint = aws_environment["AWS_ENDPOINT_URL"]
    post(endpoint, "policies", {"of": {f"arn:aws:s3:::{FREE}": document}})
    try:
        s3 = role(allow("s3:GetObject"))("s3")
        assert s3.get_object(Bucket=FREE, Key="in/a")
        error = refused(s3.get_object, Bucket=FREE, Key="out/a")
        assert "with an explicit deny in a resource-based policy" in str(error)
    finally:
        post(endpoint, "policies", {"of": {}})


def test_an_upload_that_is_refused_sees_the_answer_and_not_a_broken_connection(
    role: Callable[..., Clients],
) -> None:
    s3 = role(allow("s3:GetObject"))("s3")
    error = refused(s3.put_object, Bucket=FREE, Key="in/big", Body=b"x" * 5_000_000)
    assert error.response["Error"]["Code"] == "AccessDenied"


def test_what_is_not_known_is_refused_and_says_so(role: Callable[..., Clients]) -> None:
    every = role(allow("*"))
    error = refused(every("athena").list_work_groups)
    assert error.response["Error"]["Code"] == "AccessDeniedException"
    assert "does not know what IAM is asked about this call" in str(error)
    assert "infra/local/calls/services/README.md" in str(error)


@pytest.mark.parametrize(
    ("operator", "key"),
    [
        ("ForAllValues:StringEquals", "dynamodb:Attributes"),
        ("StringEqualsIfExists", "aws:ResourceTag/of"),
        ("StringNotEquals", "aws:PrincipalTag/team"),
    ],
)
def test_a_condition_on_what_no_call_brings_here_is_no_permission(
    operator: str, key: str, role: Callable[..., Clients]
) -> None:
    """Each of these is fulfilled by a key that is absent."""
    condition = {"Condition": {operator: {key: "x"}}}
    db = role(allow("dynamodb:GetItem", **condition), allow("dynamodb:PutItem"))("dynamodb")
    error = refused(db.get_item, TableName=FREE, Key={"pk": {"S": "1"}})
    assert f"the policy own has a condition on {key}, which no call has here" in str(error)
    db.put_item(TableName=FREE, Item={"pk": {"S": "1"}})


STRANGERS = {"s3": "InvalidAccessKeyId", "dynamodb": "UnrecognizedClientException", "sts": "InvalidClientTokenId"}  # fmt: skip
ASKS = {"s3": "list_buckets", "dynamodb": "list_tables", "sts": "get_caller_identity"}


@pytest.mark.parametrize("service", STRANGERS)
def test_credentials_that_nobody_has_are_refused(
    service: str, aws_environment: dict[str, str], role: Callable[..., Clients]
) -> None:
    role(allow("*"))
    name = f"r{abs(hash('x'))}"
    arn = make_role(Clients(aws_environment), name, LAMBDA, allow("*"))
    opened = of_session(aws_environment, arn, LAMBDA, "probe")
    for changed in ({"AWS_ACCESS_KEY_ID": "AKIANOBODY"}, {"AWS_SESSION_TOKEN": "another"}):
        call = getattr(Clients({**opened, **changed})(service), ASKS[service])
        assert refused(call).response["Error"]["Code"] == STRANGERS[service]
    assert getattr(Clients(opened)(service), ASKS[service])()


def test_who_signs_nothing_is_refused(site: Clients, aws_environment: dict[str, str]) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{aws_environment['AWS_ENDPOINT_URL']}/{FREE}/in/a")  # noqa: S310
    with error.value as answer:
        assert (answer.code, b"<Code>AccessDenied</Code>" in answer.read()) == (403, True)


def test_a_service_opens_sessions_of_roles_that_trust_it(
    site: Clients, aws_environment: dict[str, str]
) -> None:
    make_role(site, "of-glue", "glue.amazonaws.com", allow("*"))
    with pytest.raises(NoCredentials, match=r"trust policy of .*of-glue does not let lambda"):
        of_session(aws_environment, "of-glue", LAMBDA, "f")
    with pytest.raises(NoCredentials, match="there is no role"):
        of_session(aws_environment, "nobody", LAMBDA, "f")
    first, again, other = (
        of_session(aws_environment, "of-glue", "glue.amazonaws.com", name)
        for name in ("a", "a", "b")
    )
    assert first == again != other
    asked = Clients(first)("sts").get_caller_identity()
    assert asked["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/of-glue/a"


def test_what_was_asked_is_told_per_role(
    aws_environment: dict[str, str], role: Callable[..., Clients]
) -> None:
    used = allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{FREE}/in/*", Sid="Objects")
    s3 = role(used, allow("sqs:*"), allow("dynamodb:Get*", Sid="Items"))("s3")
    for _ in range(2):
        s3.get_object(Bucket=FREE, Key="in/a")
    refused(s3.get_object, Bucket=FREE, Key="out/a")
    told = post(aws_environment["AWS_ENDPOINT_URL"], "asked", {})
    name = next(one for one, report in told.items() if any(u["statement"] == "Items" for u in report["unused"]))  # fmt: skip
    assert told[name]["calls"] == {"s3:GetObject": 2}
    assert [(one["statement"], one["action"]) for one in told[name]["unused"]] == [
        ("Objects", "s3:PutObject"),
        ("1", "sqs:*"),
        ("Items", "dynamodb:Get*"),
    ]
    refused(s3.get_object, Bucket=FREE, Key="in/none")
    assert post(aws_environment["AWS_ENDPOINT_URL"], "asked", {})[name]["hidden"] == {
        "s3:GetObject": 1
    }
    (no,) = told[name]["refused"]
    assert (no["operation"], no["action"], no["times"]) == ("s3:GetObject", "s3:GetObject", 1)
    assert f"arn:aws:s3:::{FREE}/out/a" in no["message"]


def test_of_two_commits_to_a_table_at_once_the_second_one_fails(site: Clients) -> None:
    """As Iceberg's catalog relies on: it sends the version that it has read."""
    glue = site("glue")
    glue.create_database(DatabaseInput={"Name": "commits"})
    glue.create_table(DatabaseName="commits", TableInput={"Name": "t", "Parameters": {"at": "0"}})
    read = glue.get_table(DatabaseName="commits", Name="t")["Table"]["VersionId"]

    def commit(at: str, **version: str) -> Any:
        wanted = {"Name": "t", "Parameters": {"at": at}}
        return glue.update_table(DatabaseName="commits", TableInput=wanted, **version)

    commit("1", VersionId=read)
    error = refused(commit, at="2", VersionId=read)
    assert error.response["Error"]["Code"] == "ConcurrentModificationException"
    kept = glue.get_table(DatabaseName="commits", Name="t")["Table"]
    assert kept["Parameters"] == {"at": "1"}
    commit("3", VersionId=kept["VersionId"])
    commit("4")  # without a version the last one wins, as ever
