"""The refusal of a file that is of another kind than the catalog says, named for what it is."""

from __future__ import annotations

from mallfeed.errors import FeedHeld
from mallfeed.formats.format import Format
from mallfeed.reading.bytestream import ByteStream
from mallfeed.reading.signatures import Content, beginning_of, content_of, is_text, page_title


def refuse_foreign(content: ByteStream, row: Format, name: str) -> None:
    """Raises FeedHeld `not_the_format` or `encrypted_archive` where the bytes are nothing for the format's reader.
    `content` is what is packed in the file; none of it is taken.
    """
    head = beginning_of(content)
    found = content_of(head)
    if found is not None and found.key not in row.takes:
        raise foreign(found, name, f"where the catalog says `format: {row.name}`", page_title(head))
    if found is None and row.look is not None and row.look.magic and is_text(head):
        begins = " ".join(head[:40].decode("utf-8", "replace").split())
        raise FeedHeld(
            "not_the_format",
            f"{name} is plain text (it begins with {begins!r}), where the catalog says `format: "
            f"{row.name}`. Save it as {row.title_en}, or agree on a new catalog version whose format fits.",
        )


def foreign(found: Content, name: str, instead: str, title: str = "") -> FeedHeld:
    """The hold of a file that is something else, with what to send; `instead` says of what."""
    titled = {
        "html": f"{found.title} titled {title!r}",
        "error_answer": f"{found.title}, {title!r}",
    }
    called = titled.get(found.key, found.title) if title else found.title
    return FeedHeld(
        "encrypted_archive" if found.is_locked else "not_the_format",
        f"{name} is {called}, {instead}. {found.advice}",
        {"is": found.key},
    )
