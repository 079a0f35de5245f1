"""Roles of a local AWS, for tests that run something in their name."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError


def allow(actions: str | list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    """A statement that allows it; `more` are other elements."""
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}


def make_role(clients: Any, name: str, service: str, *statements: dict[str, Any]) -> str:
    """The ARN of a role that the service may assume, with these statements; one of that name is changed."""
    trusting = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    iam = clients("iam")
    try:
        arn: str = iam.get_role(RoleName=name)["Role"]["Arn"]
    except ClientError:
        trust = json.dumps({"Version": "2012-10-17", "Statement": [trusting]})
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document)
    return arn
