"""Feeds and raw frames as files on this machine."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO


class LocalFile:
    """`SourcePart` of a file on this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = path.name
        self.size_bytes = path.stat().st_size

    def open(self) -> BinaryIO:
        """A stream of its bytes."""
        return self._path.open("rb")


class LocalFiles:
    """`FeedSource` of files on this machine, in the order given."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._parts = [LocalFile(path) for path in paths]

    def parts(self) -> Sequence[LocalFile]:
        """The parts."""
        return self._parts


class LocalParts:
    """`PartSink` that moves finished parts into a folder; URIs are paths."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, path: Path, index: int) -> str:
        """Move it there."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return str(shutil.move(path, self._folder / f"part-{index:05d}.parquet"))
