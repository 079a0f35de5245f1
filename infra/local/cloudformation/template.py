"""A template for which everything is worked out that is known before a resource is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infra.local.cloudformation.functions import Functions

RETAINS = frozenset({"Retain", "RetainExceptOnCreate"})


@dataclass(frozen=True)
class Resource:
    """A resource whose condition holds.

    Attributes
    ----------
    properties : with `Later` for what only other resources' making gives
    attributes : Metadata, UpdatePolicy, CreationPolicy as written, their functions worked out
    needs : logical ids of what is made before it
    """

    name: str
    type: str
    properties: dict[str, Any]
    attributes: dict[str, Any]
    deletion_policy: str
    update_replace_policy: str
    has_deletion_policy: bool
    needs: frozenset[str]


@dataclass(frozen=True)
class Output:
    """`export` is the name under which other stacks import the value."""

    value: Any
    export: str | None


@dataclass(frozen=True)
class Template:
    """What CloudFormation works on.

    Attributes
    ----------
    resources : logical id → resource, in the order of making
    outputs : those whose condition holds
    imports : names of exports of other stacks that it uses
    functions, source : what it was worked out from; to be worked out again as resources are made
    """

    region: str
    account: str
    resources: dict[str, Resource]
    outputs: dict[str, Output]
    imports: frozenset[str]
    functions: Functions
    source: Mapping[str, Any]
