"""When a sink refuses the data of one mall, the load is halved until that mall is alone: the others are served."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from mallfeed.errors import SinkRefused, SinkUnavailable
from mallfeed.load.sync import Target
from mallfeed.sinks.port import SinkResult

LOG = logging.getLogger(__name__)

MOST_REFUSED = 4
"""If a sink refuses the data of more malls than this in one run, the sink itself is taken to be at fault."""


@dataclass
class Brought:
    """The outcome of bringing one sink to the head: its results, and mall → why it could not be served."""

    results: list[SinkResult] = field(default_factory=list)
    failed: dict[str, Exception] = field(default_factory=dict)


def in_halves(sink: str, target: Target, load: Callable[[Target], SinkResult]) -> Brought:
    """Send all malls in one load, and in halves where the sink refuses it.

    So the data of one mall cannot keep the others from being served. If more than MOST_REFUSED malls
    are refused, the sink itself is at fault (rights, mapping): all malls that are left fail with
    SinkUnavailable.
    """
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
                trouble = SinkUnavailable(f"it refuses one mall after another: {error}")
                brought.failed = dict.fromkeys({*brought.failed, *_malls((part, *left))}, trouble)
                break
        except Exception as error:
            LOG.exception("the sink failed", extra={"sink": sink})
            brought.failed.update(dict.fromkeys(_malls((part, *left)), error))
            break
    for mall_id, why in brought.failed.items():
        about = {"sink": sink, "mall_id": mall_id, "reason": str(why)[:500]}
        LOG.error("the sink was not brought to the head", extra=about)
    return brought


def _malls(targets: Iterable[Target]) -> set[str]:
    return {mall for target in targets for mall in target.feeds}
