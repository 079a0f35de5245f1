"""How EP blocks are recognised: by the tag that opens each product."""

from __future__ import annotations

import re

from mallfeed.formats.ep_blocks.format import EpBlocksOptions
from mallfeed.formats.looking import Beginning, Written

_OPENS = re.compile(r"<<<\s*begin\s*>>>", re.IGNORECASE)
_LOOKED_AT = 100_000
"""Characters."""


def look(file: Beginning) -> Written | None:
    """EP blocks where a block begins."""
    if not _OPENS.search(file.text[:_LOOKED_AT]):
        return None
    why = (file.encoding_why, "<<<begin>>> opens each product")
    return Written(EpBlocksOptions(encoding=file.encoding), why)
