"""What the policies of buckets, queues, topics, the key and the domain let through."""

from __future__ import annotations

import pytest

from infra.local.iam.advice import advice
from infra.local.iam.evaluate import Outcome, Policies, Request, judge
from infra.local.iam.malformed import PolicyKind
from infra.local.iam.policy import Policy, read
from infra.local.iam.principals import Principal, service, session
from infra.local.place import ACCOUNT, REGION
from tests.infra.template_policies import VARIANTS, Template, template

CALLS = {
    "AWS::S3::Bucket": (("s3:ListBucket", ""), ("s3:GetObject", "/a"), ("s3:PutObject", "/a")),
    "AWS::SQS::Queue": (("sqs:SendMessage", ""), ("sqs:ReceiveMessage", "")),
    "AWS::SNS::Topic": (("sns:Publish", ""),),
}
"""What is called on each type of resource that AWS also serves without TLS: action, and what the ARN goes on with."""
ADMINISTRATOR = read(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
    name="AdministratorAccess",
)
PERSON = session(f"arn:aws:iam::{ACCOUNT}:role/admin", "kim")
MADE = "made in a VPC"
PLAIN = {"aws:SecureTransport": False}
OVER_TLS = {"aws:SecureTransport": True}


def _of(stack: Template, name: str) -> Policy:
    return read(stack.of_resources()[name], PolicyKind.RESOURCE, name)


@pytest.mark.parametrize("variant", VARIANTS)
def test_without_tls_nobody_is_let_in_whatever_else_allows_it(variant: str) -> None:
    stack, looked_at = template(variant), 0
    for kind, called in CALLS.items():
        for name in stack.of(kind):
            policies = Policies((ADMINISTRATOR,), resource=_of(stack, name))
            for action, rest in called:
                on = (stack.arn(name) + rest,)
                plain = judge(Request(PERSON, action, on, PLAIN, ACCOUNT), policies)
                assert plain.outcome is Outcome.EXPLICIT_DENY
                assert plain.match
                assert plain.match.sid == "TlsOnly"
                assert plain.message.endswith("with an explicit deny in a resource-based policy")
                assert judge(Request(PERSON, action, on, OVER_TLS, ACCOUNT), policies).allowed
                looked_at += 1
    assert looked_at >= 10


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_policies_of_resources_are_well_formed_and_do_what_they_say(variant: str) -> None:
    for name, document in template(variant).of_resources().items():
        assert (name, advice(document, PolicyKind.RESOURCE)) == (name, [])


def test_only_the_rule_of_new_objects_sends_arrivals() -> None:
    stack = template("brought")
    queue, rule = stack.arn("Arrivals"), stack.arn("ObjectCreated")
    policies = Policies(resource=_of(stack, "Arrivals"))
    events = service("events.amazonaws.com")

    def sends(who: Principal, source: str) -> bool:
        context = {**OVER_TLS, "aws:SourceArn": source}
        return judge(Request(who, "sqs:SendMessage", (queue,), context, ACCOUNT), policies).allowed

    assert sends(events, rule)
    assert not sends(events, rule + "-other")
    assert not sends(service("s3.amazonaws.com"), rule)


def test_events_publishes_to_the_topic_and_uses_its_key() -> None:
    stack, events = template(MADE), service("events.amazonaws.com")
    topic, key = stack.arn("FinishedTopic"), f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
    for name, action, on in (
        ("FinishedTopic", "sns:Publish", topic),
        ("FinishedKey", "kms:Decrypt", key),
        ("FinishedKey", "kms:GenerateDataKeyWithoutPlaintext", key),
    ):
        policies = Policies(resource=_of(stack, name))
        assert judge(Request(events, action, (on,), OVER_TLS, ACCOUNT), policies).allowed
        other = service("s3.amazonaws.com")
        assert not judge(Request(other, action, (on,), OVER_TLS, ACCOUNT), policies).allowed


@pytest.mark.parametrize(
    ("role", "path", "method", "allowed"),
    [
        ("LoadFeedsRole", "products/_bulk", "Post", True),
        ("LoadFeedsRole", "products-1", "Delete", True),
        ("SearchApiRole", "products/_search", "Post", True),
        ("SearchApiRole", "products/_doc/1", "Post", False),
        ("SearchApiRole", "products/_search", "Put", False),
        ("FeedArrivedRole", "products/_search", "Get", False),
    ],
)
def test_the_domain_answers_the_job_and_the_searches_of_the_search_api(
    role: str, path: str, method: str, allowed: bool
) -> None:
    stack = template(MADE)
    who = session(stack.arn(role), "run-1")
    domain = f"arn:aws:es:{REGION}:{ACCOUNT}:domain/mallfeed/{path}"
    policies = Policies(resource=_of(stack, "Domain"))
    assert judge(Request(who, f"es:ESHttp{method}", (domain,)), policies).allowed is allowed


def test_people_of_the_account_need_a_policy_of_their_own_for_the_domain() -> None:
    domain = f"arn:aws:es:{REGION}:{ACCOUNT}:domain/mallfeed/products/_search"
    asked = Request(PERSON, "es:ESHttpGet", (domain,))
    resource = _of(template(MADE), "Domain")
    assert judge(asked, Policies((ADMINISTRATOR,), resource=resource)).allowed
    assert not judge(asked, Policies(resource=resource)).allowed


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_role_is_assumed_by_its_own_service_only(variant: str) -> None:
    stack = template(variant)
    services = ("lambda", "glue", "redshift", "redshift-serverless", "ec2")
    trusted = {
        role: {
            name
            for name in services
            if judge(
                Request(service(f"{name}.amazonaws.com"), "sts:AssumeRole", (stack.arn(role),)),
                Policies(resource=read(stack.trust(role), PolicyKind.TRUST, role)),
            ).allowed
        }
        for role in stack.of("AWS::IAM::Role")
    }
    copying = {"CopyRole": {"redshift", "redshift-serverless"}} if "CopyRole" in trusted else {}
    functions = {
        role: {"lambda"} for role in ("FeedArrivedRole", "DispatchRunsRole", "SearchApiRole")
    }
    assert trusted == {**functions, "LoadFeedsRole": {"glue"}, **copying}
