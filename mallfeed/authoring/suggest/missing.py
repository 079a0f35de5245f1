"""What a draft lacks, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator

from mallfeed.authoring.suggest.left_over import repeated
from mallfeed.authoring.suggest.sample import Sample
from mallfeed.authoring.suggest.suggested_field import FoundField
from mallfeed.authoring.suggest.surroundings import base_url_of, currency_of, needs_base_url
from mallfeed.authoring.suggest.yaml_words import flow
from mallfeed.catalog.names import PARTLY, roles_of
from mallfeed.product.fields import PRODUCT_FIELDS
from mallfeed.wording import how_many

_PRICES = ("price", "sale_price", "list_price")
NO_BASE_URL = "addresses are built on it; run it again with --base-url https://YOUR.SHOP"


def missing(
    sample: Sample, fields: list[FoundField], base_url: str | None
) -> Iterator[tuple[str, str]]:
    """(what, what to do about it) of all without which the draft is no catalog: required fields, the currency, the site."""
    there = {one.name for one in fields}
    for field in PRODUCT_FIELDS:
        if field.required and field.name not in there:
            yield _help(field.name, sample)
    currency, _, why = currency_of(sample, fields)
    if not currency:
        yield (
            "currency",
            f"{why}; name its code, as in `currency: EUR`, and have the mall send codes",
        )
    if _lacks_base_url(sample, fields, base_url):
        yield "base_url", NO_BASE_URL


def _lacks_base_url(sample: Sample, fields: list[FoundField], base_url: str | None) -> bool:
    """Whether products' addresses are relative, and nothing names their site."""
    urls = [one for one in fields if one.name == "url" and "base_url" not in one.options]
    return base_url is None and needs_base_url(sample, urls) and base_url_of(sample, fields) is None


def _help(name: str, sample: Sample) -> tuple[str, str]:
    """What to do about a required field without a column."""
    if not sample.rows:
        read = (
            f"{how_many(sample.torn, 'record')} that could not be split"
            if sample.torn
            else "no record"
        )
        return (
            name,
            f"the file has {read}, and a name alone does not tell what a column holds; have the mall send products",
        )
    twice = [one for one in sorted(repeated(sample)) if name in _likely_roles(one)]
    if twice:
        return name, (
            f"`{twice[0]}` stands twice in the header, so this file cannot be loaded as it is; "
            "have the mall name each column once"
        )
    if name == "url":
        slug = next(
            (c.name for c in sample.columns if c.name.lower() in ("handle", "slug", "url_key")),
            None,
        )
        if slug:
            return (
                name,
                f"no column has addresses; run it again with --base-url https://YOUR.SHOP to compose them from `{slug}`",
            )
        return (
            name,
            "no column has addresses of products; ask the mall for one, or compose them with an expression from the id",
        )
    codes = next(
        (c.name for c in sample.columns if name in _likely_roles(c.name) and c.values), None
    )
    if name == "category_path" and codes is not None:
        return name, (
            f"`{codes}` has codes, not names; write them with their paths in categories.csv beside the draft, "
            "with the header `number,path`, and add: "
            f"category_path: {flow({'type': 'lookup', 'from': codes, 'table': 'categories', 'key': 'number', 'value': 'path'})}"
        )
    helps = {
        "product_id": "no column has a unique value in each row",
        "title": "no column looks like a product's name",
        "price": "no column looks like what the buyer pays",
        "category_path": "no column looks like a category; a constant will do: {type: constant, value: 기타}",
    }
    return name, helps[name]


def _likely_roles(column: str) -> set[str]:
    """Fields that a column's name surely means; any price is one that may be paid."""
    roles = {role for role, sure in roles_of(column).items() if sure > PARTLY}
    return roles | ({"price"} if roles & set(_PRICES) else set())
