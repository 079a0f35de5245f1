"""What refers to what: names that the template does not have, and circles.

Sources: Template Reference, "Intrinsic function reference" and "DependsOn attribute"; re:Post, "How do I resolve
CloudFormation template validation or template format errors?"; AWS blog, "Handling circular dependency errors in AWS
CloudFormation" (the messages).
"""

from __future__ import annotations

import graphlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from infra.local.cloudformation import schemas
from infra.local.cloudformation.errors import Refused, format_error, template_error
from infra.local.cloudformation.functions import Functions

_VARIABLE = re.compile(r"\$\{(?!!)([^}]*)\}")
_PSEUDO = frozenset(
    {
        "AWS::AccountId", "AWS::NoValue", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region", "AWS::StackId",
        "AWS::StackName", "AWS::URLSuffix",
    }
)  # fmt: skip
Reference = tuple[str, str, str | None]
"""Function, logical id, attribute (None for Ref)."""


def check(template: Mapping[str, Any], region: str) -> None:
    """Raises Refused for a Ref, attribute, condition or DependsOn that the template does not have."""
    resources = template["Resources"]
    _check_conditions(template)
    for one in resources.values():
        _check_condition_names(one, template, "Resources")
    for output in (template.get("Outputs") or {}).values():
        _check_condition_names(output, template, "Outputs")
    for block in ("Resources", "Outputs"):
        _check_references(template, block, region)
    needed = [
        need for one in resources.values() for need in _depends_on(one) if need not in resources
    ]
    _unresolved(needed, "Resources")


def dependencies(template: Mapping[str, Any], functions: Functions) -> dict[str, frozenset[str]]:
    """Logical id → what is made before it, of the resources whose condition holds, in the order of making.

    Raises Refused for circles, and where a resource refers to one whose condition does not hold.
    """
    resources = {
        name: one
        for name, one in template["Resources"].items()
        if functions.holds(one.get("Condition"))
    }
    needs: dict[str, frozenset[str]] = {}
    for name, one in resources.items():
        body = functions.pruned(
            {key: item for key, item in one.items() if key not in ("Condition", "Type")}
        )
        named = {logical for _, logical, _ in found(body) if logical in template["Resources"]}
        _unresolved(
            [logical for logical in template["Resources"] if logical in named - set(resources)],
            "Resources",
        )
        needs[name] = frozenset(named | (set(_depends_on(one)) & set(resources)))
    try:
        order = list(graphlib.TopologicalSorter(needs).static_order())
    except graphlib.CycleError as error:
        circle = set(error.args[1])
        listed = ", ".join(name for name in resources if name in circle)
        raise Refused(f"Circular dependency between resources: [{listed}]") from error
    return {name: needs[name] for name in order}


def found(node: Any) -> Iterator[Reference]:
    """Every Ref, Fn::GetAtt and variable of Fn::Sub in it."""
    if isinstance(node, list):
        for item in node:
            yield from found(item)
    if not isinstance(node, dict):
        return
    if len(node) == 1:
        ((name, argument),) = node.items()
        if name == "Ref" and isinstance(argument, str):
            yield name, argument, None
            return
        if name == "Fn::GetAtt":
            yield _attribute(argument)
            return
        if name == "Fn::Sub":
            yield from _of_sub(argument)
            return
    for item in node.values():
        yield from found(item)


def _of_sub(argument: Any) -> Iterator[Reference]:
    text, given = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
    if not isinstance(text, str) or not isinstance(given, dict):
        raise template_error(
            "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first "
            "argument, and an optional second argument to specify a mapping of values to replace in the string"
        )
    yield from found(list(given.values()))
    for match in _VARIABLE.finditer(text):
        name = match[1].strip()
        if not re.fullmatch(r"[A-Za-z0-9_.:]+", name):
            raise template_error(
                "variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons"
            )
        if name in given or (":" in name and not name.startswith("AWS::")):
            continue
        if "." in name:
            logical, attribute = name.split(".", 1)
            yield "Fn::Sub", logical, attribute
        else:
            yield "Ref", name, None


def _attribute(argument: Any) -> Reference:
    pair = argument.split(".", 1) if isinstance(argument, str) else argument
    if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], str):
        raise template_error(
            "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute"
        )
    # An attribute that is given by a function is known only once it is worked out.
    return "Fn::GetAtt", pair[0], pair[1] if isinstance(pair[1], str) else ""


def _check_references(template: Mapping[str, Any], block: str, region: str) -> None:
    resources = template["Resources"]
    names = set(resources) | set(template.get("Parameters") or {}) | _PSEUDO
    wanted = list(found(template.get(block) or {}))
    _unresolved(
        [name for function, name, _ in wanted if function == "Ref" and name not in names], block
    )
    for function, name, attribute in wanted:
        if attribute is None:
            continue
        if name not in resources:
            if function == "Fn::Sub":
                raise template_error(
                    f"instance of Fn::Sub references invalid resource attribute {name}.{attribute}"
                )
            raise template_error(f"instance of Fn::GetAtt references undefined resource {name}")
        schema = schemas.of(region, resources[name]["Type"])
        if attribute and schema is not None and not schema.gives(attribute):
            raise template_error(
                f"resource {name} does not support attribute type {attribute} in Fn::GetAtt"
            )


def _check_conditions(template: Mapping[str, Any]) -> None:
    conditions = template.get("Conditions") or {}
    known = set(template.get("Parameters") or {}) | _PSEUDO
    wanted = [name for _, name, _ in found(conditions) if name not in known]
    if wanted:
        raise format_error(
            f"Unresolved dependencies [{', '.join(dict.fromkeys(wanted))}]. Cannot reference resources in the Conditions block of "
            "the template"
        )
    needs = {name: set(_conditions_in(one)) for name, one in conditions.items()}
    for name, named in needs.items():
        missing = sorted(named - set(conditions))
        if missing:
            raise format_error(
                f"Unresolved condition dependency {missing[0]} in the Conditions block of the template ({name})"
            )
    try:
        graphlib.TopologicalSorter(needs).prepare()
    except graphlib.CycleError as error:
        circle = [name for name in conditions if name in error.args[1]]
        raise template_error(
            f"Found circular condition dependency between {' and '.join(circle)}"
        ) from error


def _check_condition_names(one: Mapping[str, Any], template: Mapping[str, Any], block: str) -> None:
    conditions = template.get("Conditions") or {}
    named = [one["Condition"]] if "Condition" in one else []
    for condition in [
        *named,
        *_conditions_in(
            {key: item for key, item in one.items() if key != "Condition"}, of_if_only=True
        ),
    ]:
        if condition not in conditions:
            raise format_error(
                f"Unresolved condition dependency {condition} in the {block} block of the template"
            )


def _conditions_in(node: Any, of_if_only: bool = False) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _conditions_in(item, of_if_only)
    if not isinstance(node, dict):
        return
    for key, item in node.items():
        if key == "Fn::If":
            if not isinstance(item, list) or len(item) != 3 or not isinstance(item[0], str):
                raise template_error("Fn::If requires a list argument with three parameters")
            yield item[0]
        elif key == "Condition" and isinstance(item, str) and len(node) == 1 and not of_if_only:
            yield item
        yield from _conditions_in(item, of_if_only)


def _depends_on(resource: Mapping[str, Any]) -> list[str]:
    needs = resource.get("DependsOn", [])
    return [needs] if isinstance(needs, str) else list(needs)


def _unresolved(names: list[str], block: str) -> None:
    if names:
        listed = ", ".join(dict.fromkeys(names))
        raise format_error(
            f"Unresolved resource dependencies [{listed}] in the {block} block of the template"
        )
