"""All of docs/capacity.md, including ten times the malls: takes two minutes, so it runs with the longer tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mallfeed.cli.main import app
from mallfeed.simulate import show

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_the_command_in_the_document_makes_its_tables_and_its_plot_again(tmp_path: Path) -> None:
    document = DOCS / "capacity.md"
    _, _, after = document.read_text("utf-8").partition(show.END)
    command = after.partition("```text\nmallfeed ")[2].partition("\n```")[0]
    words = command.replace("\\\n", " ").split()
    copy, plot = tmp_path / "capacity.md", tmp_path / "capacity.svg"
    shutil.copy(document, copy)
    made = {"docs/capacity.md": str(copy), "docs/images/capacity.svg": str(plot)}
    result = CliRunner().invoke(app, [made.get(word, word) for word in words])
    assert result.exit_code == 0, result.output
    assert copy.read_text("utf-8") == document.read_text("utf-8")
    assert plot.read_bytes() == (DOCS / "images" / "capacity.svg").read_bytes()
