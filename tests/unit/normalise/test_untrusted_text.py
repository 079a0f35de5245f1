"""What a mall or a catalog writes is text, whatever it looks like, on the whole way through Spark."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from mallfeed.errors import Terminal
from mallfeed.kinds.sql.expression import check_expression
from mallfeed.normalise.normalise import normalise
from mallfeed.normalise.spark_conf import REQUIRED_SPARK_CONF
from mallfeed.product.record import PRODUCT
from tests.unit.normalise.reading import catalog_reading, read_cells
from tests.unit.normalise.untrusted import COLUMNS, GOOD, catalog, csv, products
from tests.untrusted_texts import TEXTS

NAMES = [f"a{number:03d}" for number, _ in enumerate(TEXTS)]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _column(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def test_columns_are_called_what_the_header_calls_them(spark: SparkSession, tmp_path: Path) -> None:
    made = catalog({"format": "csv", "extra_columns": "attributes"})
    values = [f"value {number}" for number, _ in enumerate(TEXTS)]
    text = csv((*COLUMNS, *TEXTS), (*GOOD, *values))
    rows = products(spark, made, text, tmp_path)
    assert [row["attributes"] for row in rows] == [dict(zip(TEXTS, values, strict=True))] * 2
    assert [row["_row"] for row in rows] == [
        f"{n} ${{env:HOME}} ${{env.HOME}}.csv:4" for n in range(2)
    ]


def test_fields_and_expressions_read_columns_of_any_name(
    spark: SparkSession, tmp_path: Path
) -> None:
    columns = TEXTS
    attributes: dict[str, Any] = {
        name: {"from": column} for name, column in zip(NAMES, columns, strict=True)
    }
    for name, column in zip(NAMES, columns, strict=True):
        sql = f"concat('<', {_column(column)})"
        assert check_expression(sql, columns) == []
        attributes[f"e{name}"] = {"type": "expression", "sql": sql}
    made = catalog({"format": "csv"}, attributes=attributes)
    values = [f"value {number}" for number, _ in enumerate(TEXTS)]
    (row, _) = products(spark, made, csv((*COLUMNS, *columns), (*GOOD, *values)), tmp_path)
    found = row["attributes"]
    assert [found.get(name) for name in NAMES] == values
    assert [found.get(f"e{name}") for name in NAMES] == [f"<{value}" for value in values]


KINDS = {
    "constant": lambda text: {"type": "constant", "value": text},
    "default": lambda text: {"from": "blank", "default": text},
    "literal": lambda text: {"type": "expression", "sql": _quoted(text)},
    "pattern": lambda text: {
        "type": "expression",
        "sql": f"case when {_column(text)} like {_quoted(text)} then {_quoted(text)} end",
    },
    "word": lambda text: {"from": "word", "type": "enum", "values": {"w": text}},
    "blank word": lambda text: {
        "from": "blank",
        "type": "enum",
        "blank": text,
        "values": {text: text},
    },
}
NOT_OF: dict[str, set[str]] = {kind: set() for kind in KINDS} | {
    "pattern": {"\\"},  # LIKE escapes by it
    "blank word": {"\n"},  # no word has one
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_catalog_s_texts_are_what_they_are(
    kind: str, spark: SparkSession, tmp_path: Path
) -> None:
    """Each becomes what a cell that holds the same text becomes."""
    texts = {
        name: text for name, text in zip(NAMES, TEXTS, strict=True) if not NOT_OF[kind] & {*text}
    }
    sent = {f"sent {name}": {"from": text} for name, text in texts.items()}
    said = {name: KINDS[kind](text) for name, text in texts.items()}
    made = catalog({"format": "csv"}, attributes={**sent, **said})
    header = (*COLUMNS, "blank", "word", *texts.values())
    (row, _) = products(spark, made, csv(header, (*GOOD, "", "w", *texts.values())), tmp_path)
    found = row["attributes"]
    cells = {name: found.get(f"sent {name}") for name in texts}
    if kind.endswith("word"):  # a word is no text that is cleaned: it is what the catalog says
        cells = texts
    assert {name: found.get(name) for name in texts} == cells


def test_what_is_told_of_attributes_stays_with_its_attribute(
    spark: SparkSession, tmp_path: Path
) -> None:
    names = ("a\nb\nc", "d", "e\r\nf")
    made = catalog(
        {"format": "csv"}, attributes={name: {"from": name, "type": "integer"} for name in names}
    )
    (row, _) = products(spark, made, csv((*COLUMNS, *names), (*GOOD, "x", "y", "z")), tmp_path)
    told = {fault["field"]: fault["value"] for fault in row["_warnings"]}
    assert told == {"attributes.a b c": "x", "attributes.d": "y", "attributes.e\r f": "z"}


def test_a_delta_s_column_and_words(spark: SparkSession, tmp_path: Path) -> None:
    upserts, deletes = TEXTS[::2], TEXTS[1::2]
    operation = {"from": "${env.HOME}", "upsert": list(upserts), "delete": list(deletes)}
    made = catalog({"format": "csv", "mode": "delta", "operation": operation})
    records = [(text, str(number), *GOOD[1:]) for number, text in enumerate(TEXTS)]
    rows = products(spark, made, csv(("${env.HOME}", *COLUMNS), *records), tmp_path)[: len(TEXTS)]
    assert [row["op"] for row in rows] == ["U" if text in upserts else "D" for text in TEXTS]
    assert [row["_rejects"] for row in rows if row["_rejects"]] == []


def test_paths_into_json(spark: SparkSession, tmp_path: Path) -> None:
    names = ["${env:HOME}", "${env.HOME}", "it's", "tick`tock", "{0}", "?", ":name"]
    in_cell = {f"c{n}": {"from": "json", "type": "json_path", "path": f"$['{name}']"}
               for n, name in enumerate(names) if not {"'", "?"} & {*name}}  # fmt: skip
    dotted = {f"d{n}": {"from": f"deep.{name}"} for n, name in enumerate(names) if "." not in name}
    options = {"layout": "array", "records_path": "${env:HOME}.${user}"}
    made = catalog({"format": "json", "json": options}, attributes={**in_cell, **dotted})
    record = dict(zip(COLUMNS, GOOD, strict=True))
    inner = {name: f"value of {name}" for name in names}
    record |= {"json": json.dumps(inner), "deep": inner}  # type: ignore[dict-item]
    text = json.dumps({"${env:HOME}": {"${user}": [record]}})
    (row, _) = products(spark, made, text, tmp_path)
    assert row["attributes"] == {
        key: f"value of {names[int(key[1:])]}" for key in sorted({**in_cell, **dotted})
    }


def test_separators_joints_and_formats(spark: SparkSession, tmp_path: Path) -> None:
    made = catalog(
        {"format": "csv", "csv": {"separator": "$", "quote": "^", "escape": "\\"}},
        fields={
            "category_path": {"from": "category", "separators": "'}\\"},
            "title": {"from": ["title", "more"], "join": "${env:HOME}'"},
            "mall_updated_at": {"from": "at", "formats": ["'it''s ${env:HOME} 'yyyyMMdd", "''\0"]},
        },
        attributes={"'; --": {"from": "more", "type": "bool", "true": ["'${env:HOME}"]}},
    )
    header = "$".join((*COLUMNS, "more", "at"))
    record = "$".join((*GOOD[:4], "^a'b}c\\\\d^", "^'${env:HOME}^", "^it's ${env:HOME} 20261122^"))
    (row, _) = products(spark, made, f"{header}\n{record}\n", tmp_path)
    assert (row["category_path"], row["title"]) == (
        ["a", "b", "c", "d"], "가방${env:HOME}''${env:HOME}",
    )  # fmt: skip
    assert row["mall_updated_at"].isoformat() == "2026-11-21T15:00:00"
    assert row["attributes"] == {"'; --": "true"}


@pytest.mark.parametrize(
    "options",
    [
        {"type": "decimal", "precision": 38, "scale": 0},
        {"type": "decimal", "minimum": -1e300, "maximum": 1e300},
        {"type": "integer", "minimum": -(10**60), "maximum": 10**60},
    ],
)
def test_no_bound_makes_spark_raise(options: dict[str, Any], spark: SparkSession) -> None:
    field = "review_count" if options["type"] == "integer" else "rating"
    (read,) = read_cells(spark, field, ["3"], options)
    assert (float(read.value), read.code) == (3.0, None)


WRONG = {
    "spark.sql.ansi.enabled": "false", "spark.sql.session.timeZone": "Asia/Seoul",
    "spark.sql.caseSensitive": "false", "spark.sql.legacy.timeParserPolicy": "LEGACY",
    "spark.sql.catalog.mallfeed": "org.example.Other",
}  # fmt: skip


@pytest.mark.parametrize("key", REQUIRED_SPARK_CONF)
def test_a_session_that_would_read_something_else_is_refused(key: str, spark: SparkSession) -> None:
    other = spark.newSession()
    for setting, value in REQUIRED_SPARK_CONF.items():
        other.conf.set(setting, value)
    other.conf.set(key, WRONG.get(key, "true"))
    raw = other.createDataFrame([], "_pos bigint, id string")
    with pytest.raises(Terminal, match=f"must not read feeds: {key} is .*, expected .*session"):
        normalise(raw, catalog_reading("title"), "full", PRODUCT)
