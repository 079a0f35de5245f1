"""A sink that refuses one mall's data still serves the others: its load is halved until they are apart."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from mallfeed.errors import SinkRefused, SinkUnavailable
from mallfeed.load.sync import Target
from mallfeed.sinks.port import SinkResult

LOG = logging.getLogger(__name__)

MOST_REFUSED = 4
"""So many malls of a run whose data a sink may refuse before it is taken for the sink's own trouble."""


@dataclass
class Brought:
    """What came of bringing one sink to the head: its results, and mall → why it is not served."""

    results: list[SinkResult] = field(default_factory=list)
    failed: dict[str, Exception] = field(default_factory=dict)


def in_halves(sink: str, target: Target, load: Callable[[Target], SinkResult]) -> Brought:
    """All malls in one load; where the sink refuses it, in halves, so that one mall's data keep no
    other from being served. Where several malls are refused it is not the data of one but the sink's
    trouble (rights, mapping): it counts as unavailable, and its malls stay together."""
    brought, left = Brought(), [target]
    while left:
        part = left.pop()
        try:
            brought.results.append(load(part))
        except SinkRefused as error:
            if len(part.feeds) > 1:
                left += part.halves()
                continue
            brought.failed.update(dict.fromkeys(part.feeds, error))
            if len(brought.failed) > MOST_REFUSED:
                trouble = SinkUnavailable(f"it refuses one mall after the other: {error}")
                brought.failed = dict.fromkeys({*brought.failed, *_malls((part, *left))}, trouble)
                break
        except Exception as error:
            LOG.exception("the sink failed", extra={"sink": sink})
            brought.failed.update(dict.fromkeys(_malls((part, *left)), error))
            break
    for mall_id, why in brought.failed.items():
        told = {"sink": sink, "mall_id": mall_id, "reason": str(why)[:500]}
        LOG.error("the sink was not brought to the head", extra=told)
    return brought


def _malls(targets: Iterable[Target]) -> set[str]:
    return {mall for target in targets for mall in target.feeds}
