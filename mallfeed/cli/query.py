"""`mallfeed search` and `mallfeed sql`: look at what was loaded, in either sink."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.table import Table

from mallfeed.cli.show import CONSOLE, ERRORS, print_json
from mallfeed.cli.target import JsonOption, StackOption, attach
from mallfeed.errors import MallfeedError
from mallfeed.sinks.endpoints import opensearch_client, warehouse_client
from mallfeed.sinks.opensearch.query import product_query


def search(
    query: Annotated[str, typer.Argument(help="What a shopper types.")],
    mall: Annotated[str | None, typer.Option(help="Only this mall's products.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Search products through the alias `products`."""
    client = opensearch_client(attach(stack))
    found = client.search(index="products", body=product_query(query, mall, limit))
    hits = [hit["_source"] for hit in found["hits"]["hits"]]
    if as_json:
        print_json({"total": found["hits"]["total"]["value"], "hits": hits})
        return
    CONSOLE.print(hits_table(query, found["hits"]["total"]["value"], hits))


def hits_table(query: str, total: int, hits: list[dict[str, Any]]) -> Table:
    """A row a product found."""
    table = Table(title=f"{query}: {total:,} found", title_justify="left", header_style="bold")
    for name in ("mall", "product", "title", "price", "category", "availability"):
        table.add_column(name, justify="right" if name == "price" else "left", overflow="fold")
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
    """Query the warehouse through the Redshift Data API."""
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
