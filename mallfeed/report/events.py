"""mallfeed's own events on EventBridge: for alarms, and for anyone who wants to follow what happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mallfeed.aws.failures import transient
from mallfeed.errors import Transient
from mallfeed.visible import json_text

SOURCE = "mallfeed"


def emit(client: Any, bus: str, detail_type: str, detail: Mapping[str, object]) -> None:
    """Puts one event; raises Transient if the bus does not accept it."""
    entry = {
        "Source": SOURCE,
        "DetailType": detail_type,
        "Detail": json_text(detail),
        "EventBusName": bus,
    }
    with transient(f"PutEvents {detail_type}"):
        answer = client.put_events(Entries=[entry])
    if answer.get("FailedEntryCount"):
        raise Transient(f"event bus {bus} did not accept {detail_type}: {answer['Entries']}")
