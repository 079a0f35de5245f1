"""Commands are imported when they are called."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mallfeed.cli.main import Commands, app

RUN = CliRunner(env={"COLUMNS": "80"})


@pytest.mark.parametrize("name", Commands.places)
def test_every_command_has_a_line_of_help(name: str) -> None:
    done = RUN.invoke(app, [name, "--help"])
    assert done.exit_code == 0, done.exception
    assert f" {name} " in RUN.invoke(app, ["--help"]).stdout


def test_an_unknown_command_is_refused() -> None:
    done = RUN.invoke(app, ["rnus"])
    assert (done.exit_code, "No such command 'rnus'" in done.output) == (2, True)


def test_one_command_leaves_the_others_libraries_alone(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from mallfeed.cli.main import app\n"
        "app(['version'], standalone_mode=False)\n"
        "sys.exit(' '.join({'boto3', 'pyarrow', 'ruamel', 'simpy'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")
