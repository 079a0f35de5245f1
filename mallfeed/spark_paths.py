"""Paths for Spark and Java, which interpret them: as shell words, lists, patterns, URIs or bytes.

A checkout, a cache or a temporary folder may have any path, such as `바탕 화면/mallfeed (1)`. Characters that
cannot be passed on in any way (a colon, a comma) are refused by `make setup`.
"""

from __future__ import annotations

import locale
import re
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path

NO_FOLDER = "/nonexistent"
"""SPARK_CONF_DIR of what Spark starts here: that folder is on the class path, where Java allows no
folder beside an archive of classes."""
_PATTERN = re.compile(r"[\\*?\[\]{}]")
_UTF_8 = {"LC_ALL": "C.UTF-8"}


def java_option(option: str) -> str:
    """The option as one word of `spark.driver.extraJavaOptions`, which is split like a shell command."""
    return shlex.quote(option)


def exactly(path: str) -> str:
    """The path for one of Spark's readers, which look for wildcards in it (Hadoop's `globStatus`)."""
    return _PATTERN.sub(r"\\\g<0>", path)


def on_class_path(jars: Iterable[Path]) -> dict[str, str]:
    """The variable by which Spark's launcher puts these jars at the end of Java's class path.

    `spark.jars` is not used, because its URIs are parsed and rebuilt on their way, which no `[` and no comma
    survives. The jars come last, so that an archive of the classes before them stays valid.
    """
    return {"SPARK_DIST_CLASSPATH": ":".join(str(jar.absolute()) for jar in jars)}


def properties(settings: Mapping[str, str]) -> str:
    """The settings as a file for `--properties-file`: Java's format, in UTF-8.

    A value keeps blanks within it, but not around it, because Spark trims it.
    """
    return "".join(f"{key}={_in_properties(value)}\n" for key, value in settings.items())


def utf8_names() -> dict[str, str]:
    """Variables for a Java that is started from here, so that it takes file names as UTF-8.

    In the locale `C` it could not open a file with a Korean name. Empty if the user's locale is UTF-8.
    """
    return {} if locale.getencoding().upper() == "UTF-8" else dict(_UTF_8)


def _in_properties(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
