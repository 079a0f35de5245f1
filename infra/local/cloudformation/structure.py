"""The form of a template: sections, what a resource may have beside its properties, outputs.

Sources: CloudFormation User Guide, "Template sections"; Template Reference, "Resource attribute reference" (DeletionPolicy,
UpdateReplacePolicy and which types take Snapshot); re:Post, "How do I resolve CloudFormation template validation or
template format errors?" (the messages).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.local.cloudformation import schemas
from infra.local.cloudformation.errors import Refused, format_error, template_error

_SECTIONS = frozenset(
    {
        "AWSTemplateFormatVersion", "Conditions", "Description", "Hooks", "Mappings", "Metadata", "Outputs", "Parameters",
        "Resources", "Rules", "Transform",
    }
)  # fmt: skip
_OF_RESOURCES = frozenset(
    {
        "Condition", "CreationPolicy", "DeletionPolicy", "DependsOn", "Metadata", "Properties", "Type", "UpdatePolicy",
        "UpdateReplacePolicy",
    }
)  # fmt: skip
_OF_OUTPUTS = frozenset({"Condition", "Description", "Export", "Value"})
_POLICIES = {
    "DeletionPolicy": frozenset({"Delete", "Retain", "RetainExceptOnCreate", "Snapshot"}),
    "UpdateReplacePolicy": frozenset({"Delete", "Retain", "Snapshot"}),
}
SAM = "AWS::Serverless-2016-10-31"
_SNAPSHOTS = frozenset(
    {
        "AWS::DocDB::DBCluster", "AWS::EC2::Volume", "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ReplicationGroup", "AWS::Neptune::DBCluster", "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance", "AWS::Redshift::Cluster",
    }
)  # fmt: skip


def check(template: Mapping[str, Any], region: str) -> None:
    """Raises Refused for a template that is not formed as CloudFormation reads it, or names a type it does not know."""
    others = [name for name in template if name not in _SECTIONS]
    if others:
        raise format_error(f"Invalid template property or properties [{', '.join(others)}]")
    if str(template.get("AWSTemplateFormatVersion", "2010-09-09")) != "2010-09-09":
        raise format_error(
            f"Template version {template['AWSTemplateFormatVersion']} is not supported"
        )
    transforms = template.get("Transform", [])
    if transforms:
        named = transforms if isinstance(transforms, str) else ", ".join(map(str, transforms))
        raise Refused(f"No transform named {named} found: the stand-in knows {SAM} only.")
    for section in ("Conditions", "Mappings", "Outputs", "Parameters", "Resources", "Rules"):
        if not isinstance(template.get(section, {}), dict):
            raise format_error(f"[/{section}] '{section}' expected an object")
    if region not in schemas.regions():
        raise Refused(
            f"Could not connect to the endpoint URL: there is no region {region}",
            "EndpointConnectionError",
        )
    for name, resource in template["Resources"].items():
        _check_resource(name, resource)
    unknown = [
        one["Type"]
        for one in template["Resources"].values()
        if schemas.of(region, one["Type"]) is None
    ]
    if unknown:
        raise format_error(f"Unrecognized resource types: [{', '.join(dict.fromkeys(unknown))}]")
    for name, output in (template.get("Outputs") or {}).items():
        _check_output(name, output)


def _check_resource(name: str, resource: Any) -> None:
    if not isinstance(resource, dict):
        raise format_error("Resources should be of type object")
    if not isinstance(resource.get("Type"), str):
        raise format_error(
            f"[/Resources/{name}] Every Resources object must contain a Type member."
        )
    for key in resource:
        if key not in _OF_RESOURCES and not (key == "Version" and _is_custom(resource["Type"])):
            raise format_error(f"Invalid template resource property '{key}'")
    if not isinstance(resource.get("Condition", ""), str):
        raise format_error("Every Condition member must be a string.")
    if not isinstance(resource.get("Properties", {}), dict):
        raise format_error(f"[/Resources/{name}/Properties] 'Properties' expected an object")
    if not isinstance(resource.get("Metadata", {}), dict):
        raise format_error(f"[/Resources/{name}/Metadata] 'Metadata' expected an object")
    needs = resource.get("DependsOn", [])
    if not isinstance(needs, str) and not (
        isinstance(needs, list) and all(isinstance(one, str) for one in needs)
    ):
        raise format_error("Every DependsOn value must be a string.")
    for attribute, allowed in _POLICIES.items():
        value = resource.get(attribute, "Delete")
        if not isinstance(value, str):
            raise format_error(f"Every {attribute} member must be a string.")
        if value not in allowed:
            raise format_error(f"Unrecognized {attribute} {value} for resource {name}")
        if value == "Snapshot" and resource["Type"] not in _SNAPSHOTS:
            lower = "deletion policy" if attribute == "DeletionPolicy" else "update replace policy"
            raise template_error(
                f"resource type {resource['Type']} does not support {lower} Snapshot"
            )


def _is_custom(kind: str) -> bool:
    """Custom resources may have a Version (Template Reference, AWS::CloudFormation::CustomResource)."""
    return kind.startswith("Custom::") or kind == "AWS::CloudFormation::CustomResource"


def _check_output(name: str, output: Any) -> None:
    if not isinstance(output, dict) or "Value" not in output:
        raise format_error("Every Outputs member must contain a Value object")
    for key in output:
        if key not in _OF_OUTPUTS:
            raise format_error(f"Invalid template output property '{key}'")
    if not isinstance(output.get("Condition", ""), str):
        raise format_error("Every Condition member must be a string.")
    if "Export" in output and (
        not isinstance(output["Export"], dict) or set(output["Export"]) != {"Name"}
    ):
        raise format_error(f"Output {name}: Export must have the property Name and no other")
