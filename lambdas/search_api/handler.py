"""Lambda search_api: requests of the HTTP API → mallfeed.search_api."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from mallfeed.search_api.api import asked, respond
from mallfeed.visible import json_text

logger = Logger(json_serializer=json_text)
tracer = Tracer()

try:
    asked()  # while the process starts, so that the first search does not wait for it
except Exception:
    logger.exception("the address of OpenSearch could not be read; the first request tries again")


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request."""
    return respond(event, context)
