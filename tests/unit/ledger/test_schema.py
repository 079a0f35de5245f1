"""The template makes the very table that the ledger needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from mallfeed.ledger.schema import EXPIRES, table_definition

TEMPLATE = Path(__file__).parents[3] / "template.yaml"


def test_the_template_has_the_ledgers_keys_and_indices() -> None:
    resources = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))["Resources"]
    (table,) = [r for r in resources.values() if r["Type"] == "AWS::DynamoDB::Table"]
    properties: dict[str, Any] = table["Properties"]
    wanted = table_definition("x")
    del wanted["TableName"]
    by_name = {"AttributeDefinitions": "AttributeName", "GlobalSecondaryIndexes": "IndexName"}
    for part, definition in wanted.items():
        found = properties[part]
        if part in by_name:
            found = sorted(found, key=lambda one: one[by_name[part]])
            definition = sorted(definition, key=lambda one: one[by_name[part]])
        assert found == definition, part
    assert properties["TimeToLiveSpecification"] == {"AttributeName": EXPIRES, "Enabled": True}
