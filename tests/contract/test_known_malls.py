"""A mall that a person misspells on the command line is told as that, not as a mall in which all is well."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from mallfeed.aws.clients import client
from mallfeed.cli import catalog_deltas, maintain, runs
from mallfeed.cli.main import app
from mallfeed.cli.malls import require_known
from mallfeed.errors import SettingsInvalid
from mallfeed.ledger.memory import MemoryLedger
from tests.moto_process import moto_as_aws
from tests.unit.ledger.records import feed

LAKE = "lake-of-malls"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with moto_as_aws(tmp_path_factory.mktemp("moto") / "moto.log"):
        s3 = client("s3")
        where = {"LocationConstraint": s3.meta.region_name}
        s3.create_bucket(Bucket=LAKE, CreateBucketConfiguration=where)
        s3.put_object(Bucket=LAKE, Key="catalogs/hanbit_mart/v1.yaml", Body=b"")
        yield SimpleNamespace(lake_bucket=LAKE, region=s3.meta.region_name)


@pytest.fixture
def ledger() -> MemoryLedger:
    made = MemoryLedger()
    made.enter(feed(1, "old_mall"))
    return made


@pytest.mark.parametrize("mall", ["hanbit_mart", "old_mall"])
def test_a_mall_with_a_catalog_or_a_feed_is_known(
    settings: Any, ledger: MemoryLedger, mall: str
) -> None:
    require_known(settings, ledger, mall)


@pytest.mark.parametrize(
    "command",
    [
        ["runs", "--mall", "hanbit_mrat"],
        ["runs", "--mall", "hanbit_mrat", "--json"],
        ["maintain", "--mall", "old_mall", "--mall", "hanbit_mrat", "--why", "x", "--yes"],
        ["catalog", "deltas", "--mall", "hanbit_mrat"],
    ],
    ids=" ".join,
)
def test_a_misspelt_mall_is_an_error_with_a_suggestion(
    settings: Any, ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    for module in (runs, maintain, catalog_deltas):
        monkeypatch.setattr(module, "attach", lambda _: settings)
        monkeypatch.setattr(module, "ledger_of", lambda _: ledger)
    done = CliRunner().invoke(app, command)
    assert done.exit_code != 0
    told = done.stderr if done.exception is None else str(done.exception) + done.stderr
    assert "hanbit_mrat" in told
    assert "did you mean `hanbit_mart`?" in told


def test_of_a_mall_that_is_like_no_other_the_next_step_is_told(
    settings: Any, ledger: MemoryLedger
) -> None:
    with pytest.raises(SettingsInvalid, match="`mallfeed runs` lists"):
        require_known(settings, ledger, "xyzzy")
