"""The Data API's operations on plain dictionaries (request body in, answer out)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ServiceModel

from infra.local.limits import published
from infra.local.limits.errors import detected
from infra.local.redshift_data.errors import ApiError, invalid
from infra.local.redshift_data.refusals import MAX_STATEMENT_BYTES
from infra.local.redshift_data.results import PAGE_ROWS
from infra.local.redshift_data.statements import TERMINAL, Statement, Statements, Sub

Body = dict[str, Any]


class Api:
    """Operations by name."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements
        self._submitting: dict[str, Callable[[Body, str], Body]] = {
            "ExecuteStatement": self._execute,
            "BatchExecuteStatement": self._batch,
        }
        self._operations: dict[str, Callable[[Body], Body]] = {
            "DescribeStatement": self._describe,
            "GetStatementResult": self._result,
            "ListStatements": self._list,
            "CancelStatement": self._cancel,
        }

    def owner(self, body: Body) -> str | None:
        """Who submitted the statement that the call is about; None if it names none that exists."""
        return self._statements.owner(str(body.get("Id", "")))

    def call(self, operation: str, body: Body, caller: str) -> Body:
        """Run an operation for the caller of that `aws:userid`; raises ApiError."""
        if operation not in self._operations and operation not in self._submitting:
            raise ApiError("UnknownOperationException", f"{operation} is not supported here")
        if faults := published.faults(_model().operation_model(operation), body):
            raise invalid(detected(faults))
        if operation in self._submitting:
            return self._submitting[operation](body, caller)
        return self._operations[operation](body)

    def _execute(self, body: Body, caller: str) -> Body:
        parameters = {p["name"]: p["value"] for p in body.get("Parameters") or []}
        return self._submit(body, [body.get("Sql", "")], parameters, caller, is_batch=False)

    def _batch(self, body: Body, caller: str) -> Body:
        if body.get("Parameters"):
            raise invalid("BatchExecuteStatement takes no parameters")
        return self._submit(body, body["Sqls"], {}, caller, is_batch=True)

    def _submit(
        self,
        body: Body,
        sqls: Sequence[str],
        parameters: Mapping[str, str],
        caller: str,
        *,
        is_batch: bool,
    ) -> Body:
        for sql in sqls:
            if not sql.strip():
                raise invalid("Sql must not be empty")
            if len(sql.encode()) > MAX_STATEMENT_BYTES:
                raise invalid(
                    f"Cannot exceed the maximum query statement size {MAX_STATEMENT_BYTES // 1000}KB"
                )
        statement = self._statements.submit(
            Statement(
                database=_required(body, "Database"),
                workgroup=_required(body, "WorkgroupName"),
                subs=[Sub(sql) for sql in sqls],
                parameters=parameters,
                is_batch=is_batch,
                name=body.get("StatementName", ""),
                owner=caller,
            ),
            body.get("ClientToken"),
        )
        answer = {
            "Id": statement.id,
            "CreatedAt": statement.created,
            "Database": statement.database,
            "WorkgroupName": statement.workgroup,
        }
        if "SecretArn" in body:
            answer["SecretArn"] = body["SecretArn"]
        return answer

    def _describe(self, body: Body) -> Body:
        identifier = _required(body, "Id")
        statement = self._statements.get(identifier)
        if ":" in identifier:
            sub = self._statements.sub(identifier)
            return {**_sub(identifier, sub), "Database": statement.database}
        answer = {
            "Id": statement.id,
            "Status": statement.status,
            "QueryString": statement.subs[0].sql,
            "CreatedAt": statement.created,
            "UpdatedAt": statement.updated,
            "Duration": int(statement.seconds * 1e9),
            "Database": statement.database,
            "WorkgroupName": statement.workgroup,
            "RedshiftPid": statement.pid,
            "RedshiftQueryId": 0,
            **_size(statement.subs[0] if not statement.is_batch else statement.subs[-1]),
        }
        if statement.error:
            answer["Error"] = statement.error
        if statement.is_batch:
            del answer["QueryString"]
            answer["SubStatements"] = [
                _sub(f"{statement.id}:{place}", sub)
                for place, sub in enumerate(statement.subs, start=1)
            ]
        return answer

    def _result(self, body: Body) -> Body:
        identifier = _required(body, "Id")
        statement, sub = self._statements.get(identifier), self._statements.sub(identifier)
        if statement.status != "FINISHED":
            raise invalid(
                f"Query is not finished: its state is {statement.status}."
                if statement.status not in TERMINAL
                else "Query does not have result. Please check query status with DescribeStatement."
            )
        if not sub.outcome.has_result_set:
            raise ApiError(
                "ResourceNotFoundException",
                "Query does not have result. Please check query status with DescribeStatement.",
            )
        start = _from_token(body.get("NextToken"))
        records = sub.outcome.records
        answer = {
            "ColumnMetadata": sub.outcome.columns,
            "Records": records[start : start + PAGE_ROWS],
            "TotalNumRows": len(records),
        }
        if start + PAGE_ROWS < len(records):
            answer["NextToken"] = _token(start + PAGE_ROWS)
        return answer

    def _list(self, body: Body) -> Body:
        wanted = body.get("Status", "ALL")
        prefix = body.get("StatementName", "")
        found = [
            one
            for one in self._statements.newest_first()
            if wanted in ("ALL", one.status) and one.name.startswith(prefix)
        ]
        start, size = _from_token(body.get("NextToken")), int(body.get("MaxResults") or 100)
        answer: Body = {"Statements": [_summary(one) for one in found[start : start + size]]}
        if start + size < len(found):
            answer["NextToken"] = _token(start + size)
        return answer

    def _cancel(self, body: Body) -> Body:
        self._statements.cancel(_required(body, "Id"))
        return {"Status": True}


@cache
def _model() -> ServiceModel:
    """The API as AWS publishes it."""
    return botocore.session.get_session().get_service_model("redshift-data")


def _required(body: Body, name: str) -> str:
    if not body.get(name):
        raise invalid(f"{name} must be given")
    return str(body[name])


def _size(sub: Sub) -> Body:
    return {
        "HasResultSet": sub.outcome.has_result_set,
        "ResultRows": sub.outcome.rows,
        "ResultSize": 0 if not sub.outcome.has_result_set else len(str(sub.outcome.records)),
    }


def _sub(identifier: str, sub: Sub) -> Body:
    answer = {
        "Id": identifier,
        "Status": sub.status,
        "QueryString": sub.sql,
        "CreatedAt": sub.created,
        "UpdatedAt": sub.updated,
        "Duration": int(sub.seconds * 1e9),
        "RedshiftQueryId": 0,
        **_size(sub),
    }
    if sub.error:
        answer["Error"] = sub.error
    return answer


def _summary(statement: Statement) -> Body:
    answer: Body = {
        "Id": statement.id,
        "Status": statement.status,
        "CreatedAt": statement.created,
        "UpdatedAt": statement.updated,
        "IsBatchStatement": statement.is_batch,
        "StatementName": statement.name,
    }
    if statement.is_batch:
        answer["QueryStrings"] = [sub.sql for sub in statement.subs]
    else:
        answer["QueryString"] = statement.subs[0].sql
    return answer


def _token(place: int) -> str:
    return base64.urlsafe_b64encode(str(place).encode()).decode()


def _from_token(token: str | None) -> int:
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token))
    except ValueError as error:
        raise invalid("NextToken is not one of ours") from error
