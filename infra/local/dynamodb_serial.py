"""DynamoDB in moto, one request at a time, so that a transaction is all or nothing.

moto copies the whole table before a transaction and puts the copy back when it is cancelled. With
two simultaneous requests that undoes what the other one has written in between, or restores half of its
transaction; or the copy fails because the table changes during it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

from infra.local.events_inbox import Wsgi

_TARGET = "DynamoDB_"  # of `X-Amz-Target`; DynamoDB Streams' is `DynamoDBStreams_`


def install(application: Wsgi) -> Wsgi:
    """The application with requests to DynamoDB one at a time; all others pass as they come."""
    turn = threading.Lock()

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not str(environ.get("HTTP_X_AMZ_TARGET", "")).startswith(_TARGET):
            return application(environ, start_response)
        with turn:
            return list(application(environ, start_response))

    return serve
