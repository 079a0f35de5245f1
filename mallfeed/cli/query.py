"""`mallfeed search` and `mallfeed sql`: look at what was loaded, in either sink."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import uuid4

import typer
from pydantic import ValidationError
from rich.table import Table

from mallfeed.cli.reading_sql import NotReading, check_reads
from mallfeed.cli.show import CONSOLE, ERRORS, print_json
from mallfeed.cli.target import JsonOption, StackOption, attach
from mallfeed.errors import MallfeedError
from mallfeed.pipeline.queries import opensearch_client, rates_of, warehouse_client
from mallfeed.product.rates import NO_RATES, Rates
from mallfeed.search import engine
from mallfeed.search.request import SearchRequest
from mallfeed.search.result import SearchResult


def search(
    query: Annotated[str, typer.Argument(help="What a shopper types.")],
    mall: Annotated[str | None, typer.Option(help="Only this mall's products.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Search products as shoppers do: the same templates and ranking as the search API."""
    settings = attach(stack)
    found = found_by(opensearch_client(settings), query, mall, limit, rates_of(settings))
    hits = [hit.fields for hit in found.hits]
    if as_json:
        print_json({"total": found.total, "hits": hits, "reading": found.reading})
        return
    CONSOLE.print(hits_table(found.query or query, found.total, hits))


def found_by(
    client: Any, query: str, mall: str | None, limit: int, rates: Rates = NO_RATES
) -> SearchResult:
    """A page of products, one per article of a mall; exits with 2 if the query is invalid."""
    try:
        request = SearchRequest(q=query, mall=(mall,) if mall else (), size=limit, group=False)
    except ValidationError as error:
        ERRORS.print(f"The query is invalid: {error.errors()[0]['msg']}", highlight=False)
        raise typer.Exit(2) from error
    return engine.search(client, request, rates=rates)


def hits_table(query: str, total: int, hits: list[dict[str, Any]]) -> Table:
    """One row per matching product."""
    table = Table(title=f"{query}: {total:,} found", title_justify="left", header_style="bold")
    for name in ("mall", "product", "title", "price", "category", "availability"):
        justify: Literal["left", "right"] = "right" if name == "price" else "left"
        table.add_column(name, justify=justify, overflow="fold", no_wrap=name == "mall")
    for hit in hits:
        price = f"{float(hit['price']):,.2f}".removesuffix(".00") + f" {hit.get('currency', '')}"
        path = " > ".join(hit.get("category_path") or [])
        state = hit.get("availability") or ""
        table.add_row(hit["mall_id"], hit["product_id"], hit["title"], price, path, state)
    return table


def sql(
    query: Annotated[str, typer.Argument(help="One SQL statement in Redshift's dialect.")],
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Query the warehouse through the Redshift Data API; statements that change it are refused."""
    try:
        check_reads(query)
    except NotReading as error:
        ERRORS.print(f"This is not a query: {error}.", highlight=False)
        raise typer.Exit(2) from error
    try:
        columns, rows = warehouse_client(attach(stack)).select(query, uuid4().hex)
    except MallfeedError as error:
        ERRORS.print(f"The warehouse refused the statement: {error}")
        raise typer.Exit(1) from error
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    CONSOLE.print(rows_table(columns, rows))


def rows_table(columns: list[str], rows: list[list[Any]]) -> Table:
    """A query's result."""
    table = Table(*columns, header_style="bold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    return table
