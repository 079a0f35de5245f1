"""Examines a file: its packing, format, encoding and layout, in a catalog's terms."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from mallfeed.authoring.suggest.encoding import encoding_of
from mallfeed.authoring.suggest.layout import json_layout, record_tag, sheet_of
from mallfeed.authoring.suggest.sample import opened
from mallfeed.authoring.suggest.separated import separated
from mallfeed.catalog.model import CsvOptions, EpBlocksOptions, FeedSpec, XmlOptions
from mallfeed.errors import Terminal
from mallfeed.feed.bytestream import ByteStream
from mallfeed.feed.formats.xml import declared_encoding

HEAD_BYTES = 4 * 1024 * 1024
"""Uncompressed bytes that are read to determine how the feed is written."""


@dataclass(frozen=True)
class Looked:
    """How a file is written: the format's options in a feed spec, its packing, and why."""

    spec: FeedSpec
    packing: str
    why: tuple[str, ...]


class NotAFeed(Terminal):
    """The file contains nothing that could be records."""


def look(path: Path) -> Looked:
    """How the file is written. Raises NotAFeed, or FeedHeld for a damaged archive."""
    with opened(path, workbook=True) as (packing, content):
        head = content.peek(HEAD_BYTES)
        if not head.strip(b"\0 \r\n\t\xef\xbb\xbf"):
            raise NotAFeed(
                f"{path.name} is empty, so nothing can be said about it. Choose a file with products."
            )
        if head[:4] == b"PAR1":
            return Looked(FeedSpec(format="parquet"), packing, ("it begins with PAR1",))
        if head[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
            options, why = _workbook(content, path.name)
            return Looked(FeedSpec(format="xlsx", xlsx=options), packing, (why,))
        return _text(head, content, path.name, packing)


def _text(head: bytes, content: ByteStream, name: str, packing: str) -> Looked:
    label, told = encoding_of(head)
    why = [f"{label}: {told}"]
    text = head.decode(label, "ignore").lstrip("\ufeff")
    start = text.lstrip()[:2000]
    if len(head) == HEAD_BYTES:
        head = head[: head.rfind(b"\n") + 1] or head
        text = text[: text.rfind("\n") + 1] or text
    if re.search(r"<<<\s*begin\s*>>>", text[:100_000], re.IGNORECASE):
        spec = FeedSpec(format="ep_blocks", ep_blocks=EpBlocksOptions(encoding=label))
        return Looked(spec, packing, (*why, "<<<begin>>> opens each product"))
    if start[:1] == "<":
        return Looked(*_xml(head, content, name, packing))
    if re.match(r'\[\s*[{\]]|\{\s*["}]', start):
        options, found = json_layout(text.encode(), "utf-8", len(head) < HEAD_BYTES)
        spec = FeedSpec.model_validate(
            {"format": "json", "json": options.model_copy(update={"encoding": label})}
        )
        return Looked(spec, packing, (*why, found))
    cells = separated(text, label)
    if cells is None:
        raise NotAFeed(
            f"{name}: no separator splits its lines into columns, and it is neither JSON, XML, EP blocks, "
            "Parquet nor a workbook. Is it a product feed?"
        )
    return Looked(
        FeedSpec(format="csv", csv=_named(cells.options, cells.records)),
        packing,
        (*why, *cells.why),
    )


def _named(options: CsvOptions, records: tuple[tuple[str, ...], ...]) -> CsvOptions:
    if options.header:
        return options
    width = len(records[0])
    return options.model_copy(update={"columns": tuple(f"column_{n}" for n in range(1, width + 1))})


def _xml(
    head: bytes, content: ByteStream, name: str, packing: str
) -> tuple[FeedSpec, str, tuple[str, ...]]:
    found = record_tag(head)
    if found is None:
        raise NotAFeed(f"{name} is XML (or HTML) without a repeated element that contains others.")
    spec = FeedSpec(format="xml", xml=XmlOptions(record_tag=found[0]))
    return spec, packing, (f"{declared_encoding(content)}: as the document says", found[1])


def _workbook(content: ByteStream, name: str) -> tuple[Any, str]:
    with tempfile.TemporaryFile() as file:
        for chunk in content.chunks():
            file.write(chunk)
        try:
            return sheet_of(cast(Any, file))
        except Exception as error:
            raise NotAFeed(f"{name} is a workbook that cannot be read ({error}).") from error
