"""The staging area in the lake bucket: exact copies of feeds, prepared frames, staged outcomes.

Below `staging/<feed_id>/`, `raw/…` holds exact copies of the object versions, and `a<attempt>/frame/` and
`a<attempt>/outcome/` (for a rollback `a<attempt>/changes/`) hold what a run made of them; `staged.json`
says which attempt counts. A lifecycle rule of the bucket removes all of it. These names are spelled here
and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from botocore.exceptions import ClientError

from mallfeed.arrival.s3 import version_argument
from mallfeed.aws.clients import client, in_large_parts
from mallfeed.aws.failures import GONE, code_of
from mallfeed.errors import FeedHeld
from mallfeed.feed.ports import SourcePart
from mallfeed.ledger.model import FeedRecord, Part
from mallfeed.visible import file_name

MALL_IN_URI = "/staging/([^/]+)-[^/-]+/"
"""Matches the mall's id in the URI of a staged object: a feed's id is its mall's id, a dash and a hash
(`mallfeed.ledger.identity`)."""


def prefix_of(feed_id: str) -> str:
    """The prefix of everything that is staged for a feed, without a slash at the end."""
    return f"staging/{feed_id}"


def frame_name(attempt: int) -> str:
    """The folder of the prepared frame, below the feed's prefix."""
    return f"a{attempt}/frame"


def outcome_name(attempt: int) -> str:
    """The folder of the outcome, below the feed's prefix."""
    return f"a{attempt}/outcome"


def changes_name(attempt: int) -> str:
    """The folder of a rollback's change set, below the feed's prefix."""
    return f"a{attempt}/changes"


class Staging:
    """One feed's staging prefix."""

    def __init__(self, lake_bucket: str, feed_id: str) -> None:
        self._bucket = lake_bucket
        self._prefix = prefix_of(feed_id)

    def uri(self, name: str) -> str:
        """`s3://<lake>/staging/<feed_id>/<name>`."""
        return f"s3://{self._bucket}/{self._prefix}/{name}"

    @contextmanager
    def copying(self, feed: FeedRecord) -> Iterator[list[SourcePart]]:
        """Copy the feed's object versions here, unless that has been done, and yield them for reading.

        A version never changes, so it can be read while it is being copied. When the block ends, all
        parts have been copied, even if reading them failed.

        Raises FeedHeld `object_gone` if a version was deleted before it could be copied: while it is
        read, or when the block ends.
        """
        with ThreadPoolExecutor(1, "copying") as pool:
            copies = [
                pool.submit(self._copy_part, feed, number, part)
                for number, part in enumerate(feed.parts)
            ]
            try:
                yield [
                    BeingCopied(feed.bucket, part, copy)
                    for part, copy in zip(feed.parts, copies, strict=True)
                ]
            finally:
                for copy in copies:
                    copy.result()

    def _copy_part(self, feed: FeedRecord, number: int, part: Part) -> S3Part:
        name = f"{number:05d}-{file_name(PurePosixPath(part.key).name)}"
        target = _raw_key(feed.feed_id, name)
        if not self._has(target, part.size_bytes):
            version = version_argument(part.version_id)
            source = {"Bucket": feed.bucket, "Key": part.key, **version}
            try:
                client("s3").copy(source, self._bucket, target, Config=in_large_parts())
            except ClientError as error:
                if code_of(error) not in GONE:
                    raise
                if not self._copied_before(feed, name, part, target):
                    raise FeedHeld(
                        "object_gone",
                        f"{part.key} (version {part.version_id}) was deleted before it could be "
                        "read. Upload it again; that makes a new feed.",
                    ) from error
        return S3Part(PurePosixPath(part.key).name, part.size_bytes, self._bucket, target)

    def _copied_before(self, feed: FeedRecord, name: str, part: Part, target: str) -> bool:
        """For a replay whose object the mall has deleted: use the copy that the first load made.

        Returns whether there was one.
        """
        if feed.replay_of is None:
            return False
        earlier = _raw_key(feed.replay_of, name)
        if not self._has(earlier, part.size_bytes):
            return False
        before = {"Bucket": self._bucket, "Key": earlier}
        client("s3").copy(before, self._bucket, target, Config=in_large_parts())
        return True

    def _has(self, key: str, size_bytes: int) -> bool:
        try:
            head = client("s3").head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if code_of(error) in GONE:
                return False
            raise
        return int(head["ContentLength"]) == size_bytes

    def put_file(self, path: Path, name: str) -> str:
        """Upload a local file; returns its URI."""
        key = f"{self._prefix}/{name}"
        client("s3").upload_file(str(path), self._bucket, key, Config=in_large_parts())
        return self.uri(name)

    def write_note(self, data: dict[str, Any]) -> None:
        """Write `staged.json`."""
        body = json.dumps(data, ensure_ascii=False).encode()
        client("s3").put_object(Bucket=self._bucket, Key=self._note, Body=body)

    def read_note(self) -> dict[str, Any] | None:
        """The content of `staged.json`; None if there is no such file."""
        try:
            got = client("s3").get_object(Bucket=self._bucket, Key=self._note)
        except ClientError as error:
            if code_of(error) in GONE:
                return None
            raise
        return cast(dict[str, Any], json.loads(got["Body"].read()))

    @property
    def _note(self) -> str:
        return f"{self._prefix}/staged.json"


def _raw_key(feed_id: str, name: str) -> str:
    return f"{prefix_of(feed_id)}/raw/{name}"


class S3Part(SourcePart):
    """A staged copy, streamed."""

    def __init__(self, name: str, size_bytes: int, bucket: str, key: str) -> None:
        self.name = name
        self.size_bytes = size_bytes
        self._bucket = bucket
        self._key = key

    def open(self) -> BinaryIO:
        """A stream of its bytes."""
        return cast(BinaryIO, client("s3").get_object(Bucket=self._bucket, Key=self._key)["Body"])


class BeingCopied(SourcePart):
    """An object version that is being copied. Reads the copy if it is complete, or else the original."""

    def __init__(self, bucket: str, part: Part, copy: Future[S3Part]) -> None:
        self.name = PurePosixPath(part.key).name
        self.size_bytes = part.size_bytes
        self._bucket = bucket
        self._part = part
        self._copy = copy

    def open(self) -> BinaryIO:
        """A stream of its bytes. Raises FeedHeld `object_gone` if neither exists any more."""
        version = version_argument(self._part.version_id)
        if self._copy.done() or not version:
            return self._copy.result().open()
        try:
            got = client("s3").get_object(Bucket=self._bucket, Key=self._part.key, **version)
        except ClientError as error:
            if code_of(error) not in GONE:
                raise
            return self._copy.result().open()
        return cast(BinaryIO, got["Body"])


class S3Source:
    """`mallfeed.feed.prepare.FeedSource` over objects in S3."""

    def __init__(self, parts: Sequence[SourcePart]) -> None:
        self._parts = parts

    def parts(self) -> Sequence[SourcePart]:
        """The parts, in the order in which they make up the feed."""
        return self._parts


class StagedFrame:
    """`mallfeed.feed.prepare.PartSink`: prepared Parquet parts go to the attempt's frame/."""

    def __init__(self, staging: Staging, attempt: int) -> None:
        self._staging = staging
        self._attempt = attempt

    def put(self, path: Path, index: int) -> str:
        """Upload one finished part, and remove the local file. Returns the part's URI."""
        name = f"{frame_name(self._attempt)}/part-{index:05d}.parquet"
        uri = self._staging.put_file(path, name)
        path.unlink()
        return uri
