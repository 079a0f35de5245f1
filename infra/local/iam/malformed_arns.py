"""What IAM says of a `Resource` that is no ARN it knows.

Sources: IAM User Guide, "IAM JSON policy elements: Resource" and "Amazon Resource Names (ARNs)"; the words as
moto has recorded them of IAM (`moto.iam.policy_validation`).
"""

from __future__ import annotations

LEGACY = "The policy failed legacy parsing"
PARTITIONS = (
    "aws",
    "aws-cn",
    "aws-us-gov",
    "aws-iso",
    "aws-iso-b",
    "aws-iso-e",
    "aws-iso-f",
    "aws-eusc",
)
_PATHS_OF_IAM = (
    "user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/",
    "policy/", "sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/",
)  # fmt: skip


def resource_fault(written: str) -> str | None:
    """IAM's words for what is wrong with the resource; None if it may be stored.

    A resource may have fewer fields than six, since its `*` reaches over colons; its service is written out.
    """
    if written == "*":
        return None
    if ":" not in written or not written.startswith("arn:"):
        return f'Resource {written} must be in ARN format or "*".'
    partition, *rest = written.split(":", 5)[1:]
    if partition not in (*PARTITIONS, "*"):
        shown = ":".join([*rest, "*", "*", "*", "*"][: max(4, len(rest))])
        return f'Partition "{partition}" is not valid for resource "arn:{partition}:{shown}".'
    if not rest or "*" in rest[0] or "?" in rest[0]:
        return "Resource vendor must be fully qualified and cannot contain regexes."
    service, region, _account, resource = (*rest, "", "", "")[:4]
    if service == "iam" and region:
        return f"IAM resource {written} cannot contain region information."
    if service == "iam" and not resource.startswith((*_PATHS_OF_IAM, "*")):
        return f'IAM resource path must either be "*" or start with {", ".join(_PATHS_OF_IAM)}.'
    if service == "s3" and region and not resource.startswith("accesspoint/"):
        return f"Resource {written} can not contain region information."
    if not service or ("::" in written and written.count(":") < 5):
        return LEGACY
    return None
