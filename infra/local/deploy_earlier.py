"""Lets an earlier release bring the sinks to its own layout, with its own code in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.package.sources import Sources

_COMMAND = ("-m", "mallfeed.cli.main", "sinks", "bootstrap")
_BEFORE_THE_COMMAND = (
    "-c",
    "import json, sys; from infra.local.deploy_sinks import bootstrap; "
    "bootstrap(*json.load(sys.stdin))",
)
"""For 0.1.0, which has no `mallfeed sinks`: the code that its own local stack ran."""


class BootstrapFailed(Exception):
    """An earlier release could not bring the sinks to its layout; the message ends with its output."""


def bootstrap(of: Sources, environment: Mapping[str, str], outputs: Mapping[str, str]) -> None:
    """Does what docs/deploy.md asks people to do after they have deployed that release.

    `environment` names the stack: endpoints and the `MALLFEED_…` variables of its deployment.
    """
    if has_command(of.root):
        _run(of, _COMMAND, environment)
    else:
        _run(of, _BEFORE_THE_COMMAND, environment, json.dumps([dict(environment), dict(outputs)]))


def has_command(root: Path) -> bool:
    """Whether that release has `mallfeed sinks bootstrap`."""
    return (root / "mallfeed" / "cli" / "sinks.py").exists()


def _run(of: Sources, what: Sequence[str], environment: Mapping[str, str], given: str = "") -> None:
    done = subprocess.run(
        [sys.executable, *what],
        input=given,
        cwd=of.root,
        env={**os.environ, **environment, "PYTHONPATH": str(of.root)},  # before this checkout's
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = f"{done.stdout[-1000:]}{done.stderr[-4000:]}"
        raise BootstrapFailed(f"{of.root.name}: the sinks are not ready:\n{said}")
