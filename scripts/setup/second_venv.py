"""An environment beside .venv for one command: .venv-NAME, from requirements/NAME.lock.

`scripts/setup/second_venv.py NAME`, run by `make test-glue6` and `make docs` after `make setup`.
"""

from __future__ import annotations

import sys

from places import CHECKOUT, REQUIREMENTS
from steps import digest, exclusive, is_done, mark_done, run, say
from venv_of_checkout import uv_install

MEGABYTES = {"glue6": 500, "docs": 25}  # downloaded the first time


def main(name: str) -> None:
    """Make or complete it."""
    venv, lock = CHECKOUT / f".venv-{name}", REQUIREMENTS / f"{name}.lock"
    stamp = venv / "setup-packages.json"
    with exclusive(CHECKOUT / ".local" / "setup.lock"):
        if is_done(stamp, key := digest([lock])):
            return
        size = f"about {MEGABYTES[name]} MB the first time"
        say(f"installing requirements/{name}.lock into .venv-{name} ({size})")
        python = venv / "bin" / "python"
        if not python.exists():
            run([sys.executable, "-m", "venv", "--without-pip", venv])
        uv_install("--python", python, "--require-hashes", "--no-deps", "-r", lock)
        mark_done(stamp, key)


if __name__ == "__main__":
    main(sys.argv[1])
