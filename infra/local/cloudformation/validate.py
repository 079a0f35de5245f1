"""What CloudFormation makes of a template before it makes a resource, or why it refuses it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from infra.local.cloudformation import parameters as parameter_values
from infra.local.cloudformation import properties, references, schemas, structure
from infra.local.cloudformation.errors import Refused, format_error
from infra.local.cloudformation.functions import Functions, NotKnown
from infra.local.cloudformation.later import Later, of_all
from infra.local.cloudformation.template import Output, Resource, Template
from infra.local.cloudformation.transform import translated

_ATTRIBUTES = ("CreationPolicy", "Metadata", "UpdatePolicy")


def validated(
    text: str,
    parameters: Mapping[str, Any],
    region: str,
    account: str,
    *,
    stack_name: str = "stack",
    stored: Mapping[str, str] | None = None,
    exports: Mapping[str, str] | None = None,
) -> Template:
    """The template as it is sent → what CloudFormation works on, after the SAM transform.

    `stored` are values in Systems Manager's parameter store, `exports` those of other stacks; of what is not given
    nothing is known, and nothing refused. Raises Refused with AWS's code and message.
    """
    from samtranslator.model.exceptions import InvalidDocumentException

    try:
        template = translated(text, {name: str(value) for name, value in parameters.items()})
    except InvalidDocumentException as error:
        causes = " ".join(cause.message for cause in error.causes)
        raise Refused(f"Transform {structure.SAM} failed with: {error.message} {causes}") from error
    return checked(
        template, parameters, region, account, stack_name=stack_name, stored=stored, exports=exports
    )


def checked(
    template: Mapping[str, Any],
    parameters: Mapping[str, Any],
    region: str,
    account: str,
    *,
    stack_name: str = "stack",
    stored: Mapping[str, str] | None = None,
    exports: Mapping[str, str] | None = None,
) -> Template:
    """The same for a template that is already transformed."""
    structure.check(template, region)
    values = parameter_values.values(template.get("Parameters") or {}, parameters, stored)
    references.check(template, region)
    functions = Functions(template, values, pseudo(region, account, stack_name), exports)
    _check_rules(template.get("Rules") or {}, functions)
    needs = references.dependencies(template, functions)
    resources = {
        name: _resource(name, template["Resources"][name], needed, functions)
        for name, needed in needs.items()
    }
    faults = {
        name: found
        for name, one in resources.items()
        if (schema := schemas.of(region, one.type))
        and (found := properties.faults(one.properties, schema))
    }
    if faults:
        raise Refused(
            "\n".join(
                f"Properties validation failed for resource {name} with message:\n"
                + "\n".join(found)
                for name, found in faults.items()
            )
        )
    outputs = _outputs(template.get("Outputs") or {}, functions, set(resources))
    return Template(
        region, account, resources, outputs, frozenset(functions.imports), functions, template
    )


def _resource(
    name: str, raw: Mapping[str, Any], needs: frozenset[str], functions: Functions
) -> Resource:
    kind = raw["Type"]
    snapshot = kind == "AWS::RDS::DBCluster" or (
        kind == "AWS::RDS::DBInstance"
        and "DBClusterIdentifier" not in (raw.get("Properties") or {})
    )  # Template Reference, DeletionPolicy: the default of these two
    return Resource(
        name=name,
        type=kind,
        properties=functions.value(raw.get("Properties") or {}),
        attributes={key: functions.value(raw[key]) for key in _ATTRIBUTES if key in raw},
        deletion_policy=raw.get("DeletionPolicy", "Snapshot" if snapshot else "Delete"),
        update_replace_policy=raw.get("UpdateReplacePolicy", "Delete"),
        has_deletion_policy="DeletionPolicy" in raw,
        needs=needs,
    )


def _outputs(raw: Mapping[str, Any], functions: Functions, made: set[str]) -> dict[str, Output]:
    outputs: dict[str, Output] = {}
    exported: dict[str, str] = {}
    for name, one in raw.items():
        if not functions.holds(one.get("Condition")):
            continue
        named = {logical for _, logical, _ in references.found(functions.pruned(one))}
        gone = [logical for logical in functions.names() if logical in named - made]
        if gone:
            raise format_error(
                f"Unresolved resource dependencies [{', '.join(gone)}] in the Outputs block of the template"
            )
        value = functions.value(one["Value"])
        if isinstance(value, list | dict):
            raise format_error("The Value field of every Outputs member must evaluate to a String.")
        export = functions.value(one["Export"]["Name"]) if "Export" in one else None
        if isinstance(export, Later) or of_all(export):
            raise format_error(f"Output {name}: the name of an export cannot depend on resources")
        if export is not None and export in exported:
            raise format_error(
                f"Outputs {exported[export]} and {name} export the same name: {export}"
            )
        if export is not None:
            exported[export] = name
        outputs[name] = Output(value, export)
    return outputs


def _check_rules(rules: Mapping[str, Any], functions: Functions) -> None:
    """CloudFormation User Guide, "CloudFormation template Rules syntax"."""
    for name, rule in rules.items():
        if not isinstance(rule, dict) or not isinstance(rule.get("Assertions"), list):
            raise format_error(f"Rule {name} must have a list of Assertions")
        with contextlib.suppress(NotKnown):
            _check_rule(name, rule, functions)


def _check_rule(name: str, rule: Mapping[str, Any], functions: Functions) -> None:
    if "RuleCondition" in rule and not functions.value(rule["RuleCondition"]):
        return
    for assertion in rule["Assertions"]:
        if not functions.value(assertion["Assert"]):
            raise Refused(
                assertion.get("AssertDescription", f"An assertion of rule {name} does not hold")
            )


def pseudo(region: str, account: str, stack_name: str) -> dict[str, Any]:
    """Pseudo parameter → its value in a stack of that name."""
    partition = next(
        (
            one
            for start, one in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("eusc-", "aws-eusc"))
            if region.startswith(start)
        ),
        "aws",
    )
    return {
        "AWS::Region": region,
        "AWS::AccountId": account,
        "AWS::Partition": partition,
        "AWS::StackName": stack_name,
        "AWS::StackId": f"arn:{partition}:cloudformation:{region}:{account}:stack/{stack_name}/local",
        "AWS::URLSuffix": "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com",
        "AWS::NotificationARNs": [],
    }
