"""Keys, metadata, names, presigned URLs and forms that S3 refuses."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from werkzeug.test import EnvironBuilder

from infra.local.calls.credentials import LAMBDA, of_session
from infra.local.deploy import Clients
from infra.local.limits import s3, s3_post
from infra.local.limits.errors import Refusal
from tests.infra.roles import allow, make_role

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def _code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_a_key_has_1024_bytes_and_hangul_three_each(clients: Clients, bucket: str) -> None:
    """S3 User Guide, Naming Amazon S3 objects."""
    objects = clients("s3")
    objects.put_object(Bucket=bucket, Key="k" * 1024)
    objects.put_object(Bucket=bucket, Key="가" * 341)
    for key in ("k" * 1025, "가" * 342):
        with pytest.raises(ClientError) as refused:
            objects.put_object(Bucket=bucket, Key=key)
        assert _code(refused) == "KeyTooLongError"


def test_metadata_have_2_kb_names_included(clients: Clients, bucket: str) -> None:
    """S3 User Guide, Working with object metadata."""
    objects = clients("s3")
    objects.put_object(Bucket=bucket, Key="k", Metadata={"ab": "x" * 2046})
    with pytest.raises(ClientError) as refused:
        objects.put_object(Bucket=bucket, Key="k", Metadata={"ab": "x" * 2047})
    assert _code(refused) == "MetadataTooLarge"


def test_a_list_of_objects_to_delete_has_1000(clients: Clients, bucket: str) -> None:
    """S3 API Reference, DeleteObjects."""
    objects = clients("s3")
    keys = [{"Key": f"{number}"} for number in range(1001)]
    objects.delete_objects(Bucket=bucket, Delete={"Objects": keys[:1000]})
    with pytest.raises(ClientError) as refused:
        objects.delete_objects(Bucket=bucket, Delete={"Objects": keys})
    assert _code(refused) == "MalformedXML"


@pytest.mark.parametrize(
    "name",
    ["Shop", "my_bucket", "ab", "a" * 64, "192.168.0.1", "xn--a-b", "a..b", "-ab", "a-s3alias"],
)
def test_a_bucket_has_a_name_that_dns_takes(clients: Clients, name: str) -> None:
    """S3 User Guide, General purpose bucket naming rules. boto3 itself refuses what is no name at all."""
    with pytest.raises(ClientError) as refused:
        clients("s3").create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"}
        )
    assert _code(refused) == "InvalidBucketName"


def test_one_put_has_5_gb() -> None:
    """S3 User Guide, Uploading objects."""
    for size, fits in ((s3.MOST_PUT_BYTES, True), (s3.MOST_PUT_BYTES + 1, False)):
        environ = EnvironBuilder("/bucket/key", method="PUT").get_environ()
        environ["CONTENT_LENGTH"] = str(size)
        environ["HTTP_AUTHORIZATION"] = "AWS4-HMAC-SHA256 Credential=a/20261201/r/s3/aws4_request"
        answers = s3.install(lambda *_: [b"done"], lambda: NOW)(environ, lambda *_: None)
        assert (list(answers) == [b"done"]) is fits


def _asked(url: str, form: bytes | None = None) -> tuple[int, str]:
    """Status and text of the answer to GET, or to POST of that form."""
    headers = {"Content-Type": "multipart/form-data; boundary=xx"} if form else {}
    request = urllib.request.Request(url, form, headers)  # noqa: S310 - the stack's own http URL
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_presigned_url_ends_with_its_time_and_after_a_week_at_most(
    clients: Clients, bucket: str
) -> None:
    """S3 User Guide, Download and upload objects with presigned URLs."""
    objects = clients("s3")
    objects.put_object(Bucket=bucket, Key="k", Body=b"here")

    def url(seconds: int) -> str:
        given = {"Bucket": bucket, "Key": "k"}
        made: str = objects.generate_presigned_url("get_object", Params=given, ExpiresIn=seconds)
        return made

    assert _asked(url(604_800)) == (200, "here")
    status, text = _asked(url(604_801))
    assert (status, "AuthorizationQueryParametersError" in text) == (400, True)


def test_a_presigned_url_that_has_expired_is_refused() -> None:
    query = {
        "X-Amz-Credential": "a/20261130/r/s3/aws4_request",
        "X-Amz-Date": "20261130T230000Z",
        "X-Amz-Expires": "3600",
    }
    environ = EnvironBuilder("/bucket/key", query_string=query).get_environ()
    told: list[str] = []

    def tell(status: str, _: object) -> None:
        told.append(status)

    assert list(s3.install(lambda *_: [b"done"], lambda: NOW)(environ, tell)) == [b"done"]
    later = NOW + timedelta(seconds=1)
    (answer,) = s3.install(lambda *_: [b"done"], lambda: later)(environ, tell)
    assert told == ["403 Forbidden"]
    assert b"Request has expired" in answer


Condition = Mapping[str, str] | Sequence[Any]


def _form(
    *conditions: Condition,
    size: int = 5,
    until: str = "2026-12-01T01:00:00Z",
    after: Mapping[str, str] | None = None,
    **fields: str,
) -> tuple[str, bytes]:
    """Content type and body of a form with that policy; `after` comes behind the file."""
    document = {"expiration": until, "conditions": list(conditions)}
    policy = base64.b64encode(json.dumps(document).encode()).decode()
    before = {"key": "up/${filename}", **fields, "policy": policy, "x-amz-signature": "s"}
    lines = [_part(name, value) for name, value in before.items()]
    lines.append(_part("file", "x" * size, '; filename="feed.csv"'))
    lines += [_part(name, value) for name, value in (after or {}).items()]
    return "multipart/form-data; boundary=xx", "".join([*lines, "--xx--\r\n"]).encode()


def _part(name: str, value: str, more: str = "") -> str:
    return f'--xx\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'


KEY = ["starts-with", "$key", "up/"]


@pytest.mark.parametrize(
    ("form", "code", "said"),
    [
        (_form(KEY, ["content-length-range", 5, 5]), None, ""),
        (_form(KEY, ["content-length-range", 1, 4]), "EntityTooLarge", "maximum"),
        (_form(KEY, ["content-length-range", 6, 9]), "EntityTooSmall", "minimum"),
        (_form(["eq", "$key", "up/feed.csv"]), None, ""),
        (_form({"key": "up/feed.csv"}), None, ""),
        (_form({"key": "up/other.csv"}), "AccessDenied", "Policy Condition failed"),
        (_form(["starts-with", "$key", "down/"]), "AccessDenied", r'\["starts-with", "\$key"'),
        (_form(KEY, {"bucket": "feeds"}), None, ""),
        (_form(KEY, {"bucket": "lake"}), "AccessDenied", "bucket"),
        (_form(KEY, acl="public-read"), "AccessDenied", "Extra input fields: acl"),
        (_form(KEY, {"acl": "private"}, acl="private"), None, ""),
        (_form(KEY, {"acl": "private"}), "AccessDenied", "acl"),
        (
            _form(KEY, ["starts-with", "$Content-Type", ""], **{"Content-Type": "text/csv"}),
            None,
            "",
        ),
        (_form(KEY, **{"x-ignore-me": "1"}), None, ""),
        (_form(KEY, after={"acl": "public-read"}), None, ""),
        (_form(KEY, until="2026-11-30T23:59:59Z"), "AccessDenied", "Policy expired"),
        (_form(KEY, until="soon"), "InvalidPolicyDocument", "expiration"),
        (_form(["matches", "$key", "up"]), "InvalidPolicyDocument", "condition"),
        (
            _form(KEY, ["starts-with", "$x", ""], x="x" * 20_000),
            "MaxPostPreDataLengthExceeded",
            "too large",
        ),
    ],
)
def test_a_form_is_held_against_its_policy(
    form: tuple[str, bytes], code: str | None, said: str
) -> None:
    """S3 API Reference, POST Policy."""
    if code is None:
        s3_post.check(*form, "feeds", NOW)
        return
    with pytest.raises(Refusal, match=said) as refused:
        s3_post.check(*form, "feeds", NOW)
    assert refused.value.code == code


def test_a_form_without_policy_key_or_file_is_refused() -> None:
    end = "--xx--\r\n"
    kind, file = "multipart/form-data; boundary=xx", _part("file", "x", '; filename="f"')
    for parts, code in (
        (_part("key", "k") + file, "AccessDenied"),
        (file, "InvalidArgument"),
        (_part("key", "k"), "IncorrectNumberOfFilesInPostRequest"),
        (_part("key", "k") + _part("policy", "no json") + file, "InvalidPolicyDocument"),
        ("no form at all", "InvalidArgument"),
    ):
        with pytest.raises(Refusal) as refused:
            s3_post.check(kind, (parts + end).encode(), "feeds", NOW)
        assert refused.value.code == code


def test_a_form_that_boto3_signs_uploads_what_it_allows_and_no_more(
    clients: Clients, bucket: str
) -> None:
    limits = [["content-length-range", 1, 10]]
    post = clients("s3").generate_presigned_post(bucket, "up/${filename}", Conditions=limits)
    for size, status in ((10, 204), (11, 400)):
        parts = [_part(name, value) for name, value in post["fields"].items()]
        parts += [_part("file", "x" * size, '; filename="feed.csv"'), "--xx--\r\n"]
        found, text = _asked(post["url"], "".join(parts).encode())
        assert (found, "EntityTooLarge" in text) == (status, status == 400)
    stored = clients("s3").get_object(Bucket=bucket, Key="up/feed.csv")["Body"].read()
    assert stored == b"x" * 10


def test_a_form_is_a_put_of_who_signed_it(
    clients: Clients, aws_environment: dict[str, str], bucket: str
) -> None:
    may = allow("s3:PutObject", f"arn:aws:s3:::{bucket}/up/*")
    arn = make_role(clients, bucket, LAMBDA, may)
    uploader = Clients(of_session(aws_environment, arn, LAMBDA, "probe"))("s3")
    for name, status in (("up/a", 204), ("down/a", 403)):
        post = uploader.generate_presigned_post(bucket, name)
        parts = [_part(field, value) for field, value in post["fields"].items()]
        parts += [_part("file", "x", '; filename="f"'), "--xx--\r\n"]
        found, text = _asked(post["url"], "".join(parts).encode())
        assert (found, "s3:PutObject" in text) == (status, status == 403), text
