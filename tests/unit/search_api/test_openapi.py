"""docs/openapi.json says of every route what a client needs."""

from __future__ import annotations

import json

from infra.paths import CHECKOUT

COMMITTED = CHECKOUT / "docs" / "openapi.json"


def test_every_route_names_its_problems_bounds_and_caching() -> None:
    document = json.loads(COMMITTED.read_text("utf-8"))
    assert sorted(document["paths"]) == ["/products", "/products/{product_id}", "/suggest"]
    for path in document["paths"].values():
        responses = path["get"]["responses"]
        assert {"200", "304", "422", "500", "503"} <= set(responses)
        assert set(responses["200"]["headers"]) == {"ETag", "Cache-Control"}
        assert "Retry-After" in responses["503"]["headers"]
        for status, response in responses.items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"]
        for parameter in path["get"]["parameters"]:
            bounded = parameter["in"] == "header" or _bounded(parameter["schema"])
            assert bounded, parameter["name"]


def _bounded(schema: dict[str, object]) -> bool:
    if schema.get("type") == "array":
        return "maxItems" in schema
    if schema.get("type") in ("integer", "number"):
        return {"minimum", "maximum"} <= set(schema)
    return (
        "maxLength" in schema
        or schema.get("type") == "boolean"
        or "$ref" in schema
        or "allOf" in schema
    )
