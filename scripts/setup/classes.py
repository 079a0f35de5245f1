"""The archive of Spark's classes, which later starts of Spark on this machine are quicker with."""

from __future__ import annotations

import subprocess
from pathlib import Path

from places import CHECKOUT, REQUIREMENTS, VENV
from steps import digest, is_done, mark_done, say


def ensure() -> int:
    """Write it where Java, Spark or the jars have changed; whether it had to.

    Everything works without it: where it cannot be written, set-up says so and does not try again.
    """
    stamp = VENV / "spark-classes.stamp"
    locks = [REQUIREMENTS / "dev.lock", REQUIREMENTS / "java17.lock", CHECKOUT / "jars.lock"]
    key = digest([*locks, Path(__file__)])
    if is_done(stamp, key):
        return 0
    say("keeping Spark's classes in an archive, about a minute; each start of Spark gains by it")
    command = [VENV / "bin" / "python", "-m", "infra.local.spark_classes"]
    done = subprocess.run(
        [str(part) for part in command], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        say(f"there is none; Spark starts without it: {done.stderr.strip()[-500:]}")
    mark_done(stamp, key)
    return 1
