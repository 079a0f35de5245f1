"""The test of a package outside: its kind keeps mallfeed's contract. Run with the package on sys.path."""

from __future__ import annotations

from typing import ClassVar

from mallfeed_colour import COLOUR

from tests.contract.kinds import KindContract


class TestColour(KindContract):
    kind = COLOUR
    cells: ClassVar[dict[str, str | None]] = {
        "#ff0000": "#FF0000", "F00": "#FF0000", " 빨강 ": "#FF0000", "Black": "#000000",
        "": None, "#ff00": None, "빨": None, "red;": None,
    }  # fmt: skip
