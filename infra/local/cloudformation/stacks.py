"""The stacks of one account and region, and what of them is left behind.

Sources: CloudFormation API Reference, CreateStack, UpdateStack, DeleteStack; User Guide, "Stack status codes", "Stack
failure options", "Get exported outputs from a deployed CloudFormation stack", "Import AWS resources into a
CloudFormation stack", "Delete a stack".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from infra.local.cloudformation.account import Account, Handler, Made
from infra.local.cloudformation.changes import change_set
from infra.local.cloudformation.errors import Refused, ResourceFailed
from infra.local.cloudformation.functions import NoExport
from infra.local.cloudformation.operation import Event, Operation
from infra.local.cloudformation.template import RETAINS, Template
from infra.local.cloudformation.validate import pseudo, validated

_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,127}")
_UPDATABLE = frozenset(
    {"CREATE_COMPLETE", "IMPORT_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}
)
OnFailure = Literal["ROLLBACK", "DO_NOTHING", "DELETE"]


@dataclass
class Stack:
    """A stack in a state that ends an operation.

    Attributes
    ----------
    status : CREATE_COMPLETE, CREATE_FAILED, ROLLBACK_COMPLETE, ROLLBACK_FAILED, UPDATE_COMPLETE,
        UPDATE_ROLLBACK_COMPLETE, UPDATE_ROLLBACK_FAILED, IMPORT_COMPLETE, DELETE_FAILED or DELETE_COMPLETE
    resources : logical id → what it made and still owns
    exports : name → value
    imports : names of others' exports that it uses
    """

    name: str
    status: str = ""
    reason: str = ""
    template: Template | None = None
    resources: dict[str, Made] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    exports: dict[str, str] = field(default_factory=dict)
    imports: frozenset[str] = frozenset()
    events: list[Event] = field(default_factory=list)


class State:
    """What stacks and resources there are; calls raise Refused as CloudFormation's API answers with an error.

    What fails later, while resources are made, is no error of the call, as on AWS: see the stack's status and reason.

    Parameters
    ----------
    handler : makes, changes and deletes resources; without it they are only entered
    stored : values in Systems Manager's parameter store
    """

    def __init__(
        self,
        region: str,
        account: str,
        handler: Handler | None = None,
        stored: Mapping[str, str] | None = None,
    ) -> None:
        self.account = Account(region, handler)
        self.stacks: dict[str, Stack] = {}
        self._region = region
        self._number = account
        self._stored = stored

    def create(
        self,
        name: str,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        on_failure: OnFailure = "ROLLBACK",
    ) -> Stack:
        """CreateStack, to its end."""
        if not _NAME.fullmatch(name):
            raise Refused(
                f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: Member must "
                "satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
            )
        if name in self.stacks:
            raise Refused(f"Stack [{name}] already exists", "AlreadyExistsException")
        stack = Stack(name)
        try:
            template = self.validated(name, text, parameters)
        except NoExport as error:
            stack.status, stack.reason = (
                "ROLLBACK_COMPLETE",
                f"{error.message} Rollback requested by user.",
            )
            self.stacks[name] = stack
            return stack
        self.stacks[name] = stack
        stack.template = template
        operation = self._operation(stack, template)
        try:
            operation.run()
            self._take_outputs(stack, template, operation)
        except ResourceFailed as error:
            stack.reason = error.message
            if on_failure == "DO_NOTHING":
                stack.status = "CREATE_FAILED"
                return stack
            stack.status = "ROLLBACK_COMPLETE" if operation.roll_back() else "ROLLBACK_FAILED"
            stack.outputs, stack.exports, stack.imports = {}, {}, frozenset()
            if on_failure == "DELETE" and stack.status == "ROLLBACK_COMPLETE":
                stack.status = "DELETE_COMPLETE"
                del self.stacks[name]
            return stack
        stack.status = "CREATE_COMPLETE"
        return stack

    def update(self, name: str, text: str, parameters: Mapping[str, Any] | None = None) -> Stack:
        """UpdateStack, to its end; `parameters` are all of them, none is kept from before."""
        stack = self._updatable(name)
        template = self.validated(name, text, parameters)
        before = stack.template
        changes = change_set(before, template)
        if before is not None and not changes and before.outputs == template.outputs:
            raise Refused("No updates are to be performed.")
        stack.reason = ""
        operation = self._operation(stack, template)
        kept = (stack.outputs, stack.exports, stack.imports)
        try:
            operation.run()
            self._take_outputs(stack, template, operation)
        except ResourceFailed as error:
            stack.reason = error.message
            stack.status = (
                "UPDATE_ROLLBACK_COMPLETE" if operation.roll_back() else "UPDATE_ROLLBACK_FAILED"
            )
            stack.outputs, stack.exports, stack.imports = kept
            return stack
        gone = (
            {}
            if before is None
            else {
                one: before.resources[one]
                for one in before.resources
                if one not in template.resources
            }
        )
        operation.clean_up(gone)
        stack.template, stack.status = template, "UPDATE_COMPLETE"
        return stack

    def delete(self, name: str, retain: Collection[str] = ()) -> Stack | None:
        """DeleteStack, to its end; None where there is no such stack, which is no error.

        `retain` are logical ids that are left though their policy says Delete.
        """
        stack = self.stacks.get(name)
        if stack is None:
            return None
        if retain and stack.status != "DELETE_FAILED":
            raise Refused(
                f"Invalid operation on stack [{name}]. RetainResources can be given only in DELETE_FAILED state."
            )
        for export in stack.exports:
            users = [
                other.name
                for other in self.stacks.values()
                if other is not stack and export in other.imports
            ]
            if users:  # the stack stays as it is, and in the state in which it was
                stack.reason = f"Export {export} cannot be deleted as it is in use by {users[0]}"
                return stack
        failed = self._delete_resources(stack, set(retain))
        if failed:
            stack.status = "DELETE_FAILED"
            stack.reason = f"The following resource(s) failed to delete: [{', '.join(failed)}]. "
            return stack
        stack.status, stack.reason, stack.exports, stack.imports = (
            "DELETE_COMPLETE",
            "",
            {},
            frozenset(),
        )
        del self.stacks[name]
        return stack

    def adopt(
        self,
        name: str,
        text: str,
        resources: Mapping[str, str],
        parameters: Mapping[str, Any] | None = None,
    ) -> Stack:
        """A change set of type IMPORT, executed: logical id → identifier of what exists and no stack owns.

        It may change nothing else. A new stack must import all that its template has.
        """
        stack = self.stacks.get(name)
        if stack is not None:
            self._updatable(name)
        template = self.validated(name, text, parameters)
        before = stack.template if stack is not None else None
        changes = change_set(before, template)
        others = [
            one for one, change in changes.items() if one not in resources or change.action != "Add"
        ]
        if others:
            raise Refused(
                f"As part of the import operation, you cannot modify or add or remove other resources [{', '.join(others)}]"
            )
        absent = [one for one in resources if one not in template.resources]
        if absent:
            raise Refused(f"Resources [{', '.join(absent)}] do not exist in the template")
        unprotected = [one for one in resources if not template.resources[one].has_deletion_policy]
        if unprotected:
            raise Refused(
                f"The following resources to import [{', '.join(unprotected)}] must have DeletionPolicy attribute specified in the "
                "template."
            )
        found = {
            logical: self._free(template.resources[logical].type, identifier)
            for logical, identifier in resources.items()
        }
        stack = stack or self.stacks.setdefault(name, Stack(name))
        for logical, made in found.items():
            made.logical, made.stack = logical, name
            stack.resources[logical] = made
        stack.template, stack.status, stack.reason = template, "IMPORT_COMPLETE", ""
        return stack

    def validated(
        self, name: str, text: str, parameters: Mapping[str, Any] | None = None
    ) -> Template:
        """The template as it would be for that stack; raises Refused."""
        return validated(
            text,
            parameters or {},
            self._region,
            self._number,
            stack_name=name,
            stored=self._stored,
            exports=self._exports_of_others(name),
        )

    def leftovers(self) -> list[Made]:
        """What exists and belongs to no stack."""
        return [made for made in self.account.existing if made.stack is None]

    def _operation(self, stack: Stack, template: Template) -> Operation:
        others = self._exports_of_others(stack.name)
        return Operation(stack.name, self.account, stack.resources, template, others, stack.events)

    def _exports_of_others(self, name: str) -> dict[str, str]:
        others = [one for one in self.stacks.values() if one.name != name]
        return {export: value for one in others for export, value in one.exports.items()}

    def _updatable(self, name: str) -> Stack:
        stack = self.stacks.get(name)
        if stack is None:
            raise Refused(f"Stack [{name}] does not exist")
        if stack.status not in _UPDATABLE:
            arn = pseudo(self._region, self._number, name)["AWS::StackId"]
            raise Refused(f"Stack:{arn} is in {stack.status} state and can not be updated.")
        return stack

    def _take_outputs(self, stack: Stack, template: Template, operation: Operation) -> None:
        outputs = operation.outputs()
        exports = {
            one.export: str(outputs[name])
            for name, one in template.outputs.items()
            if one.export is not None
        }
        for other in self.stacks.values():
            if other is stack:
                continue
            for export in exports:
                if export in other.exports:
                    raise ResourceFailed(
                        f"Export with name {export} is already exported by stack {other.name}"
                    )
            for export, value in stack.exports.items():
                if export in other.imports and exports.get(export) != value:
                    verb = "update" if export in exports else "delete"
                    raise ResourceFailed(
                        f"Cannot {verb} export {export} as it is in use by {other.name}"
                    )
        stack.outputs, stack.exports, stack.imports = outputs, exports, template.imports

    def _delete_resources(self, stack: Stack, retain: set[str]) -> list[str]:
        """Logical ids of what could not be deleted; what it needs is then not tried, and no failure of its own."""
        template = stack.template
        failed: list[str] = []
        kept: set[str] = set()
        order = (
            []
            if template is None
            else [name for name in template.resources if name in stack.resources]
        )
        for name in reversed(order):
            assert template is not None
            made = stack.resources[name]
            if name in kept:
                kept |= template.resources[name].needs
                continue
            if name in retain or template.resources[name].deletion_policy in RETAINS:
                made.stack = None
                del stack.resources[name]
                stack.events.append(Event(name, "DELETE_SKIPPED"))
                continue
            try:
                self.account.delete(made)
            except ResourceFailed as error:
                failed.append(name)
                kept |= template.resources[name].needs
                stack.events.append(Event(name, "DELETE_FAILED", error.message))
                continue
            del stack.resources[name]
            stack.events.append(Event(name, "DELETE_COMPLETE"))
        return failed

    def _free(self, kind: str, identifier: str) -> Made:
        for made in self.account.existing:
            if made.type == kind and made.physical == identifier:
                if made.stack is not None:
                    raise Refused(f"{identifier} already exists in stack {made.stack}")
                return made
        raise Refused(
            f"Resource of type '{kind}' with identifier '{identifier}' was not found.",
            "ResourceNotFound",
        )
