"""The id of a product in the index fits, whatever a mall calls it."""

from __future__ import annotations

import re

from mallfeed.product.fields import BY_NAME, MALL_ID, MAX_DOCUMENT_ID_BYTES, document_id


def test_the_longest_ids_of_four_bytes_a_character_fit() -> None:
    longest_mall = "m" * 31
    assert re.fullmatch(MALL_ID, longest_mall)
    assert not re.fullmatch(MALL_ID, longest_mall + "m")
    product_id = "😀" * (BY_NAME["product_id"].max_length or 0)
    whole = document_id(longest_mall, product_id).encode()
    assert len(product_id.encode()) < len(whole) <= MAX_DOCUMENT_ID_BYTES
