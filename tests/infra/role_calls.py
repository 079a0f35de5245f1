"""What the code and the services behind each role call, by statement of what makes the call.

A call of ours names the file that makes it and the words that make it there; one that AWS makes in the role's
name, the guide that says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from infra.local.place import ACCOUNT, REGION

REGIONAL = f"{REGION}:{ACCOUNT}"
FEEDS, LAKE = (f"arn:aws:s3:::mallfeed-{one}-{ACCOUNT}-{REGION}" for one in ("feeds", "lake"))
TABLE = f"arn:aws:dynamodb:{REGIONAL}:table/mallfeed-ledger"
JOB = f"arn:aws:glue:{REGIONAL}:job/mallfeed-"
PARAMETERS = f"arn:aws:ssm:{REGIONAL}:parameter/mallfeed"
BUS = f"arn:aws:events:{REGIONAL}:event-bus/default"
CATALOG, DATABASE, PRODUCTS = (
    f"arn:aws:glue:{REGIONAL}:{one}"
    for one in ("catalog", "database/mallfeed", "table/mallfeed/products")
)
NETWORK = tuple(
    f"arn:aws:ec2:{REGIONAL}:{one}"
    for one in ("network-interface/*", "subnet/subnet-1", "security-group/sg-1")
)


@dataclass(frozen=True)
class Call:
    """One call.

    Attributes
    ----------
    action, resources, context : as IAM is asked; every resource must be allowed
    by : the file that makes it, or the guide that says that AWS does
    words : of that file; "" for AWS
    """

    action: str
    resources: tuple[str, ...]
    by: str
    words: str = ""
    context: dict[str, Any] = field(default_factory=dict)


LAMBDA = "AWS Lambda Developer Guide, execution role"
GLUE = "AWS Glue Developer Guide, IAM role for jobs"
ICEBERG = "Iceberg, S3FileIO and GlueCatalog"
DATA_API = "mallfeed/sinks/redshift/data_api.py"
COPY = "Amazon Redshift Database Developer Guide, COPY from Amazon S3"


def _runtime(function: str) -> list[Call]:
    stream = f"arn:aws:logs:{REGIONAL}:log-group:/aws/lambda/mallfeed-{function}:log-stream:1"
    return [
        Call("logs:CreateLogStream", (stream,), LAMBDA),
        Call("logs:PutLogEvents", (stream,), LAMBDA),
        Call("xray:PutTraceSegments", ("*",), LAMBDA),
        Call("xray:PutTelemetryRecords", ("*",), LAMBDA),
    ]


def _listing(prefix: str, by: str) -> Call:
    return Call("s3:ListBucket", (LAKE,), by, "list_objects_v2", {"s3:prefix": prefix})


CATALOGS = [
    Call(
        "s3:GetObject",
        (f"{LAKE}/catalogs/mall_a/1.yaml",),
        "mallfeed/catalog/store.py",
        "get_object(",
    ),
    _listing("catalogs/", "mallfeed/catalog/store.py"),
    _listing("catalogs/mall_a/", "mallfeed/catalog/store.py"),
]
REPORTS = [
    Call(
        "s3:GetObject",
        (f"{LAKE}/reports/mall_a/1/report.json",),
        "mallfeed/report/read.py",
        "get_object(",
    ),
    Call(
        "s3:PutObject",
        (f"{LAKE}/reports/mall_a/1/report.json",),
        "mallfeed/report/read.py",
        "put_object(",
    ),
    _listing("reports/mall_a/1/report.json", "mallfeed/report/read.py"),
]
LEDGER = [
    Call("dynamodb:GetItem", (TABLE,), "mallfeed/ledger/dynamodb.py", "get_item("),
    Call("dynamodb:BatchGetItem", (TABLE,), "mallfeed/ledger/dynamodb.py", "batch_get_item("),
    Call("dynamodb:Query", (TABLE,), "mallfeed/ledger/dynamodb.py", "query("),
    Call("dynamodb:Query", (f"{TABLE}/index/open",), "mallfeed/ledger/dynamodb.py", "query("),
    Call("dynamodb:PutItem", (TABLE,), "mallfeed/ledger/dynamodb.py", "put_item("),
    Call("dynamodb:DeleteItem", (TABLE,), "mallfeed/ledger/dynamodb.py", "delete_item("),
    Call(
        "dynamodb:ConditionCheckItem",
        (TABLE,),
        "mallfeed/ledger/start_plan.py",
        '"ConditionCheck": {',
    ),
]
RUNS = [
    Call(f"glue:{action}", (f"{JOB}load-feeds",), "mallfeed/plan/glue.py", words)
    for action, words in {
        "StartJobRun": "start_job_run(",
        "GetJobRun": "get_job_run(",
        "GetJobRuns": "get_job_runs(",
        "BatchStopJobRun": "batch_stop_job_run(",
    }.items()
]
MAINTENANCE = [
    Call("glue:GetJobRun", (f"{JOB}{job}",), "mallfeed/plan/glue.py", "get_job_run(")
    for job in ("maintain", "reindex")
]
EVENTS = [Call("events:PutEvents", (BUS,), "mallfeed/report/events.py", "put_events(")]
FRONT = [
    *CATALOGS,
    *REPORTS,
    *LEDGER,
    *RUNS,
    *EVENTS,
    Call("s3:PutObject", (f"{LAKE}/plans/1.json",), "mallfeed/plan/glue.py", "put_object("),
    Call(
        "ssm:GetParametersByPath",
        (f"{PARAMETERS}/limits",),
        "mallfeed/aws/ssm.py",
        "get_parameters_by_path(",
    ),
]
READS = [
    Call("s3:GetObject", (f"{FEEDS}/feeds/mall_a/a.csv",), "mallfeed/arrival/s3.py", "get_object("),
    Call(
        "s3:GetObjectVersion",
        (f"{FEEDS}/feeds/mall_a/a.csv",),
        "mallfeed/arrival/s3.py",
        "head_object(",
    ),
    Call("s3:ListBucketVersions", (FEEDS,), "mallfeed/arrival/s3.py", "list_object_versions("),
]


def _search_api(parameters: dict[str, str]) -> list[Call]:
    domain = _domain(parameters)
    found = [
        Call(
            f"es:ESHttp{method}",
            (f"{domain}/products/_search/template",),
            "mallfeed/search/offers.py",
            words,
        )
        for method, words in (("Get", "client.search("), ("Post", "client.search("))
    ] + [
        Call(
            "ssm:GetParametersByPath",
            (f"{PARAMETERS}/{folder}",),
            "mallfeed/search_api/index.py",
            "parameters(",
        )
        for folder in ("search", "opensearch")
    ]
    if "OpenSearchAuth" in parameters:
        found.append(_secret(parameters["OpenSearchAuth"]))
    if "VpcId" in parameters:
        found.append(Call("ec2:CreateNetworkInterface", ("*",), LAMBDA))
    return found


def _load(parameters: dict[str, str]) -> list[Call]:
    domain, workgroup = _domain(parameters), f"arn:aws:redshift-serverless:{REGIONAL}:workgroup/"
    workgroup += "-" if "RedshiftWorkgroup" in parameters else "3f0c"
    staged = f"{LAKE}/staging/f1/raw/00000-a.csv"
    copies = "mallfeed/load/staging.py"
    mine = "AROAEXAMPLE:run-1"
    found = [
        *READS[:2],
        *LEDGER,
        *MAINTENANCE,
        *EVENTS,
        Call("s3:ListBucketVersions", (FEEDS,), "mallfeed/arrival/s3.py", "list_object_versions("),
        Call("s3:GetObjectTagging", (f"{FEEDS}/feeds/mall_a/a.csv",), copies, '.copy('),
        Call("s3:GetObjectVersionTagging", (f"{FEEDS}/feeds/mall_a/a.csv",), copies, '.copy('),
        Call("s3:PutObjectTagging", (staged,), copies, ".copy("),
        Call("s3:GetObjectTagging", (staged,), copies, ".copy("),
        Call("s3:AbortMultipartUpload", (staged,), copies, ".upload_file("),
        Call("s3:GetObject", (f"arn:aws:s3:::{parameters['ArtifactBucket']}/mallfeed/1/load_feeds.py",), GLUE),
        Call("s3:DeleteObject", (f"{LAKE}/warehouse/products/data/1.parquet",), ICEBERG),
        Call("s3:GetBucketLocation", (LAKE,), ICEBERG),
        _listing("redshift/p1/", "mallfeed/sinks/redshift/stage.py"),
        *(
            Call(f"glue:{action}", (CATALOG, DATABASE, PRODUCTS), ICEBERG)
            for action in ("GetTable", "CreateTable", "UpdateTable")
        ),
        Call("glue:GetDatabase", (CATALOG, DATABASE), ICEBERG),
        Call("ssm:GetParametersByPath", (PARAMETERS,), "mallfeed/pipeline/parts.py", "parameters("),
        Call("logs:PutLogEvents", (f"arn:aws:logs:{REGIONAL}:log-group:/aws-glue/jobs:log-stream:1",), GLUE),
        *(
            Call("cloudwatch:PutMetricData", ("*",), by, words, {"cloudwatch:namespace": namespace})
            for namespace, by, words in (
                ("mallfeed", "mallfeed/progress/reporters.py", "put_metric_data("),
                ("Glue", GLUE, ""),
            )
        ),
        Call("s3:PutObject", (staged,), copies, "put_object("),
        *(
            Call(f"redshift-data:{action}", (workgroup,), DATA_API, words)
            for action, words in (
                ("ExecuteStatement", '"execute_statement"'),
                ("BatchExecuteStatement", '"batch_execute_statement"'),
            )
        ),
        *(
            Call(
                f"redshift-data:{action}", ("*",), DATA_API, words,
                {"redshift-data:statement-owner-iam-userid": mine},
            )
            for action, words in (
                ("DescribeStatement", '"describe_statement"'),
                ("GetStatementResult", '"get_statement_result"'),
                ("CancelStatement", '"cancel_statement"'),
            )
        ),
        *(
            Call(f"es:ESHttp{method}", (f"{domain}/{path}",), f"mallfeed/sinks/opensearch/{file}", words)
            for method, path, file, words in (
                ("Post", "_bulk", "bulk_answer.py", "perform_request("),
                ("Put", "products/_settings", "indices.py", "put_settings("),
                ("Delete", "products-1", "indices.py", "indices.delete("),
                ("Get", "_alias/products", "indices.py", "get_alias("),
                ("Head", "_alias/products", "bootstrap.py", "exists_alias("),
            )
        ),
    ]  # fmt: skip
    if "RedshiftSecretArn" in parameters:
        found.append(_secret(parameters["RedshiftSecretArn"]))
    elif "RedshiftWorkgroup" in parameters:
        found.append(
            Call("redshift-serverless:GetCredentials", (workgroup,), "AWS Data API, authorization")
        )
    else:
        found.append(_secret(f"arn:aws:secretsmanager:{REGIONAL}:secret:WarehouseSecret-AbCdEf"))
    if "OpenSearchAuth" in parameters:
        found.append(_secret(parameters["OpenSearchAuth"]))
    if "VpcId" in parameters or "GlueConnectionName" in parameters:
        connection = parameters.get("GlueConnectionName", "mallfeed-network")
        found += [
            Call(
                "glue:GetConnection",
                (CATALOG, f"arn:aws:glue:{REGIONAL}:connection/{connection}"),
                GLUE,
            ),
            Call("ec2:DescribeSubnets", ("*",), GLUE),
            Call("ec2:CreateNetworkInterface", NETWORK, GLUE),
        ]
    return found


def _domain(parameters: dict[str, str]) -> str:
    return f"arn:aws:es:{REGIONAL}:domain/{parameters.get('OpenSearchDomainName', 'mallfeed')}"


def _secret(arn: str) -> Call:
    return Call(
        "secretsmanager:GetSecretValue", (arn,), "mallfeed/aws/secrets.py", "get_secret_value("
    )


def calls(parameters: dict[str, str]) -> dict[str, list[Call]]:
    """Role → its calls in a stack with these parameters."""
    found = {
        "FeedArrivedRole": [
            *_runtime("feed-arrived"),
            *FRONT,
            *READS,
            *(
                Call(f"sqs:{action}", (f"arn:aws:sqs:{REGIONAL}:mallfeed-arrivals",), LAMBDA)
                for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
            ),
        ],
        "DispatchRunsRole": [*_runtime("dispatch-runs"), *FRONT, *MAINTENANCE],
        "SearchApiRole": [*_runtime("search-api"), *_search_api(parameters)],
        "LoadFeedsRole": _load(parameters),
    }
    if "RedshiftWorkgroup" not in parameters:
        found["CopyRole"] = [
            Call("s3:GetObject", (f"{LAKE}/redshift/p1/part-0.parquet",), COPY),
            Call("s3:ListBucket", (LAKE,), COPY),
        ]
    return found
