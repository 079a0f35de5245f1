"""Amazon DynamoDB: sizes of items and requests, numbers, sets, depth.

Sources: Amazon DynamoDB Developer Guide, "Quotas in Amazon DynamoDB" (400 KB an item, 4 KB an expression, 32 levels, 38 digits
between 1e-130 and 9.99…e125), "DynamoDB item sizes and formats", "Constraints in Amazon DynamoDB"; API Reference,
TransactWriteItems (4 MB), BatchWriteItem (25 requests over all tables) and RestoreTableToPointInTime. Keys that are empty, missing or too long, duplicates in
a batch and reserved words are refused by moto.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from infra.local.dynamodb_restore import moment
from infra.local.limits.errors import Check, Refusal, detected, fault

MOST_ITEM_BYTES = 400 * 1024
MOST_TRANSACTION_BYTES = 4 * 1024 * 1024
MOST_EXPRESSION_BYTES = 4096
MOST_IN_BATCH = 25
MOST_LEVELS = 32
MOST_DIGITS = 38
_LARGEST, _SMALLEST = 125, -130
TOO_LARGE = "Item size has exceeded the maximum allowed size"
_WIDE = Context(prec=200)
_MEMBER_BYTES, _DOCUMENT_BYTES = 1, 3
Item = Mapping[str, Mapping[str, Any]]


def invalid(message: str) -> Refusal:
    """The code that DynamoDB has for nearly everything."""
    return Refusal("ValidationException", message)


def item_bytes(item: Item) -> int:
    """The size that counts: names and values of all attributes."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind in ("SS", "NS", "BS"):
        return sum(_value_bytes({kind[0]: one}) for one in content)
    if kind == "M":
        members = content.items()
        inside = sum(len(name.encode()) + _value_bytes(one) for name, one in members)
        return _DOCUMENT_BYTES + inside + _MEMBER_BYTES * len(content)
    if kind == "L":
        return _DOCUMENT_BYTES + sum(_value_bytes(one) + _MEMBER_BYTES for one in content)
    if kind == "N":
        return _number_bytes(str(content))
    return 1 if kind in ("BOOL", "NULL") else len(_bytes(content))


def _number_bytes(text: str) -> int:
    """One byte per two significant digits, and one more; zeros before and after do not count."""
    digits = Decimal(text).normalize(_WIDE).as_tuple().digits
    return (len(digits) + 1) // 2 + 1


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _check_item(item: Item) -> None:
    for value in item.values():
        _check_value(value, 0)
    if item_bytes(item) > MOST_ITEM_BYTES:
        raise invalid(TOO_LARGE)


def _check_value(value: Mapping[str, Any], level: int) -> None:
    if level > MOST_LEVELS:
        raise invalid("Nesting Levels have exceeded supported limits")
    if len(value) != 1:
        raise invalid(
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
            if value
            else "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
        )
    ((kind, content),) = value.items()
    if kind in ("L", "M"):
        for one in content.values() if kind == "M" else content:
            _check_value(one, level + 1)
    elif kind == "N":
        _check_number(str(content))
    elif kind in ("SS", "NS", "BS"):
        _check_set(kind, content)


def _check_set(kind: str, content: list[Any]) -> None:
    if kind == "NS":
        for one in content:
            _check_number(str(one))
        content = [Decimal(one) for one in content]
    if len(set(content)) != len(content):
        raise invalid(
            "One or more parameter values were invalid: Input collection contains duplicates."
        )


def _check_number(text: str) -> None:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise invalid("The parameter cannot be converted to a numeric value") from error
    if not number.is_finite():
        raise invalid("The parameter cannot be converted to a numeric value")
    if number and number.adjusted() > _LARGEST:
        raise invalid(
            "Number overflow. Attempting to store a number with magnitude larger than supported range"
        )
    if number and number.adjusted() < _SMALLEST:
        raise invalid(
            "Number underflow. Attempting to store a number with magnitude smaller than supported range"
        )
    if len(number.as_tuple().digits) > MOST_DIGITS and (
        len(number.normalize(_WIDE).as_tuple().digits) > MOST_DIGITS
    ):
        raise invalid("Attempting to store more than 38 significant digits in a Number")


def _expressions(asked: Mapping[str, Any]) -> None:
    for name, text in asked.items():
        if name.endswith("Expression") and isinstance(text, str):
            size = len(text.encode())
            if size > MOST_EXPRESSION_BYTES:
                raise invalid(
                    f"Invalid {name}: Expression size has exceeded the maximum allowed size;"
                )


def _values(asked: Mapping[str, Any]) -> None:
    """Values of an expression: they are checked before anything is done with them."""
    for value in (asked.get("ExpressionAttributeValues") or {}).values():
        _check_value(value, 0)


def one(asked: Mapping[str, Any], _: Any = None) -> None:
    """PutItem, UpdateItem, DeleteItem, Query, Scan, and each action of a transaction."""
    _expressions(asked)
    _values(asked)
    if "Item" in asked:
        _check_item(asked["Item"])


def batch_write(asked: Mapping[str, Any], _: Any = None) -> None:
    """BatchWriteItem: 25 requests over all tables, each item of its own size."""
    requests = [each for of_table in asked["RequestItems"].values() for each in of_table]
    if len(requests) > MOST_IN_BATCH:
        constraint = f"Member must have length less than or equal to {MOST_IN_BATCH}"
        raise invalid(detected([fault(f"[{len(requests)} members]", "requestItems", constraint)]))
    for request in requests:
        one(request.get("PutRequest") or {})


def transact_write(asked: Mapping[str, Any], _: Any = None) -> None:
    """TransactWriteItems: each action, and the items together (of an Update, what it brings)."""
    actions = [action for each in asked["TransactItems"] for action in each.values()]
    whole = 0
    for action in actions:
        one(action)
        parts: Iterable[Item | None] = (
            action.get("Item"), action.get("Key"), action.get("ExpressionAttributeValues"),
        )  # fmt: skip
        whole += sum(item_bytes(part) for part in parts if part)
    if whole > MOST_TRANSACTION_BYTES:
        raise invalid("Transaction request size exceeds the limit of 4 MB")


def restore(asked: Mapping[str, Any], handler: Any) -> None:
    """RestoreTableToPointInTime: recovery must have been on, and the time must lie within it."""
    source = handler.dynamodb_backend.tables.get(asked.get("SourceTableName"))
    if source is None:
        return  # moto refuses it
    described = source.continuous_backups["PointInTimeRecoveryDescription"]
    if described["PointInTimeRecoveryStatus"] != "ENABLED":
        raise Refusal(
            "PointInTimeRecoveryUnavailableException",
            f"Point in time recovery is not enabled for table '{source.name}'",
        )
    at = asked.get("RestoreDateTime")
    if (at is None) == (not asked.get("UseLatestRestorableTime")):
        raise invalid("Either RestoreDateTime or UseLatestRestorableTime must be given, not both")
    earliest = moment(described["EarliestRestorableDateTime"])
    if at is not None and not earliest <= moment(at) <= datetime.now(UTC):
        raise Refusal(
            "InvalidRestoreTimeException",
            "An invalid restore time was specified. RestoreDateTime must be between EarliestRestorableDateTime and "
            "LatestRestorableDateTime.",
        )


RULES: dict[str, Check] = {
    "BatchWriteItem": batch_write,
    "DeleteItem": one,
    "PutItem": one,
    "Query": one,
    "RestoreTableToPointInTime": restore,
    "Scan": one,
    "TransactWriteItems": transact_write,
    "UpdateItem": one,
}
