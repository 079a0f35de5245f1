"""The policies of template.yaml in several variants of a stack, as AWS would get them.

`infra.local.deploy_template.plain` evaluates a whole stack, and cannot where a resource is named by AWS alone.
Policies name few resources, so they are evaluated one by one here.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from infra.local.cloudformation.transform import translated
from infra.local.deploy_intrinsics import Intrinsics
from infra.local.deploy_template import STACK_NAME, TEMPLATE
from infra.local.iam.evaluate import Decision, Policies, Request, judge
from infra.local.iam.malformed import PolicyKind
from infra.local.iam.policy import Policy, read
from infra.local.iam.principals import session
from infra.local.place import ACCOUNT, REGION
from tests.infra.test_template import BROUGHT, ENDPOINT

SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:"
ARTIFACTS = {name: BROUGHT[name] for name in ("ArtifactBucket", "ArtifactPrefix")}
VARIANTS: dict[str, dict[str, str]] = {
    "brought": BROUGHT,
    "brought, with secrets and a connection": {
        **BROUGHT,
        "GlueConnectionName": "net",
        "OpenSearchAuth": f"{SECRET}search-AbCdEf",
        "RedshiftSecretArn": f"{SECRET}warehouse-AbCdEf",
    },
    "made in a VPC": {
        **ARTIFACTS,
        "VpcId": "vpc-1",
        "SubnetIds": "subnet-1,subnet-2",
        "AvailabilityZone": f"{REGION}a",
        "FeedFinishedEmail": "malls@example.com",
    },
}
# What `Ref` gives on AWS, where the local stack's `Ref` gives the name.
REFS = {
    "AWS::SNS::Topic": lambda name: {"Fn::GetAtt": [name, "Arn"]},
    "AWS::SecretsManager::Secret": lambda name: f"{SECRET}{name}-AbCdEf",
}
WORKGROUP = f"arn:aws:redshift-serverless:{REGION}:{ACCOUNT}:workgroup/3f0c"
ATTRIBUTES = {("Workgroup", "Workgroup.WorkgroupArn"): WORKGROUP}
"""Attributes that only AWS knows."""


class Template:
    """template.yaml under one variant's parameters.

    Attributes
    ----------
    resources : logical id → resource, its functions not evaluated, of those whose condition holds
    """

    def __init__(self, parameters: dict[str, str]) -> None:
        template = translated(TEMPLATE.read_text("utf-8"), parameters)
        kinds = {name: one["Type"] for name, one in template["Resources"].items()}
        template["Resources"] = _with_arns(template["Resources"], kinds)
        given = template["Parameters"]
        values = {name: str(one["Default"]) for name, one in given.items() if "Default" in one}
        pseudo = {
            "AWS::Region": REGION,
            "AWS::AccountId": ACCOUNT,
            "AWS::Partition": "aws",
            "AWS::StackName": STACK_NAME,
        }
        self._functions = Intrinsics(template, {**values, **parameters}, pseudo, ENDPOINT)
        self.resources = {
            name: one
            for name, one in template["Resources"].items()
            if "Condition" not in one or self._functions.value({"Condition": one["Condition"]})
        }

    def of(self, kind: str) -> list[str]:
        """Logical ids of the resources of that type."""
        return [name for name, one in self.resources.items() if one["Type"] == kind]

    def arn(self, name: str) -> str:
        """The ARN of that resource."""
        return str(self._functions.value({"Fn::GetAtt": [name, "Arn"]}))

    def inline(self, role: str) -> list[dict[str, Any]]:
        """The documents of the role's inline policies."""
        written = self.resources[role]["Properties"]["Policies"]
        return [self._functions.value(one["PolicyDocument"]) for one in written]

    def trust(self, role: str) -> dict[str, Any]:
        """The document that says who may assume the role."""
        written = self.resources[role]["Properties"]["AssumeRolePolicyDocument"]
        found: dict[str, Any] = self._functions.value(written)
        return found

    def of_resources(self) -> dict[str, dict[str, Any]]:
        """Logical id of what it protects → the document, of every policy that is no identity's."""
        found = {}
        for name, one in self.resources.items():
            properties = one.get("Properties", {})
            for written in properties.values():
                if isinstance(written, dict) and "Statement" in written:
                    for protected in _protected(properties) or [name]:
                        found[protected] = self._functions.value(written)
        return {name: one for name, one in found.items() if name not in self.of("AWS::IAM::Role")}


def _protected(properties: dict[str, Any]) -> list[str]:
    """What a policy that is a resource of its own is attached to."""
    written = [
        properties.get("Bucket"),
        *properties.get("Queues", []),
        *properties.get("Topics", []),
    ]
    return [one["Ref"] if "Ref" in one else one["Fn::GetAtt"][0] for one in written if one]


def _with_arns(node: Any, kinds: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_with_arns(one, kinds) for one in node]
    if not isinstance(node, dict):
        return node
    if set(node) == {"Ref"} and kinds.get(node["Ref"]) in REFS:
        return REFS[kinds[node["Ref"]]](node["Ref"])
    if set(node) == {"Fn::GetAtt"}:
        return ATTRIBUTES.get(tuple(node["Fn::GetAtt"]), node)
    return {key: _with_arns(one, kinds) for key, one in node.items()}


@cache
def template(variant: str) -> Template:
    """The template of that variant, translated once."""
    return Template(VARIANTS[variant])


def identity(role: str, documents: list[dict[str, Any]]) -> tuple[Policy, ...]:
    """These documents as inline policies of the role."""
    return tuple(read(one, PolicyKind.INLINE, role) for one in documents)


def decide(
    role: str,
    policies: Policies,
    action: str,
    resources: tuple[str, ...],
    context: dict[str, Any] | None = None,
) -> Decision:
    """AWS's decision about a session of the role, over TLS."""
    who = session(f"arn:aws:iam::{ACCOUNT}:role/{role}", "run-1")
    given = {"aws:SecureTransport": True, "aws:userid": "AROAEXAMPLE:run-1", **(context or {})}
    return judge(Request(who, action, resources, given, ACCOUNT), policies)
