"""What a change set would do.

Sources: CloudFormation API Reference, ResourceChange, ResourceChangeDetail and ResourceTargetDefinition (Action,
Replacement, Scope, Evaluation, RequiresRecreation); User Guide, "Understand update behaviors of stack resources".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from infra.local.cloudformation import schemas
from infra.local.cloudformation.errors import Refused
from infra.local.cloudformation.later import Path, is_known, leaves, of_all
from infra.local.cloudformation.schemas import Schema
from infra.local.cloudformation.template import Resource, Template

Recreation = Literal["Never", "Conditionally", "Always"]
_MISSING = object()


@dataclass(frozen=True)
class Detail:
    """One cause of a change.

    Attributes
    ----------
    scope : Properties, Tags, Metadata, DeletionPolicy, UpdateReplacePolicy, UpdatePolicy or CreationPolicy
    path : names and positions on the way to what changes
    evaluation : Static, or Dynamic where the new value is known only when another resource has been made or changed
    cause : that other resource, as `Group` or `Group.GroupId`
    """

    scope: str
    path: Path
    evaluation: Literal["Static", "Dynamic"]
    requires_recreation: Recreation
    cause: str | None = None


@dataclass(frozen=True)
class Change:
    """What happens to one resource; `replacement` is None but for Modify."""

    name: str
    type: str
    action: Literal["Add", "Modify", "Remove"]
    replacement: Literal["True", "False", "Conditional"] | None = None
    details: tuple[Detail, ...] = ()

    @property
    def only_tags(self) -> bool:
        """Whether nothing but tags changes."""
        return self.action == "Modify" and {detail.scope for detail in self.details} == {"Tags"}


def change_set(before: Template | None, after: Template) -> dict[str, Change]:
    """Logical id → change, without the resources that stay as they are; `before` is None for a new stack.

    In the order of making, then what is removed. Raises Refused where a resource changes its type.
    """
    old = before.resources if before is not None else {}
    retyped = [
        name for name, one in after.resources.items() if name in old and old[name].type != one.type
    ]
    if retyped:
        raise Refused(
            "Update of resource type is not permitted. The new template modifies resource type of the following "
            f"resources: [{', '.join(retyped)}]"
        )
    changes: dict[str, Change] = {}
    for name, one in after.resources.items():
        if name not in old:
            changes[name] = Change(name, one.type, "Add")
            continue
        schema = schemas.of(after.region, one.type)
        assert schema is not None  # checked when the template was
        details = (*_own(old[name], one, schema), *_followed(one, schema, changes))
        if details:
            changes[name] = Change(name, one.type, "Modify", _replacement(details), details)
    for name in reversed(old):
        if name not in after.resources:
            changes[name] = Change(name, old[name].type, "Remove")
    return changes


def differences(before: Any, after: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Path and new value of what differs; lists of another length differ as a whole."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from differences(
                before.get(key, _MISSING), after.get(key, _MISSING), (*path, key)
            )
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (left, right) in enumerate(zip(before, after, strict=True)):
            yield from differences(left, right, (*path, number))
    elif before is _MISSING or after is _MISSING or _text(before) != _text(after):
        yield path, after


def recreation(path: Path, schema: Schema, before: Any, after: Any) -> Recreation:
    """Whether a change at the path makes a new resource, given all properties before and after."""
    if _touches(path, schema.create_only, before, after):
        return "Always"
    return (
        "Conditionally"
        if _touches(path, schema.conditional_create_only, before, after)
        else "Never"
    )


def _touches(path: Path, pointers: frozenset[tuple[str, ...]], before: Any, after: Any) -> bool:
    names = tuple(part for part in path if isinstance(part, str))
    for pointer in pointers:
        if names[: len(pointer)] == pointer:
            return True
        # A whole object came, went or was resized: what matters is whether what can be set only once is in it.
        if pointer[: len(names)] == names and _at(before, pointer) != _at(after, pointer):
            return True
    return False


def _at(value: Any, pointer: tuple[str, ...]) -> list[str]:
    if isinstance(value, list):
        return [found for item in value for found in _at(item, pointer)]
    if not pointer:
        return [repr(value)]
    return (
        _at(value[pointer[0]], pointer[1:])
        if isinstance(value, dict) and pointer[0] in value
        else []
    )


def _own(before: Resource, after: Resource, schema: Schema) -> Iterator[Detail]:
    for path, value in differences(before.properties, after.properties):
        dynamic = value is not _MISSING and not is_known(value)
        causes = sorted(_source(one) for one in of_all(value)) if dynamic else []
        yield Detail(
            "Tags" if path[0] == schema.tags else "Properties",
            path,
            "Dynamic" if dynamic else "Static",
            recreation(path, schema, before.properties, after.properties),
            causes[0] if causes else None,
        )
    for scope in ("Metadata", "UpdatePolicy", "CreationPolicy"):
        if before.attributes.get(scope) != after.attributes.get(scope):
            yield Detail(scope, (), "Static", "Never")
    if before.deletion_policy != after.deletion_policy:
        yield Detail("DeletionPolicy", (), "Static", "Never")
    if before.update_replace_policy != after.update_replace_policy:
        yield Detail("UpdateReplacePolicy", (), "Static", "Never")


def _followed(after: Resource, schema: Schema, changes: Mapping[str, Change]) -> Iterator[Detail]:
    """What changes, or may, because another resource does.

    A replaced resource has a new id and new attributes. Of one that is changed in place the id stays, but an
    attribute may be another, so that CloudFormation counts with it.
    """
    for path, value in leaves(after.properties):
        for source in sorted(of_all(value)):
            change = changes.get(source[0])
            if (
                change is None
                or change.action != "Modify"
                or (change.replacement == "False" and not source[1])
            ):
                continue
            if {detail.scope for detail in change.details} <= {
                "DeletionPolicy",
                "UpdateReplacePolicy",
                "Metadata",
            }:
                continue
            pointed = recreation(path, schema, {}, {})
            yield Detail(
                "Tags" if path[0] == schema.tags else "Properties",
                path,
                "Dynamic",
                pointed,
                _source(source),
            )


def _replacement(details: tuple[Detail, ...]) -> Literal["True", "False", "Conditional"]:
    if any(one.requires_recreation == "Always" and one.evaluation == "Static" for one in details):
        return "True"
    return "Conditional" if any(one.requires_recreation != "Never" for one in details) else "False"


def _source(source: tuple[str, str]) -> str:
    return source[0] if not source[1] else f"{source[0]}.{source[1]}"


def _text(value: Any) -> Any:
    """CloudFormation compares what it sends, where numbers and true or false are text."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value
