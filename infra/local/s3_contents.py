"""Large objects in moto's S3 without copying all of them again and again.

moto answers ListObjectVersions from deep copies of every version in the bucket, contents and all:
with 200 feeds put at once its memory grew to 20 GB. And for each part of a multipart copy it reads
the whole source: 200 MB took 10 s, and the time grows with the square of the size.
"""

from __future__ import annotations

from typing import Any


def install() -> None:
    """Patch moto; called in its process, see infra.local.aws."""
    from moto.s3.models import FakeKey, S3Backend

    class Listed(FakeKey):
        """A version in a listing: its contents are another's, who closes them."""

        __module__ = FakeKey.__module__  # moto keeps a register by it

        def __del__(self) -> None:
            """Nothing is this one's own."""

    def listed(key: Any, memo: Any) -> Any:
        twin = object.__new__(Listed)
        twin.__dict__.update(key.__dict__)
        return twin

    FakeKey.__deepcopy__ = listed
    S3Backend.upload_part_copy = _upload_part_copy


def _upload_part_copy(
    backend: Any,
    dest_bucket_name: str,
    multipart_id: str,
    part_id: int,
    src_bucket_name: str,
    src_key_name: str,
    src_version_id: str | None,
    start_byte: int | None,
    end_byte: int,
) -> Any:
    """moto's method, reading the part's bytes only."""
    multipart = backend.get_bucket(dest_bucket_name).multiparts[multipart_id]
    source = backend.get_object(src_bucket_name, src_key_name, version_id=src_version_id)
    if start_byte is None:
        return multipart.set_part(part_id, source.value)
    with source.lock:
        source._value_buffer.seek(start_byte)
        part = source._value_buffer.read(end_byte - start_byte + 1)
    return multipart.set_part(part_id, part)
