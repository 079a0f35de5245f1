"""docs/platforms.md: how catalogs extend platforms, which there are, and the keys of one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from infra.paths import CHECKOUT
from mallfeed.authoring.platform_files import platforms_of
from mallfeed.catalog.platform import PlatformHead
from scripts.docs.catalogs import doc_of, table_of


def page() -> str:
    """The whole page."""
    head = Path(__file__).with_name("platforms_head.md").read_text("utf-8")
    return head + "\n".join(_sections()) + "\n"


def _sections() -> Iterator[str]:
    yield "## Platforms that there are\n"
    yield "| version | known by its columns | left to malls | after |\n|---|---|---|---|"
    platforms = platforms_of(CHECKOUT / "catalogs")
    for reference in sorted(platforms.known()):
        head = platforms.platform(reference).head
        columns = ", ".join(f"`{column}`" for column in head.recognised_by)
        left = ", ".join(f"`{field}`" for field in head.left_to_malls)
        sources = "; ".join(_link(source) for source in head.source)
        yield f"| `{reference}` | {columns} | {left} | {sources} |"
    yield (
        "\nEach has a sample beside it, which tests load and search for: rows of our own, in the columns of the public form or "
        "document named here. There is none of MakeShop: no public description of its export of products was found, so that "
        "its malls have catalogs of their own.\n"
    )
    yield f"## Keys of a platform\n\n{doc_of(PlatformHead)}\n"
    yield from table_of(PlatformHead.model_fields.items())


def _link(source: str) -> str:
    """An address as one, with what is said of it behind it."""
    address, _, note = source.partition(" ")
    return f"<{address}>{f' {note}' if note else ''}"
