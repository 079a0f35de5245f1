"""docs/add-a-mall.md: from an unknown file to products that shoppers find, with its own commands."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from infra.paths import CHECKOUT
from tests.local.walk import Way
from tests.local_parts import Parts

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1200)]

PAGE = CHECKOUT / "docs" / "add-a-mall.md"
FOLDER = "build/catalogs"
CHANGES = re.compile(
    r"\b\d+(?:\.\d)? s\b|20\d\d-\d\d-\d\dT[\d:+]+|[0-9a-f]{12,64}|\s+$|sori_audio-\w+"
)
"""What differs from run to run: durations, times, hashes, ids."""


def commands() -> list[str]:
    """The commands of the page's first block, one per line."""
    [block, *_] = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return [line for line in block.replace("\\\n", " ").splitlines() if line.strip()]


@pytest.fixture(scope="module")
def way(stack: Parts) -> Way:
    return Way(stack)


@pytest.fixture(scope="module")
def shown(way: Way, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What each command printed, with its folder of catalogs in a place of the test's own."""
    folder = tmp_path_factory.mktemp("walk") / "catalogs"
    env = {**os.environ, **way.env, "COLUMNS": "110"}
    env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"
    printed = []
    for command in commands():
        words = [word.replace(FOLDER, str(folder)) for word in shlex.split(command)]
        done = subprocess.run(
            words, cwd=CHECKOUT, env=env, capture_output=True, text=True, check=False, timeout=600
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        printed.append(done.stdout.replace(str(folder), FOLDER))
    return printed


def test_five_commands_are_enough() -> None:
    assert [line.split()[1:3][-1] for line in commands()][:3] == ["suggest", "preview", "publish"]
    assert len(commands()) <= 5


def test_products_of_the_unknown_file_are_found(way: Way, shown: list[str]) -> None:
    products = way.both("sori_audio")
    assert len(products) == 29
    assert products["SR-1000"] == ("무선 이어폰 블랙 A0", 19900.0)
    assert "턴테이블" in shown[-1]
    [run] = way.runs("sori_audio")
    rejects = json.loads(way.mallfeed("rejects", run["run"], "--json"))
    assert [(one["row"], one["code"]) for one in rejects] == [("19", "price_not_a_number")]


def test_published_catalog_is_a_table_version(way: Way, shown: list[str]) -> None:
    found = way.parts.client("glue").get_table_versions(
        DatabaseName=way.env["MALLFEED_DATABASE"], TableName="feeds_sori_audio"
    )["TableVersions"]
    assert [one["Table"]["Parameters"]["mallfeed.catalog_version"] for one in found] == ["1"]


def _lines(text: str) -> set[str]:
    return {CHANGES.sub("", line) for line in text.splitlines() if line.strip()}


def test_page_shows_what_suggest_and_preview_print(shown: list[str]) -> None:
    page = _lines(PAGE.read_text("utf-8"))
    assert [line for text in shown[:2] for line in sorted(_lines(text) - page)] == []
