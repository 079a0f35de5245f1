"""One create or update of a stack: resource after resource, and all of it back when one fails.

Sources: CloudFormation User Guide, "Stack failure options" and "Update behaviors of stack resources" (a replacement is
made before what it replaces is deleted, unless the type's schema says otherwise; deletions come last); Template
Reference, "DeletionPolicy attribute" and "UpdateReplacePolicy attribute"; re:Post, "How do I resolve the 'CloudFormation
cannot update a stack when a custom-named resource requires replacing' error?".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from infra.local.cloudformation import schemas
from infra.local.cloudformation.account import Account, Made
from infra.local.cloudformation.changes import differences, recreation
from infra.local.cloudformation.errors import ResourceFailed
from infra.local.cloudformation.later import Later
from infra.local.cloudformation.template import RETAINS, Resource, Template


@dataclass(frozen=True)
class Event:
    """What happened to a resource, as in DescribeStackEvents."""

    logical: str
    status: str
    reason: str = ""


@dataclass(frozen=True)
class _Done:
    """A step, and what takes it back. `former` are the properties before a change in place."""

    step: Literal["created", "changed", "replaced", "deleted first"]
    made: Made
    resource: Resource
    old: Made | None = None
    former: dict[str, Any] = field(default_factory=dict)


class Operation:
    """Makes of a stack's resources those of a template; `resources` is changed in place."""

    def __init__(
        self,
        stack: str,
        account: Account,
        resources: dict[str, Made],
        template: Template,
        exports: Mapping[str, str],
        events: list[Event],
    ) -> None:
        self._stack = stack
        self._account = account
        self._resources = resources
        self._template = template
        self._events = events
        self._functions = template.functions.knowing(self._known, exports)
        self._done: list[_Done] = []

    def run(self) -> None:
        """Raises ResourceFailed at the first resource that fails; `roll_back` is then for the caller to call."""
        for name, resource in self._template.resources.items():
            raw = self._template.source["Resources"][name].get("Properties") or {}
            wanted = self._functions.value(raw)
            try:
                self._one(resource, wanted)
            except ResourceFailed as error:
                action = "UPDATE" if name in self._resources else "CREATE"
                self._tell(name, f"{action}_FAILED", error.message)
                raise

    def outputs(self) -> dict[str, Any]:
        """Output → value, once everything is made."""
        sources = self._template.source.get("Outputs") or {}
        values = {
            name: self._functions.value(sources[name]["Value"]) for name in self._template.outputs
        }
        return {
            name: str(value) if isinstance(value, Later) else value
            for name, value in values.items()
        }

    def roll_back(self) -> bool:
        """Takes every step back, the last first; whether all of it could be. What a resource that stays needs, stays."""
        kept: set[str] = set()
        for done in reversed(self._done):
            name = done.resource.name
            if name in kept and done.step == "created":
                kept |= done.resource.needs
                continue
            try:
                self._take_back(done)
            except ResourceFailed as error:
                self._tell(
                    name,
                    "UPDATE_FAILED" if done.step == "changed" else "DELETE_FAILED",
                    error.message,
                )
                kept |= {name} | done.resource.needs
        return not kept

    def clean_up(self, gone: Mapping[str, Resource]) -> None:
        """After success: what was replaced, and `gone`, which the template has no more, goes as its policy says.

        What cannot be deleted stays in the account, and no longer belongs to the stack.
        """
        for done in reversed(self._done):
            if done.step == "replaced" and done.old is not None:
                self._let_go(
                    done.old, done.resource.name, done.resource.update_replace_policy == "Retain"
                )
        for name in reversed([name for name in self._resources if name in gone]):
            self._let_go(self._resources.pop(name), name, gone[name].deletion_policy in RETAINS)

    def _one(self, resource: Resource, wanted: dict[str, Any]) -> None:
        made = self._resources.get(resource.name)
        if made is None:
            self._resources[resource.name] = new = self._make(resource, wanted)
            self._done.append(_Done("created", new, resource))
            self._tell(resource.name, "CREATE_COMPLETE")
            return
        paths = [path for path, _ in differences(made.properties, wanted)]
        if not paths:
            return
        schema = schemas.of(self._template.region, resource.type)
        assert schema is not None  # checked when the template was
        # Whether a conditional property needs a new resource is the service's to say; here it always does.
        if all(recreation(path, schema, made.properties, wanted) == "Never" for path in paths):
            former = made.properties
            self._account.change(made, wanted)
            self._done.append(_Done("changed", made, resource, former=former))
            self._tell(resource.name, "UPDATE_COMPLETE")
            return
        self._replace(resource, made, wanted, schema.deletes_first)

    def _replace(
        self, resource: Resource, made: Made, wanted: dict[str, Any], deletes_first: bool
    ) -> None:
        key = self._account.key(resource.type, wanted)
        if deletes_first and resource.update_replace_policy != "Retain":
            self._account.delete(made)
            del self._resources[resource.name]
            self._done.append(_Done("deleted first", made, resource))
            new = self._make(resource, wanted)
            self._done.append(_Done("created", new, resource))
        else:
            named = self._account.is_named(resource.type)
            if named and key is not None and key == self._account.key(made.type, made.properties):
                name = self._account.given_name(resource.type, wanted)
                raise ResourceFailed(
                    "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename "
                    f"{name} and update the stack again.",
                    "NotUpdatable",
                )
            new = self._make(resource, wanted)
            self._done.append(_Done("replaced", new, resource, made))
        self._resources[resource.name] = new
        self._tell(
            resource.name,
            "UPDATE_COMPLETE",
            "Requested update required the creation of a new physical resource",
        )

    def _take_back(self, done: _Done) -> None:
        name = done.resource.name
        if done.step == "changed":
            self._account.change(done.made, done.former)
            self._tell(name, "UPDATE_COMPLETE", "Rolled back")
            return
        if done.step == "deleted first":
            self._resources[name] = self._account.make(
                name, done.made.type, done.made.properties, self._stack
            )
            self._tell(name, "CREATE_COMPLETE", "Rolled back")
            return
        # Retain holds in a rollback, too: that is what RetainExceptOnCreate is for.
        policy = (
            done.resource.deletion_policy
            if done.step == "created"
            else done.resource.update_replace_policy
        )
        if policy == "Retain":
            done.made.stack = None
            self._tell(name, "DELETE_SKIPPED")
        else:
            self._account.delete(done.made)
            self._tell(name, "DELETE_COMPLETE")
        if done.old is None:
            del self._resources[name]
        else:
            self._resources[name] = done.old

    def _let_go(self, made: Made, name: str, retained: bool) -> None:
        if retained:
            self._tell(name, "DELETE_SKIPPED")
        else:
            try:
                self._account.delete(made)
            except ResourceFailed as error:
                self._tell(name, "DELETE_FAILED", error.message)
            else:
                self._tell(name, "DELETE_COMPLETE")
                return
        made.stack = None

    def _make(self, resource: Resource, wanted: dict[str, Any]) -> Made:
        return self._account.make(resource.name, resource.type, wanted, self._stack)

    def _known(self, logical: str, attribute: str) -> Any:
        made = self._resources.get(logical)
        if made is None:
            return None
        return made.attribute(attribute) if attribute else made.physical

    def _tell(self, name: str, status: str, reason: str = "") -> None:
        self._events.append(Event(name, status, reason))
