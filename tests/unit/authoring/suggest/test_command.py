"""`mallfeed catalog suggest`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mallfeed.authoring.folder import read_folder
from mallfeed.cli.main import app
from tests.unit.authoring.suggest.test_feeds import FOLDER

FEED = FOLDER / "feeds" / "naver_ep3.tsv"


def run(*arguments: object) -> Result:
    more = ["--no-trial"] if arguments[0] == "suggest" else []
    return CliRunner(env={"COLUMNS": "200"}).invoke(
        app, ["catalog", arguments[0], *more, *map(str, arguments[1:])]
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "catalogs"


def test_draft_lies_where_check_and_publish_find_it(folder: Path) -> None:
    done = run("suggest", FEED, "--mall", "new_shop", "--folder", folder, "--owner", "kim")
    assert done.exit_code == 0
    assert "high 1.00" in done.stdout
    assert f"mallfeed catalog preview {folder}/new_shop/v1.yaml --feed {FEED}" in done.stdout
    [one] = read_folder(folder)
    assert (one.name, one.catalog.owner) == ("new_shop/v1.yaml", "kim")
    assert run("check", "--folder", folder).exit_code == 0


def test_next_version_is_taken_and_nothing_is_written_over(folder: Path) -> None:
    for _ in range(2):
        run("suggest", FEED, "--mall", "new_shop", "--folder", folder)
    first, second = (one.catalog for one in read_folder(folder))
    assert (first.version, second.version) == (1, 2)
    assert second.effective_from > first.effective_from
    again = run("suggest", FEED, "--mall", "new_shop", "--folder", folder, "--version", 2)
    assert again.exit_code == 2
    assert "is there already. Name another --version" in again.stderr
    run("check", "--folder", folder, "--write-lock")
    forced = run("suggest", FEED, "--mall", "new_shop", "--folder", folder, "--force")
    assert (forced.exit_code, "a published version never changes" in forced.stderr) == (2, True)


def test_draft_on_standard_output(folder: Path) -> None:
    done = run("suggest", FEED, "--mall", "new_shop", "--folder", folder, "--out", "-")
    assert done.stdout.startswith("# yaml-language-server:")
    assert "category_path: [category_name1, category_name2, category_name3" in done.stdout
    assert not folder.exists()


def test_what_is_missing_is_reported_and_can_be_given(folder: Path) -> None:
    shopify = FOLDER / "feeds" / "shopify_export.csv"
    done = run("suggest", shopify, "--mall", "new_shop", "--folder", folder)
    assert "MISSING url: no column has addresses; run it again with --base-url" in done.stdout
    assert "cannot be published until what is missing has been added" in done.stdout
    given = run("suggest", shopify, "--mall", "new_shop", "--folder", folder, "--force", "--json",
                "--base-url", "https://shop.example")  # fmt: skip
    told = json.loads(given.stdout)
    assert told["missing"] == {}
    [url] = [one for one in told["fields"] if one["field"] == "url"]
    assert (url["from"], url["options"]) == (
        ["Handle"],
        {"base_url": "https://shop.example/products/"},
    )
    assert run("check", "--folder", folder).exit_code == 0


def test_mall_s_id_is_checked_first(folder: Path) -> None:
    assert run("suggest", FEED, "--mall", "New Shop", "--folder", folder).exit_code == 2


@pytest.mark.parametrize("name", ["${env:HOME} $(id).csv", "-dash.csv", "a\nmall: evil.csv"])
def test_the_next_command_may_be_pasted(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(FEED.read_bytes())
    told = run("suggest", "--mall", "new_shop", "--folder", folder, "--", name).stdout
    [line] = [one for one in told.splitlines() if one.startswith("Next: ")]
    assert not [one for one in told.splitlines() if one.startswith("mall: ")]
    words = ["bash", "-c", f"printf '%s|' {line.removeprefix('Next: ')}"]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    *_, feed, _ = done.stdout.split("|")
    assert Path(feed) == Path(name)
