"""Opens the stack's sinks one by one; a sink that cannot be opened does not keep the others waiting."""

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
    """The sinks named in the stack's parameter `sinks`; one that cannot be opened becomes a BrokenSink.

    Raises SettingsInvalid for an unknown name.
    """
    factories = chosen(names_of(context))
    return [sink for name, load in factories.items() for sink in _opened(name, load, context)]


def names_of(context: SinkContext) -> list[str]:
    """The names in the stack's parameter `sinks`, in order. Raises SettingsInvalid if it is empty."""
    return names_in(context.value(SINKS))


def bootstrap(context: SinkContext, name: str) -> None:
    """Create what the sink of this name writes to, or add what this release needs.

    Raises SettingsInvalid for an unknown name and for missing settings, and whatever the sink's bootstrap
    raises.
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
