"""Large objects in moto's S3 without copying them over and over.

moto answers ListObjectVersions from deep copies of every version in the bucket, contents and all:
with 200 feeds put at once its memory grew to 20 GB. For each part of a multipart copy it reads the
whole source: 200 MB took 10 s, and the time grows with the square of the size. It also writes, hashes
and reads each copied part twice before it writes the object: 600 MB took 6 s of CPU, which on this
machine is taken from the job that waits for the copy.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any


def install() -> None:
    """Patch moto; called in its process, see infra.local.aws."""
    from moto.s3.exceptions import InvalidPart
    from moto.s3.models import FakeKey, FakeMultipart, S3Backend

    class Listed(FakeKey):
        """A version in a listing: its contents belong to another object, which closes them."""

        __module__ = FakeKey.__module__  # moto keeps a register with it

        def __del__(self) -> None:
            """Does nothing: this one owns nothing."""

    class Copied(FakeKey):
        """A part of a multipart copy: a range of its source, which it refers to."""

        __module__ = FakeKey.__module__
        range: tuple[Any, int, int]

        @property
        def value(self) -> bytes:
            """The bytes, read from the source each time."""
            source, start, size_bytes = self.range
            with source.lock:
                source._value_buffer.seek(start)
                found: bytes = source._value_buffer.read(size_bytes)
                return found

    def listed(key: Any, memo: Any) -> Any:
        twin = object.__new__(Listed)
        twin.__dict__.update(key.__dict__)
        return twin

    def write(key: Any, contents: bytes) -> None:
        if len(contents) > key._max_buffer_size:
            key._value_buffer.rollover()  # or everything would go to memory first
        value.fset(key, contents)

    value: Any = FakeKey.value
    theirs = FakeMultipart.complete

    def complete(multipart: Any, body: Iterable[tuple[int, str]]) -> Any:
        named = list(body)
        parts = [multipart.parts.get(number) for number, _ in named]
        if not parts or not all(isinstance(part, Copied) for part in parts):
            return theirs(multipart, iter(named))
        if [part.etag.strip('"') for part in parts] != [etag.strip('"') for _, etag in named]:
            raise InvalidPart
        # Not the MD5 of MD5s: the MD5 of a part of a copy is not known.
        return b"".join(part.value for part in parts), f"{uuid.uuid4().hex}-{len(parts)}", None

    def upload_part_copy(
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
        multipart = backend.get_bucket(dest_bucket_name).multiparts[multipart_id]
        source = backend.get_object(src_bucket_name, src_key_name, version_id=src_version_id)
        part = multipart.set_part(part_id, b"")
        part.__class__ = Copied
        start, end = (0, source.size - 1) if start_byte is None else (start_byte, end_byte)
        part.range = (source, start, end - start + 1)
        part.contentsize = end - start + 1
        part._etag = uuid.uuid4().hex
        return part

    for patched, name, method in (
        (FakeKey, "__deepcopy__", listed),
        (FakeKey, "value", property(value.fget, write)),
        (FakeMultipart, "complete", complete),
        (S3Backend, "upload_part_copy", upload_part_copy),
    ):
        setattr(patched, name, method)
