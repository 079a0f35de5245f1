"""Whether what is repeated in a file are groups of products, or the products themselves with parts that are repeated in them."""

from __future__ import annotations

from collections.abc import Collection

from mallfeed.formats.looking import Names

RECORDS = frozenset(
    ("item", "entry", "product", "offer", "goods", "record", "row", "shopitem", "article", "sku")
)
"""What one product is called in public specifications."""
_PRICES = frozenset(("price", "sale_price", "list_price"))
_SIGNS = frozenset(("product_id", "title", "price", "url", "image_url"))
"""Fields that a product has of its own."""
_NO_GROUP = frozenset(("price", "url", "image_url", "description", "brand", "availability"))
"""Fields that products have; a group of them may have a name, an id and a place among other groups."""
_LEAST = 3


def fields_among(columns: Collection[str], names: Names) -> frozenset[str]:
    """The canonical fields that the columns' names mean; each price is `price`."""
    found = {names.field(column) for column in columns} - {""}
    return frozenset("price" if one in _PRICES else one for one in found)


def are_products(fields: Collection[str]) -> bool:
    """Whether what has these fields of its own is a product: a title, with a price or an address, and an id or a picture."""
    has = _SIGNS & set(fields)
    return "title" in has and bool(has & {"price", "url"}) and len(has) >= _LEAST


def is_group(
    outer: Collection[str], outer_name: str, inner: Collection[str], inner_name: str, names: Names
) -> bool:
    """Whether the outer one is a group, and each of the inner ones that are repeated in it a product.

    Parameters
    ----------
    outer, inner : fields that each has of its own, as of `fields_among`
    outer_name, inner_name : of the element, or the key of the list; empty = it has none
    names : what is known of names

    Returns False for a product with variants, offers or options in it, which may have a price and a name, too: the
    product around them has its address, picture or description itself.
    """
    if outer_name == inner_name or not are_products(inner) or "price" in outer:
        return False
    outer_is_called_one, inner_is_called_one = _is_record(outer_name), _is_record(inner_name)
    if outer_is_called_one and not inner_is_called_one:
        return False
    if names.field(outer_name) in ("category_path", "brand"):
        return True
    if inner_is_called_one and not outer_is_called_one and "product_id" not in outer:
        # A shop among several, say: it has an address and a description.
        return "url" in inner
    return not _NO_GROUP & set(outer) and ("product_id" not in outer or "url" in inner)


def _is_record(name: str) -> bool:
    name = name.lower()
    return name in RECORDS or name.removesuffix("s") in RECORDS
