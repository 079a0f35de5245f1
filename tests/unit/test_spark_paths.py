"""Paths on their way to Spark and Java: whatever they are called, they arrive whole."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.glue_arguments import spark_submit_arguments
from mallfeed.spark_paths import exactly, java_option, on_class_path, properties

ODD = ("/home/김/mall feed (1)", "/a/it's 50% #2", "/a/[client] & co", "/a/~x+y=z;", "/plain")


@pytest.mark.parametrize("folder", ODD)
def test_a_java_option_is_one_word_among_others(folder: str) -> None:
    option = f"-Dlog4j2.configurationFile={folder}/log4j2.properties"
    assert shlex.split(f"-Xss4m {java_option(option)} -Xmx1g") == ["-Xss4m", option, "-Xmx1g"]


@pytest.mark.parametrize("folder", ODD)
def test_submit_arguments_name_the_properties_file_whole(folder: str) -> None:
    file = Path(folder) / "spark-defaults.conf"
    given = spark_submit_arguments({"--conf": "spark.a=1 --conf spark.b=2"}, file)
    named = ["--properties-file", str(file)]
    conf = ["--conf", "spark.a=1", "--conf", "spark.b=2"]
    assert shlex.split(given) == [*named, *conf, "pyspark-shell"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/tmp/[1] 한글/x", r"/tmp/\[1\] 한글/x"),
        ("/tmp/{a}*?/x", r"/tmp/\{a\}\*\?/x"),
        ("s3://lake/staging/hanbit_mart-1e27/part-00000.parquet",) * 2,
    ],
)
def test_wildcards_in_a_name_are_hidden_from_a_reader(path: str, expected: str) -> None:
    assert exactly(path) == expected
    assert re.sub(r"\\(.)", r"\1", expected) == path


def test_settings_go_into_a_properties_file_line_by_line() -> None:
    written = properties({"spark.a": "= x: y", "spark.b": "'-Dx=한글 1'", "spark.c": "a\\b\nc"})
    assert written == "spark.a== x: y\nspark.b='-Dx=한글 1'\nspark.c=a\\\\b\\nc\n"


def test_jars_are_named_from_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = on_class_path([Path("a 1.jar"), Path("/x/[b].jar")])
    assert found == {"SPARK_DIST_CLASSPATH": f"{tmp_path}/a 1.jar:/x/[b].jar"}


@pytest.mark.parametrize(
    ("locale", "expected"),
    [({"LC_ALL": "C"}, {"LC_ALL": "C.UTF-8"}), ({"LANG": "C"}, {}), ({"LC_ALL": "C.UTF-8"}, {})],
)
def test_java_is_given_a_locale_only_where_the_users_does_not_do(
    locale: dict[str, str], expected: dict[str, str]
) -> None:
    """Python itself mends `LANG=C`, for what it starts too (PEP 538), but not `LC_ALL=C`."""
    kept = {name: value for name, value in os.environ.items() if name[:3] not in ("LAN", "LC_")}
    program = "from mallfeed.spark_paths import utf8_names; print(utf8_names())"
    told = subprocess.check_output([sys.executable, "-c", program], env={**kept, **locale})
    assert told.decode().strip() == str(expected)
