"""The template's functions, as far as their values are known before anything is made.

Source: CloudFormation Template Reference, "Intrinsic function reference" and "Rule-specific intrinsic functions".
"""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any

from infra.local.cloudformation import parameters as parameter_values
from infra.local.cloudformation import schemas
from infra.local.cloudformation.errors import Refused, format_error, template_error
from infra.local.cloudformation.later import Later, of_all
from infra.local.deploy_intrinsics import Intrinsics, Unresolvable

Known = Callable[[str, str], Any]
_IN_TEXT = re.compile(r"\$\{(!?)\s*([A-Za-z0-9:._]+)\s*\}")


class NoExport(Refused):
    """The template imports what no stack exports."""


class NotKnown(Exception):
    """A rule asks for what only an account has, as the tags of a VPC."""


class Functions(Intrinsics):
    """Works out one template's functions for given parameters.

    What only the making of a resource gives is a `Later`, unless `known` has it.

    Parameters
    ----------
    values : a value for each parameter, from `parameters.values`
    pseudo : `AWS::Region` …
    exports : name → value of what other stacks export; None: nothing is known of them
    """

    def __init__(
        self,
        template: Mapping[str, Any],
        values: Mapping[str, str],
        pseudo: Mapping[str, Any],
        exports: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(template, values, pseudo, endpoint="")
        self._mappings = template.get("Mappings") or {}
        self._region = pseudo["AWS::Region"]
        self._exports = exports
        self._known: Known = _nothing_known
        self.imports: set[str] = set()

    def knowing(self, known: Known, exports: Mapping[str, str] | None) -> Functions:
        """The same for a time when resources have been made: `known` gives a Ref ("") or attribute, or None."""
        template = {
            "Resources": self._resources,
            "Conditions": self._conditions,
            "Mappings": self._mappings,
        }
        later = Functions(
            {**template, "Parameters": self._kinds}, self._parameters, self._pseudo, exports
        )
        later._known = known
        return later

    def holds(self, condition: str | None) -> bool:
        """Whether the condition of that name, or none, holds."""
        return self._holds(condition)

    def names(self) -> list[str]:
        """The logical ids of all resources, whether or not their condition holds."""
        return list(self._resources)

    def pruned(self, node: Any) -> Any:
        """The node with only those branches of Fn::If that are taken."""
        if isinstance(node, list):
            return [self.pruned(item) for item in node]
        if not isinstance(node, dict):
            return node
        if set(node) == {"Fn::If"}:
            condition, then, otherwise = node["Fn::If"]
            return self.pruned(then if self._holds(condition) else otherwise)
        return {key: self.pruned(item) for key, item in node.items()}

    def _call(self, name: str, argument: Any) -> Any:
        try:
            return super()._call(name, argument)
        except Unresolvable as error:
            raise format_error(f"Unrecognized function: {name}") from error
        except (TypeError, ValueError, IndexError, KeyError) as error:
            if isinstance(error, Refused):
                raise
            raise template_error(f"{name} is malformed: {argument}") from error

    def _ref(self, name: str) -> Any:
        if name in self._kinds:
            text = self._parameters[name]
            return (
                parameter_values.parts(text)
                if parameter_values.is_list(self._kinds[name]["Type"])
                else text
            )
        if name == "AWS::NoValue" or name in self._pseudo:
            return super()._ref(name)
        made = self._known(name, "")
        if made is not None:
            return made
        given = self._schema(name).given_identifier
        properties = self._resources[name].get("Properties") or {}
        return (
            self.value(properties[given])
            if given in properties
            else Later(f"${{{name}}}", frozenset({(name, "")}))
        )

    def _getatt(self, argument: Any) -> Any:
        name, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        attribute = self.value(attribute)
        made = self._known(name, attribute)
        if made is not None:
            return made
        given = self._resources[name].get("Properties") or {}
        if attribute in given and (attribute,) not in self._schema(name).read_only:
            return self.value(given[attribute])
        return Later(f"${{{name}.{attribute}}}", frozenset({(name, attribute)}))

    def _schema(self, name: str) -> schemas.Schema:
        kind = self._resources[name]["Type"]
        schema = schemas.of(self._region, kind)
        if schema is None:
            raise format_error(f"Unrecognized resource types: [{kind}]")
        return schema

    def _sub(self, argument: Any) -> Any:
        text, given = (argument, {}) if isinstance(argument, str) else argument
        own = {key: self.value(item) for key, item in given.items()}
        found: list[Any] = []

        def replace(match: re.Match[str]) -> str:
            name = match[2]
            if match[1]:
                return f"${{{name}}}"
            if ":" in name and not name.startswith("AWS::"):
                return match[0]  # a variable of IAM policies, as ${aws:userid}
            value = (
                own[name] if name in own else self._getatt(name) if "." in name else self._ref(name)
            )
            if isinstance(value, list):
                raise template_error(
                    "every value of the context object of every Fn::Sub object must be a string"
                )
            found.append(value)
            return _word(value)

        return _made_of(_IN_TEXT.sub(replace, text), found)

    def _join(self, argument: Any) -> Any:
        separator, items = argument
        items = self.value(items)
        if isinstance(items, Later):
            return Later(f"Join({separator},{items})", items.of)
        if not isinstance(items, list) or any(isinstance(item, list | dict) for item in items):
            raise template_error(
                "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined"
            )
        return _made_of(str(separator).join(_word(item) for item in items), items)

    def _select(self, argument: Any) -> Any:
        index, items = self.value(argument[0]), self.value(argument[1])
        if isinstance(items, Later):
            return Later(f"Select({index},{items})", items.of)
        if not 0 <= int(index) < len(items):
            raise template_error(f"Fn::Select cannot select nonexistent value at index {index}")
        return items[int(index)]

    def _split(self, argument: Any) -> Any:
        separator, text = argument[0], self.value(argument[1])
        return (
            Later(f"Split({separator},{text})", text.of)
            if isinstance(text, Later)
            else str(text).split(separator)
        )

    def _equals(self, argument: Any) -> bool:
        left, right = (self.value(side) for side in argument)
        return _word(left) == _word(right)

    def _findinmap(self, argument: Any) -> Any:
        name, top, second = (self.value(part) for part in argument[:3])
        if name not in self._mappings:
            raise template_error(
                f"Mapping named '{name}' is not present in the 'Mappings' section of template."
            )
        try:
            return self._mappings[name][_word(top)][_word(second)]
        except KeyError as error:
            raise template_error(f"Unable to get mapping for {name}::{top}::{second}") from error

    def _base64(self, argument: Any) -> Any:
        text = self.value(argument)
        return (
            Later(f"Base64({text})", text.of)
            if isinstance(text, Later)
            else base64.b64encode(text.encode()).decode()
        )

    def _cidr(self, argument: Any) -> Any:
        block, count, *bits = (self.value(part) for part in argument)
        if isinstance(block, Later):
            return Later(f"Cidr({block},{count})", block.of)
        network = ipaddress.ip_network(block)
        prefix = network.max_prefixlen - int(bits[0] if bits else 8)
        subnets = network.subnets(new_prefix=prefix)
        return [str(next(subnets)) for _ in range(int(count))]

    def _getazs(self, argument: Any) -> Later:
        return Later(f"GetAZs({self.value(argument) or self._region})")

    def _importvalue(self, argument: Any) -> Any:
        name = self.value(argument)
        if of_all(name):
            raise template_error(
                "the attribute in Fn::ImportValue must not depend on any resources, imported values, or Fn::GetAZs"
            )
        self.imports.add(name)
        if self._exports is None:
            return Later(f"ImportValue({name})")
        if name not in self._exports:
            raise NoExport(f"No export named {name} found.")
        return self._exports[name]

    def _contains(self, argument: Any) -> bool:
        items, wanted = self.value(argument[0]), self.value(argument[1])
        return _word(wanted) in {_word(item) for item in items}

    def _eachmemberequals(self, argument: Any) -> bool:
        items, wanted = self.value(argument[0]), self.value(argument[1])
        return all(_word(item) == _word(wanted) for item in items)

    def _eachmemberin(self, argument: Any) -> bool:
        items, allowed = self.value(argument[0]), self.value(argument[1])
        return {_word(item) for item in items} <= {_word(item) for item in allowed}

    def _refall(self, argument: Any) -> list[Any]:
        return [
            self._ref(name)
            for name, one in self._kinds.items()
            if one["Type"] in (argument, f"List<{argument}>")
        ]

    def _valueof(self, argument: Any) -> Any:
        raise NotKnown(f"Fn::ValueOf {argument}")

    def _valueofall(self, argument: Any) -> Any:
        raise NotKnown(f"Fn::ValueOfAll {argument}")


def _nothing_known(logical: str, attribute: str) -> None:
    return None


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _made_of(text: str, values: list[Any]) -> Any:
    waits = [value for value in values if isinstance(value, Later)]
    return Later(text, of_all(*waits)) if waits else text
