"""Feeds as tables of the Glue Data Catalog: a table version a catalog version, against moto."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mallfeed.authoring.folder import read_folder
from mallfeed.authoring.publish_tables import apply_tables, plan_tables
from mallfeed.authoring.raw_table import HASH, VERSION, table_input
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.read import read_catalog
from mallfeed.errors import Terminal
from tests.unit.catalog import test_commands
from tests.unit.catalog.conftest import text_of, write

stack = test_commands.stack
run = test_commands.run


def versions(glue: Any, database: str, table: str) -> list[dict[str, Any]]:
    """The table's versions as Glue has them, oldest first."""
    found = glue.get_table_versions(DatabaseName=database, TableName=table)["TableVersions"]
    return [one["Table"] for one in sorted(found, key=lambda one: int(one["VersionId"]))]


def told(tables: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["Parameters"][VERSION], one["Parameters"][HASH]) for one in tables]


def test_table_versions_are_the_catalog_versions(
    folder: Path, stack: str, glue: Any, database: str
) -> None:
    assert run("publish", "--folder", str(folder)).exit_code == 0
    write(folder, "one_shop", 2, text_of("one_shop", 2).replace("title: name", "title: names"))
    assert run("publish", "--folder", str(folder)).exit_code == 0
    assert run("publish", "--folder", str(folder)).exit_code == 0
    hashes = {one.name: one.hash for one in read_folder(folder)}
    first, second = versions(glue, database, "feeds_one_shop")
    assert told([first, second]) == [
        ("1", hashes["one_shop/v1.yaml"]), ("2", hashes["one_shop/v2.yaml"]),
    ]  # fmt: skip
    columns = [
        [column["Name"] for column in one["StorageDescriptor"]["Columns"]]
        for one in (first, second)
    ]
    assert columns == [
        ["id", "name", "price", "url", "category"], ["id", "names", "price", "url", "category"],
    ]  # fmt: skip
    assert len(versions(glue, database, "feeds_two_shop")) == 1
    assert first["StorageDescriptor"]["Location"] == "s3://feeds/feeds/one_shop/"
    assert first["Parameters"]["mallfeed.athena"] == "metadata only"
    assert "named by the file's header" in first["Parameters"]["mallfeed.athena_why"]


def test_dry_run_tells_and_writes_nothing(
    folder: Path, stack: str, glue: Any, database: str
) -> None:
    shown = run("publish", "--folder", str(folder), "--dry-run", "--json", "--tables")
    assert [(one["table"], one["version"], one["action"]) for one in json.loads(shown.stdout)["tables"]] == [
        ("feeds_one_shop", 1, "create"), ("feeds_two_shop", 1, "create"),
    ]  # fmt: skip
    assert (
        "Data Catalog, to be written:"
        in run("publish", "--folder", str(folder), "--dry-run").stdout
    )
    assert glue.get_tables(DatabaseName=database)["TableList"] == []


@pytest.mark.parametrize("change", ["# changed\n", "currency: [\n"])
def test_changed_or_invalid_catalog_changes_no_table(
    change: str, folder: Path, stack: str, glue: Any, database: str
) -> None:
    run("publish", "--folder", str(folder))
    before = versions(glue, database, "feeds_two_shop")
    write(folder, "one_shop", 1, text_of("one_shop") + change)
    write(folder, "two_shop", 2)
    assert run("publish", "--folder", str(folder)).exit_code == 1
    assert versions(glue, database, "feeds_two_shop") == before


def planned(folder: Path, glue: Any, database: str) -> list[tuple[str, int, str]]:
    known = [(one.catalog, one.hash) for one in read_folder(folder)]
    changes = plan_tables(known, glue, database, "feeds")
    apply_tables(changes, glue, database)
    return [(one.table, one.version, one.action) for one in changes]


def test_older_version_that_comes_later_leaves_the_newest_on_top(
    folder: Path, glue: Any, database: str
) -> None:
    (folder / "one_shop/v1.yaml").unlink()
    write(folder, "one_shop", 2)
    planned(folder, glue, database)
    write(folder, "one_shop", 1)
    assert planned(folder, glue, database) == [
        ("feeds_one_shop", 1, "add"), ("feeds_one_shop", 2, "again"),
    ]  # fmt: skip
    assert [one[0] for one in told(versions(glue, database, "feeds_one_shop"))] == ["2", "1", "2"]
    assert planned(folder, glue, database) == []


def test_table_of_another_catalog_is_not_written_over(
    folder: Path, glue: Any, database: str
) -> None:
    planned(folder, glue, database)
    write(folder, "one_shop", 1, text_of("one_shop") + "# other\n")
    with pytest.raises(Terminal, match="table feeds_one_shop has another v1"):
        planned(folder, glue, database)


def test_refusal_of_glue_says_what_is_needed(folder: Path, glue: Any, database: str) -> None:
    known = [(one.catalog, one.hash) for one in read_folder(folder)]
    changes = plan_tables(known, glue, database, "feeds")
    with pytest.raises(
        Terminal, match=r"catalogs are published, but table feeds_one_shop .* then publish again"
    ):
        apply_tables(changes, glue, "no_such_database")


FIELDS = "fields: {product_id: id, title: name, price: price.sale, url: 'images[0].url', category_path: 분류}\n"


def made(feed: str, fields: str = FIELDS) -> dict[str, Any]:
    head = text_of("shop").split("fields:")[0]
    catalog: Catalog = read_catalog(f"{head}{fields}feeds:\n  full: {feed}\n", "v1.yaml")
    return table_input(catalog, "full", "h", "feeds")


def test_json_lines_are_read_by_names_nested_values_as_structs() -> None:
    table = made("{format: json, key_pattern: daily/full*}")
    storage = table["StorageDescriptor"]
    assert [(one["Name"], one["Type"]) for one in storage["Columns"]] == [
        ("id", "string"), ("name", "string"), ("price", "struct<sale:string>"),
        ("images", "array<struct<url:string>>"), ("category_path", "string"),
    ]  # fmt: skip
    assert storage["SerdeInfo"]["SerializationLibrary"] == "org.openx.data.jsonserde.JsonSerDe"
    assert storage["SerdeInfo"]["Parameters"]["mapping.category_path"] == "분류"
    assert storage["Location"].endswith("/feeds/shop/daily/")
    assert table["Parameters"]["mallfeed.athena"] == "reads it"


@pytest.mark.parametrize(
    ("options", "library"),
    [
        ("", "OpenCSVSerde"),
        (", quote: null, separator: '^'", "LazySimpleSerDe"),
    ],
)
def test_csv_without_header_is_read_by_place(options: str, library: str) -> None:
    fields = "fields: {product_id: a, title: b, price: c, url: d, category_path: e}\n"
    table = made(
        f"{{format: csv, csv: {{header: false, columns: [x, a, b, c, d, e]{options}}}}}", fields
    )
    storage = table["StorageDescriptor"]
    assert [one["Name"] for one in storage["Columns"]] == ["x", "a", "b", "c", "d", "e"]
    assert storage["SerdeInfo"]["SerializationLibrary"].endswith(library)


@pytest.mark.parametrize(
    ("feed", "why"),
    [
        ("{format: json, json: {layout: array}}", "one JSON document"),
        ("{format: xlsx}", "there is no SerDe for xlsx"),
        ("{format: ep_blocks}", "there is no SerDe for ep_blocks"),
        ("{format: json, json: {encoding: cp949}}", "the files are cp949"),
    ],
)
def test_what_athena_cannot_read_is_metadata_and_says_why(feed: str, why: str) -> None:
    table = made(feed)
    assert table["Parameters"]["mallfeed.athena"] == "metadata only"
    assert why in table["Parameters"]["mallfeed.athena_why"]
    assert "SerdeInfo" not in table["StorageDescriptor"]


def test_parquet_is_read_with_the_types_that_the_fields_expect() -> None:
    storage = made("{format: parquet}")["StorageDescriptor"]
    assert "parquet" in storage["InputFormat"].lower()
    assert storage["Columns"][2]["Type"] == "struct<sale:string>"
