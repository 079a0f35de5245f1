"""One part of a feed, open, as a format's reader takes it."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, MutableMapping, Sequence
from typing import IO, TypeVar

from mallfeed.errors import FeedHeld
from mallfeed.reading.budget import Work, unlimited
from mallfeed.reading.bytestream import ByteStream
from mallfeed.reading.decode import decoded
from mallfeed.reading.decode_utf8 import decoded_to_utf8
from mallfeed.reading.read_ahead import ahead
from mallfeed.reading.units import Units
from mallfeed.reading.wanted import Wanted

T = TypeVar("T")


class OpenPart:
    """The part's bytes, unpacked, and what is known of the feed.

    Attributes
    ----------
    content : its bytes
    name : for messages
    wanted : the columns that must be yielded
    known : columns of the feed's first part; None = this is the first
    label : stands before each row number, where the feed has several parts (`name:`)
    facts : what was found by looking, for the report; readers add to it
    work : what reading the feed may cost, and has; readers count in it what its bytes do not bound
    """

    def __init__(
        self,
        content: ByteStream,
        name: str,
        wanted: Wanted,
        open_files: contextlib.ExitStack,
        known: Sequence[str] | None = None,
        label: str = "",
        facts: MutableMapping[str, str] | None = None,
        work: Work | None = None,
    ) -> None:
        self.content = content
        self.name = name
        self.wanted = wanted
        self.known = known
        self.label = label
        self.facts = {} if facts is None else facts
        self.work = work or unlimited()
        self._open_files = open_files

    def text(self, encoding: str, units: Units | None = None) -> Iterator[str]:
        """Its text in pieces, of an encoding as a catalog names it (a byte order mark wins).

        With `units`, single ones of a UTF-8 text may be in another encoding, and are noted there before they come.

        Raises FeedHeld `undecodable`, `truncated`, also while the text is taken.
        """
        if units is not None:
            _, pieces = self.utf8(encoding, units)
            return (piece.decode("utf-8", "surrogatepass") for piece in pieces)
        self.facts["encoding"], text = decoded(self.content, encoding, self.name)
        return text

    def utf8(self, encoding: str, units: Units | None = None) -> tuple[str, Iterator[bytes]]:
        """The encoding found, and the text as UTF-8; takes and raises what `text` does."""
        self.facts["encoding"], pieces = decoded_to_utf8(self.content, encoding, self.name, units)
        return self.facts["encoding"], pieces

    def file(self) -> IO[bytes]:
        """All of it as a file that can be read anywhere."""
        spooled = self._open_files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        for chunk in self.content.chunks():
            spooled.write(chunk)
        spooled.seek(0)
        return spooled

    def ahead(self, items: Iterator[T], most: int) -> Iterator[T]:
        """The items from a thread, which ends before what was opened earlier is closed."""
        return self._open_files.enter_context(contextlib.closing(ahead(items, most)))

    def refuse_other_columns(self, columns: Sequence[str]) -> None:
        """Raises FeedHeld `drift` where the first part has others; their order does not matter."""
        if self.known is None or set(self.known) == set(columns):
            return
        raise FeedHeld(
            "drift",
            f"{self.name} has other columns than the first part of the feed. Missing: "
            f"{', '.join(c for c in self.known if c not in columns) or 'none'}; unexpected: "
            f"{', '.join(c for c in columns if c not in self.known) or 'none'}. Nothing was loaded; "
            "each part needs the same header.",
        )
