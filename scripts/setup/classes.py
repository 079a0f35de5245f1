"""The archive of Spark's classes, with which later starts of Spark on this machine are faster."""

from __future__ import annotations

import subprocess
from pathlib import Path

from places import CHECKOUT, REQUIREMENTS, VENV
from steps import digest, is_done, mark_done, say


def ensure() -> int:
    """Write it if Java, Spark or the jars have changed; whether it had to.

    Everything works without it: if it cannot be written, set-up says so and does not try again.
    """
    stamp = VENV / "spark-classes.stamp"
    locks = [REQUIREMENTS / "dev.lock", REQUIREMENTS / "java17.lock", CHECKOUT / "jars.lock"]
    key = digest([*locks, Path(__file__)])
    if is_done(stamp, key):
        return 0
    say(
        "storing Spark's classes in an archive (about a minute); it makes each start of Spark faster"
    )
    command = [VENV / "bin" / "python", "-m", "infra.local.spark_classes"]
    done = subprocess.run(
        [str(part) for part in command], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        say(f"there is no archive; Spark starts without it: {done.stderr.strip()[-500:]}")
    mark_done(stamp, key)
    return 1
