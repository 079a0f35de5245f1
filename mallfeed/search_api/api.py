"""The routes: parameters in, `mallfeed.search` called, JSON out."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import unquote

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from mallfeed.search.request import Sort
from mallfeed.search_api import parameters as p
from mallfeed.search_api import problems, swagger
from mallfeed.search_api.about import ABOUT
from mallfeed.search_api.adapt import Asked
from mallfeed.search_api.answers import OfferOrder, ProductAnswer, ProductsAnswer, SuggestAnswer
from mallfeed.search_api.caching import cached, cached_json
from mallfeed.search_api.index import as_problems, opensearch_client, stored_rates
from mallfeed.search_api.kept_rates import KeptRates
from mallfeed.search_api.problems import ApiProblem, ParameterFault
from mallfeed.search_api.resolver import SearchResolver, as_get
from mallfeed.search_api.responses import responses
from mallfeed.settings import from_environment

logger = logging.getLogger(__name__)
app = SearchResolver(enable_validation=True)

SEARCH_KEPT_S = 30
PRODUCT_KEPT_S = 60
SUGGEST_KEPT_S = 300
DOCS_KEPT_S = 3600
"""For how long a cache may answer by itself; loads bring new prices every few minutes."""


def _no_unknown_parameters(resolver: SearchResolver, go_on: NextMiddleware) -> Response[Any]:
    """An unknown parameter is refused, because it would look as if it had worked."""
    route = resolver.context["_route"]
    known = {field.alias for field in route.dependant.query_params}
    sent = resolver.current_event.resolved_query_string_parameters
    if known and (unknown := sorted(set(sent) - known)):
        words = f"There is no such parameter; the parameters are {', '.join(sorted(known))}"
        raise problems.parameters_invalid(
            [ParameterFault(parameter=name, detail=words, code="unknown") for name in unknown]
        )
    return go_on(resolver)


app.use(middlewares=[_no_unknown_parameters])


@cache
def asked() -> Asked:
    """The index, kept while this process lives."""
    settings = from_environment()
    rates = KeptRates(lambda: stored_rates(settings))
    return Asked(opensearch_client(settings), rates=rates)


@app.get(
    "/products",
    summary="Search products",
    tags=["search"],
    operation_id="searchProducts",
    responses=responses(
        ProductsAnswer,
        "A page of products.",
        conflict="`after` belongs to another search, or `price_min` is above `price_max`.",
    ),
)
def search_products(
    q: p.Words = "",
    category: p.Category = None,
    brand: p.Brands = None,
    mall: p.Malls = None,
    availability: p.States = None,
    price_min: p.PriceMin = None,
    price_max: p.PriceMax = None,
    free_shipping: p.FreeShipping = None,
    adult: p.Adult = None,
    sort: p.SortBy = Sort.relevance,
    size: p.Size = p.DEFAULT_SIZE,
    after: p.After = None,
    facets: p.Facets = False,
    group: p.Group = True,
    if_none_match: p.IfNoneMatch = None,
) -> Response[Any]:
    """Matching products, best first."""
    given = dict(locals())
    given.pop("if_none_match")
    return _timed(lambda: asked().products(**given), if_none_match, SEARCH_KEPT_S)


@app.get(
    "/products/<product_id>",
    summary="One product, with the offers of all malls",
    tags=["search"],
    operation_id="getProduct",
    responses=responses(ProductAnswer, "The product.", missing="No mall has such a product."),
)
def get_product(
    product_id: p.ProductKey,
    offers_by: p.OffersBy = OfferOrder.price,
    if_none_match: p.IfNoneMatch = None,
) -> Response[Any]:
    """The product of that id."""
    delivered = offers_by is OfferOrder.delivered_price

    def find() -> dict[str, Any]:
        for key in dict.fromkeys((product_id, unquote(product_id))):
            if (found := asked().product(key, delivered)) is not None:
                return found
        raise problems.not_found(
            f"No product has the id {product_id!r}: its mall no longer has it, or the id is not one "
            "of a search's items."
        )

    return _timed(find, if_none_match, PRODUCT_KEPT_S)


@app.get(
    "/suggest",
    summary="Complete what is being typed",
    tags=["search"],
    operation_id="suggest",
    responses=responses(SuggestAnswer, "Completions."),
)
def suggest(
    q: p.Typed, size: p.SuggestSize = 10, if_none_match: p.IfNoneMatch = None
) -> Response[Any]:
    """Completions of what was typed so far, best first."""
    return _timed(lambda: asked().suggestions(q, size), if_none_match, SUGGEST_KEPT_S)


@app.get("/docs", include_in_schema=False)
def docs() -> Response[Any]:
    """The documentation page, on which the API can be tried out."""
    page = swagger.page(app.get_openapi_json_schema(**ABOUT))
    return cached(page, "text/html; charset=utf-8", _tags_sent(), DOCS_KEPT_S)


@app.get("/openapi.json", include_in_schema=False)
def openapi() -> Response[Any]:
    """The OpenAPI document, as committed in docs/openapi.json."""
    document = json.loads(app.get_openapi_json_schema(**ABOUT))
    return cached_json(document, _tags_sent(), DOCS_KEPT_S)


def _tags_sent() -> str | None:
    return app.current_event.headers.get("if-none-match")


def respond(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """The answer to an API Gateway event of payload format 2.0."""
    if event["requestContext"]["http"]["method"] == "HEAD":
        return {**app.resolve(as_get(event), context), "body": "", "isBase64Encoded": False}
    return app.resolve(dict(event), context)


def _timed(find: Any, if_none_match: str | None, kept_s: int) -> Response[Any]:
    with as_problems():
        begun = time.perf_counter()
        found = find()
    took_ms = (time.perf_counter() - begun) * 1000
    return cached_json(found, if_none_match, kept_s, took_ms)


def _answer(problem: ApiProblem) -> Response[Any]:
    return problems.answer(problem, app.current_event.request_context.request_id)


@app.exception_handler(ApiProblem)  # type: ignore[untyped-decorator]
def _known(problem: ApiProblem) -> Response[Any]:
    if problem.status >= 500:
        logger.warning("search failed", exc_info=problem.__cause__)
    return _answer(problem)


@app.exception_handler(RequestValidationError)  # type: ignore[untyped-decorator]
def _invalid(error: RequestValidationError) -> Response[Any]:
    faults = [
        ParameterFault(
            parameter=str(fault["loc"][1] if len(fault["loc"]) > 1 else fault["loc"][0]),
            detail=str(fault["msg"]).removeprefix("Value error, "),
            code=str(fault["type"]),
        )
        for fault in error.errors()
    ]
    return _answer(problems.parameters_invalid(faults))


@app.not_found
def _no_route(error: NotFoundError) -> Response[Any]:
    path, method = app.current_event.path, app.current_event.http_method
    if allowed := app.allowed_methods(path):
        return _answer(problems.method_not_allowed(method, allowed))
    return _answer(
        problems.not_found(
            f"There is nothing at {path}; the paths are /products, /products/{{id}}, /suggest, /docs "
            "and /openapi.json."
        )
    )


@app.exception_handler(Exception)  # type: ignore[untyped-decorator]
def _fault(error: Exception) -> Response[Any]:
    logger.exception("request failed", exc_info=error)
    return _answer(problems.internal())
