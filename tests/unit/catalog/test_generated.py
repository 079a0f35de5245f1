"""Schema and reference page describe what catalogs are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from mallfeed.catalog.schema import catalog_schema, schema_text
from mallfeed.yaml_files.yaml_tree import read_tree
from scripts.docs import catalogs
from tests.unit.catalog.faults import FOLDER
from tests.unit.catalog.platforms import PLATFORM, on_platform, renamed
from tests.unit.catalog.test_good_catalogs import COMMITTED, TEXT

SHAPE = (
    "feed_values", "feeds_a_list", "field_types", "head_missing", "head_wrong",
    "misspelt_fields", "no_feeds", "unknown_keys",
)  # fmt: skip


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = catalog_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def faults(validator: jsonschema.Draft202012Validator, data: Any) -> list[str]:
    return ["/".join(map(str, error.absolute_path)) for error in validator.iter_errors(data)]


def test_every_key_is_described() -> None:
    undescribed = []
    for name, part in catalog_schema()["$defs"].items():
        for key, value in part.get("properties", {}).items():
            if "description" not in value and key != "type":
                undescribed.append(f"{name}.{key}")
    assert undescribed == []


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_schema_takes_committed_catalogs(
    path: Path, validator: jsonschema.Draft202012Validator
) -> None:
    assert faults(validator, read_tree(path.read_text("utf-8")).data) == []


def test_schema_takes_short_and_long_forms(validator: jsonschema.Draft202012Validator) -> None:
    assert faults(validator, read_tree(TEXT).data) == []


@pytest.mark.parametrize("name", SHAPE)
def test_schema_refuses_faults_of_shape(
    name: str, validator: jsonschema.Draft202012Validator
) -> None:
    assert faults(validator, read_tree((FOLDER / f"{name}.yaml").read_text("utf-8")).data)


@pytest.mark.parametrize(
    ("field", "written", "taken"),
    [
        ("title", "name", True),
        ("title", ["a", "b"], True),
        ("title", {"from": "name"}, True),
        ("title", {"from": "name", "max_length": 3}, True),
        ("title", {"from": "name", "decimal_mark": "."}, False),
        ("price", {"from": "p", "decimal_mark": "."}, True),
        ("price", {"from": "p", "type": "decimal", "scale": 2}, True),
        ("price", {"from": "p", "type": "decimal", "decimal_mark": "auto"}, False),
        ("price", {"type": "constant", "value": "1"}, True),
        ("price", {"type": "constant"}, False),
        ("prize", "p", False),
        ("image_url", {"from": "j", "type": "json_path", "path": "$.a", "then": {"type": "url"}}, True),
        ("tags", {"from": "t", "separators": ","}, True),
        ("attributes", "a", False),
    ],
)  # fmt: skip
def test_schema_knows_each_field_s_own_keys(
    field: str, written: Any, taken: bool, validator: jsonschema.Draft202012Validator
) -> None:
    data = read_tree(TEXT).data
    data["fields"][field] = written
    assert (faults(validator, data) == []) is taken


def test_schema_takes_a_catalog_that_says_only_what_differs(
    validator: jsonschema.Draft202012Validator,
) -> None:
    more = (
        "  brand: null\nattributes: {size: null}\nrows: {drop: {hidden: null}}\n"
        "feeds: {full: {csv: {encoding: cp949}}, daily: null}\n"
    )
    assert faults(validator, read_tree(on_platform("one_shop", more=more)).data) == []
    assert faults(validator, read_tree(on_platform("one_shop") + "mal: x\n").data) == [""]
    alone = on_platform("one_shop").replace("extends: built@1\n", "")
    assert faults(validator, read_tree(alone).data) == [""]


def test_schema_takes_platforms(validator: jsonschema.Draft202012Validator) -> None:
    text = PLATFORM.format(name="built", version=1, price="price")
    assert faults(validator, read_tree(text).data) == []
    assert faults(validator, read_tree(renamed(2)).data) == []
    assert faults(validator, read_tree(text + "mall: x\n").data) == [""]


def test_example_of_the_reference_is_a_catalog() -> None:
    from mallfeed.catalog.read import read_catalog

    example = catalogs.page().split("```yaml\n")[1].split("```")[0]
    assert list(read_catalog(example, "v1.yaml").feeds) == ["full", "changes"]


def test_schema_is_plain_json() -> None:
    assert YAML(typ="safe").load(schema_text()) == json.loads(schema_text())
