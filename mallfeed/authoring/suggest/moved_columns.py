"""What a platform says of columns that a file has under another name, said of those."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mallfeed.authoring.suggest.recognise import Recognised
from mallfeed.authoring.suggest.sql_names import quoted
from mallfeed.authoring.suggest.suggested_field import MEDIUM, FoundField
from mallfeed.catalog.raw_catalog import mapping_at
from mallfeed.kinds.sql.expression import columns_of

_TOKEN = re.compile(r"'(?:[^'\\]|\\.|'')*'|`((?:[^`]|``)*)`|([^\W\d]\w*)(?!\w|\s*\()", re.DOTALL)
"""Of an expression: a text, a column in backticks, a word that calls no function."""


def moved(sql: str, names: Mapping[str, str]) -> str:
    """The expression with columns under their new names."""

    def put(found: re.Match[str]) -> str:
        name = (found[1] or "").replace("``", "`") or found[2]
        return quoted(names[name]) if name in names else found[0]

    return _TOKEN.sub(put, sql)


def moved_field(name: str, seen: Recognised, feed: str) -> FoundField | None:
    """The platform's field, read from the columns in which the file seems to have it; None where one is not there."""
    data = seen.platform.data
    written = {**mapping_at(dict(data), "fields"), **mapping_at(data["feeds"][feed], "fields")}[
        name
    ]
    options = dict(written) if isinstance(written, Mapping) else {"from": written}
    sql = options.get("sql")
    read = columns_of(sql) if isinstance(sql, str) else _listed(options.pop("from", ()))
    if not set(read) & set(seen.lacking) <= seen.renamed.keys():
        return None
    if isinstance(sql, str):
        options["sql"] = moved(sql, seen.renamed)
    sources = tuple(seen.renamed.get(column, column) for column in read)
    return FoundField(name, sources, MEDIUM, "a name alike", options)


def moved_inherit(seen: Recognised, feed: str) -> dict[str, Any] | None:
    """The platform's `inherit` without the columns that the file lacks; None where it holds as it is."""
    written = mapping_at(seen.platform.data["feeds"][feed], "inherit")
    out = {key: _moved_value(key, value, seen) for key, value in written.items()}
    out = {key: value for key, value in out.items() if value is not None}
    return None if out == written else out


def _moved_value(key: str, value: Any, seen: Recognised) -> Any:
    if key == "takes_along":
        return value  # names of rules
    if key == "product":
        is_there = set(columns_of(value)) & set(seen.lacking) <= seen.renamed.keys()
        return moved(value, seen.renamed) if is_there else None
    if isinstance(value, Mapping):
        return {inner: _moved_value(inner, one, seen) for inner, one in value.items()}
    if isinstance(value, str):
        return seen.renamed.get(value, value)
    if isinstance(value, Sequence):
        there = [
            one
            for one in value
            if key == "variant" or one not in seen.lacking or one in seen.renamed
        ]
        return [seen.renamed.get(one, one) for one in there]
    return value


def _listed(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
