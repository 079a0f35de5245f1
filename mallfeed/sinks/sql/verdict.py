"""Whose trouble a failed transaction is. What a message means is each database's own to say."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum


class Verdict(Enum):
    """What to do about a failed statement."""

    CONFLICT = "another transaction was faster: run it again"
    DATA = "the data cannot be taken: trying again cannot help"
    WAREHOUSE = "the warehouse's own trouble: a later run may get through"


Judge = Callable[[str, bool], Verdict]
"""What a failed transaction's error means; the second is whether it was cancelled."""
