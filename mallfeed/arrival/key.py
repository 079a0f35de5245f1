"""What an object's key says: whose it is, and whether it can be a feed at all.

`feeds/<mall_id>/<name>`, where the name may have folders.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mallfeed.ledger.identity import UNKNOWN_MALL
from mallfeed.product.fields import MALL_ID

PREFIX = "feeds/"
SUCCESS_MARKER = "_SUCCESS"
MANIFEST = "manifest.json"

_BOOKKEEPING = re.compile(r"^(_metadata|_common_metadata|_delta_log|_committed_.*|_started_.*)$")


@dataclass(frozen=True)
class Place:
    """Where an object is.

    Attributes
    ----------
    mall_id : whose; UNKNOWN_MALL if the key does not say
    name : the key below feeds/<mall_id>/
    ignored : code if it cannot be a feed
    """

    mall_id: str
    name: str
    ignored: str | None = None

    @property
    def folder(self) -> str:
        """The folders of the name, with a slash at the end; empty directly below the mall."""
        return self.name[: self.name.rfind("/") + 1]

    @property
    def last_name(self) -> str:
        """The name without folders."""
        return self.name[len(self.folder) :]


def key_of(mall_id: str, name: str) -> str:
    """The key of a mall's object: `feeds/<mall_id>/<name>`."""
    return f"{PREFIX}{mall_id}/{name}"


def place_of(key: str) -> Place:
    """Parses a key."""
    if not key.startswith(PREFIX):
        return Place(UNKNOWN_MALL, key, ignored="outside_feeds")
    mall, slash, name = key[len(PREFIX) :].partition("/")
    if not slash or not re.fullmatch(MALL_ID, mall):
        marker = key.endswith(("/", "_$folder$"))
        return Place(UNKNOWN_MALL, key, ignored="folder_marker" if marker else None)
    return Place(mall, name, ignored=_ignored(name))


def _ignored(name: str) -> str | None:
    parts = name.split("/")
    if not parts[-1] or name.endswith("_$folder$"):
        return "folder_marker"
    if any(part.startswith(("_temporary", ".spark-staging")) for part in parts):
        return "temporary_file"
    if any(part.startswith(".") for part in parts):
        return "hidden_file"
    if name.endswith(".crc") or any(_BOOKKEEPING.match(part) for part in parts):
        return "bookkeeping_file"
    return None
