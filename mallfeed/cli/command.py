"""What `mallfeed` starts: the command line, or one line that says what to install for it.

The wheel alone brings no third-party package along (pyproject.toml): this module needs none.
"""

from __future__ import annotations

import sys

EXTRA_OF = {"matplotlib": "plot"}
"""Module → the extra that it belongs to; everything else belongs to `catalogs`."""


def main() -> None:
    """Run the command; a package that is not installed is a line, not a trace."""
    try:
        from mallfeed.cli.main import main as run

        run()
    except ModuleNotFoundError as error:
        module = (error.name or "mallfeed").partition(".")[0]
        if module == "mallfeed":
            raise
        sys.exit(needs(module))


def needs(module: str) -> str:
    """What to say when that module of a third-party package is not there."""
    extra = EXTRA_OF.get(module, "catalogs")
    return (
        f"mallfeed needs the module {module} for this, and it is not installed. "
        f"Install mallfeed with its extra: pip install 'mallfeed[{extra}]'"
    )
