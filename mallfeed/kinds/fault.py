"""What a kind finds wrong with its options as a catalog writes them, beyond what their model knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mallfeed.kinds.target import Target


@dataclass(frozen=True)
class Written:
    """A field type as it stands in a catalog, before its shape was judged.

    Attributes
    ----------
    options : its keys and what is written there, of any shape
    place : where it stands, dotted, for messages
    target : the canonical field that it reads; None = an attribute, or no field that there is
    """

    options: Mapping[str, Any]
    place: str
    target: Target | None = None


@dataclass(frozen=True)
class OptionFault:
    """One thing wrong with the options.

    Attributes
    ----------
    path : keys and list places below the field type
    what : what is wrong
    expected : what was expected, as `expected …` names it; empty when `what` says it all
    meant : the likeliest word, for `did you mean`; None = nothing near
    """

    path: tuple[str | int, ...]
    what: str
    expected: str = ""
    meant: str | None = None
