"""Set this checkout up: .venv, Java, jars. Needs nothing but Python 3.11; run it again at any time.

Run by `make setup` as `python3.11 scripts/setup`. Downloads go to a cache beside the checkout
(MALLFEED_CACHE), each is checked against a hash in the repository, and what already exists
is left alone.
"""

from __future__ import annotations

import subprocess
import sys
import time

import classes
import functions
import jars
import java
import places
import venv_of_checkout
from steps import SetupFailed, exclusive, say


def main() -> int:
    """Run every step that has something to do; 0 once everything is in place."""
    begun = time.monotonic()
    try:
        with exclusive(places.CHECKOUT / ".local" / "setup.lock"):
            worked = venv_of_checkout.ensure()
        with exclusive(places.cache() / "setup.lock"):
            worked += java.ensure()
            worked += jars.ensure()
        with exclusive(places.CHECKOUT / ".local" / "setup.lock"):
            worked += functions.ensure()
            worked += classes.ensure()
    except SetupFailed as error:
        print(
            f"\nset-up failed: {error}\nRun `make setup` again to continue from here.",
            file=sys.stderr,
        )
        return 1
    except subprocess.CalledProcessError as error:
        command = " ".join(map(str, error.cmd[:4]))
        print(
            f"\nset-up failed: `{command} …` ended with {error.returncode}; its output is above.\n"
            "Run `make setup` again to continue from here.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted; run `make setup` again to continue from here", file=sys.stderr)
        return 130
    if worked:
        say(f"set-up done in {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
