"""The second environment, .venv-glue6: Glue 6.0's Spark for the normaliser's tests.

Run by `make test-glue6`, after `make setup`.
"""

from __future__ import annotations

import sys

from places import CHECKOUT, REQUIREMENTS
from steps import digest, exclusive, is_done, mark_done, run, say
from venv_of_checkout import uv_install

VENV = CHECKOUT / ".venv-glue6"


def main() -> None:
    """Make or complete it."""
    lock, stamp = REQUIREMENTS / "glue6.lock", VENV / "setup-packages.json"
    with exclusive(CHECKOUT / ".local" / "setup.lock"):
        if is_done(stamp, key := digest([lock])):
            return
        say("installing requirements/glue6.lock into .venv-glue6 (about 500 MB the first time)")
        python = VENV / "bin" / "python"
        if not python.exists():
            run([sys.executable, "-m", "venv", "--without-pip", VENV])
        uv_install("--python", python, "--require-hashes", "--no-deps", "-r", lock)
        mark_done(stamp, key)


if __name__ == "__main__":
    main()
