"""One factory per kind of sink: its name, the settings that it needs, and how it is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mallfeed.sinks.context import Setting, SinkContext
from mallfeed.sinks.port import Sink


@dataclass(frozen=True)
class SinkFactory:
    """A kind of sink, defined in the module `open` of its folder, or by the entry point of another package.

    Attributes
    ----------
    name : its name in the stack's parameter `sinks`; the names of its sinks begin with it
    needs : the stack's parameters that it reads; those without a default are checked before `open`
    open : returns the sinks of this stack, at least one (OpenSearch has one per live index); raises an
        error if there is none
    bootstrap : creates what the sinks write to, or adds what this release needs; run by a deployment;
        idempotent. Raises SchemaDiffers, before anything is written, if adding is not enough
    """

    name: str
    needs: tuple[Setting, ...]
    open: Callable[[SinkContext], Sequence[Sink]]
    bootstrap: Callable[[SinkContext], None]
