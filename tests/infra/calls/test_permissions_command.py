"""`mallfeed local permissions`, of a stack that is down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.local import stack
from mallfeed.cli.main import app

ROLE = "arn:aws:iam::123456789012:role/load"
UNUSED = [{"policy": "own", "statement": "Lake", "action": "s3:DeleteObject"}]
REFUSED = [{"operation": "s3:GetObject", "action": "s3:GetObject", "message": "User: no", "times": 2}]  # fmt: skip


def told(refused: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        ROLE: {"calls": {"s3:GetObject": 3}, "unused": UNUSED, "refused": refused, "hidden": {}}
    }


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(stack, "stack_dir", lambda name: tmp_path / name)
    (tmp_path / "demo").mkdir()
    return tmp_path / "demo"


def test_it_tells_what_was_not_used_and_fails_for_what_was_refused(folder: Path) -> None:
    for refused, code in (([], 0), (REFUSED, 1)):
        (folder / "iam.json").write_text(json.dumps(told(refused)), "utf-8")
        done = CliRunner().invoke(app, ["local", "permissions"])
        assert done.exit_code == code
        assert f"{ROLE}\n  3 calls of 1 actions\n  not used: s3:DeleteObject (Lake)" in done.output
        assert ("refused, 2 times: s3:GetObject: User: no" in done.output) == bool(refused)
        as_json = CliRunner().invoke(app, ["local", "permissions", "--json"])
        assert json.loads(as_json.output) == told(refused)


def test_a_stack_that_never_ran_has_nothing_to_tell(folder: Path) -> None:
    done = CliRunner().invoke(app, ["local", "permissions"])
    assert (done.exit_code, done.output) == (0, "stack demo has not run yet\n")
    assert list(folder.iterdir()) == []
