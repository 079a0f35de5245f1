"""Why a statement failed: because of another load, the data, or the warehouse itself.

RULES is the one table for all of these. Any failure that is not in it is a problem of the warehouse and is
retried: a mall is never blamed for a full disk. The example beside each pattern is a message of Redshift,
or after `PG`, of the PostgreSQL that stands in for it locally.

Not in the table, and so problems of the warehouse:

- `Query (150) cancelled on user's request`, `Query cancelled by WLM abort action of Query Monitoring Rule "x"`
- `Disk Full`, `permission denied for relation products`, `connection to server was lost`
- `Spectrum Scan Error code: 15001 context: Forbidden: HTTP response error code: 403 Message: AccessDenied`
- `S3 Query Exception (Fetch) code: 15001 context: … HTTP response error code: 503 Message: SlowDown`
- `S3Query Exception Connection failed, retries exceeded. code: 15005`
- `File … has an unsupported compression codec`: caused by how we write, and so the same for every mall

Sources: Redshift's developer guide (serializable isolation, load error reference, COPY from columnar
formats); messages as quoted by its users (aws/amazon-redshift-python-driver#107,
rudderlabs/rudder-server#3178, harrystech/arthur-redshift-etl#134).
"""

from __future__ import annotations

import re

from mallfeed.sinks.sql.verdict import Verdict

RULES: tuple[tuple[Verdict, str, str], ...] = (
    (Verdict.CONFLICT, r"serializ", "1023 DETAIL: Serializable isolation violation on table - 114263"),
    (Verdict.CONFLICT, r"error: *10(18|23)\b", "ERROR: 1018 DETAIL: Relation does not exist"),
    (Verdict.CONFLICT, r"could not complete because of conflict",
     "could not complete because of conflict with concurrent transaction"),
    (Verdict.CONFLICT, r"deadlock", "deadlock detected"),
    (Verdict.DATA, r"value too long for (character )?type",
     "Value too long for character type; PG: value too long for type character varying(9)"),
    (Verdict.DATA, r"longer than the length defined",
     "Spectrum Scan Error code: 15007 context: The length of the data column title is longer than the "
     "length defined in the table. Table: 1200, Data: 1203"),
    (Verdict.DATA, r"incompatible parquet s",  # Redshift cuts the text off in the middle of `schema`
     "Spectrum Scan Error code: 15007 context: File 'https://…/part-0.parquet' has an incompatible Parquet s"),
    (Verdict.DATA, r"unmatched number of columns",
     "Spectrum Scan Error code: 15007 context: Unmatched number of columns between table and file."),
    (Verdict.DATA, r"numeric (data|field) overflow",
     "Numeric data overflow (result precision); PG: numeric field overflow"),
    (Verdict.DATA, r"(integer|smallint|bigint|value|type \w+) out of range|out of range for",
     "Value out of range for 4 bytes; PG: integer out of range"),
    (Verdict.DATA, r"invalid input syntax|invalid digit|invalid (date|timestamp|boolean) ",
     "Invalid digit, Value 'a', Pos 0, Type: Integer; PG: invalid input syntax for type integer: \"a\""),
    (Verdict.DATA, r"json parsing error|invalid json|invalid input value for super|size of super|super value exceeds",
     "JSON parsing error; PG (wrong syntax for type json): see `invalid input syntax`"),
    (Verdict.DATA, r"invalid or unsupported utf8|invalid byte sequence",
     "String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: ed a0 80 (error 4)"),
    (Verdict.DATA, r"cannot insert a null value|violates not-null constraint",
     'Cannot insert a NULL value into column title; PG: null value in column "title" of relation '
     '"products" violates not-null constraint'),
    (Verdict.DATA, r"multiple matches to update the same tuple",
     "Found multiple matches to update the same tuple."),
)  # fmt: skip
"""Verdict, pattern (case-insensitive), example. The first pattern that matches decides."""

_COMPILED = [(verdict, re.compile(pattern, re.IGNORECASE)) for verdict, pattern, _ in RULES]


def verdict(error: str, aborted: bool = False) -> Verdict:
    """The meaning of the warehouse's message; `error` must not contain the text of the statement.

    A statement that was `aborted` was cancelled from outside, whatever the message is.
    """
    if not aborted:
        for result, pattern in _COMPILED:
            if pattern.search(error):
                return result
    return Verdict.WAREHOUSE
