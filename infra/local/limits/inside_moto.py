"""Puts the refusals before moto: each call is judged after moto has read it, and before it acts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from infra.local import dynamodb_restore
from infra.local.limits import dynamodb_sizes
from infra.local.limits.errors import Refusal
from infra.local.limits.refusals import check


def install() -> None:
    """Patch moto; called in its server's process, see infra.local.aws."""
    from moto.core.responses import ActionResult, BaseResponse
    from moto.core.utils import get_service_model

    base: Any = BaseResponse
    act = base.call_action

    def call_action(response: Any) -> Any:
        operation = response._get_action()
        parameters = _parameters(response)
        if parameters is not None:
            service = response.boto3_service_name
            try:
                check(get_service_model(service), operation, parameters, response)
            except Refusal as refusal:
                status, headers, body = response.serialized(ActionResult(refusal))
                headers["status"] = str(status)
                return status, headers, body
        return act(response)

    base.call_action = call_action
    dynamodb_sizes.install()
    dynamodb_restore.install()


def _parameters(response: Any) -> Mapping[str, Any] | None:
    """What the call was given, named as in the service's model; None if moto does not say.

    Services of the older kind (a REST API, such as S3's) are read by moto's handlers one by one: nothing is known of their
    parameters here.
    """
    if response.automated_parameter_parsing:
        found = getattr(response, "params", None)
    else:
        target = response.headers.get("X-Amz-Target")
        try:
            found = json.loads(response.body) if target and response.body else None
        except (TypeError, ValueError):
            return None
    return found if isinstance(found, Mapping) else None
