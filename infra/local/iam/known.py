"""Which services, actions and condition keys AWS has.

Services and actions: AWS's Service Authorization Reference, as the cfn-lint wheel carries it. Global
condition keys: IAM User Guide, "AWS global condition context keys".
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

GLOBAL_KEYS = frozenset(
    f"aws:{key}".lower()
    for key in (
        # of the principal
        "PrincipalArn", "PrincipalAccount", "PrincipalOrgPaths", "PrincipalOrgID", "PrincipalTag/",
        "PrincipalIsAWSService", "PrincipalServiceName", "PrincipalServiceNamesList", "PrincipalType",
        "userid", "username",
        # of the session
        "AssumedRoot", "FederatedProvider", "TokenIssueTime", "MultiFactorAuthAge",
        "MultiFactorAuthPresent", "ChatbotSourceArn", "Ec2InstanceSourceVpc",
        "Ec2InstanceSourcePrivateIPv4", "SourceIdentity", "SignInSessionArn",
        # of the network
        "SourceIp", "SourceVpc", "SourceVpcArn", "SourceVpce", "VpceAccount", "VpceOrgID",
        "VpceOrgPaths", "VpcSourceIp",
        # of the resource
        "ResourceAccount", "ResourceOrgID", "ResourceOrgPaths", "ResourceTag/",
        # of the request
        "CalledVia", "CalledViaFirst", "CalledViaLast", "ViaAWSService", "CurrentTime", "EpochTime",
        "referer", "RequestedRegion", "RequestTag/", "TagKeys", "SecureTransport", "SourceArn",
        "SourceAccount", "SourceOrgID", "SourceOrgPaths", "UserAgent", "ViaAWSMCPService",
        "CalledViaAWSMCP",
    )
)  # fmt: skip
MULTIVALUED = frozenset(
    f"aws:{key}".lower()
    for key in (
        "CalledVia", "PrincipalOrgPaths", "PrincipalServiceNamesList", "ResourceOrgPaths",
        "SourceOrgPaths", "TagKeys", "VpceOrgPaths",
    )
)  # fmt: skip


@cache
def actions() -> dict[str, frozenset[str]]:
    """Service prefix → its actions, all in lower case."""
    return {prefix: frozenset(map(str.lower, found)) for prefix, found in _reference().items()}


def resource_types(action: str) -> tuple[str, ...] | None:
    """The types of resources that `prefix:Action` takes, in lower case; none of them: it is about `*`.

    None for an action that no service has.
    """
    prefix, _, name = action.lower().partition(":")
    found = _reference().get(prefix, {}).get(name)
    return None if found is None else tuple(map(str.lower, found.get("Resources", ())))


@cache
def _reference() -> dict[str, dict[str, dict[str, list[str]]]]:
    """Service prefix → action → what the reference says of it."""
    wheel = find_spec("cfnlint")  # found, and not imported: that takes seconds
    folder = wheel and wheel.submodule_search_locations
    if not folder:
        raise ModuleNotFoundError(
            "the services and actions of AWS are read from the wheel cfn-lint"
        )
    text = Path(folder[0], "data", "AdditionalSpecs", "Policies.json").read_text("utf-8")
    return {
        prefix.lower(): {name.lower(): one for name, one in found.get("Actions", {}).items()}
        for prefix, found in json.loads(text).items()
    }
