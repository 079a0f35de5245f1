"""`mallfeed rates`: what is stored for a stack is what searches compare by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.local.place import CREDENTIALS
from mallfeed.cli import rates as command
from mallfeed.errors import SettingsInvalid
from mallfeed.search_api.index import stored_rates
from mallfeed.search_api.kept_rates import KeptRates
from mallfeed.settings import from_environment
from tests.moto_process import moto_server

RATES = "as_of: 2026-01-02\nto: KRW\nrates: {USD: 1390.5, JPY: 9.02}\n"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with moto_server(tmp_path_factory.mktemp("moto") / "moto.log") as url:
        yield url


@pytest.fixture(autouse=True)
def stack(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that names a stack, its AWS on this machine."""
    for name, value in {
        "AWS_ENDPOINT_URL": url,
        **CREDENTIALS,
        "MALLFEED_FEEDS_BUCKET": "feeds",
        "MALLFEED_LAKE_BUCKET": "lake",
        "MALLFEED_LEDGER_TABLE": "ledger",
        "MALLFEED_PARAMETER_PREFIX": "/rated",
    }.items():
        monkeypatch.setenv(name, value)


def run(*arguments: str) -> str:
    done = CliRunner().invoke(command.app, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_rates_are_stored_shown_and_used_by_searches(tmp_path: Path) -> None:
    file = tmp_path / "rates.yaml"
    file.write_text(RATES, "utf-8")
    assert run("put", str(file)) == "/rated/search/rates: 2 rates of 2026-01-02 to KRW\n"
    assert "1390.5" in run("show")
    assert '"USD": 1390.5' in run("show", "--json")
    used = KeptRates(lambda: stored_rates(from_environment()))()
    assert used.in_shop(299, "USD") == 415_760
    file.write_text(RATES.replace("1390.5", "1400"), "utf-8")
    run("put", str(file))
    assert KeptRates(lambda: stored_rates(from_environment()))().in_shop(299, "USD") == 418_600


def test_rates_of_a_day_that_has_not_come_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "rates.yaml"
    file.write_text(RATES.replace("2026", "2999"), "utf-8")
    with pytest.raises(SettingsInvalid, match="rates are of a day that has come"):
        run("put", str(file))
