"""The workflow for public runners does what .ci/run does, on the Python that set-up wants."""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml import YAML

from infra.paths import CHECKOUT

TEXT = (CHECKOUT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
JOB: dict[str, Any] = YAML(typ="safe").load(TEXT)["jobs"]["test"]


def test_it_runs_what_any_other_ci_runs_and_nothing_else() -> None:
    assert [step["run"] for step in JOB["steps"] if "run" in step] == [".ci/run"]
    assert (CHECKOUT / ".ci" / "run").stat().st_mode & 0o111
    assert JOB["timeout-minutes"] == 90


def test_it_has_the_python_that_set_up_asks_for() -> None:
    (python,) = [one["with"] for one in JOB["steps"] if "setup-python" in one.get("uses", "")]
    wanted = re.findall(r"sys\.version_info\[:2\] != \((\d+), (\d+)\)", (CHECKOUT / "Makefile").read_text("utf-8"))  # fmt: skip
    assert wanted == [tuple(python["python-version"].split("."))]


def test_actions_are_pinned_and_come_from_github() -> None:
    used = [step["uses"] for step in JOB["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@(v\d+|[0-9a-f]{40})", one) for one in used), used


def test_downloads_are_kept_as_long_as_the_locks_are_the_same() -> None:
    (kept,) = [
        one["with"] for one in JOB["steps"] if one.get("uses", "").startswith("actions/cache")
    ]
    assert "~/.cache/mallfeed" in kept["path"].split()
    for lock in ("requirements/*.lock", "jars.lock"):
        assert lock in kept["key"]
        assert list(CHECKOUT.glob(lock))
