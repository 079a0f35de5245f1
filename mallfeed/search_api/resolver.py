"""Powertools' HTTP API resolver, for ids with any character and parameters with commas.

An HTTP API decodes the path before it passes it on, including `rawPath`, so an id arrives with
whatever characters it has. It also joins repeated query parameters with commas, so the query is read
from `rawQueryString`, where nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.models import OpenAPI, Parameter, Schema
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

_PARAMETER = re.compile(r"<(\w+)>")
_NEVER_ANSWERED = ("HTTPValidationError", "ValidationError", "ResponseValidationError")


class RawQueryEvent(APIGatewayProxyEventV2):
    """The event with each query parameter's values as they were sent."""

    @property
    def resolved_query_string_parameters(self) -> dict[str, list[str]]:
        """Name → its values, percent-decoded."""
        return parse_qs(self.raw_query_string, keep_blank_values=True)

    @property
    def resolved_headers_field(self) -> dict[str, str]:
        """The headers; a list like that of If-None-Match stays one text."""
        return self.headers


class SearchResolver(APIGatewayHttpResolver):
    """The resolver; `allowed_methods` returns the methods of a path."""

    current_event: RawQueryEvent

    def allowed_methods(self, path: str) -> list[str]:
        """Methods of the routes that match the path, HEAD beside GET; none for an unknown path."""
        routes = [*self._static_routes, *self._dynamic_routes]
        found = {route.method for route in routes if route.rule.match(path)}
        return sorted(found | ({"HEAD"} if "GET" in found else set()))

    def get_openapi_schema(self, **about: Any) -> OpenAPI:
        """Powertools' document without what this API never returns or accepts.

        Its own validation error (ours are problems), and null as a query parameter.
        """
        document = super().get_openapi_schema(**about)
        if document.components and document.components.schemas:
            for name in _NEVER_ANSWERED:
                document.components.schemas.pop(name, None)
        for path in (document.paths or {}).values():
            for parameter in (path.get.parameters if path.get else None) or []:
                if isinstance(parameter, Parameter):
                    parameter.schema_ = _without_null(parameter.schema_)
        return document

    def _to_proxy_event(self, event: dict[str, Any]) -> RawQueryEvent:
        return RawQueryEvent(event)

    @staticmethod
    def _compile_regex(rule: str, base_regex: str = "^{}$") -> re.Pattern[str]:
        return re.compile(base_regex.format(_PARAMETER.sub(r"(?P<\1>.+)", rule)), re.DOTALL)


def as_get(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event of a HEAD request as that of the GET whose headers it requests."""
    context = event["requestContext"]
    http = {**context["http"], "method": "GET"}
    return {**event, "requestContext": {**context, "http": http}}


def _without_null(schema: Any) -> Any:
    if not isinstance(schema, Schema) or not schema.anyOf:
        return schema
    kinds = [kind for kind in schema.anyOf if isinstance(kind, Schema) and kind.type != "null"]
    if len(kinds) != 1:
        return schema
    about = schema.model_dump(exclude={"anyOf"}, exclude_none=True, by_alias=True)
    kind = kinds[0].model_dump(exclude_none=True, by_alias=True)
    return Schema.model_validate({**kind, **about})
