"""Names of folders: which cannot be used, whatever is quoted, and how programs are to read the others."""

from __future__ import annotations

import locale
import os
from pathlib import Path

from steps import SetupFailed

TAKEN_APART = {
    ":": "divides search paths, Java's and the shell's",
    ",": "divides Spark's and OpenSearch's lists of folders",
    "$": "begins a variable for setuptools",
    "{": "begins a variable for setuptools",
    "}": "ends a variable for setuptools",
    '"': "ends the name for PostgreSQL's initdb",
    "`": "begins a command for PostgreSQL's initdb",
    "\\": "hides the next letter from PostgreSQL's initdb",
    "\n": "ends the line of a settings file",
    "!/": "ends the name of a jar for Java",
}
"""What some tool on the way takes apart, so that it would look elsewhere or fail far from the cause."""


def check(folder: Path, what: str) -> None:
    """Raises SetupFailed where the folder cannot be used because of its name."""
    found = [sign for sign in TAKEN_APART if sign in f"{folder}/"]
    if found:
        why = "; ".join(f"{sign!r} {TAKEN_APART[sign]}" for sign in found)
        raise SetupFailed(f"{what} {str(folder)!r} needs another name or place: {why}")


def read_as_utf_8() -> None:
    """Set a locale for what set-up starts: in `C`, Java opens no file with a Korean name."""
    if locale.getencoding().upper() != "UTF-8":
        os.environ["LC_ALL"] = "C.UTF-8"
