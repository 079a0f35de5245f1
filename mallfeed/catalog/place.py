"""Where catalogs lie in a folder, and below `catalogs/` in the lake: a version is `<mall_id>/v<N>.yaml`, a table that
a mall's versions look values up in `<mall_id>/<table>.csv`. In a folder only: a version of a platform that catalogs
extend, `_platforms/<platform>/v<N>.yaml`, and beside it a small export as the platform writes it, `v<N>.sample.<ext>`."""

from __future__ import annotations

from mallfeed.kinds.lookup import TABLE_NAME
from mallfeed.product.fields import MALL_ID

PREFIX = "catalogs/"
FILE_NAME = rf"{MALL_ID}/v[1-9][0-9]{{0,5}}\.yaml"
"""As a regular expression without anchors."""
TABLE_FILE = rf"{MALL_ID}/{TABLE_NAME}\.csv"
PLATFORMS = "_platforms"
PLATFORM_FILE = rf"{PLATFORMS}/{MALL_ID}/v[1-9][0-9]{{0,5}}\.yaml"
SAMPLE_FILE = rf"{PLATFORMS}/{MALL_ID}/v[1-9][0-9]{{0,5}}\.sample\.[a-z0-9.]{{1,20}}"
REFERENCE = rf"({MALL_ID})@([1-9][0-9]{{0,5}})"
"""A version of a platform, as a catalog names it: `cafe24@3`."""

EXTENDS_METADATA = "mallfeed-extends"
"""Metadata of a published version's object: what it was written out with."""
RULES_METADATA = "mallfeed-rules"
"""Metadata of a published version's object: by which rules it is read."""


def file_name(mall_id: str, version: int) -> str:
    """The version's name in a folder of catalogs, and below PREFIX."""
    return f"{mall_id}/v{version}.yaml"


def table_file(mall_id: str, table: str) -> str:
    """The name of a mall's table in a folder of catalogs, and below PREFIX."""
    return f"{mall_id}/{table}.csv"
