"""Which call is refused, and with which code: by the service's published model first, then by its own rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError
from botocore.model import OperationNotFoundError, ServiceModel

from infra.local.limits import cloudwatch, dynamodb, events, glue, published, sqs, ssm
from infra.local.limits.errors import Check, Refusal, detected

_OF_THE_QUERY_PROTOCOL = "ValidationError"
_OWN: dict[str, dict[str, Check]] = {
    "cloudwatch": cloudwatch.RULES,
    "dynamodb": dynamodb.RULES,
    "events": events.RULES,
    "glue": glue.RULES,
    "sqs": sqs.RULES,
    "ssm": ssm.RULES,
}


def check(
    service: ServiceModel, operation: str, parameters: Mapping[str, Any], handler: Any = None
) -> None:
    """Raises Refusal if the service would not do this."""
    try:
        model = service.operation_model(operation)
    except (OperationNotFoundError, BotoCoreError):
        return
    if faults := published.faults(model, parameters):
        raise Refusal(_code(service), detected(faults))
    if (own := _OWN.get(service.service_name, {}).get(operation)) is not None:
        own(parameters, handler)


def _code(service: ServiceModel) -> str:
    """Each service of the query protocol has the code ValidationError among its common errors, the others
    ValidationException (API references, "Common Errors")."""
    speaks = service.metadata.get("protocols", [service.metadata["protocol"]])
    return _OF_THE_QUERY_PROTOCOL if "query" in speaks else "ValidationException"
