"""The stack's sinks, opened one by one: one that cannot be opened keeps no other waiting."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from mallfeed.errors import SinkUnavailable
from mallfeed.sinks.broken import BrokenSink
from mallfeed.sinks.context import SinkContext
from mallfeed.sinks.port import Sink
from mallfeed.sinks.registry import SINKS, Load, chosen, names_in

LOG = logging.getLogger(__name__)


def sinks_of(context: SinkContext) -> list[Sink]:
    """The sinks that the stack's parameter `sinks` names; one that cannot be opened is a BrokenSink.

    Raises SettingsInvalid for a name that nobody knows.
    """
    factories = chosen(names_of(context))
    return [sink for name, load in factories.items() for sink in _opened(name, load, context)]


def names_of(context: SinkContext) -> list[str]:
    """What the stack's parameter `sinks` names, in order; raises SettingsInvalid when it is empty."""
    return names_in(context.value(SINKS))


def bootstrap(context: SinkContext, name: str) -> None:
    """Make, or let grow, what the sink of that name writes to; raises what making it raises.

    Raises SettingsInvalid for a name that nobody knows, and for settings that are missing.
    """
    factory = chosen([name])[name]()
    context.check(factory.needs)
    factory.bootstrap(context)


def _opened(name: str, load: Load, context: SinkContext) -> Sequence[Sink]:
    try:
        factory = load()
        context.check(factory.needs)
        sinks = factory.open(context)
    except Exception as error:
        LOG.exception("the sink cannot be opened", extra={"sink": name})
        return [BrokenSink(name, error)]
    return sinks or [BrokenSink(name, SinkUnavailable(f"{name} has opened no sink"))]
