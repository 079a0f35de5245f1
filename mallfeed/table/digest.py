"""Digests of a mall's products: how two stores are compared without sending the products.

A product stands in the bucket of the first two hex digits of its content_hash (which covers its id)
and adds the number of the next eight. A bucket's digest is the count of its products and the sum of
their numbers: it does not depend on order, every store can compute it, and two stores that differ in
a product differ in a bucket but for one chance in 2³².
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
    """The bucket; of a missing hash the empty one."""
    return (content_hash or "")[:2]


def number_of(content_hash: str | None) -> int:
    """What the product adds to its bucket's sum; 0 where the hash is damaged."""
    whole = content_hash is not None and _HASH.fullmatch(content_hash)
    return int(str(content_hash)[2:10], 16) if whole else 0


def digest_of(hashes: Iterable[str | None]) -> Digest:
    """The digest of products in memory."""
    found: dict[str, tuple[int, int]] = {}
    for one in hashes:
        count, total = found.get(bucket_of(one), (0, 0))
        found[bucket_of(one)] = (count + 1, total + number_of(one))
    return found


def differing(one: Digest, other: Digest) -> frozenset[str]:
    """The buckets in which two stores do not agree."""
    return frozenset(b for b in {*one, *other} if one.get(b) != other.get(b))


def within(hashes: Mapping[str, str | None], buckets: Collection[str]) -> Hashes:
    """Those of these buckets."""
    return {key: one or "" for key, one in hashes.items() if bucket_of(one) in buckets}
