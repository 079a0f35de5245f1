"""Folder feeds: the parts that existed when the signal (`_SUCCESS`, `manifest.json`) was written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from mallfeed.arrival.bucket import ObjectVersion
from mallfeed.arrival.key import MANIFEST, SUCCESS_MARKER, place_of
from mallfeed.errors import FeedHeld
from mallfeed.ledger.bounds import MAX_PARTS, MAX_PARTS_BYTES
from mallfeed.ledger.identity import ObjectPart
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.parts import packed_bytes
from mallfeed.ledger.states import SAME_PARTS, State

MOST_MANIFEST_BYTES = 4_000_000


def parts_at(
    versions: Iterable[ObjectVersion], moment: datetime, belongs: Callable[[str], bool]
) -> tuple[ObjectPart, ...]:
    """The latest version of each name as of `moment`, without deleted, empty and marker objects.

    Versions written after the signal belong to the next delivery: a repeated signal event finds
    the same parts again. `belongs` is called with the name below the mall.
    """
    latest: dict[str, ObjectVersion] = {}
    for version in versions:
        if version.last_modified > moment:
            continue
        other = latest.get(version.key)
        if other is None or _newer(version, other):
            latest[version.key] = version
    return tuple(
        ObjectPart(one.key, one.version_id, one.size_bytes, one.etag)
        for _, one in sorted(latest.items())
        if not one.deleted and one.size_bytes > 0 and _is_part(one.key) and belongs(_name(one.key))
    )


def listed_parts(
    manifest: bytes, folder: str, parts: Sequence[ObjectPart]
) -> tuple[ObjectPart, ...]:
    """The parts that the manifest names (relative to its folder, or by full key), in its order.

    Raises FeedHeld `manifest_invalid` or `manifest_part_missing`.
    """
    by_key = {part.key: part for part in parts}
    found: list[ObjectPart] = []
    missing: list[str] = []
    for name in _names(manifest):
        part = by_key.get(folder + name) or by_key.get(name)
        if part is None:
            missing.append(name)
        else:
            found.append(part)
    if missing:
        raise FeedHeld(
            "manifest_part_missing",
            f"manifest.json names {len(missing)} file(s) that were missing (or empty) when it was "
            f"written: {', '.join(missing[:10])}. Upload them, then manifest.json again",
        )
    return tuple(found)


def checked(parts: tuple[ObjectPart, ...], folder: str) -> tuple[ObjectPart, ...]:
    """The parts; raises FeedHeld `empty_object` or `too_many_parts`."""
    if not parts:
        raise FeedHeld(
            "empty_object",
            f"{folder} held no file with content when its signal was written. Upload the parts "
            "first, then the signal",
        )
    if len(parts) > MAX_PARTS:
        raise FeedHeld(
            "too_many_parts",
            f"{folder} holds {len(parts)} files, at most {MAX_PARTS} are allowed. Write fewer, larger",
        )
    if (size := packed_bytes(parts)) > MAX_PARTS_BYTES:
        raise FeedHeld(
            "too_many_parts",
            f"{folder} holds {len(parts)} files whose names and versions take {size:,} bytes, at most "
            f"{MAX_PARTS_BYTES:,} can be stored. Write fewer, larger files, or shorter names",
        )
    return parts


def same_parts(etag: str, earlier: Sequence[FeedRecord]) -> FeedRecord | None:
    """The feed that consists of exactly the same object versions, if a signal is repeated.

    `earlier` are the feeds of the signal's older versions. Once a person has dropped the feed, its
    parts may be signalled again.
    """
    same = [feed for feed in earlier if feed.etag == etag]
    repeats = [feed for feed in same if feed.code == SAME_PARTS]
    # The first signal may be gone from S3, and its feed with it: then its repeats stand for it.
    feeds = [feed for feed in same if feed not in repeats] or repeats
    return next((feed for feed in feeds if feed.state is not State.DROPPED), None)


def _names(manifest: bytes) -> list[str]:
    try:
        names = json.loads(manifest)["files"]
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise TypeError("`files` is not a list of names")
    except (ValueError, KeyError, TypeError) as error:
        raise FeedHeld(
            "manifest_invalid",
            f'manifest.json must be {{"files": ["name", …]}} in UTF-8; {_found(error)}. Correct it and upload it again.',
        ) from error
    return list(dict.fromkeys(names))


def _found(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"it is no JSON from line {error.lineno:,}, column {error.colno:,} on"
    if isinstance(error, UnicodeDecodeError):
        return f"its byte {error.start:,} is not UTF-8"
    return "`files` is missing, or is not a list of names"


def _newer(one: ObjectVersion, other: ObjectVersion) -> bool:
    return (one.last_modified, one.latest) > (other.last_modified, other.latest)


def _is_part(key: str) -> bool:
    place = place_of(key)
    return place.ignored is None and place.last_name not in (SUCCESS_MARKER, MANIFEST)


def _name(key: str) -> str:
    return place_of(key).name
