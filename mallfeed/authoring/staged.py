"""A mall's feeds as they were sent, brought onto this machine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from mallfeed.aws.failures import GONE, code_of, transient
from mallfeed.ledger.model import FeedRecord

_GONE = (*GONE, "NoSuchVersion")


def fetched(s3: Any, feed: FeedRecord, folder: Path) -> list[Path] | None:
    """The feed's files, in the folder; None where they have been deleted in the meantime."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for place, part in enumerate(feed.parts):
        path = folder / f"{place:05d}" / Path(part.key).name
        path.parent.mkdir(exist_ok=True)
        try:
            with transient(f"reading s3://{feed.bucket}/{part.key}"):
                stored = s3.get_object(Bucket=feed.bucket, Key=part.key, VersionId=part.version_id)
        except ClientError as error:
            if code_of(error) in _GONE:
                return None
            raise
        path.write_bytes(stored["Body"].read())
        paths.append(path)
    return paths


def newest_fetched(
    s3: Any, feeds: Iterable[FeedRecord], folder: Path
) -> tuple[FeedRecord, list[Path]] | None:
    """The first of the feeds that is still there, and its files."""
    for feed in feeds:
        if (paths := fetched(s3, feed, folder / feed.feed_id.replace("/", "_"))) is not None:
            return feed, paths
    return None
