"""Creates the template's resources in moto: by CloudFormation, or by their own service's API.

moto's CloudFormation creates a bucket without its versioning and notifications, a table without recovery and TTL, and does not know
Glue jobs and alarms. Every function here may run again on existing resources.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from infra.local.deploy_template import STACK_NAME, Plain
from infra.local.limits import functions
from infra.local.place import ACCOUNT, REGION

Client = Callable[[str], Any]

BY_CLOUDFORMATION = frozenset(
    {
        "AWS::S3::Bucket",
        "AWS::SQS::Queue",
        "AWS::DynamoDB::Table",
        "AWS::Events::Rule",
        "AWS::IAM::Role",
        "AWS::Logs::LogGroup",
    }
)
# Judged by the local IAM (`attached_policies`), only enforced by AWS (who may call whom, how often a call is
# repeated), or taken over by the pump (functions, mappings) and by http_front (the HTTP API).
LEFT_OUT = frozenset(
    {
        "AWS::S3::BucketPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::Lambda::Function",
        "AWS::Lambda::Permission",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::ApiGatewayV2::Api",
        "AWS::ApiGatewayV2::Stage",
    }
)


def create(plain: Plain, client: Client) -> None:
    """Create or update everything; raises NotImplementedError for a type that nothing here creates."""
    unknown = (
        {r["Type"] for r in plain.resources.values()} - BY_CLOUDFORMATION - LEFT_OUT - set(_BY_API)
    )
    if unknown:
        raise NotImplementedError(f"the local stack cannot create {', '.join(sorted(unknown))}")
    for properties in plain.of("AWS::Lambda::Function").values():
        _check_function(properties, client("s3"))
    _cloudformation(plain, client("cloudformation"))
    for kind, function in _BY_API.items():
        for properties in plain.of(kind).values():
            function(properties, client)
    for properties in plain.of("AWS::S3::Bucket").values():
        _bucket_details(properties, client("s3"))
    for properties in plain.of("AWS::DynamoDB::Table").values():
        _table_details(properties, client("dynamodb"))


def attached_policies(plain: Plain) -> dict[str, dict[str, Any]]:
    """ARN of each bucket and queue that has a policy → the document."""
    found = {
        f"arn:aws:s3:::{one['Bucket']}": one["PolicyDocument"]
        for one in plain.of("AWS::S3::BucketPolicy").values()
    }
    for one in plain.of("AWS::SQS::QueuePolicy").values():
        for url in one["Queues"]:
            name = url.rpartition("/")[2]
            found[f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"] = one["PolicyDocument"]
    return found


def _check_function(properties: Mapping[str, Any], s3: Any) -> None:
    """Raises Refusal for a function that Lambda would not create; the pump runs those that it would."""
    functions.check_definition(properties)
    code = properties["Code"]
    zipped = s3.get_object(Bucket=code["S3Bucket"], Key=code["S3Key"])["Body"].read()
    functions.check_package(properties["FunctionName"], io.BytesIO(zipped))


def _cloudformation(plain: Plain, cloudformation: Any) -> None:
    chosen = {
        name: {"Type": r["Type"], "Properties": _plainly(r.get("Properties", {}))}
        for name, r in plain.resources.items()
        if r["Type"] in BY_CLOUDFORMATION
    }
    body = json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": chosen})
    names = {"StackName": STACK_NAME, "TemplateBody": body}
    try:
        current = cloudformation.get_template(StackName=STACK_NAME)["TemplateBody"]
    except ClientError:
        cloudformation.create_stack(**names, Capabilities=["CAPABILITY_NAMED_IAM"])
        return
    if json.loads(json.dumps(current)) != json.loads(body):
        cloudformation.update_stack(**names, Capabilities=["CAPABILITY_NAMED_IAM"])


def _plainly(properties: dict[str, Any]) -> dict[str, Any]:
    # The local stack's data lives as long as the stack, so deletion protection is not needed.
    return {key: value for key, value in properties.items() if key != "DeletionProtectionEnabled"}


def _bucket_details(properties: Mapping[str, Any], s3: Any) -> None:
    name = properties["BucketName"]
    if status := properties.get("VersioningConfiguration", {}).get("Status"):
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": status})
    notification = properties.get("NotificationConfiguration", {})
    if notification.get("EventBridgeConfiguration", {}).get("EventBridgeEnabled"):
        s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration={"EventBridgeConfiguration": {}}
        )


def _table_details(properties: Mapping[str, Any], dynamodb: Any) -> None:
    name = properties["TableName"]
    recovery = properties.get("PointInTimeRecoverySpecification", {})
    if "PointInTimeRecoveryEnabled" in recovery:
        enabled = str(recovery["PointInTimeRecoveryEnabled"]).lower() == "true"
        spec = {"PointInTimeRecoveryEnabled": enabled}
        dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=spec)
    if ttl := properties.get("TimeToLiveSpecification"):
        wanted = {**ttl, "Enabled": str(ttl["Enabled"]).lower() == "true"}
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=wanted)


def _database(properties: Mapping[str, Any], client: Client) -> None:
    wanted = properties["DatabaseInput"]
    try:
        client("glue").create_database(DatabaseInput=wanted)
    except ClientError as error:
        if error.response["Error"]["Code"] != "AlreadyExistsException":
            raise
        client("glue").update_database(Name=wanted["Name"], DatabaseInput=wanted)


def _job(properties: Mapping[str, Any], client: Client) -> None:
    glue = client("glue")
    definition = {**properties}
    for whole in ("MaxRetries", "NumberOfWorkers", "Timeout"):
        if whole in definition:
            definition[whole] = int(definition[whole])
    if "ExecutionProperty" in definition:
        most = int(definition["ExecutionProperty"]["MaxConcurrentRuns"])
        definition["ExecutionProperty"] = {"MaxConcurrentRuns": most}
    name = definition.pop("Name")
    if name in glue.list_jobs()["JobNames"]:
        glue.update_job(JobName=name, JobUpdate=definition)
    else:
        glue.create_job(Name=name, **definition)


def _workflow(properties: Mapping[str, Any], client: Client) -> None:
    glue = client("glue")
    if properties["Name"] not in glue.list_workflows()["Workflows"]:
        glue.create_workflow(**properties)


def _trigger(properties: Mapping[str, Any], client: Client) -> None:
    glue = client("glue")
    if properties["Name"] in glue.list_triggers()["TriggerNames"]:
        glue.delete_trigger(Name=properties["Name"])
    glue.create_trigger(**properties)


def _parameter(properties: Mapping[str, Any], client: Client) -> None:
    client("ssm").put_parameter(
        Name=properties["Name"],
        Value=str(properties["Value"]),
        Type=properties.get("Type", "String"),
        Overwrite=True,
    )


def _alarm(properties: Mapping[str, Any], client: Client) -> None:
    client("cloudwatch").put_metric_alarm(**properties)


_BY_API: dict[str, Callable[[Mapping[str, Any], Client], None]] = {
    "AWS::Glue::Database": _database,
    "AWS::Glue::Job": _job,
    "AWS::Glue::Workflow": _workflow,
    "AWS::Glue::Trigger": _trigger,
    "AWS::SSM::Parameter": _parameter,
    "AWS::CloudWatch::Alarm": _alarm,
}
