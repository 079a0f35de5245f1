"""`mallfeed catalog check`, `publish` and `list`."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from mallfeed.authoring.lock import LOCK_NAME, read_lock
from mallfeed.cli import catalog as commands
from mallfeed.cli import runs
from mallfeed.cli.main import app
from mallfeed.errors import CatalogInvalid
from mallfeed.ledger.memory import MemoryLedger
from tests.unit.catalog.conftest import text_of, write
from tests.unit.catalog.platforms import on_platform, write_platform


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch, s3: Any, glue: Any, lake: str, database: str) -> str:
    """Commands act on this lake bucket, this database and an empty ledger."""
    settings = SimpleNamespace(lake_bucket=lake, feeds_bucket="feeds", database=database)
    monkeypatch.setattr(commands, "attach", lambda stack: settings)
    monkeypatch.setattr(commands, "client", {"s3": s3, "glue": glue}.__getitem__)
    monkeypatch.setattr(runs, "ledger_of", lambda settings: MemoryLedger())
    return lake


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["catalog", *arguments])


def test_check_tells_what_is_not_locked_and_locks_it(folder: Path) -> None:
    assert (
        f"Not in {LOCK_NAME} yet: one_shop/v1.yaml" in run("check", "--folder", str(folder)).stdout
    )
    run("check", "--folder", str(folder), "--write-lock")
    assert len(read_lock(folder)) == 2
    again = json.loads(run("check", "--folder", str(folder), "--json").stdout)
    assert [one["locked"] for one in again] == [True, True]


def test_check_fails_when_a_locked_file_changed(folder: Path) -> None:
    run("check", "--folder", str(folder), "--write-lock")
    write(folder, "one_shop", 1, text_of("one_shop") + "name: other\n")
    done = run("check", "--folder", str(folder))
    assert done.exit_code == 1
    assert "changed since it was locked" in str(done.exception)


IDS = {
    "another column": ("product_id: id", "product_id: code"),
    "a second column": ("product_id: id", "product_id: [id, size]"),
    "a word that means nothing": ("format: csv", "format: csv, blank_words: [x]"),
    "rows of one article": ("format: csv", "format: csv, inherit: {key: id, variant: size}"),
}


@pytest.mark.parametrize("change", IDS)
def test_check_says_where_ids_may_change(folder: Path, change: str) -> None:
    old = text_of("one_shop", version=2)
    new = old.replace(*IDS[change])
    assert new != old
    assert _other_ids(folder, new) == [True]
    told = run("check", "--folder", str(folder)).stdout
    assert "one_shop/v2.yaml may give products other ids than v1" in told
    assert f"mallfeed catalog diff one_shop v1 v2 --folder {folder} --feed FILE" in told


def test_a_new_version_by_newer_rules_may_change_ids(folder: Path) -> None:
    run("check", "--folder", str(folder), "--write-lock")
    lock = folder / LOCK_NAME
    locked = [line for line in lock.read_text().splitlines(True) if not line.startswith("#")]
    lock.write_text("".join(locked))  # as an earlier release wrote it
    assert _other_ids(folder, text_of("one_shop", version=2)) == [True]


def test_a_version_that_keeps_its_ids_is_not_named(folder: Path) -> None:
    text = text_of("one_shop", version=2).replace("title: name", "title: [name, size]")
    assert _other_ids(folder, text) == [False]
    assert "other ids" not in run("check", "--folder", str(folder)).stdout


def _other_ids(folder: Path, text: str) -> list[bool]:
    """What `check` says of version 2 of one_shop with that text."""
    write(folder, "one_shop", 2, text)
    rows = json.loads(run("check", "--folder", str(folder), "--json").stdout)
    return [
        one["ids_may_change"] for one in rows if (one["mall"], one["version"]) == ("one_shop", 2)
    ]


def test_dry_run_shows_and_writes_nothing(folder: Path, stack: str, s3: Any) -> None:
    shown = json.loads(run("publish", "--folder", str(folder), "--dry-run", "--json").stdout)
    assert [one["action"] for one in shown] == ["new", "new"]
    assert "Contents" not in s3.list_objects_v2(Bucket=stack)


def test_published_versions_are_locked_and_listed(folder: Path, stack: str) -> None:
    run("check", "--folder", str(folder), "--write-lock")
    write(folder, "one_shop", 2)
    assert run("publish", "--folder", str(folder)).exit_code == 0
    assert "one_shop/v2.yaml" in read_lock(folder)
    listed = json.loads(run("list", "--json").stdout)
    assert [(one["mall"], one["version"]) for one in listed] == [
        ("one_shop", 1), ("one_shop", 2), ("two_shop", 1),
    ]  # fmt: skip
    assert listed[0]["feeds"] == [{"name": "full", "format": "csv", "mode": "full"}]
    assert "two_shop" not in run("list", "--mall", "one_shop").stdout


def test_check_and_list_name_the_platform(folder: Path, stack: str) -> None:
    write_platform(folder)
    write(folder, "one_shop", 2, on_platform("one_shop", 2))
    told = run("check", "--folder", str(folder))
    assert "Not in catalogs.lock yet: _platforms/built/v1.yaml, one_shop/v1.yaml" in told.stdout
    checked = json.loads(run("check", "--folder", str(folder), "--json").stdout)
    assert [one["extends"] for one in checked] == [None, "built@1", None]
    assert run("publish", "--folder", str(folder)).exit_code == 0
    listed = json.loads(run("list", "--json").stdout)
    assert [one["extends"] for one in listed] == [None, "built@1", None]
    assert [one["hash"] for one in listed] == [one["hash"] for one in checked]
    assert "built@1" in run("list").stdout


def test_folder_without_lock_gets_none_by_publishing(folder: Path, stack: str) -> None:
    assert run("publish", "--folder", str(folder)).exit_code == 0
    assert not (folder / LOCK_NAME).exists()


def test_list_shows_the_readable_and_fails_for_the_rest(folder: Path, stack: str, s3: Any) -> None:
    assert "No catalog is published." in run("list").stdout
    run("publish", "--folder", str(folder))
    s3.put_object(Bucket=stack, Key="catalogs/bad_shop/v1.yaml", Body=b"mall: [")
    done = run("list")
    assert "two_shop" in done.stdout
    assert isinstance(done.exception, CatalogInvalid)
    assert "bad_shop/v1.yaml" in str(done.exception)


def test_schema_is_printed() -> None:
    assert json.loads(run("schema").stdout)["title"] == "mallfeed catalog"
