"""How LTSV is recognised: every field of its first lines has a label."""

from __future__ import annotations

import re

from mallfeed.formats.looking import Beginning, Written
from mallfeed_ltsv.format import LtsvOptions

_LABELLED = re.compile(r"[0-9A-Za-z_.-]+:[^\t\r\n]*(?:\t[0-9A-Za-z_.-]+:[^\t\r\n]*)+")


def look(file: Beginning) -> Written | None:
    """LTSV where all lines are of several labelled fields."""
    lines = [line for line in file.text.splitlines()[:50] if line.strip()]
    if not lines or not all(_LABELLED.fullmatch(line) for line in lines):
        return None
    why = (file.encoding_why, "each line is of labelled fields")
    return Written(LtsvOptions(encoding=file.encoding), why)
