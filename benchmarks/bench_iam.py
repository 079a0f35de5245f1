"""What IAM costs each call of the local stack: milliseconds of CPU per call, without network and moto's own work.

Run: `python -m benchmarks.bench_iam`. It judges calls as the stack's jobs make them under the template's own roles.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from infra.local.calls import front
from infra.local.calls.credentials import GLUE
from infra.local.deploy import local_parameters
from infra.local.deploy_template import plain
from infra.local.events_inbox import PATH, Inbox
from infra.local.place import ACCOUNT, CREDENTIALS
from tests.infra.calls.captured import client, environ_of

_CALLS = 2_000
_ENDPOINT = "http://127.0.0.1:9"
_ANSWER = [b"served"]
Environ = dict[str, Any]


def main() -> None:
    """Print a line per kind of call."""
    from moto.iam.models import iam_backends

    resolved = plain({}, _ENDPOINT, usual=local_parameters({}, "r"))
    iam = iam_backends[ACCOUNT]["aws"]
    role = resolved.of("AWS::IAM::Role")["LoadFeedsRole"]
    made = iam.create_role(
        role_name=role["RoleName"],
        assume_role_policy_document=json.dumps(role["AssumeRolePolicyDocument"]),
        path="/", permissions_boundary=None, description="", tags=[], max_session_duration=None,
    )  # fmt: skip
    for policy in role["Policies"]:
        made.put_policy(policy["PolicyName"], json.dumps(policy["PolicyDocument"]))
    inbox = Inbox()
    serve = front.install(inbox.before(_nothing), inbox)
    asked = {"role": made.arn, "by": GLUE, "name": "bench"}
    opened = json.loads(b"".join(serve(_post("assume", asked), _ignore)))["environment"]
    lake = resolved.outputs["LakeBucketName"]
    table = resolved.outputs["LedgerTableName"]
    key = {"pk": {"S": "feed#1"}, "sk": {"S": "feed"}}
    writes = [{"Put": {"TableName": table, "Item": {**key, "n": {"N": str(n)}}}} for n in range(25)]
    kinds: dict[str, tuple[str, Callable[[Any], Any]]] = {
        "S3 GetObject": ("s3", lambda s3: s3.get_object(Bucket=lake, Key="warehouse/products/data/1.parquet")),
        "S3 ListObjectsV2": ("s3", lambda s3: s3.list_objects_v2(Bucket=lake, Prefix="staging/1/")),
        "DynamoDB Query": ("dynamodb", lambda db: db.query(TableName=table, IndexName="open", KeyConditionExpression="o = :o", ExpressionAttributeValues={":o": {"S": "1"}})),
        "DynamoDB TransactWriteItems of 25": ("dynamodb", lambda db: db.transact_write_items(TransactItems=writes)),
        "Glue GetTable": ("glue", lambda glue: glue.get_table(DatabaseName="mallfeed", Name="products")),
        "SSM GetParametersByPath": ("ssm", lambda ssm: ssm.get_parameters_by_path(Path="/mallfeed", Recursive=True)),
    }  # fmt: skip
    for name, (service, call) in kinds.items():
        environ = _signed_by(opened, environ_of(partial(call, client(service))))
        assert list(serve(_copy(environ), _ignore)) == _ANSWER, name
        for caller, session in (("role", opened), ("operator", CREDENTIALS)):
            copies = [_copy(_signed_by(session, _copy(environ))) for _ in range(_CALLS)]
            start = time.thread_time()
            for one in copies:
                list(serve(one, _ignore))
            print(f"{name:36}{caller:10}{(time.thread_time() - start) / _CALLS * 1000:8.3f} ms")


def _nothing(environ: Environ, start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [])
    return _ANSWER


def _ignore(status: str, headers: list[tuple[str, str]]) -> None:
    """Nobody reads the answer."""


def _copy(environ: Environ) -> Environ:
    return {**environ, "wsgi.input": io.BytesIO(environ["body"])}


def _signed_by(session: Mapping[str, str], environ: Environ) -> Environ:
    """The request with that session's key and token; signatures are not verified."""
    written = environ["HTTP_AUTHORIZATION"]
    was = written.split("Credential=")[1].split("/")[0]
    return {
        **environ,
        "body": environ["wsgi.input"].read(),
        "HTTP_AUTHORIZATION": written.replace(f"={was}/", f"={session['AWS_ACCESS_KEY_ID']}/"),
        "HTTP_X_AMZ_SECURITY_TOKEN": session.get("AWS_SESSION_TOKEN"),
    }


def _post(name: str, asked: dict[str, str]) -> Environ:
    body = json.dumps(asked).encode()
    return {"PATH_INFO": f"{PATH}/{name}", "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}  # fmt: skip


if __name__ == "__main__":
    main()
