"""`mallfeed sinks bootstrap`, over a sink that needs nothing but a file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mallfeed.cli import sinks
from mallfeed.cli.main import app
from mallfeed.errors import SettingsInvalid
from mallfeed.settings import Settings
from tests.plugins.test_sqlite_sink import PACKAGE

SETTINGS = Settings(
    feeds_bucket="feeds", lake_bucket="lake", ledger_table="ledger", region="eu-west-1"
)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the stack's only sink keeps its products."""
    file = tmp_path / "products.db"
    parameters = {"sinks": "sqlite", "sqlite/path": str(file)}
    monkeypatch.syspath_prepend(str(PACKAGE))
    monkeypatch.setattr(sinks, "attach", lambda _stack: SETTINGS)
    monkeypatch.setattr(sinks, "stack_parameters", lambda _settings: parameters)
    return file


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["sinks", "bootstrap", *arguments])


@pytest.mark.parametrize("arguments", [[], ["sqlite"]])
def test_what_the_stacks_sinks_write_to_is_made(file: Path, arguments: list[str]) -> None:
    for _ in range(2):
        done = run(*arguments)
        assert (done.exit_code, done.output) == (0, "sqlite: ready\n")
    connection = sqlite3.connect(file)
    assert connection.execute("SELECT count(*) FROM products").fetchone() == (0,)
    connection.close()


def test_a_sink_that_nobody_knows_is_named(file: Path) -> None:
    done = run("mongo")
    assert isinstance(done.exception, SettingsInvalid)
    assert "mongo is not a known sink: the known sinks are opensearch, redshift, sqlite" in str(
        done.exception
    )
    assert not file.exists()
