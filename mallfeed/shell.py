"""Commands in messages, to be pasted into a shell: names of files and what malls call things are words of them."""

from __future__ import annotations

import shlex
from pathlib import Path

from mallfeed.visible import visible_line


def command(start: str, *words: object) -> str:
    """`start`, a command as it is, and `words`, each as one word of a shell, whatever is in it.

    A Path that begins with `-` gets `./` before it, so that no command takes it for an option."""
    return " ".join((start, *map(word, words)))


def word(value: object) -> str:
    r"""The value as one word of a POSIX shell: itself, `'in quotes'`, or `$'\x1b'` where characters act or hide.

    Those are written as the bytes of UTF-8 (bash, zsh, ksh and POSIX of 2024 read them), so that the whole command
    stays in one line and passes `mallfeed.visible` unchanged."""
    text = str(value)
    if isinstance(value, Path) and text.startswith("-"):
        text = f"./{text}"
    if visible_line(text) != text:
        return f"$'{''.join(map(_escaped, text))}'"
    # zsh takes `=ls` for the path of `ls`, which shlex does not know.
    return f"'{text}'" if text.startswith("=") and shlex.quote(text) == text else shlex.quote(text)


def _escaped(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    if visible_line(character) == character:
        return character
    # A name that is no UTF-8 has its bytes as surrogates (os.fsdecode).
    how = "surrogateescape" if "\udc80" <= character <= "\udcff" else "surrogatepass"
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", how))
