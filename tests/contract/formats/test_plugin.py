"""A format of another distribution: found by its entry point, it does what our own do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from infra.paths import CHECKOUT

LTSV = CHECKOUT / "tests/plugins/ltsv"


def _with_plugins(*arguments: str, folder: Path = LTSV) -> subprocess.CompletedProcess[str]:
    """Python in the checkout, another distribution's folder on its path."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_plug_in_passes_the_contract_of_formats() -> None:
    done = _with_plugins(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", str(LTSV / "contract.py")
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None, done.stdout
    assert int(passed[1]) >= 20


def test_schema_and_reference_know_it_where_it_is_installed() -> None:
    script = (
        "from scripts.docs import catalogs; from mallfeed.catalog.schema import catalog_schema\n"
        "assert '### `ltsv`' in catalogs.page()\n"
        "assert catalog_schema()['$defs']['FeedSpec']['properties']['format']['enum'][-1] == 'ltsv'\n"
    )
    done = _with_plugins("-c", script)
    assert done.returncode == 0, done.stderr


def test_a_broken_plug_in_is_told_where_a_catalog_names_it_and_stops_no_other(
    tmp_path: Path,
) -> None:
    made = tmp_path / "broken-2.0.dist-info"
    made.mkdir()
    (made / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 2.0\n", "utf-8")
    points = "[mallfeed.formats]\nstrange = broken_strange:FORMAT\n"
    (made / "entry_points.txt").write_text(points, "utf-8")
    catalog = (
        "mall: shop\nversion: 1\neffective_from: 2026-01-01T00:00:00+09:00\nowner: o\ncontact: c\n"
        "fields: {product_id: a, title: b, price: c, url: d, category_path: e}\n"
        "feeds:\n  full: {format: strange, default: true}\n  other: {format: csv}\n"
    )
    folder = tmp_path / "catalogs" / "shop"
    folder.mkdir(parents=True)
    (folder / "v1.yaml").write_text(catalog, "utf-8")
    check = ["-m", "mallfeed.cli.main", "catalog", "check", "--folder", str(folder.parent)]
    done = _with_plugins(*check, folder=tmp_path)
    told = " ".join((done.stdout + done.stderr).split())
    reason = "the plug-in of broken 2.0 cannot be used: No module named 'broken_strange'"
    assert done.returncode == 1, told
    assert f"`feeds.full.format` is `strange`, and {reason}; expected it mended, or another" in told
    (folder / "v1.yaml").write_text(catalog.replace("strange", "csv"), "utf-8")
    done = _with_plugins(*check, folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"RuntimeWarning: {reason}" in " ".join(done.stderr.split())
