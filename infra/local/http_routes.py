"""Which function is behind an HTTP API of the deployed template."""

from __future__ import annotations

import re
from typing import Any

from infra.local.deploy_template import Plain

_FUNCTION = re.compile(r":function:([A-Za-z0-9_-]+)/invocations$")


def function_names(plain: Plain) -> set[str]:
    """Names of all functions that an HTTP API calls."""
    return {
        match[1]
        for api in plain.of("AWS::ApiGatewayV2::Api").values()
        for methods in api["Body"]["paths"].values()
        for operation in methods.values()
        if (match := _FUNCTION.search(operation["x-amazon-apigateway-integration"]["uri"]))
    }


def default_function(plain: Plain) -> dict[str, Any]:
    """Properties of the function behind the only HTTP API, whose only route is `$default`."""
    (name,) = function_names(plain)
    functions = plain.of("AWS::Lambda::Function").values()
    return next(f for f in functions if f["FunctionName"] == name)
