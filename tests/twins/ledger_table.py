"""The ledger's table as the template creates it: keys and indices are only defined there."""

from __future__ import annotations

from functools import cache
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from infra.paths import CHECKOUT

_KEYS_AND_INDICES = (
    "BillingMode", "AttributeDefinitions", "KeySchema", "LocalSecondaryIndexes",
    "GlobalSecondaryIndexes",
)  # fmt: skip


@cache
def properties() -> dict[str, Any]:
    """What the template says of the ledger's table."""
    resources = yaml_parse((CHECKOUT / "template.yaml").read_text(encoding="utf-8"))["Resources"]
    (table,) = [one for one in resources.values() if one["Type"] == "AWS::DynamoDB::Table"]
    found: dict[str, Any] = table["Properties"]
    return found


def table_definition(name: str) -> dict[str, Any]:
    """Arguments of CreateTable for such a table."""
    return {"TableName": name, **{key: properties()[key] for key in _KEYS_AND_INDICES}}
