"""The answer of OpenSearch to a bulk request, read item by item."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from mallfeed.errors import SinkRefused, SinkUnavailable
from mallfeed.sinks.opensearch.bulk_body import BulkItem
from mallfeed.sinks.opensearch.faults import RETRIED_STATUSES, refuses_the_data

_STORED_VERSION = re.compile(r"current version \[(-?\d+)\]")
_PARTICULARS = re.compile(r"\[[^\]]*\]|'[^']*'|\"[^\"]*\"|\d+")


class RequestLost(Exception):
    """The whole request may have failed (connection, timeout, 429, 5xx): send it again."""


class RequestTooLarge(Exception):
    """HTTP 413: send it in halves."""


@dataclass(frozen=True)
class ItemAnswer:
    """The status of one item, with the type and reason of its error, if there is one."""

    status: int
    error_type: str = ""
    reason: str = ""


class BulkEndpoint(Protocol):
    """Receives the bodies of bulk requests."""

    def post(self, body: bytes) -> list[ItemAnswer]:
        """Send a body; returns the answers in the order of its items.

        Raises RequestLost, RequestTooLarge, SinkRefused (the request itself is refused), or
        SinkUnavailable (OpenSearch has a problem that sending again at once cannot solve).
        """


class Verdict(Enum):
    """What the answer to an item means."""

    DONE = "done"
    ABSENT = "absent"  # a delete of a document that does not exist
    STALE = "stale"  # the sink already has a newer version
    RETRY = "retry"
    REFUSED = "refused"


def judge(item: BulkItem, answer: ItemAnswer) -> Verdict:
    """The verdict on one item.

    Answers that must stop the synchronisation at once are raised: SinkUnavailable if the cause is not the
    document (a blocked or missing index, rights), SinkRefused for a version that is impossible.
    """
    status = answer.status
    if 200 <= status < 300:
        return Verdict.DONE
    if status == 409:
        return _judge_conflict(item, answer)
    if status == 404 and item.op == "delete" and not answer.error_type:
        return Verdict.ABSENT
    if status in RETRIED_STATUSES:
        return Verdict.RETRY
    if refuses_the_data(status, answer.error_type):
        return Verdict.REFUSED
    raise SinkUnavailable(
        f"OpenSearch answered {status} {answer.error_type} for {item.document_id}: {answer.reason}"
    )


def _judge_conflict(item: BulkItem, answer: ItemAnswer) -> Verdict:
    stored = _STORED_VERSION.search(answer.reason)
    if stored and int(stored.group(1)) <= item.version:
        raise SinkRefused(
            f"OpenSearch refused version {item.version} of {item.document_id} although it holds "
            f"only {stored.group(1)}: is another version type in use? {answer.reason}"
        )
    return Verdict.STALE


def reason_kind(answer: ItemAnswer) -> str:
    """The reason without ids and values, so that the same fault in many documents has one name."""
    return f"{answer.error_type}: {_PARTICULARS.sub('…', answer.reason)}"[:300]


class OpenSearchBulk:
    """`POST /<index>/_bulk` through an opensearch-py client."""

    def __init__(self, client: Any, index: str) -> None:
        self._client = client
        self._url = f"/{index}/_bulk"

    def post(self, body: bytes) -> list[ItemAnswer]:
        """See BulkEndpoint."""
        from opensearchpy.exceptions import ConnectionError as ConnectionFault
        from opensearchpy.exceptions import SerializationError, TransportError

        try:
            answer = self._client.transport.perform_request(
                "POST",
                self._url,
                params={"filter_path": "errors,items.*.status,items.*.error"},
                body=body,
                headers={"content-type": "application/x-ndjson"},
            )
        except ConnectionFault as error:
            raise RequestLost(str(error)) from error
        except SerializationError as error:  # the page of a proxy, or an answer that was cut off
            raise RequestLost(str(error)) from error
        except TransportError as error:
            raise _fault(error) from error
        return [_item(next(iter(entry.values()))) for entry in answer.get("items", ())]


def _fault(error: Any) -> Exception:
    status = error.status_code
    if status == 413:
        return RequestTooLarge(str(error))
    if status in RETRIED_STATUSES:
        return RequestLost(f"{status}: {error.error}")
    kind = SinkRefused if refuses_the_data(status, error.error) else SinkUnavailable
    return kind(f"OpenSearch refused the bulk request: {status} {error.error} {error.info}")


def _item(entry: dict[str, Any]) -> ItemAnswer:
    error = entry.get("error") or {}
    cause = error.get("caused_by") or {}
    reason = str(error.get("reason", ""))
    if cause:
        reason = f"{reason} ({cause.get('type')}: {cause.get('reason')})"
    return ItemAnswer(int(entry["status"]), str(error.get("type", "")), reason)
