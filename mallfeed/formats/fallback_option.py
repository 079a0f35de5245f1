"""What catalogs say of single records in another encoding."""

from __future__ import annotations

from typing import Literal

Fallback = Literal["cp949"] | None
FALLBACK = "Of single records that are not UTF-8 in a file that is; they are warned of. null = the feed is held."
