"""The feeds bucket in S3: the real `FeedBucket`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from mallfeed.arrival.bucket import ObjectFacts, ObjectVersion
from mallfeed.aws.failures import GONE, code_of, transient


class S3Feeds:
    """Implements `mallfeed.arrival.bucket.FeedBucket`."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def head(self, key: str, version_id: str | None) -> ObjectFacts | None:
        """See the port."""
        try:
            with transient(f"HeadObject {key}"):
                head = self._client.head_object(
                    Bucket=self._bucket, Key=key, **version_argument(version_id)
                )
        except ClientError as error:
            if code_of(error) not in GONE:
                raise
            return None
        return ObjectFacts(
            version_id=str(head.get("VersionId") or version_id or "null"),
            etag=str(head["ETag"]).strip('"'),
            size_bytes=int(head["ContentLength"]),
            last_modified=head["LastModified"],
            metadata={name.lower(): text for name, text in head.get("Metadata", {}).items()},
        )

    def versions(self, prefix: str) -> list[ObjectVersion]:
        """See the port."""
        return list(self._versions(prefix))

    def read(self, key: str, version_id: str, most_bytes: int) -> bytes | None:
        """See the port."""
        try:
            with transient(f"GetObject {key}"):
                answer = self._client.get_object(
                    Bucket=self._bucket, Key=key, **version_argument(version_id)
                )
                return bytes(answer["Body"].read(most_bytes))
        except ClientError as error:
            if code_of(error) not in GONE:
                raise
            return None

    def _versions(self, prefix: str) -> Iterator[ObjectVersion]:
        marker: dict[str, str] = {}
        while True:
            with transient(f"ListObjectVersions {prefix}"):
                page = self._client.list_object_versions(
                    Bucket=self._bucket, Prefix=prefix, **marker
                )
            for line in page.get("Versions", []):
                yield ObjectVersion(
                    key=line["Key"],
                    version_id=str(line["VersionId"]),
                    last_modified=line["LastModified"],
                    etag=str(line["ETag"]).strip('"'),
                    size_bytes=int(line["Size"]),
                    latest=bool(line.get("IsLatest")),
                )
            for line in page.get("DeleteMarkers", []):
                yield ObjectVersion(
                    key=line["Key"],
                    version_id=str(line["VersionId"]),
                    last_modified=line["LastModified"],
                    deleted=True,
                    latest=bool(line.get("IsLatest")),
                )
            if not page.get("IsTruncated"):
                return
            marker = {"KeyMarker": page["NextKeyMarker"]}
            if page.get("NextVersionIdMarker"):
                marker["VersionIdMarker"] = page["NextVersionIdMarker"]


def version_argument(version_id: str | None) -> dict[str, str]:
    """How a call names a version; empty if the bucket keeps no versions, so that a key may change."""
    return {} if version_id in (None, "", "null") else {"VersionId": str(version_id)}
