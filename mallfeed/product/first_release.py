"""The fields of release 0.1.0, which every table has, whenever it was created. This list never changes.

If the column of one of these fields is missing, somebody has dropped it, and its values are lost. The
column of a later field may be missing because the table is older than the field: then it is added, and
is null in existing rows.
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
