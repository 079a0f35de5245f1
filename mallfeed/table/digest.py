"""Digests of a mall's products: they compare two stores without transferring the products.

The first two hex digits of a product's content_hash (which covers its id) name its bucket; the next
eight are its number. A bucket's digest is the count of its products and the sum of their numbers. It
does not depend on their order, and every store can compute it. Two stores that differ in a product
differ in a bucket, except by a chance of one in 2³².
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

Digest = Mapping[str, tuple[int, int]]
"""Bucket → (products, sum of their numbers)."""

Hashes = dict[str, str]
"""Product id → content_hash."""

_HASH = re.compile(r"[0-9a-f]{64}")


def bucket_of(content_hash: str | None) -> str:
    """The bucket's name; empty for a missing hash."""
    return (content_hash or "")[:2]


def number_of(content_hash: str | None) -> int:
    """The number that the product adds to its bucket's sum; 0 for a damaged hash."""
    is_intact = content_hash is not None and _HASH.fullmatch(content_hash)
    return int(str(content_hash)[2:10], 16) if is_intact else 0


def digest_of(hashes: Iterable[str | None]) -> Digest:
    """The digest of products in memory, given by their content hashes."""
    digest: dict[str, tuple[int, int]] = {}
    for one in hashes:
        count, total = digest.get(bucket_of(one), (0, 0))
        digest[bucket_of(one)] = (count + 1, total + number_of(one))
    return digest


def differing(one: Digest, other: Digest) -> frozenset[str]:
    """The buckets in which two stores differ."""
    return frozenset(b for b in {*one, *other} if one.get(b) != other.get(b))


def within(hashes: Mapping[str, str | None], buckets: Collection[str]) -> Hashes:
    """The products of these buckets, from product id → content hash."""
    return {key: one or "" for key, one in hashes.items() if bucket_of(one) in buckets}
