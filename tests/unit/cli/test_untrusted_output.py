"""No command prints what a mall wrote as anything but text."""

from __future__ import annotations

import ast
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from rich.console import RenderableType
from rich.table import Table

from infra.paths import CHECKOUT
from mallfeed.authoring.preview import Cell, LeftOut, Preview, Told
from mallfeed.catalog.read import read_catalog
from mallfeed.cli import dead_letters, operate, preview, progress_view, query, report, runs, show
from mallfeed.feed.drift import check_header
from mallfeed.ledger.states import State
from mallfeed.report.build import build_report
from mallfeed.report.html import html
from mallfeed.report.spreadsheet import csv_bytes
from mallfeed.table.counts import Counts
from mallfeed.visible import visible
from tests.catalog_command import CatalogCommand
from tests.unit.catalog.conftest import text_of
from tests.unit.ledger.records import feed

HOSTILE = "a\x1b]0;pwned\x07\x1b[31m\x9b2J\u202egpj\u200b\r\n\tend"
HARMLESS = r"a\x1b]0;pwned\x07\x1b[31m\x9b2J\u202egpj\u200b\r"
WITH_HELD = {"code": "drift", "message": HOSTILE}


def printed(renderable: RenderableType, monkeypatch: pytest.MonkeyPatch) -> str:
    out = io.StringIO()
    monkeypatch.setattr(show.CONSOLE, "_file", out)
    monkeypatch.setattr(show.CONSOLE, "_width", 300)
    show.CONSOLE.print(renderable)
    return out.getvalue()


def _report() -> dict[str, Any]:
    counts = Counts(rows_read=1, rejected=1, reject_codes={"price_missing": 1})
    record = feed(1, State.HELD, counts=counts, key=HOSTILE, **WITH_HELD)
    problem = {
        "row": HOSTILE,
        "code": "price_missing",
        "field": HOSTILE,
        "value": HOSTILE,
        "raw": HOSTILE,
    }
    return build_report(record, [problem], [], [])


def _preview_tables() -> list[RenderableType]:
    told = Told("price_missing", HOSTILE, 1, ((HOSTILE, HOSTILE),))
    cell = Cell(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    left_out = LeftOut(HOSTILE, 1, ((HOSTILE, HOSTILE, HOSTILE),))
    seen = Preview(Counts(), {}, ((HOSTILE, (cell,)),), (told,), (told,), (left_out,), None)
    shown: list[RenderableType] = []
    real, show.CONSOLE.print = show.CONSOLE.print, lambda one, **_: shown.append(one)  # type: ignore[method-assign]
    try:
        preview._show(seen, HOSTILE)
    finally:
        show.CONSOLE.print = real  # type: ignore[method-assign]
    return shown


def _tables() -> dict[str, RenderableType]:
    held = feed(1, State.HELD, key=HOSTILE, **WITH_HELD)
    waiting = feed(2, message=HOSTILE)
    hit = dict.fromkeys(("mall_id", "product_id", "title", "availability", "currency"), HOSTILE)
    letter = {"MessageId": HOSTILE, "Body": json.dumps({"detail": {"object": {"key": HOSTILE}}})}
    plain = {"MessageId": "1", "Body": HOSTILE}
    facts = Table(HOSTILE, title=HOSTILE)
    facts.add_row(HOSTILE)
    return {
        "runs": show.feeds_table([held]),
        "key": show.feeds_table([feed(1, key=HOSTILE)]),
        "run": runs._facts(held),
        "watch": progress_view.progress_table([held, waiting], {}, held.arrived_at),
        "line": progress_view.line(held, None),
        "report": report.summary(_report()),
        "search": query.hits_table(HOSTILE, 1, [{**hit, "price": 1, "category_path": [HOSTILE]}]),
        "sql": query.rows_table([HOSTILE], [[HOSTILE]]),
        "dead letters": dead_letters.letters_table([letter, plain]),
        "any table": facts,
        "a word": HOSTILE,
        "operations": operate._shown(held, _operation(held), [held]),
        **{f"preview {n}": table for n, table in enumerate(_preview_tables())},
    }


def _operation(record: Any) -> Any:
    from mallfeed.ledger.operate import Operation

    return Operation(before=record, after=record, what=HOSTILE)


@pytest.mark.parametrize("name", _tables())
def test_tables_and_words_of_commands(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(_tables()[name], monkeypatch)
    assert visible(text) == text
    if not name.startswith("preview") or HARMLESS in text:
        assert HARMLESS[:30] in text


def test_json_is_the_data_and_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    for write in (show.print_json, show.print_json_line):
        out = io.StringIO()
        monkeypatch.setattr(show.CONSOLE, "_file", out)
        write({"key": HOSTILE, "가": "방"})
        assert json.loads(out.getvalue()) == {"key": HOSTILE, "가": "방"}
        assert visible(out.getvalue()) == out.getvalue()
        assert "가" in out.getvalue()


def test_reports() -> None:
    found = _report()
    for text in (html(found), csv_bytes(found).decode("utf-8-sig").replace("\r\n", "\n")):
        assert visible(text) == text
        assert HARMLESS in text


def test_the_table_of_a_drift_keeps_its_shape() -> None:
    catalog = read_catalog(text_of("shop"), "v1.yaml")
    columns = ("id", "na\nme", "pri\tce", "u\x1brl", "category")
    drift = check_header(columns, {}, catalog, next(iter(catalog.feeds)))
    assert drift is not None
    rows = [line for line in drift.message.splitlines() if line.startswith("  ")]
    assert len(rows) == len(drift.message.splitlines()) - 2
    assert r"na\nme" in drift.message
    assert visible(drift.message) == drift.message


def _run(*arguments: str | Path) -> bytes:
    """Everything a command prints, standard error behind."""
    command = [sys.executable, "-m", "mallfeed.cli.main", *map(str, arguments)]
    wide = {**os.environ, "COLUMNS": "300"}
    done = subprocess.run(command, capture_output=True, check=False, timeout=280, env=wide)
    assert b"Traceback" not in done.stderr
    return done.stdout + done.stderr


TITLE = 'title: "na\\u202Eme"'
HOSTILE_FEED = """id,na\u202eme,price,url,category
p1,\x1b[31mㄱRED\x1b[0m\x1b]0;pwned\x07,"\x1b[2J\x1b[31mEVIL\x1b]0;pwned\x07",https://a.example/1,c
p2\u202e,ㄱ \u202eRTL\u202c \u2066iso\u2069,1000,https://a.example/1,c
p3,ㄱ,"-1\r\nX-Injected: 1",https://a.example/1,c
p4,ㄱ,1000,java\tscript:alert(1),c
"""


def _hostile(folder: Path) -> Path:
    path = folder / "a\x1b]0;pwned\x07\x1b[31m.csv"
    path.write_text(HOSTILE_FEED, "utf-8", newline="")
    return path


def test_suggest_and_its_draft(tmp_path: Path, catalog_command: CatalogCommand) -> None:
    feed_file, draft = _hostile(tmp_path), tmp_path / "v1.yaml"
    for out in ("-", draft):
        done = catalog_command("suggest", feed_file, "--mall", "shop", "--out", out, width=300)
        text = done.stdout + done.stderr
        assert visible(text) == text
        assert "pwned" in text
    written = draft.read_text("utf-8")
    assert visible(written) == written
    assert "na\\U0000202eme" in written
    assert r"a\x1b]0;pwned\x07\x1b[31m.csv" in written


def test_an_archive_s_names(tmp_path: Path) -> None:
    catalog, archive = tmp_path / "v1.yaml", tmp_path / "two.zip"
    catalog.write_text(text_of("shop"), "utf-8")
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("a\x1b]0;pwned\x07\x1b[31m<script>x.csv", "id\n1\n")
        made.writestr("b.csv", "id\n")
    text = _run("catalog", "preview", catalog, "--feed", archive).decode()
    assert visible(text) == text
    assert r"a\x1b]0;pwned\x07\x1b[31m<script>x.csv" in text


@pytest.mark.spark
@pytest.mark.parametrize("as_json", [False, True])
def test_a_preview_of_a_hostile_feed(
    as_json: bool, tmp_path: Path, catalog_command: CatalogCommand
) -> None:
    catalog = tmp_path / "v1.yaml"
    catalog.write_text(text_of("shop").replace("title: name", TITLE), "utf-8")
    more = ["--json"] if as_json else []
    done = catalog_command("preview", catalog, "--feed", _hostile(tmp_path), *more, width=300)
    text = done.stdout + done.stderr
    assert visible(text) == text
    assert (r"\u001b[31mEVIL" if as_json else r"\x1b[31mEVIL") in text


def test_commands_print_by_the_one_console() -> None:
    """Rich's own consoles and texts, print and sys.stdout know nothing of hidden characters."""
    found = []
    for path in sorted((CHECKOUT / "mallfeed" / "cli").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module in ("rich.text", "rich.console"):
                found += [
                    (path.name, one.name) for one in node.names if one.name in ("Text", "Console")
                ]
            if isinstance(node, ast.Name) and node.id == "print":
                found.append((path.name, "print"))
            if (
                isinstance(node, ast.Attribute)
                and node.attr in ("stdout", "stderr")
                and path.name != "local.py"
            ):
                found.append((path.name, node.attr))
    assert found == [("show.py", "Console"), ("show.py", "Text")]
