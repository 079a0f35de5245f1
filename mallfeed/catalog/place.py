"""Where a catalog version lies: `<mall_id>/v<N>.yaml` in a folder, below `catalogs/` in the lake."""

from __future__ import annotations

from mallfeed.product.fields import MALL_ID

PREFIX = "catalogs/"
FILE_NAME = rf"{MALL_ID}/v[1-9][0-9]{{0,5}}\.yaml"
"""As a regular expression without anchors."""

RULES_METADATA = "mallfeed-rules"
"""Metadata of a published version's object: by which rules it is read."""


def file_name(mall_id: str, version: int) -> str:
    """The version's name in a folder of catalogs, and below PREFIX."""
    return f"{mall_id}/v{version}.yaml"
