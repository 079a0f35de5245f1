"""Resource schemas, as AWS publishes them and cfn-lint's wheel carries them; no network.

They are read from the wheel's files, one by one as types are met: importing `cfnlint` takes seconds. Sources: CloudFormation CLI User Guide, "Resource type schema" (createOnlyProperties,
conditionalCreateOnlyProperties, readOnlyProperties, primaryIdentifier, tagging, replacementStrategy).
"""

from __future__ import annotations

import ast
import importlib.util
import json
from functools import cache, cached_property
from pathlib import Path
from typing import Any

Pointer = tuple[str, ...]
"""Names on the way to a property, without the positions in lists."""

_CUSTOM = "AWS::CloudFormation::CustomResource"
_STACK = "AWS::CloudFormation::Stack"  # gives what it puts out, as Outputs.Name, and nothing else
# Types whose services take one name several times though it can only be set when the resource is made: Route 53
# API Reference, CreateHostedZone ("you can create multiple hosted zones with the same name"); EMR API, RunJobFlow.
_NAMES_REPEAT = frozenset({"AWS::Route53::HostedZone", "AWS::EMR::Cluster", "AWS::EMR::Step"})


class Schema:
    """What is said of one resource type in one region."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw
        self.type: str = raw["typeName"]

    @cached_property
    def create_only(self) -> frozenset[Pointer]:
        """What cannot change without a new resource."""
        return self._pointers("createOnlyProperties")

    @cached_property
    def conditional_create_only(self) -> frozenset[Pointer]:
        """What may need a new resource to change, depending on the values."""
        return self._pointers("conditionalCreateOnlyProperties")

    @cached_property
    def read_only(self) -> frozenset[Pointer]:
        """What a template cannot set. Where a schema also lets it be set when a resource is made, it can."""
        required = {(name,) for name in self.raw.get("required", [])}
        return self._pointers("readOnlyProperties") - self.create_only - required

    @cached_property
    def identifier(self) -> tuple[Pointer, ...]:
        """The properties that identify a resource of the type."""
        return tuple(_pointer(text) for text in self.raw["primaryIdentifier"])

    @cached_property
    def given_identifier(self) -> str | None:
        """The one property that is the identifier (so `Ref` gives it), if a template can set it."""
        if len(self.identifier) != 1 or self.identifier[0] in self.read_only:
            return None
        return self.identifier[0][0] if len(self.identifier[0]) == 1 else None

    @cached_property
    def name(self) -> str | None:
        """The property that is the resource's custom name: two of one name cannot exist.

        It can be set once only, and is the identifier, or is called Name or after the type (QueueName of a Queue).
        """
        if self.type in _NAMES_REPEAT:
            return None
        last = self.type.rpartition("::")[2]
        once = [pointer[0] for pointer in sorted(self.create_only) if len(pointer) == 1]
        named = [
            one
            for one in once
            if one == "Name" or (one.endswith("Name") and last.endswith(one[:-4]))
        ]
        if self.given_identifier in once:
            return self.given_identifier
        return named[0] if named else None

    @cached_property
    def scope(self) -> tuple[str, ...]:
        """The properties within whose values a name is taken: the VPC of a group, the function of an alias."""
        fixed = {p[0] for p in self.create_only | self.conditional_create_only if len(p) == 1}
        if self.name == self.given_identifier:
            return ()
        identifying = {p[0] for p in self.identifier if p not in self.read_only}
        parents = {one for one in fixed if one.endswith(("Id", "Arn", "Name"))}
        return tuple(sorted((identifying | parents) - {self.name or ""}))

    @cached_property
    def tags(self) -> str | None:
        """The property that holds tags."""
        tagging = self.raw.get("tagging") or {}
        return (
            tagging.get("tagProperty", "/properties/Tags").rpartition("/")[2]
            if tagging.get("taggable")
            else None
        )

    @property
    def deletes_first(self) -> bool:
        """Whether a replaced resource is deleted before the new one is made."""
        return self.raw.get("replacementStrategy") == "delete_then_create"

    @property
    def takes_anything(self) -> bool:
        """Whether any further property is passed on: a custom resource's go to its function."""
        return self.type == _CUSTOM

    def gives(self, attribute: str) -> bool:
        """Whether `Fn::GetAtt` gives that attribute."""
        path = tuple(attribute.split("."))
        if self.type == _STACK:
            return path[0] == "Outputs" and len(path) == 2
        if self.takes_anything or path in self._pointers("readOnlyProperties"):
            return True
        every, some = _more_attributes()
        if self.type in every:
            return self._is_value(self.raw, path)
        return attribute in some.get(self.type, ())

    def _is_value(self, schema: dict[str, Any], path: Pointer) -> bool:
        """Whether there is text, a number or a list of such at the path of the schema."""
        while "$ref" in schema:
            schema = self.raw["definitions"][schema["$ref"].rpartition("/")[2]]
        if path:
            inner = schema.get("properties", {}).get(path[0])
            return inner is not None and self._is_value(inner, path[1:])
        kinds = schema.get("type")
        if kinds == "array":
            return schema.get("items", {}).get("type") not in ("object", "array")
        return "object" not in ([kinds] if isinstance(kinds, str) else kinds or [])

    def _pointers(self, key: str) -> frozenset[Pointer]:
        return frozenset(_pointer(text) for text in self.raw.get(key) or [])


def of(region: str, kind: str) -> Schema | None:
    """The schema of a type as it is in the region; None for a type that the region does not offer."""
    if kind.startswith("Custom::"):
        kind = _CUSTOM
    digest = _offered(region).get(kind)
    return None if digest is None else _read(digest)


def regions() -> set[str]:
    """The regions of which the wheel knows the types."""
    return {path.stem for path in (_folder() / "providers").glob("*-*.json")}


def types(region: str) -> frozenset[str]:
    """The resource types that the region offers."""
    return frozenset(_offered(region))


@cache
def _offered(region: str) -> dict[str, str]:
    offered: dict[str, str] = json.loads(
        (_folder() / "providers" / f"{region}.json").read_text("utf-8")
    )
    return offered


@cache
def _read(digest: str) -> Schema:
    return Schema(json.loads((_folder() / "resources" / f"{digest}.json").read_text("utf-8")))


@cache
def _more_attributes() -> tuple[frozenset[str], dict[str, list[str]]]:
    """What Fn::GetAtt gives though no schema says so: types of which it gives every property, and single ones.

    cfn-lint has found it out; its tables are read from its source, since its import loads a computer algebra system.
    """
    source = (_folder().parents[1] / "schema" / "_getatts.py").read_text("utf-8")
    tables = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and not isinstance(node.value, ast.Call)
    }
    return frozenset(tables["_all_property_types"]), tables["_exceptions"]


@cache
def _folder() -> Path:
    spec = importlib.util.find_spec("cfnlint")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            "the resource schemas are in cfn-lint: install requirements/dev.txt"
        )
    return Path(spec.origin).parent / "data" / "schemas"


def _pointer(text: str) -> Pointer:
    return tuple(part for part in text.split("/")[2:] if part != "*")
