"""The demo in another place: `python -m tests.elsewhere [--keep]`.

A copy of the checkout without git, in a long path with blanks, Hangul, brackets and quotes; another
user (where this one is root), a new home, the locale `C`. There `make demo` must load everything; the
commands of .venv/bin must run; and a demo whose job is broken must end at once with the cause. Takes
about ten minutes on two cores. Exit code 1 with the first thing that is not so.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.copied import copy_to
from tests.elsewhere.visitor import Visitor

PLACE = (
    "바탕 화면/mall feed (1) [a] it's 50% #2 & co/" + "longer than the path of a socket may be " * 3
)
COMMANDS = (
    (".venv/bin/mallfeed", "local", "status"),
    (".venv/bin/mallfeed", "runs", "--limit", "3"),
    (".venv/bin/mallfeed", "catalog", "preview", "catalogs/hanbit_mart/v1.yaml", "--feed",
     "sample_feeds/hanbit_mart/goods.csv", "--rows", "1"),
    (".venv/bin/ruff", "check", "--quiet", "."),
    (".venv/bin/lint-imports", "--no-cache", "--no-logo"),
    (".venv/bin/cfn-lint", "--version"),
    (".venv/bin/python", "-c", "from tests.copied import own_files; assert len(own_files()) > 500"),
)  # fmt: skip
UNBROKEN = (
    "products are in both sinks, as expected",
    "the shop search in a browser; its API: /docs",
    "what was refused, row by row, and what to do",
)
"""Lines of the demo that fit into 80 columns."""
AFTER_CLAIM, FAULT = "    event_log = event_log_folder()\n", "broken on purpose"
MOST_RUNS = 2
"""The run that fails, and one that was started for the other feeds meanwhile."""


def main() -> int:
    """Prove it; the folder is removed at the end."""
    parser = argparse.ArgumentParser(prog="python -m tests.elsewhere")
    parser.add_argument("--keep", action="store_true", help="leave the folder and its stack")
    keep = parser.parse_args().keep
    base = Path(tempfile.mkdtemp(prefix="mallfeed-elsewhere-"))
    base.chmod(0o755)
    checkout = copy_to(base / PLACE.rstrip())
    visitor = Visitor.in_room(base / "room")
    visitor.given(base)
    try:
        _prove(visitor, checkout)
    except AssertionError as fault:
        print(f"\n✗ {fault}", file=sys.stderr)
        return 1
    finally:
        if keep:
            print(f"kept: {checkout}")
        else:
            visitor.run(checkout, "make", "down")
            shutil.rmtree(base)
    print("\n✓ the demo runs elsewhere, and ends at once where it cannot succeed")
    return 0


def _prove(visitor: Visitor, checkout: Path) -> None:
    python = visitor.python()
    make = ("make", "--no-print-directory", f"PYTHON={python}")
    _say(f"uid {visitor.uid}, {python}, a path of {len(os.fsencode(checkout))} bytes")
    _say("make setup, with a complete cache that is another user's")
    assert visitor.run(checkout, *make, "setup").returncode == 0, "make setup failed"
    visitor.given(visitor.cache)
    _say("make demo")
    done = visitor.run(checkout, *make, "demo")
    assert done.returncode == 0, f"make demo ended with {done.returncode}"
    for line in UNBROKEN:
        assert line in done.stdout, f"broken at 80 columns, or missing: {line}"
    for command in COMMANDS:
        _say(" ".join(command))
        assert visitor.run(checkout, *command).returncode == 0, f"{command} failed"
    _say("make demo, its job broken")
    _break(checkout / "glue_jobs" / "load_feeds.py")
    _prove_that_it_stops(visitor.run(checkout, *make, "demo"), checkout)


def _break(script: Path) -> None:
    whole = script.read_text("utf-8")
    assert AFTER_CLAIM in whole, f"{script} has moved on: break it at another place"
    fault = f'    raise ValueError("{FAULT}")\n'
    script.write_text(whole.replace(AFTER_CLAIM, fault + AFTER_CLAIM), "utf-8")


def _prove_that_it_stops(done: subprocess.CompletedProcess[str], checkout: Path) -> None:
    runs = list((checkout / ".local" / "demo" / "logs" / "glue").glob("*.log"))
    assert done.returncode != 0, "a demo that loaded nothing ended with 0"
    for piece in (
        f"ended FAILED: exit code 1; ValueError: {FAULT}",
        "--- .local/demo/logs/glue/jr_",
        "  logs: .local/demo/logs",
    ):
        assert piece in done.stdout, f"it does not say: {piece}"
    assert len(runs) <= MOST_RUNS, f"it did not end at once: there were {len(runs)} runs"


def _say(line: str) -> None:
    print(f"· {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
