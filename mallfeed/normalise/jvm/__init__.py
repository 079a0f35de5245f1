"""The jar of the JVM functions, built from jvm/ by `make setup`; it travels in the wheel."""

from __future__ import annotations

from pathlib import Path

from mallfeed.errors import Terminal

_JAR = Path(__file__).parent / "mallfeed-functions.jar"


def functions_jar() -> Path:
    """The jar. Raises Terminal where it was not built."""
    if not _JAR.exists():
        raise Terminal(f"{_JAR.name} is not there: run `make setup`, which builds it from jvm/")
    return _JAR
