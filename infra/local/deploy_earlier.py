"""An earlier release brings both sinks to its own layout by its own code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping

from infra.package.sources import Sources

_OF_ITS_OWN = (
    "import json, sys; from infra.local.deploy_sinks import bootstrap; "
    "bootstrap(*json.load(sys.stdin))"
)


class BootstrapFailed(Exception):
    """An earlier release could not bring the sinks to its layout; the message ends with its words."""


def bootstrap(of: Sources, environment: Mapping[str, str], outputs: Mapping[str, str]) -> None:
    """`deploy_sinks.bootstrap` of that release, in a process of its own."""
    assert of.wheel is not None, "the checkout's own bootstrap needs no process"
    done = subprocess.run(
        [sys.executable, "-c", _OF_ITS_OWN],
        input=json.dumps([dict(environment), dict(outputs)]),
        cwd=of.root,
        env={**os.environ, "PYTHONPATH": str(of.root)},  # before the checkout's modules
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BootstrapFailed(f"{of.wheel.name}: the sinks:\n{done.stderr[-4000:]}")
