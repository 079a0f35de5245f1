"""infra/redshift holds the tables that the code makes."""

from __future__ import annotations

from infra.redshift import FOLDER, files


def test_the_committed_files_are_the_code_s() -> None:
    committed = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.sql")}
    assert committed == files(), "python -m infra.redshift"
