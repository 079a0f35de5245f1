"""One factory for each kind of sink: what it is called, what it needs, and how it is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mallfeed.sinks.context import Setting, SinkContext
from mallfeed.sinks.port import Sink


@dataclass(frozen=True)
class SinkFactory:
    """A kind of sink, from a module `open` of its folder, or of a package with an entry point.

    Attributes
    ----------
    name : what the stack's parameter `sinks` calls it; its sinks' names begin with it
    needs : the stack's parameters that it reads; those without a default are checked before `open`
    open : the sinks of this stack, at least one (OpenSearch has one for each live index); raises when
        there is none to be had
    bootstrap : makes what the sinks write to, or lets it grow to what this release writes; run by a
        deployment, idempotent. Raises SchemaDiffers, before anything is written, where it cannot grow
    """

    name: str
    needs: tuple[Setting, ...]
    open: Callable[[SinkContext], Sequence[Sink]]
    bootstrap: Callable[[SinkContext], None]
