"""What IAM is asked about a call: actions, resources, condition keys. The rules are data, in `services/`.

Where an action is called as its operation and the service's usual resource is meant, no rule is needed: the
Service Authorization Reference has the action, and the types of resources that it takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from infra.local.calls.expressions import Evaluator, Scope
from infra.local.iam.context import Value
from infra.local.iam.known import resource_types
from infra.local.place import ACCOUNT

if TYPE_CHECKING:
    from infra.local.calls.call import Operation

FOLDER = Path(__file__).with_name("services")
EVERYTHING = "*"
_NOT_HERE = tuple(
    f"aws:{key}"
    for key in ("resourcetag/", "requesttag/", "tagkeys", "principaltag/", "tokenissuetime", "referer", "useragent")
)  # fmt: skip
"""Keys that a call on AWS can have and none has here; others that are absent, such as of a VPC, are so there too."""
_PLACE = re.compile(r"\{((?:[^{}]|\{[^{}]*\})+)\}")


class NoRule(Exception):
    """The rules do not say what IAM is asked about an operation."""


@dataclass(frozen=True)
class Ask:
    """What IAM is asked.

    Attributes
    ----------
    action : `s3:GetObject`
    resources : each must be allowed
    context : condition keys that follow from the call
    item : what part of the call it is about, None for the whole
    """

    action: str
    resources: tuple[str, ...]
    context: Mapping[str, Value] = field(default_factory=dict)
    item: Any = None


@dataclass(frozen=True)
class Rule:
    """One ask of an operation.

    Attributes
    ----------
    action : with the service's prefix
    about : types of resources, as the reference calls them, or `*`
    when : asked only if that expression finds something
    each : asked once per element; an object's members come before the call's own
    context : condition key → expression; `prefix:*` of an object: one key per key of it
    """

    action: str
    about: tuple[str, ...]
    when: str = ""
    each: str = ""
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Service:
    """The rules of one service; see `services/README.md`."""

    name: str
    signed_as: str
    prefix: str
    resources: Mapping[str, str]
    usual: tuple[str, ...]
    context: Mapping[str, str]
    operations: Mapping[str, tuple[Rule, ...]]
    reads_body: frozenset[str]
    missing: Mapping[str, Rule]


class Rules:
    """The rules of all services."""

    def __init__(self, services: Mapping[str, Service]) -> None:
        self.services = services
        self._signed_as: dict[str, list[str]] = {}
        for service in services.values():
            self._signed_as.setdefault(service.signed_as, []).append(service.name)
        self.brings = cache(self._brings)
        """Whether a call can bring that condition key, of a service's own or of all services'."""
        self._keys = frozenset(
            key.lower()
            for service in services.values()
            for context in (
                service.context,
                *(rule.context for listed in service.operations.values() for rule in listed),
            )
            for key in context
        )

    def signed_as(self, name: str) -> list[str]:
        """The services whose requests are signed under that name; none if there are no rules for any."""
        return self._signed_as.get(name, [])

    def reads_body(self, service: str, operation: str) -> bool:
        """Whether the rules of that operation of S3 look into its body, which may be large."""
        return operation in self.services[service].reads_body

    def _brings(self, key: str) -> bool:
        key = key.lower()
        if key.startswith("aws:"):
            return not key.startswith(_NOT_HERE)
        return any(
            key == one or (one[-1] == "*" and key.startswith(one[:-1])) for one in self._keys
        )

    def asks(self, call: Operation, evaluator: Evaluator) -> list[Ask]:
        """What IAM is asked, in this order; nothing about an operation that AWS allows everyone.

        Raises NoRule where the rules do not say.
        """
        service = self.services[call.service]
        scope = {
            **call.members,
            "partition": "aws",
            "region": call.region,
            "account": ACCOUNT,
        }
        rules = service.operations.get(call.name)
        if rules is None:
            rules = (_usual(service, call.name, scope, evaluator),)
        found = [ask for rule in rules for ask in _asked(service, rule, scope, evaluator)]
        if rules and not found:
            raise NoRule(f"none of the rules of {service.name} for {call.name} fits the call")
        return found

    def missing(self, call: Operation, evaluator: Evaluator) -> list[Ask]:
        """What S3 asks before it admits that an object does not exist; nothing for other calls."""
        rule = self.services[call.service].missing.get(call.name)
        scope = {**call.members, "partition": "aws", "region": call.region, "account": ACCOUNT}
        return list(_asked(self.services[call.service], rule, scope, evaluator)) if rule else []


def _usual(service: Service, operation: str, scope: Scope, evaluator: Evaluator) -> Rule:
    """The action is called as the operation, on the first usual resource that it takes and the call names."""
    action = f"{service.prefix}:{operation}"
    types = resource_types(action)
    if types is None:
        raise NoRule(
            f"the Service Authorization Reference has no action {action}, and no rule says another"
        )
    if not types:
        return Rule(action, (EVERYTHING,))
    for kind in service.usual:
        if kind in types and _resource(service.resources[kind], scope, evaluator):
            return Rule(action, (kind,))
    raise NoRule(f"no rule says which {' or '.join(types)} the action {action} is asked about")


def _asked(service: Service, rule: Rule, scope: Scope, evaluator: Evaluator) -> Iterator[Ask]:
    items = evaluator.value(rule.each, scope) or [] if rule.each else [None]
    for item in items:
        inner = scope
        if rule.each:
            inner = {**scope, **item} if isinstance(item, dict) else {**scope, "item": item}
        if rule.when and not evaluator.value(rule.when, inner):
            continue
        resources = []
        for kind in rule.about:
            template = service.resources.get(kind, kind)
            resource = _resource(template, inner, evaluator)
            if resource is None:
                raise NoRule(f"{rule.action} is asked about a {kind}, and the call names none")
            resources.append(resource)
        context = _context({**service.context, **rule.context}, inner, evaluator)
        yield Ask(rule.action, tuple(resources), context, item)


def _resource(template: str, scope: Scope, evaluator: Evaluator) -> str | None:
    """The ARN; a value that is one already stands for the beginning. None where a value is missing."""
    found, end = "", 0
    for place in _PLACE.finditer(template):
        value = evaluator.value(place[1], scope)
        if value is None or value == "":
            return None
        is_arn = str(value).startswith("arn:")
        found = str(value) if is_arn else f"{found}{template[end : place.start()]}{value}"
        end = place.end()
    return found + template[end:]


def _context(wanted: Mapping[str, str], scope: Scope, evaluator: Evaluator) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, expression in wanted.items():
        value = evaluator.value(expression, scope)
        if value is None:
            continue
        if key.endswith("*"):
            found |= {f"{key[:-1]}{name}": one for name, one in value.items()}
        else:
            found[key] = value
    return found


@cache
def rules() -> Rules:
    """The rules of this checkout."""
    services = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for name, written in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader).items():
            services[name] = _service(name, written)
    return Rules(services)


def _service(name: str, written: dict[str, Any]) -> Service:
    prefix = written.get("prefix", name)
    operations = {
        operation: tuple(_rule(prefix, operation, one) for one in listed)
        for operation, listed in written.get("operations", {}).items()
    }
    return Service(
        name=name,
        signed_as=written.get("signed_as", name),
        prefix=prefix,
        resources=written.get("resources", {}),
        usual=tuple(written.get("usual", written.get("resources", {}))),
        context=written.get("context", {}),
        operations=operations,
        reads_body=frozenset(written.get("reads_body", ())),
        missing={
            operation: _rule(prefix, operation, one)
            for operation, one in written.get("missing", {}).items()
        },
    )


def _rule(prefix: str, operation: str, written: dict[str, Any]) -> Rule:
    if strange := set(written) - {"action", "about", "when", "each", "context"}:
        raise ValueError(f"a rule of {operation} has {strange}, which mean nothing")
    action = written.get("action", operation)
    about = written.get("about", EVERYTHING)
    return Rule(
        action=action if ":" in action else f"{prefix}:{action}",
        about=(about,) if isinstance(about, str) else tuple(about),
        when=written.get("when", ""),
        each=written.get("each", ""),
        context=written.get("context", {}),
    )
