"""Paths on their way to Spark and Java, which take them apart: as words, lists, patterns, URIs, bytes.

A checkout, a cache or a folder for temporary files may lie anywhere, say in `바탕 화면/mallfeed (1)`. What
cannot be passed on in any way (a colon, a comma) is refused by `make setup`.
"""

from __future__ import annotations

import locale
import re
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path

_PATTERN = re.compile(r"[\\*?\[\]{}]")
_UTF_8 = {"LC_ALL": "C.UTF-8"}


def java_option(option: str) -> str:
    """The option as one word of `spark.driver.extraJavaOptions`, which is split as a shell splits."""
    return shlex.quote(option)


def exactly(path: str) -> str:
    """The path for a reader of Spark's, which looks for wildcards in it (Hadoop's `globStatus`)."""
    return _PATTERN.sub(r"\\\g<0>", path)


def on_class_path(jars: Iterable[Path]) -> dict[str, str]:
    """The variable by which Spark's launcher puts these jars at the end of Java's class path.

    Not `spark.jars`: its URIs are taken apart and put together again on their way, which no `[` and no
    comma survives. At the end, so that an archive of the classes before them stays valid.
    """
    return {"SPARK_DIST_CLASSPATH": ":".join(str(jar.absolute()) for jar in jars)}


def properties(settings: Mapping[str, str]) -> str:
    """The settings as a file for `--properties-file`: Java's format, in UTF-8.

    A value keeps its blanks within, not those around it: Spark trims it.
    """
    return "".join(f"{key}={_in_properties(value)}\n" for key, value in settings.items())


def utf8_names() -> dict[str, str]:
    """Variables for a Java that is started from here, so that it takes file names as UTF-8.

    In the locale `C` it would open no file with a Korean name. None where the user's locale does it.
    """
    return {} if locale.getencoding().upper() == "UTF-8" else dict(_UTF_8)


def _in_properties(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
