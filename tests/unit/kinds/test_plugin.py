"""A package outside adds a kind: where it is installed, catalogs name it.

In processes of their own, which begin with the package on `sys.path`.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.plugins.run import COLOUR, COLOURED_CATALOG, python

pytestmark = pytest.mark.seconds


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    path = tmp_path / "catalogs" / "shop" / "v1.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(COLOURED_CATALOG, "utf-8")
    return path


def check(catalog: Path, package: Path | None = COLOUR) -> subprocess.CompletedProcess[str]:
    folder = str(catalog.parents[1])
    return python("mallfeed.cli.main", "catalog", "check", "--folder", folder, package=package)


def test_a_catalog_may_name_it_where_the_package_is_installed(catalog: Path) -> None:
    done = check(catalog)
    assert done.returncode == 0, done.stdout + done.stderr
    done = check(catalog, package=None)
    assert done.returncode == 1
    assert "v1.yaml:8:28: `colour` is no field type; expected one of text, html_text" in done.stderr


def test_its_options_are_checked_as_ours_are(catalog: Path) -> None:
    catalog.write_text(COLOURED_CATALOG.replace("words:", "wards:"), "utf-8")
    done = check(catalog)
    assert done.returncode == 1
    assert "v1.yaml:8:36: `wards` is no key here; did you mean `words`?" in done.stderr


def test_it_stands_in_the_schema() -> None:
    done = python("mallfeed.cli.main", "catalog", "schema")
    assert "ColourType" in json.loads(done.stdout)["$defs"]
