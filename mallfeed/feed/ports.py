"""What preparing reads from and writes to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Protocol


class SourcePart(Protocol):
    """One object of a feed."""

    name: str
    size_bytes: int

    def open(self) -> BinaryIO:
        """A stream of its bytes."""


class FeedSource(Protocol):
    """The parts of a feed, in feed order."""

    def parts(self) -> Sequence[SourcePart]:
        """The parts."""


class PartSink(Protocol):
    """Takes finished Parquet files of the raw frame."""

    def put(self, path: Path, index: int) -> str:
        """Keep the local file; returns its URI."""
