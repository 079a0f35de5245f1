"""Listing versions in moto without copying what the objects hold.

moto answers ListObjectVersions from deep copies of every version in the bucket, contents and all:
with 200 feeds put at once its memory grew to 20 GB. A copy made for a listing shares the contents.
"""

from __future__ import annotations

from typing import Any


def install() -> None:
    """Patch moto; called in its process, see infra.local.aws."""
    from moto.s3.models import FakeKey

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
