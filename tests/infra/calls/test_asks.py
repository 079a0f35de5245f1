"""What IAM is asked about a call as boto3 sends it: each protocol, and each way in which actions are no operations."""

from __future__ import annotations

import io
from typing import Any

import pytest

from infra.local.calls.operation import Unknown
from infra.local.calls.rules import Ask, NoRule
from tests.infra.calls.captured import Facts, asked, asks_of, client, environ_of, recognised_in

OBJECT = "arn:aws:s3:::lake/a/b c+한글"
KEY = {"Bucket": "lake", "Key": "a/b c+한글"}
REGIONAL = "ap-northeast-2:123456789012"
TABLE = f"arn:aws:dynamodb:{REGIONAL}:table/ledger"
ITEM = {"pk": {"S": "feed#1"}, "sk": {"S": "feed"}}
SOURCE = {"Bucket": "feeds", "Key": "m/f.csv"}
MD5 = {"Body": b"x"}


def brief(asks: list[Ask]) -> list[str]:
    """`action resource …` of each."""
    return [" ".join((ask.action, *ask.resources)) for ask in asks]


S3: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "an object": ("get_object", KEY, [f"s3:GetObject {OBJECT}"]),
    "a version": ("get_object", {**KEY, "VersionId": "1"}, [f"s3:GetObjectVersion {OBJECT}"]),
    "a head is a read": ("head_object", KEY, [f"s3:GetObject {OBJECT}"]),
    "the head of a version": ("head_object", {**KEY, "VersionId": "1"}, [f"s3:GetObjectVersion {OBJECT}"]),
    "tags of a version": ("get_object_tagging", {**KEY, "VersionId": "1"}, [f"s3:GetObjectVersionTagging {OBJECT}"]),
    "attributes": ("get_object_attributes", {**KEY, "ObjectAttributes": ["ETag"]}, [f"s3:GetObject {OBJECT}", f"s3:GetObjectAttributes {OBJECT}"]),
    "a write": ("put_object", KEY | MD5, [f"s3:PutObject {OBJECT}"]),
    "a write with tags": ("put_object", {**KEY, **MD5, "Tagging": "a=b"}, [f"s3:PutObject {OBJECT}", f"s3:PutObjectTagging {OBJECT}"]),
    "a write with an ACL": ("put_object", {**KEY, **MD5, "ACL": "private"}, [f"s3:PutObject {OBJECT}", f"s3:PutObjectAcl {OBJECT}"]),
    "the begin of an upload in parts": ("create_multipart_upload", KEY, [f"s3:PutObject {OBJECT}"]),
    "a part": ("upload_part", {**KEY, **MD5, "UploadId": "u", "PartNumber": 1}, [f"s3:PutObject {OBJECT}"]),
    "the end of an upload": ("complete_multipart_upload", {**KEY, "UploadId": "u", "MultipartUpload": {"Parts": []}}, [f"s3:PutObject {OBJECT}"]),
    "an upload is given up": ("abort_multipart_upload", {**KEY, "UploadId": "u"}, [f"s3:AbortMultipartUpload {OBJECT}"]),
    "parts of an upload": ("list_parts", {**KEY, "UploadId": "u"}, [f"s3:ListMultipartUploadParts {OBJECT}"]),
    "a copy, on both sides": ("copy_object", {**KEY, "CopySource": SOURCE}, [f"s3:PutObject {OBJECT}", "s3:GetObject arn:aws:s3:::feeds/m/f.csv"]),
    "a copy of a version": ("copy_object", {**KEY, "CopySource": {**SOURCE, "VersionId": "1"}}, [f"s3:PutObject {OBJECT}", "s3:GetObjectVersion arn:aws:s3:::feeds/m/f.csv"]),
    "a part that is copied": ("upload_part_copy", {**KEY, "UploadId": "u", "PartNumber": 1, "CopySource": {"Bucket": "feeds", "Key": "한글 +.csv", "VersionId": "1"}}, [f"s3:PutObject {OBJECT}", "s3:GetObjectVersion arn:aws:s3:::feeds/한글 +.csv"]),
    "a deletion": ("delete_object", KEY, [f"s3:DeleteObject {OBJECT}"]),
    "the deletion of a version": ("delete_object", {**KEY, "VersionId": "1"}, [f"s3:DeleteObjectVersion {OBJECT}"]),
    "many deletions, key by key": ("delete_objects", {"Bucket": "lake", "Delete": {"Objects": [{"Key": "a"}, {"Key": "b", "VersionId": "1"}]}}, ["s3:DeleteObject arn:aws:s3:::lake/a", "s3:DeleteObjectVersion arn:aws:s3:::lake/b"]),
    "a listing": ("list_objects_v2", {"Bucket": "lake"}, ["s3:ListBucket arn:aws:s3:::lake"]),
    "an old listing": ("list_objects", {"Bucket": "lake"}, ["s3:ListBucket arn:aws:s3:::lake"]),
    "versions": ("list_object_versions", {"Bucket": "lake"}, ["s3:ListBucketVersions arn:aws:s3:::lake"]),
    "uploads": ("list_multipart_uploads", {"Bucket": "lake"}, ["s3:ListBucketMultipartUploads arn:aws:s3:::lake"]),
    "whether a bucket is there": ("head_bucket", {"Bucket": "lake"}, ["s3:ListBucket arn:aws:s3:::lake"]),
    "all buckets": ("list_buckets", {}, ["s3:ListAllMyBuckets *"]),
    "an action that is the operation": ("get_bucket_location", {"Bucket": "lake"}, ["s3:GetBucketLocation arn:aws:s3:::lake"]),
    "an action of another name": ("get_bucket_encryption", {"Bucket": "lake"}, ["s3:GetEncryptionConfiguration arn:aws:s3:::lake"]),
    "a deletion that is a change": ("delete_bucket_lifecycle", {"Bucket": "lake"}, ["s3:PutLifecycleConfiguration arn:aws:s3:::lake"]),
}  # fmt: skip


@pytest.mark.parametrize("case", S3)
def test_s3_is_asked_by_object_and_bucket(case: str) -> None:
    operation, members, expected = S3[case]
    assert brief(asked("s3", operation, **members)) == expected


def test_a_copy_takes_the_tags_along_that_its_source_has() -> None:
    tagged = Facts(frozenset({SOURCE["Key"]}))
    asks = asked("s3", "copy_object", tagged, **KEY, CopySource=SOURCE)
    assert brief(asks)[1:] == [
        f"s3:PutObjectTagging {OBJECT}",
        "s3:GetObject arn:aws:s3:::feeds/m/f.csv",
        "s3:GetObjectTagging arn:aws:s3:::feeds/m/f.csv",
    ]
    replaced = {"CopySource": SOURCE, "TaggingDirective": "REPLACE"}
    assert len(asked("s3", "copy_object", tagged, **KEY, **replaced)) == 2


DYNAMODB: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "an item": ("get_item", {"TableName": "ledger", "Key": ITEM}, [f"dynamodb:GetItem {TABLE}"]),
    "a table by its ARN": ("get_item", {"TableName": TABLE, "Key": ITEM}, [f"dynamodb:GetItem {TABLE}"]),
    "a query": ("query", {"TableName": "ledger", "KeyConditionExpression": "pk = :p"}, [f"dynamodb:Query {TABLE}"]),
    "a query of an index": ("query", {"TableName": "ledger", "IndexName": "open", "KeyConditionExpression": "o = :o"}, [f"dynamodb:Query {TABLE}/index/open"]),
    "an index of a table by its ARN": ("query", {"TableName": TABLE, "IndexName": "open", "KeyConditionExpression": "o = :o"}, [f"dynamodb:Query {TABLE}/index/open"]),
    "reads of two tables": ("batch_get_item", {"RequestItems": {"ledger": {"Keys": [ITEM]}, "other": {"Keys": [ITEM]}}}, [f"dynamodb:BatchGetItem {TABLE}", f"dynamodb:BatchGetItem {TABLE.replace('ledger', 'other')}"]),
    "writes": ("batch_write_item", {"RequestItems": {"ledger": [{"PutRequest": {"Item": ITEM}}]}}, [f"dynamodb:BatchWriteItem {TABLE}"]),
    "a transaction, item by item": ("transact_write_items", {"TransactItems": [
        {"Put": {"TableName": "ledger", "Item": ITEM}},
        {"Delete": {"TableName": "other", "Key": ITEM}},
        {"ConditionCheck": {"TableName": "ledger", "Key": ITEM, "ConditionExpression": "a = b"}},
        {"Update": {"TableName": "ledger", "Key": ITEM, "UpdateExpression": "set a = b"}},
    ]}, [
        f"dynamodb:ConditionCheckItem {TABLE}", f"dynamodb:PutItem {TABLE}",
        f"dynamodb:DeleteItem {TABLE.replace('ledger', 'other')}", f"dynamodb:UpdateItem {TABLE}",
    ]),
    "reads of a transaction": ("transact_get_items", {"TransactItems": [{"Get": {"TableName": "ledger", "Key": ITEM}}]}, [f"dynamodb:GetItem {TABLE}"]),
    "no table at all": ("list_tables", {}, ["dynamodb:ListTables *"]),
}  # fmt: skip


@pytest.mark.parametrize("case", DYNAMODB)
def test_dynamodb_is_asked_by_table_and_index(case: str) -> None:
    operation, members, expected = DYNAMODB[case]
    assert brief(asked("dynamodb", operation, **members)) == expected


def test_leading_keys_are_what_the_call_names_of_the_partition_key() -> None:
    def keys(operation: str, **members: Any) -> list[Any]:
        asks = asked("dynamodb", operation, TableName="ledger", **members)
        return [ask.context.get("dynamodb:LeadingKeys") for ask in asks]

    assert keys("get_item", Key=ITEM) == keys("put_item", Item=ITEM) == [["feed#1"]]
    named = {"ExpressionAttributeNames": {"#p": "pk"}, "ExpressionAttributeValues": {":p": {"S": "x"}}}  # fmt: skip
    assert keys("query", KeyConditionExpression="#p = :p AND sk > :s", **named) == [["x"]]
    assert keys("scan") == [None]
    batch = {"ledger": [{"PutRequest": {"Item": ITEM}}, {"DeleteRequest": {"Key": ITEM}}]}
    asks = asked("dynamodb", "batch_write_item", RequestItems=batch)
    assert asks[0].context["dynamodb:LeadingKeys"] == ["feed#1", "feed#1"]


GLUE, JOB = f"arn:aws:glue:{REGIONAL}", f"arn:aws:glue:{REGIONAL}:job/load"
OF_TABLE = f"{GLUE}:catalog {GLUE}:database/shop {GLUE}:table/shop/products"
QUEUE_URL = "http://127.0.0.1:9/123456789012/arrivals"
QUEUE = f"arn:aws:sqs:{REGIONAL}:arrivals"
SECRET = f"arn:aws:secretsmanager:{REGIONAL}:secret:warehouse-AbCdEf"
ENTRIES = [{"Id": "1", "ReceiptHandle": "r"}]
OTHERS: dict[str, tuple[str, str, dict[str, Any], list[str]]] = {
    "a table, its database and its catalog": ("glue", "get_table", {"DatabaseName": "shop", "Name": "products"}, [f"glue:GetTable {OF_TABLE}"]),
    "a table that is made": ("glue", "create_table", {"DatabaseName": "shop", "TableInput": {"Name": "products"}}, [f"glue:CreateTable {OF_TABLE}"]),
    "a run of a job": ("glue", "start_job_run", {"JobName": "load"}, [f"glue:StartJobRun {JOB}"]),
    "runs that are stopped": ("glue", "batch_stop_job_run", {"JobName": "load", "JobRunIds": ["1"]}, [f"glue:BatchStopJobRun {JOB}"]),
    "all jobs": ("glue", "list_jobs", {}, ["glue:ListJobs *"]),
    "a job, and the role that it is given": ("glue", "create_job", {"Name": "load", "Role": "loader", "Command": {}}, [f"glue:CreateJob {JOB}", "iam:PassRole arn:aws:iam::123456789012:role/loader"]),
    "a job without another role": ("glue", "update_job", {"JobName": "load", "JobUpdate": {"Timeout": 1}}, [f"glue:UpdateJob {JOB}"]),
    "messages": ("sqs", "receive_message", {"QueueUrl": QUEUE_URL}, [f"sqs:ReceiveMessage {QUEUE}"]),
    "a batch of messages": ("sqs", "delete_message_batch", {"QueueUrl": QUEUE_URL, "Entries": ENTRIES}, [f"sqs:DeleteMessage {QUEUE}"]),
    "a queue by its name": ("sqs", "get_queue_url", {"QueueName": "arrivals"}, [f"sqs:GetQueueUrl {QUEUE}"]),
    "parameters below a path": ("ssm", "get_parameters_by_path", {"Path": "/mallfeed/limits/"}, [f"ssm:GetParametersByPath arn:aws:ssm:{REGIONAL}:parameter/mallfeed/limits/"]),
    "parameters by name": ("ssm", "get_parameters", {"Names": ["/a", "b"]}, [f"ssm:GetParameters arn:aws:ssm:{REGIONAL}:parameter/a", f"ssm:GetParameters arn:aws:ssm:{REGIONAL}:parameter/b"]),
    "a secret": ("secretsmanager", "get_secret_value", {"SecretId": "search"}, [f"secretsmanager:GetSecretValue arn:aws:secretsmanager:{REGIONAL}:secret:search-AbCdEf"]),
    "a key": ("kms", "encrypt", {"KeyId": "k", "Plaintext": b"x"}, [f"kms:Encrypt arn:aws:kms:{REGIONAL}:key/k"]),
    "metrics": ("cloudwatch", "put_metric_data", {"Namespace": "shop", "MetricData": []}, ["cloudwatch:PutMetricData *"]),
    "events of two buses": ("events", "put_events", {"Entries": [{"Source": "a"}, {"Source": "b", "EventBusName": "own"}]}, [f"events:PutEvents arn:aws:events:{REGIONAL}:event-bus/default", f"events:PutEvents arn:aws:events:{REGIONAL}:event-bus/own"]),
    "a log": ("logs", "put_log_events", {"logGroupName": "/a", "logStreamName": "1", "logEvents": [{"timestamp": 1, "message": "x"}]}, [f"logs:PutLogEvents arn:aws:logs:{REGIONAL}:log-group:/a:log-stream:1"]),
    "traces": ("xray", "put_trace_segments", {"TraceSegmentDocuments": []}, ["xray:PutTraceSegments *"]),
    "a function that is called": ("lambda", "invoke", {"FunctionName": "f"}, [f"lambda:InvokeFunction arn:aws:lambda:{REGIONAL}:function:f"]),
    "a function's configuration": ("lambda", "get_function_configuration", {"FunctionName": "f"}, [f"lambda:GetFunctionConfiguration arn:aws:lambda:{REGIONAL}:function:f"]),
    "a role": ("sts", "assume_role", {"RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "me"}, ["sts:AssumeRole arn:aws:iam::123456789012:role/r"]),
    "oneself": ("sts", "get_caller_identity", {}, []),
    "a statement, with temporary credentials": ("redshift-data", "execute_statement", {"Sql": "select 1", "WorkgroupName": "shop"}, [f"{action} arn:aws:redshift-serverless:{REGIONAL}:workgroup/3f0c" for action in ("redshift-data:ExecuteStatement", "redshift-serverless:GetCredentials")]),
    "a statement, with a secret": ("redshift-data", "batch_execute_statement", {"Sqls": ["select 1"], "WorkgroupName": "shop", "SecretArn": SECRET}, [f"redshift-data:BatchExecuteStatement arn:aws:redshift-serverless:{REGIONAL}:workgroup/3f0c", f"secretsmanager:GetSecretValue {SECRET}"]),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERS)
def test_other_services_are_asked_by_what_the_call_names(case: str) -> None:
    service, operation, members, expected = OTHERS[case]
    assert brief(asked(service, operation, **members)) == expected


CONTEXT: dict[str, tuple[str, str, dict[str, Any], dict[str, Any]]] = {
    "s3": ("s3", "list_objects_v2", {"Bucket": "lake", "Prefix": "a/", "MaxKeys": 1}, {"s3:prefix": "a/", "s3:max-keys": 1}),
    "s3, no prefix": ("s3", "list_objects_v2", {"Bucket": "lake"}, {}),
    "cloudwatch": ("cloudwatch", "put_metric_data", {"Namespace": "shop", "MetricData": []}, {"cloudwatch:namespace": "shop"}),
    "kms": ("kms", "encrypt", {"KeyId": "k", "Plaintext": b"x", "EncryptionContext": {"a": "b"}}, {"kms:EncryptionContext:a": "b", "kms:EncryptionContextKeys": ["a"]}),
    "events": ("events", "put_events", {"Entries": [{"Source": "a", "DetailType": "b"}]}, {"events:source": "a", "events:detail-type": "b"}),
    "ssm": ("ssm", "get_parameters_by_path", {"Path": "/a", "Recursive": True}, {"ssm:Recursive": True}),
    "sts": ("sts", "assume_role", {"RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "me"}, {"sts:RoleSessionName": "me"}),
    "transaction": ("dynamodb", "transact_get_items", {"TransactItems": [{"Get": {"TableName": "t", "Key": ITEM}}]}, {"dynamodb:EnclosingOperation": "TransactGetItems", "dynamodb:LeadingKeys": ["feed#1"]}),
}  # fmt: skip


@pytest.mark.parametrize("case", CONTEXT)
def test_condition_keys_are_those_that_the_call_brings(case: str) -> None:
    service, operation, members, expected = CONTEXT[case]
    assert dict(asked(service, operation, **members)[0].context) == expected


def test_a_role_is_passed_to_the_service_that_gets_it() -> None:
    _, passing = asked("glue", "create_job", Name="load", Role="r", Command={})
    assert passing.context == {"iam:PassedToService": "glue.amazonaws.com"}


def test_metrics_that_boto3_has_compressed_are_read() -> None:
    data = [{"MetricName": f"metric {number}", "Value": 1.0} for number in range(500)]
    called = client("cloudwatch")
    environ = environ_of(lambda: called.put_metric_data(Namespace="shop", MetricData=data))
    assert environ["HTTP_CONTENT_ENCODING"] == "gzip"
    assert asks_of(environ)[0].context == {"cloudwatch:namespace": "shop"}


def test_sqs_in_the_query_protocol_is_asked_the_same() -> None:
    """As SDKs spoke to it until 2023, and Java's first one still does."""
    called = client("sqs")
    environ = environ_of(lambda: called.receive_message(QueueUrl=QUEUE_URL))
    del environ["HTTP_X_AMZ_TARGET"]
    body = f"Action=DeleteMessage&Version=2012-11-05&QueueUrl={QUEUE_URL}&ReceiptHandle=r".encode()
    environ |= {
        "CONTENT_TYPE": "application/x-www-form-urlencoded; charset=utf-8",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    assert brief(asks_of(environ)) == [f"sqs:DeleteMessage {QUEUE}"]
    assert environ["wsgi.input"].read() == body, "whoever serves it finds the body"


def test_a_presigned_url_says_who_asks() -> None:
    url = client("s3").generate_presigned_url("get_object", Params=KEY)
    path, _, query = url.removeprefix("http://127.0.0.1:9").partition("?")
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "RAW_URI": f"{path}?{query}", "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "9", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
    }  # fmt: skip
    assert brief(asks_of(environ)) == [f"s3:GetObject {OBJECT}"]


def test_the_body_of_an_object_is_left_unread() -> None:
    called = client("s3")
    environ = environ_of(lambda: called.put_object(**KEY, Body=b"x" * 100))
    recognised_in(environ)
    assert environ["wsgi.input"].tell() == 0


UNKNOWN: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "a service": ("athena", "list_work_groups", {}, "no rules for the service athena"),
    "an action that is inside a text": ("dynamodb", "execute_statement", {"Statement": "select 1"}, "no action dynamodb:ExecuteStatement"),
    "a resource": ("events", "put_rule", {"Name": "r"}, "no rule says which rule-on"),
    "a resource that the call does not name": ("kms", "decrypt", {"CiphertextBlob": b"x"}, "which key"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNKNOWN)
def test_what_is_not_known_is_said(case: str) -> None:
    service, operation, members, expected = UNKNOWN[case]
    with pytest.raises((Unknown, NoRule), match=expected):
        asked(service, operation, **members)


def test_a_word_in_the_query_that_no_operation_has_is_no_plain_read() -> None:
    called = client("s3")
    environ = environ_of(lambda: called.get_object(**KEY))
    changed = {**environ, "QUERY_STRING": "secrets", "RAW_URI": f"{environ['RAW_URI']}?secrets"}
    with pytest.raises(Unknown, match="GetObject of s3 has no parameter secrets"):
        asks_of(changed)


def test_a_target_that_no_model_has_is_named() -> None:
    called = client("dynamodb")
    environ = environ_of(called.list_tables)
    environ["HTTP_X_AMZ_TARGET"] = "DynamoDB_20120810.DropEverything"
    with pytest.raises(Unknown, match=r"no operation of dynamodb.*DropEverything"):
        asks_of(environ)
