"""Set this checkout up: .venv, Java, jars. Needs nothing but Python 3.11; run it again at any time.

Run by `make setup` as `python3.11 scripts/setup`. Downloads go to a cache beside the checkout
(MALLFEED_CACHE), each is checked against a hash in the repository, and what already exists
is left alone.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import classes
import functions
import jars
import java
import names
import places
import venv_of_checkout
from steps import SetupFailed, exclusive, say


def main() -> int:
    """Run every step that has something to do; 0 once everything is in place."""
    begun = time.monotonic()
    names.read_as_utf_8()
    try:
        names.check(places.CHECKOUT, "the checkout")
        names.check(places.cache(), "the cache")
        with exclusive(places.CHECKOUT / ".local" / "setup.lock"):
            worked = venv_of_checkout.ensure()
        with exclusive(places.cache() / "setup.lock"):
            worked += java.ensure()
            worked += jars.ensure()
        with exclusive(places.CHECKOUT / ".local" / "setup.lock"):
            worked += functions.ensure()
            worked += classes.ensure()
    except KeyboardInterrupt:
        print("\ninterrupted; run `make setup` again to continue from here", file=sys.stderr)
        return 130
    except (SetupFailed, PermissionError, subprocess.CalledProcessError) as error:
        print(f"\nset-up failed: {_told(error)}", file=sys.stderr)
        print("Run `make setup` again to go on from here.", file=sys.stderr)
        return 1
    if worked:
        say(f"set-up done in {time.monotonic() - begun:.0f} s")
    return 0


def _told(error: Exception) -> str:
    """What went wrong, and what to do about it."""
    if isinstance(error, subprocess.CalledProcessError):
        command = " ".join(map(str, error.cmd[:4]))
        return f"`{command} …` ended with {error.returncode}; its words are above."
    if not isinstance(error, PermissionError):
        return str(error)
    refused = f"{error.filename} cannot be written by this user. "
    if Path(str(error.filename)).is_relative_to(places.cache()):
        return f"{refused}Name another cache (MALLFEED_CACHE=/path), or complete this one as its owner."
    return f"{refused}Did another one run `make` here? Remove .venv, .local and build as that one."


if __name__ == "__main__":
    sys.exit(main())
