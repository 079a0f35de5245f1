"""JMESPath over a call's members, with what rules need beside it: names inside URLs and ARNs, facts of the account."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qs, unquote

import jmespath
from jmespath import functions
from jmespath.exceptions import JMESPathTypeError
from jmespath.parser import ParsedResult

Scope = Mapping[str, Any]
Method = TypeVar("Method", bound=Callable[..., Any])
_ATTRIBUTE = re.compile(r"\s*(#?[\w.-]+)\s*=\s*(:\w+)", re.ASCII)


class Facts(Protocol):
    """What a call does not say itself, and IAM asks about."""

    def hash_key(self, table: str, index: str | None, region: str) -> str | None:
        """Name of the partition key of a DynamoDB table or index, None if there is no such."""
        ...

    def has_tags(self, bucket: str, key: str, version: str | None) -> bool:
        """Whether that object of S3 has tags."""
        ...

    def secret_arn(self, secret: str, region: str) -> str:
        """The ARN of the secret of that name or ARN."""
        ...

    def key_arn(self, key: str, region: str) -> str:
        """The ARN of the KMS key of that id, alias or ARN."""
        ...

    def workgroup_arn(self, name: str, region: str) -> str:
        """The ARN, which has an id instead of the name, of a workgroup of Redshift Serverless."""
        ...


def _takes(*types: dict[str, list[str]]) -> Callable[[Method], Method]:
    """The types of a function's arguments, in JMESPath's words."""
    marked: Callable[[Method], Method] = functions.signature(*types)
    return marked


class Functions(functions.Functions):  # type: ignore[misc]
    """Functions that rules call."""

    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self._facts = facts

    @_takes({"types": ["string", "null"]}, {"types": ["string"]})
    def _func_after_last(self, text: str | None, mark: str) -> str | None:
        """What follows the last mark."""
        return text and text.rpartition(mark)[2]

    @_takes({"types": ["string"]})
    def _func_with_slash(self, name: str) -> str:
        """A parameter's name as its ARN has it: with one slash in front."""
        return f"/{name.removeprefix('/')}"

    @_takes({"types": ["string"]})
    def _func_copied(self, source: str) -> dict[str, str | None]:
        """Bucket, key and version of `x-amz-copy-source`."""
        path, _, query = source.partition("?")
        bucket, _, key = unquote(path).removeprefix("/").partition("/")
        version = parse_qs(query).get("versionId", [None])[0]
        return {"Bucket": bucket, "Key": key, "VersionId": version}

    @_takes({"types": ["object"]}, {"types": ["string"]})
    def _func_entries(self, values: dict[str, Any], name: str) -> list[dict[str, Any]]:
        """One object per key, which stands under that name, beside the members of an object that is its value."""
        return [
            {**(value if isinstance(value, dict) else {}), name: key, "value": value}
            for key, value in values.items()
        ]

    @_takes({"types": ["object"]})
    def _func_has_tags(self, scope: Scope) -> bool:
        return self._facts.has_tags(scope["Bucket"], scope["Key"], scope.get("VersionId"))

    @_takes({"types": ["string"]}, {"types": ["string"]})
    def _func_secret_arn(self, secret: str, region: str) -> str:
        return self._facts.secret_arn(secret, region)

    @_takes({"types": ["string"]}, {"types": ["string"]})
    def _func_key_arn(self, key: str, region: str) -> str:
        return self._facts.key_arn(key, region)

    @_takes({"types": ["string"]}, {"types": ["string"]})
    def _func_workgroup_arn(self, name: str, region: str) -> str:
        return self._facts.workgroup_arn(name, region)

    @_takes({"types": ["object"]})
    def _func_leading_keys(self, scope: Scope) -> list[str] | None:
        """The partition keys that the call names; None where it names none, or not as a value."""
        table = scope["TableName"].rpartition("/")[2]
        name = self._facts.hash_key(table, scope.get("IndexName"), scope["region"])
        if name is None:
            return None
        items = [scope.get("Key"), scope.get("Item"), *_of_batch(scope.get("value"))]
        found = [one[name] for one in items if isinstance(one, dict) and name in one]
        if not found and "KeyConditionExpression" in scope:
            found = _compared(scope, name)
        return [str(value) for one in found for value in one.values()] or None


def _of_batch(value: Any) -> list[Any]:
    """Items and keys of one table in BatchGetItem and BatchWriteItem."""
    if isinstance(value, dict):
        return list(value.get("Keys", []))
    requests = value if isinstance(value, list) else []
    return [
        one.get("PutRequest", {}).get("Item") or one.get("DeleteRequest", {}).get("Key")
        for one in requests
    ]


def _compared(scope: Scope, name: str) -> list[dict[str, Any]]:
    """What a query compares the partition key with."""
    names, values = (scope.get(f"ExpressionAttribute{one}", {}) for one in ("Names", "Values"))
    return [
        values[value]
        for attribute, value in _ATTRIBUTE.findall(scope["KeyConditionExpression"])
        if names.get(attribute, attribute) == name and value in values
    ]


@lru_cache(None)
def compiled(expression: str) -> ParsedResult:
    """The expression, read once; raises jmespath's ParseError."""
    return jmespath.compile(expression)


class Evaluator:
    """Evaluates the rules' expressions with these facts."""

    def __init__(self, facts: Facts) -> None:
        self._options = jmespath.Options(custom_functions=Functions(facts))

    def value(self, expression: str, scope: Scope) -> Any:
        """What the expression finds; None where it finds nothing."""
        if expression.isidentifier():  # most of them; a tenth of the time
            return scope.get(expression)
        try:
            return compiled(expression).search(scope, self._options)
        except JMESPathTypeError:  # a function's argument is missing
            return None
