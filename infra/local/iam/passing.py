"""A role that is handed to a service.

Source: IAM User Guide, "Granting a user permissions to pass a role to an AWS service".
"""

from __future__ import annotations

from dataclasses import replace

from infra.local.iam.evaluate import Decision, Policies, Request, judge
from infra.local.iam.policy import Policy
from infra.local.iam.principals import Principal, service


def judge_passing(
    who: Principal, role: str, to: str, policies: Policies, trust: Policy
) -> Decision:
    """Whether `who` may pass the role of that ARN to the service `to`, and the service may then assume it.

    `iam:PassRole` is judged by the policies of who passes, with `iam:PassedToService`; roles have no
    resource-based policy for it. If that is allowed, the decision is the trust policy's about the service:
    services refuse a role that they cannot assume, each in words of its own.
    """
    asked = Request(who, "iam:PassRole", (role,), {"iam:PassedToService": to})
    passed = judge(asked, replace(policies, resource=None))
    if not passed.allowed:
        return passed
    return judge(Request(service(to), "sts:AssumeRole", (role,)), Policies(resource=trust))
