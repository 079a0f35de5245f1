"""Examines a file: its packing, format, encoding and layout, in a catalog's terms."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from pkgutil import resolve_name

from mallfeed.authoring.suggest.encoding import TextEncoding, encoding_of
from mallfeed.authoring.suggest.header import KnownNames
from mallfeed.authoring.suggest.sample import opened
from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.formats.foreign import foreign
from mallfeed.formats.format import Format
from mallfeed.formats.looking import Beginning, NotAFeed, Written
from mallfeed.formats.registry import FORMATS
from mallfeed.reading.bytestream import ByteStream
from mallfeed.reading.decode import utf16_without_mark
from mallfeed.reading.nothing import nothing_in, zeros_at_end
from mallfeed.reading.signatures import Content, beginning_of, content_of, page_title

HEAD_BYTES = 4 * 1024 * 1024
"""Uncompressed bytes that are read to determine how the feed is written."""


@dataclass(frozen=True)
class Looked:
    """How a file is written: the format's options in a feed spec, its packing, and why; how many NUL bytes stand behind a
    text's end, as far as was looked; the encoding that was found for it, where the format has one and nothing declares it."""

    spec: FeedSpec
    packing: str
    why: tuple[str, ...]
    zeros: int = 0
    encoding: TextEncoding | None = None


def look(path: Path) -> Looked:
    """How the file is written. Raises NotAFeed, or FeedHeld for a damaged archive and what is no feed."""
    with opened(path) as (packing, content, work):
        head = content.peek(HEAD_BYTES)
        if nothing := nothing_in(content):
            packed = f" is packed ({packing}), and what is in it" if packing != "none" else ""
            raise NotAFeed(f"{path.name}{packed} {nothing}. Choose a file with products.")
        _refuse_no_feed(content, path.name)
        whole = len(head) < HEAD_BYTES
        file = Beginning(path.name, head, whole, content, KnownNames(), work=work)
        for row, found, encoding in _tried(file):
            if found is not None:
                is_text = row.look is not None and not row.look.magic
                zeros = _zeros(path, head, whole, packing) if is_text else 0
                taken = getattr(found.options, "encoding", None)
                chosen = encoding if encoding is not None and taken == encoding.label else None
                return Looked(_spec(row, found), packing, found.why, zeros, chosen)
    known = [name for name, row in FORMATS.items() if row.look]
    raise NotAFeed(
        f"{path.name}: no separator splits its lines into columns, and nothing marks it as another of "
        f"the formats that can be recognised ({', '.join(known)}). Is it a product feed?"
    )


def _refuse_no_feed(content: ByteStream, name: str) -> None:
    """Raises FeedHeld for what none of the formats takes, under its name."""
    head = beginning_of(content)
    found = content_of(head)
    if found is not None and not any(found.key in row.takes for row in FORMATS.values()):
        why = "so that nobody can read it" if found.is_locked else "which is no format of a feed"
        raise foreign(found, name, why, page_title(head))


def _tried(file: Beginning) -> Iterator[tuple[Format, Written | None, TextEncoding | None]]:
    """What each format says of the file: of text, in its encoding, only where no magic bytes tell what it is."""
    content = content_of(beginning_of(file.content))
    by_magic = [row for row in FORMATS.values() if row.look and _is_marked(row, file.head, content)]
    encoding = None
    if not by_magic:
        encoding = encoding_of(file.head)
        file = _as_text(file, encoding)
        of_text = [row for row in FORMATS.values() if row.look and not row.look.magic]
        by_magic = sorted(of_text, key=lambda row: row.look is not None and row.look.by_shape)
    for row in by_magic:
        assert row.look is not None
        yield row, resolve_name(row.look.function)(file), encoding


def _is_marked(row: Format, head: bytes, content: Content | None) -> bool:
    """Whether the format is none of text, and the bytes or what they are show it."""
    if row.look is None or not row.look.magic:
        return False
    return head.startswith(row.look.magic) or (content is not None and content.key in row.takes)


def _as_text(file: Beginning, encoding: TextEncoding) -> Beginning:
    """Decoded; of a file that goes on behind what was looked at, whole lines."""
    label, told = encoding.label, encoding.why
    head, text = file.head, file.head.decode(_codec(label, file.head), "ignore").lstrip("\ufeff")
    if file.is_whole:
        text = text.rstrip("\0")
    if not file.is_whole:
        head = head[: head.rfind(b"\n") + 1] or head
        text = text[: text.rfind("\n") + 1] or text
    return replace(file, head=head, encoding=label, encoding_why=f"{label}: {told}", text=text)


def _zeros(path: Path, head: bytes, whole: bool, packing: str) -> int:
    """NUL bytes at the end of what was looked at, or of a longer file that is not packed."""
    if whole or packing != "none":
        return zeros_at_end(head) if whole else 0
    with path.open("rb") as file:
        file.seek(-min(HEAD_BYTES, path.stat().st_size), 2)
        return zeros_at_end(file.read())


def _spec(row: Format, found: Written) -> FeedSpec:
    options = {} if found.options is None else {row.name: found.options}
    return FeedSpec.model_validate({"format": row.name, **options})


def _codec(label: str, head: bytes) -> str:
    """Python's, which takes UTF-16 without a mark for this machine's own."""
    is_marked = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return utf16_without_mark(head) if label == "utf-16" and not is_marked else label
