"""Which fields every table, whenever it was made, has: those of release 0.1.0. Never changed.

A column of these that is missing was taken away by somebody, and its values with it. A later field's
column may be missing because the table is older than the field: it is added, and old rows are null.
"""

from __future__ import annotations

FIRST_FIELDS = frozenset(
    {
        "product_id", "title", "description", "price", "list_price", "currency", "shipping_fee",
        "url", "mobile_url", "image_url", "extra_image_urls", "category_path", "category_raw",
        "brand", "maker", "origin", "model_number", "gtin", "availability", "condition",
        "item_group_id", "review_count", "rating", "adult", "imported", "parallel_import",
        "made_to_order", "tags", "attributes", "mall_updated_at",
    }
)  # fmt: skip
