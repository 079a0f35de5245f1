"""Condition operators: one value of a request against one value of a policy.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from infra.local.iam.arns import arn_like
from infra.local.iam.words import Part, like, literal

ANY, ALL = "ForAnyValue:", "ForAllValues:"
IF_EXISTS = "IfExists"
Test = Callable[[tuple[Part, ...], str], bool]


class Operator(NamedTuple):
    """An operator as it is written, taken apart.

    Attributes
    ----------
    quantifier : "ForAnyValue:", "ForAllValues:" or ""
    name : without quantifier and suffix, such as `StringNotLike`
    if_exists : true if it is fulfilled by a request without the key
    """

    quantifier: str
    name: str
    if_exists: bool

    @property
    def negated(self) -> bool:
        return self.name in NEGATED

    @property
    def takes_variables(self) -> bool:
        """String, ARN and Boolean operators do; numbers, dates, addresses, bytes and Null do not."""
        return self.name.startswith(("String", "Arn", "Bool"))


def operator_of(written: str) -> Operator | None:
    """The operator, or None if IAM has none of that name. `Null` takes no `IfExists`."""
    quantifier = next((one for one in (ANY, ALL) if written.startswith(one)), "")
    rest = written.removeprefix(quantifier)
    name = rest.removesuffix(IF_EXISTS)
    if name not in TESTS or rest == NULL + IF_EXISTS:
        return None
    return Operator(quantifier, name, rest != name)


def _ordered(read: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Test:
    """Compares what both texts mean; what cannot be read fulfils nothing."""

    def test(pieces: tuple[Part, ...], value: str) -> bool:
        try:
            return compare(read(value), read(literal(pieces)))
        except (ValueError, InvalidOperation, OverflowError):
            return False

    return test


def moment(written: str) -> datetime:
    """W3C's forms of ISO 8601 (a year alone, a month, a day, a moment) or seconds since 1970.

    Without a zone it is UTC. Raises ValueError, OverflowError.
    """
    if re.fullmatch(r"\d{4}", written):
        written += "-01"
    elif re.fullmatch(r"-?\d+(\.\d+)?", written):
        return datetime.fromtimestamp(float(written), UTC)
    if re.fullmatch(r"\d{4}-\d{2}", written):
        written += "-01"
    found = datetime.fromisoformat(written)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _in_network(pieces: tuple[Part, ...], value: str) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(literal(pieces), strict=False)
    except ValueError:
        return False


def _same_bytes(pieces: tuple[Part, ...], value: str) -> bool:
    try:
        return base64.b64decode(literal(pieces), validate=True) == base64.b64decode(value)
    except binascii.Error:
        return False


def _same(pieces: tuple[Part, ...], value: str) -> bool:
    return literal(pieces) == value


def _same_but_case(pieces: tuple[Part, ...], value: str) -> bool:
    return literal(pieces).casefold() == value.casefold()


def _same_truth(pieces: tuple[Part, ...], value: str) -> bool:
    return literal(pieces).lower() == value.lower() and value.lower() in ("true", "false")


def _comparisons(kind: str, read: Callable[[str], Any]) -> dict[str, Test]:
    found = {
        "Equals": operator.eq,
        "NotEquals": operator.eq,
        "LessThan": operator.lt,
        "LessThanEquals": operator.le,
        "GreaterThan": operator.gt,
        "GreaterThanEquals": operator.ge,
    }
    return {kind + name: _ordered(read, compare) for name, compare in found.items()}


NULL = "Null"
TESTS: dict[str, Test] = {
    "StringEquals": _same,
    "StringNotEquals": _same,
    "StringEqualsIgnoreCase": _same_but_case,
    "StringNotEqualsIgnoreCase": _same_but_case,
    "StringLike": like,
    "StringNotLike": like,
    **_comparisons("Numeric", Decimal),
    **_comparisons("Date", moment),
    "Bool": _same_truth,
    "BinaryEquals": _same_bytes,
    "IpAddress": _in_network,
    "NotIpAddress": _in_network,
    # ArnEquals and ArnLike behave identically.
    "ArnEquals": arn_like,
    "ArnLike": arn_like,
    "ArnNotEquals": arn_like,
    "ArnNotLike": arn_like,
    NULL: _same_truth,  # of whether the key is absent: infra.local.iam.conditions
}
"""Operator → the test of a value that a positive operator asks for, and a negated one rules out."""
NEGATED = frozenset(name for name in TESTS if "Not" in name)
