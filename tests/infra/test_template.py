"""What template.yaml promises, read from the translated template."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.local.cloudformation.transform import translated
from infra.local.deploy_template import TEMPLATE, Plain, plain
from infra.local.place import REGION
from infra.paths import CHECKOUT
from mallfeed.plan.limits import Limits, parse
from mallfeed.plan.overdue_feeds import TURNS

BROUGHT = {
    "ArtifactBucket": "artifacts",
    "ArtifactPrefix": "mallfeed/1",
    "OpenSearchEndpoint": "https://search.example.com",
    "OpenSearchDomainName": "search",
    "RedshiftWorkgroup": "warehouse",
    "RedshiftCopyRoleArn": "arn:aws:iam::123456789012:role/copy",
}
ENDPOINT = "http://127.0.0.1:1"
# Actions for which IAM offers no resource to name (Service Authorization Reference).
NAME_NO_RESOURCE = {
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "cloudwatch:PutMetricData",
    "redshift-data:DescribeStatement",
    "redshift-data:GetStatementResult",
    "redshift-data:CancelStatement",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeRouteTables",
    "ec2:DescribeVpcAttribute",
}


@pytest.fixture(scope="module")
def brought() -> Plain:
    return plain(BROUGHT, ENDPOINT)


def test_cfn_lint_finds_nothing() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), TEMPLATE],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_cfn_lint_finds_nothing_in_what_the_transform_makes_of_it(tmp_path: Path) -> None:
    """The transform hides much from cfn-lint: it is silent about aliases, for one."""
    sent = tmp_path / "sent.json"
    sent.write_text(json.dumps(translated(TEMPLATE.read_text("utf-8"), BROUGHT)), "utf-8")
    done = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), sent],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")


def test_data_outlive_the_stack_but_not_a_create_that_failed() -> None:
    """What a failed first create would leave has the names that the next one needs (User Guide, DeletionPolicy)."""
    made = translated(TEMPLATE.read_text("utf-8"), BROUGHT)["Resources"]
    kept = {name for name, one in made.items() if "Retain" in one.get("DeletionPolicy", "")}
    assert kept == {
        "FeedsBucket", "LakeBucket", "ArrivalsDeadLetters", "Ledger", "Domain", "WarehouseSecret", "Namespace",
        "SecurityGroup",  # of the domain: a group in use cannot be deleted
    }  # fmt: skip
    assert {made[name]["DeletionPolicy"] for name in kept} == {"RetainExceptOnCreate"}
    assert {made[name]["UpdateReplacePolicy"] for name in kept} == {"Retain"}


def test_buckets_are_encrypted_and_closed_and_speak_tls_only(brought: Plain) -> None:
    buckets = brought.of("AWS::S3::Bucket")
    policies = {p["Bucket"]: p for p in brought.of("AWS::S3::BucketPolicy").values()}
    assert set(buckets) == {"FeedsBucket", "LakeBucket"}
    for properties in buckets.values():
        assert properties["BucketEncryption"]
        assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
        (statement,) = policies[properties["BucketName"]]["PolicyDocument"]["Statement"]
        assert statement["Effect"] == "Deny"
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        name = properties["BucketName"]
        assert statement["Resource"] == [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]


def test_what_runs_leave_in_the_lake_expires_but_tables_and_catalogs_do_not(brought: Plain) -> None:
    rules = brought.of("AWS::S3::Bucket")["LakeBucket"]["LifecycleConfiguration"]["Rules"]
    days = {rule["Prefix"]: rule.get("ExpirationInDays") for rule in rules if "Prefix" in rule}
    assert set(days) == {"staging/", "redshift/", "plans/", "reports/", "profiles/"}
    assert days["profiles/"] == 30


def test_the_feeds_bucket_keeps_versions_and_tells_eventbridge(brought: Plain) -> None:
    feeds = brought.of("AWS::S3::Bucket")["FeedsBucket"]
    assert feeds["VersioningConfiguration"] == {"Status": "Enabled"}
    assert feeds["NotificationConfiguration"]["EventBridgeConfiguration"]["EventBridgeEnabled"]


def test_every_new_object_whatever_its_key_goes_to_the_arrivals_queue(brought: Plain) -> None:
    rule = brought.of("AWS::Events::Rule")["ObjectCreated"]
    bucket = brought.outputs["FeedsBucketName"]
    assert rule["EventPattern"]["detail"] == {"bucket": {"name": [bucket]}}
    assert [t["Arn"].rsplit(":", 1)[1] for t in rule["Targets"]] == ["mallfeed-arrivals"]


def test_queues_are_encrypted_tls_only_and_dead_letters_are_kept(brought: Plain) -> None:
    queues = brought.of("AWS::SQS::Queue")
    assert all(q["SqsManagedSseEnabled"] is True for q in queues.values())
    assert queues["Arrivals"]["RedrivePolicy"] == {
        "deadLetterTargetArn": "arn:aws:sqs:ap-northeast-2:123456789012:mallfeed-arrivals-dlq",
        "maxReceiveCount": 5,
    }
    for policy in brought.of("AWS::SQS::QueuePolicy").values():
        denied = [s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Deny"]
        assert [s["Condition"] for s in denied] == [{"Bool": {"aws:SecureTransport": "false"}}]


def test_a_message_stays_hidden_six_times_as_long_as_its_handler_may_take(brought: Plain) -> None:
    functions = brought.of("AWS::Lambda::Function")
    timeout = brought.of("AWS::SQS::Queue")["Arrivals"]["VisibilityTimeout"]
    assert timeout >= 6 * functions["FeedArrived"]["Timeout"]


def test_the_ledger_is_on_demand_restorable_and_encrypted(brought: Plain) -> None:
    (ledger,) = brought.of("AWS::DynamoDB::Table").values()
    assert ledger["BillingMode"] == "PAY_PER_REQUEST"
    assert ledger["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert ledger["SSESpecification"] == {"SSEEnabled": True}
    assert ledger["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_functions_report_partial_failures_and_dispatch_runs_one_at_a_time(brought: Plain) -> None:
    (mapping,) = brought.of("AWS::Lambda::EventSourceMapping").values()
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    functions = brought.of("AWS::Lambda::Function")
    assert functions["DispatchRuns"]["ReservedConcurrentExecutions"] == 1
    assert {f["TracingConfig"]["Mode"] for f in functions.values()} == {"Active"}


def test_dispatch_runs_hears_ended_runs_and_a_timer(brought: Plain) -> None:
    rules = brought.of("AWS::Events::Rule")
    ended = rules["DispatchRunsRunEnded"]["EventPattern"]
    assert ended["detail-type"] == ["Glue Job State Change"]
    assert ended["detail"] == {"jobName": [brought.outputs["LoadFeedsJobName"]]}
    assert rules["DispatchRunsTimer"]["ScheduleExpression"] == "rate(1 minute)"


def test_a_maintenance_job_that_fails_or_times_out_raises_an_alarm_and_frees_its_malls(
    brought: Plain,
) -> None:
    jobs = brought.of("AWS::Glue::Job")
    rule = brought.of("AWS::Events::Rule")["DispatchRunsMaintenanceFailed"]
    pattern = rule["EventPattern"]
    assert (pattern["source"], pattern["detail-type"]) == (["aws.glue"], ["Glue Job State Change"])
    assert pattern["detail"] == {
        "jobName": [jobs["Maintain"]["Name"], jobs["Reindex"]["Name"]],
        "state": ["FAILED", "TIMEOUT"],
    }
    assert [t["Arn"].rsplit(":", 1)[1] for t in rule["Targets"]] == ["mallfeed-dispatch-runs"]
    alarm = brought.of("AWS::CloudWatch::Alarm")["MaintenanceRunsAlarm"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Events", "TriggeredRules")
    assert alarm["Dimensions"] == [{"Name": "RuleName", "Value": rule["Name"]}]
    assert alarm["TreatMissingData"] == "notBreaching"


def test_every_job_of_the_stack_has_an_alarm(brought: Plain) -> None:
    alarms = brought.of("AWS::CloudWatch::Alarm").values()
    by_metric = {
        dimension["Value"]
        for alarm in alarms
        for dimension in alarm.get("Dimensions", [])
        if dimension["Name"] == "JobName"
    }
    by_event = brought.of("AWS::Events::Rule")["DispatchRunsMaintenanceFailed"]["EventPattern"]
    jobs = {job["Name"] for job in brought.of("AWS::Glue::Job").values()}
    assert by_metric | set(by_event["detail"]["jobName"]) == jobs


def test_the_job_leaves_retries_and_queueing_to_the_ledger(brought: Plain) -> None:
    job = brought.of("AWS::Glue::Job")["LoadFeeds"]
    assert job["MaxRetries"] == 0
    assert job["JobRunQueuingEnabled"] is False
    assert job["GlueVersion"] == "5.1"
    arguments = job["DefaultArguments"]
    assert arguments["--datalake-formats"] == "iceberg"
    switched_on = ("--enable-auto-scaling", "--enable-metrics", "--enable-observability-metrics")
    assert {arguments[name] for name in switched_on} == {"true"}
    assert arguments["--python-virtual-env"].endswith("/glue_environment.tar.gz")
    assert not {"--JOB_NAME", "--debug", "--mode"} & set(arguments)
    assert "lake.warehouse=s3://mallfeed-lake-" in arguments["--conf"]
    assert "spark.sql.variable.substitute=false" in arguments["--conf"].split(" --conf ")


def test_maintenance_runs_nightly_one_at_a_time_with_what_a_load_has(brought: Plain) -> None:
    jobs = brought.of("AWS::Glue::Job")
    assert set(jobs) == {"LoadFeeds", "Maintain", "Reindex"}
    load = jobs["LoadFeeds"]
    for name in ("Maintain", "Reindex"):
        job = jobs[name]
        assert (job["MaxRetries"], job["ExecutionProperty"]["MaxConcurrentRuns"]) == (0, 1)
        assert job["Role"] == load["Role"]
        assert job["Command"]["ScriptLocation"].endswith(f"/{name.lower()}.py")
        for same in ("--conf", "--python-virtual-env", "--ledger_table", "--database"):
            assert job["DefaultArguments"][same] == load["DefaultArguments"][same]
    assert {job["DefaultArguments"]["--aws_region"] for job in jobs.values()} == {REGION}
    (trigger,) = brought.of("AWS::Glue::Trigger").values()
    assert trigger["Schedule"] == "cron(30 18 * * ? *)"
    assert trigger["Actions"] == [{"JobName": jobs["Maintain"]["Name"]}]
    (workflow,) = brought.of("AWS::Glue::Workflow").values()
    assert trigger["WorkflowName"] == workflow["Name"]


def test_every_parameter_of_ssm_has_a_name_under_the_prefix(brought: Plain) -> None:
    names = {
        p["Name"].removeprefix("/mallfeed/") for p in brought.of("AWS::SSM::Parameter").values()
    }
    assert names == {
        "sinks",
        "opensearch/endpoint",
        "opensearch/auth",
        "redshift/workgroup",
        "redshift/database",
        "redshift/secret_arn",
        "redshift/copy_role_arn",
        "table/epoch",
        "limits/max_runs",
        "limits/max_workers",
        "limits/gather_seconds",
        "limits/max_tries",
        "limits/priorities",
        "limits/work",
    }


@pytest.mark.parametrize(
    ("given", "priorities"),
    [({}, {}), ({"MallPriorities": "mall_a=5,mall_b=-1"}, {"mall_a": 5, "mall_b": -1})],
)
def test_the_limits_of_the_template_are_those_that_dispatch_reads(
    given: dict[str, str], priorities: dict[str, int]
) -> None:
    parameters = plain({**BROUGHT, **given}, ENDPOINT).of("AWS::SSM::Parameter").values()
    prefix = "/mallfeed/limits/"
    texts = {
        p["Name"].removeprefix(prefix): str(p["Value"])
        for p in parameters
        if p["Name"].startswith(prefix)
    }
    assert set(texts) <= set(Limits.model_fields)
    limits = parse(texts)
    assert (limits.max_runs, limits.max_workers, limits.gather_seconds) == (4, 20, 10)
    assert limits.priorities == priorities


def test_no_role_may_touch_everything_where_the_service_allows_a_name(brought: Plain) -> None:
    roles = brought.of("AWS::IAM::Role")
    assert set(roles) == {"FeedArrivedRole", "DispatchRunsRole", "LoadFeedsRole", "SearchApiRole"}
    for role in roles.values():
        assert "ManagedPolicyArns" not in role
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                _check_statement(statement)


def _check_statement(statement: dict[str, Any]) -> None:
    actions = statement["Action"]
    actions = [actions] if isinstance(actions, str) else actions
    assert not any(action.endswith("*") for action in actions), statement
    if "*" in statement["Resource"]:
        resources = statement["Resource"]
        if resources == "*" or "*" in (resources if isinstance(resources, list) else []):
            assert set(actions) <= NAME_NO_RESOURCE, statement


def test_nothing_of_a_brought_sink_is_created(brought: Plain) -> None:
    kinds = {resource["Type"] for resource in brought.resources.values()}
    assert not {k for k in kinds if "OpenSearch" in k or "Redshift" in k or "EC2" in k}
    assert brought.outputs["OpenSearchUrl"] == "https://search.example.com"


def test_a_made_domain_and_workgroup_are_encrypted_and_never_openly_reachable() -> None:
    text = TEMPLATE.read_text("utf-8")
    assert "PubliclyAccessible: false" in text
    assert "EnforceHTTPS: true" in text
    assert "VPCOptions:" in text
    assert 'Assert: !Not [!Equals [!Ref VpcId, ""]]' in text


def test_secrets_are_made_by_secrets_manager_and_stand_nowhere_else(brought: Plain) -> None:
    assert "GenerateSecretString:" in TEMPLATE.read_text("utf-8")
    flat = json.dumps(brought.resources).lower()
    assert "adminuserpassword" not in flat


def test_alarms_watch_dead_letters_feeds_sinks_and_runs(brought: Plain) -> None:
    metrics = {a.get("MetricName") for a in brought.of("AWS::CloudWatch::Alarm").values()}
    assert {
        "ApproximateNumberOfMessagesVisible",
        "FeedsHeld",
        "FeedsFailed",
        "LateFeeds",
        "MaintenanceTrouble",
        "OldestSyncingSeconds",
        "glue.error.ALL",
    } <= metrics


def test_every_alarm_is_explained_to_operators(brought: Plain) -> None:
    alarms = {a["AlarmName"] for a in brought.of("AWS::CloudWatch::Alarm").values()}
    section = (CHECKOUT / "docs/operate.md").read_text("utf-8").split("\n## Alarms\n")[1]
    rows = re.findall(r"^\| `([a-z-]+)` \|", section.split("\n## ")[0], re.MULTILINE)
    assert {f"mallfeed-{name}" for name in rows} == alarms


def test_every_metric_of_ours_that_an_alarm_watches_is_measured(brought: Plain) -> None:
    alarms = brought.of("AWS::CloudWatch::Alarm").values()
    watched = {a["MetricName"] for a in alarms if a.get("Namespace") == "mallfeed"}
    folders = ("mallfeed", "lambdas", "glue_jobs")
    sources = [path for name in folders for path in (CHECKOUT / name).rglob("*.py")]
    code = "".join(path.read_text("utf-8") for path in sources)
    assert {metric for metric in watched if f'"{metric}"' not in code} == set()


def test_the_alarm_for_late_feeds_spans_the_turns_in_which_malls_are_asked(brought: Plain) -> None:
    alarms = brought.of("AWS::CloudWatch::Alarm").values()
    (alarm,) = [one for one in alarms if one.get("MetricName") == "LateFeeds"]
    assert (alarm["Statistic"], alarm["Period"]) == ("Sum", 60 * TURNS)
    assert (alarm["DatapointsToAlarm"], alarm["EvaluationPeriods"]) == (1, 2)
    assert (alarm["Threshold"], alarm["TreatMissingData"]) == (0, "notBreaching")


def test_every_path_of_the_search_api_reaches_its_function_throttled_and_logged(
    brought: Plain,
) -> None:
    (api,) = brought.of("AWS::ApiGatewayV2::Api").values()
    (route,) = api["Body"]["paths"]["/$default"].values()
    assert route["isDefaultRoute"] is True
    integration = route["x-amazon-apigateway-integration"]
    assert integration["payloadFormatVersion"] == "2.0"
    assert ":function:mallfeed-search-api/invocations" in integration["uri"]
    (stage,) = brought.of("AWS::ApiGatewayV2::Stage").values()
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == "100"
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] == "200"
    log = json.loads(stage["AccessLogSettings"]["Format"])
    assert {"request", "status", "ms", "error"} <= set(log)
    assert ":log-group:/aws/vendedlogs/" in stage["AccessLogSettings"]["DestinationArn"]


@pytest.mark.parametrize(
    ("origins", "allowed"),
    [
        ("", None),
        ("https://a.example,https://b.example", ["https://a.example", "https://b.example"]),
    ],
)
def test_only_named_origins_may_call_the_search_api_from_a_page(
    origins: str, allowed: list[str] | None
) -> None:
    (api,) = (
        plain({**BROUGHT, "SearchOrigins": origins}, ENDPOINT).of("AWS::ApiGatewayV2::Api").values()
    )
    cors = api["Body"].get("x-amazon-apigateway-cors")
    assert (cors and cors["allowOrigins"]) == allowed
    assert cors is None or cors["allowMethods"] == ["GET", "HEAD"]


def test_the_search_function_may_read_products_and_write_nothing(brought: Plain) -> None:
    (policy,) = brought.of("AWS::IAM::Role")["SearchApiRole"]["Policies"]
    statements = policy["PolicyDocument"]["Statement"]
    actions = {
        a
        for s in statements
        for a in ([s["Action"]] if isinstance(s["Action"], str) else s["Action"])
    }
    assert not {a for a in actions if a.startswith(("s3:", "dynamodb:", "glue:", "sqs:"))}
    (search,) = (s for s in statements if s["Sid"] == "SearchOnly")
    assert search["Resource"].endswith(":domain/search/products/_search*")


def test_alarms_watch_errors_latency_and_refusals_of_the_search_api(brought: Plain) -> None:
    alarms = brought.of("AWS::CloudWatch::Alarm")
    watched = {m["Id"] for m in alarms["SearchApiErrorsAlarm"]["Metrics"]}
    assert watched == {"share", "errors", "requests"}
    assert alarms["SearchApiSlowAlarm"]["ExtendedStatistic"] == "p95"
    assert alarms["SearchApiThrottledAlarm"]["MetricName"] == "Throttles"


def test_the_simulation_pays_for_the_data_nodes_that_the_template_makes() -> None:
    made = re.search(r"OpenSearchInstanceType:\n.*\n +Default: (\S+)", TEMPLATE.read_text("utf-8"))
    assert made is not None
    prices = (CHECKOUT / "mallfeed/simulate/prices.yaml").read_text("utf-8")
    assert made[1] in yaml.safe_load(prices)["index_node_hour"]["source"]
    nodes = (CHECKOUT / "mallfeed/simulate/measured.yaml").read_text("utf-8")
    assert made[1] in next(line for line in nodes.splitlines() if "index_least_nodes" in line)


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(ValueError, match="no parameter Colour"):
        plain({**BROUGHT, "Colour": "blue"}, ENDPOINT)


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(ValueError, match="needs a value for ArtifactPrefix"):
        plain({"ArtifactBucket": "a"}, ENDPOINT)


@pytest.mark.parametrize(
    ("sinks", "other"), [("opensearch", "redshift"), ("redshift", "opensearch")]
)
def test_nothing_is_made_or_allowed_for_a_sink_that_the_stack_does_not_have(
    sinks: str, other: str
) -> None:
    prefix = {"opensearch": "OpenSearch", "redshift": "Redshift"}[other]
    given = {name: value for name, value in BROUGHT.items() if not name.startswith(prefix)}
    any_text = {"opensearch": "OpenSearchEndpoint", "redshift": "RedshiftWorkgroup"}[other]
    made = plain({**given, any_text: "none", "Sinks": sinks}, ENDPOINT)
    kinds = {resource["Type"] for resource in made.resources.values()}
    assert not {kind for kind in kinds if "OpenSearch" in kind or "Redshift" in kind}
    parameters = {p["Name"] for p in made.of("AWS::SSM::Parameter").values()}
    assert any(f"/{sinks}/" in name for name in parameters)
    assert not any(f"/{other}/" in name for name in parameters)
    policies = json.dumps(made.of("AWS::IAM::Role")["LoadFeedsRole"]["Policies"])
    action = {"opensearch": "es:ESHttp", "redshift": "redshift-data:"}
    assert action[sinks] in policies
    assert action[other] not in policies
