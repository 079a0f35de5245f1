"""Templates of others, each broken in one way: refused in AWS's words, and taken unbroken."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from infra.local.cloudformation import Refused, Template, schemas

BUCKET = """
Resources:
  Photos:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BucketName: holiday-photos
      VersioningConfiguration: {Status: Enabled}
      LifecycleConfiguration:
        Rules: [{Id: old, Status: Enabled, ExpirationInDays: 30}]
      Tags: [{Key: owner, Value: anna}]
Outputs:
  Name: {Value: !Ref Photos, Export: {Name: photos}}
"""
QUEUES = """
Conditions:
  InSeoul: !Equals [!Ref AWS::Region, ap-northeast-2]
  Elsewhere: !Not [!Condition InSeoul]
Mappings:
  Waits: {ap-northeast-2: {long: 60}}
Resources:
  Dead: {Type: AWS::SQS::Queue}
  Jobs:
    Type: AWS::SQS::Queue
    Condition: InSeoul
    DependsOn: Dead
    Properties:
      DelaySeconds: 5
      VisibilityTimeout: !FindInMap [Waits, !Ref AWS::Region, long]
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}
      QueueName: !If [InSeoul, !Sub "${AWS::StackName}-jobs", !Ref AWS::NoValue]
"""
TABLE = """
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
"""
FUNCTION = """
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: resizer
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
  Resize:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      MemorySize: "256"
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "def handler(event, context): pass"}
  Log:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "/aws/lambda/${Resize}", RetentionInDays: 30}
"""
GROUPS = """
Parameters:
  Vpc: {Type: String, Default: vpc-0a1b2c3d}
Resources:
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: web, VpcId: !Ref Vpc}
  Store:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: store
      VpcId: !Ref Vpc
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: !GetAtt Web.GroupId}]
"""
DOMAIN = """
Resources:
  Search:
    Type: AWS::OpenSearchService::Domain
    Properties:
      DomainName: catalogue
      EngineVersion: OpenSearch_2.19
      ClusterConfig: {InstanceType: r7g.large.search, InstanceCount: 2, ZoneAwarenessEnabled: true}
      EBSOptions: {EBSEnabled: true, VolumeSize: 20, VolumeType: gp3}
"""
PROPERTIES = "Properties validation failed for resource {0} with message:\n{1}"
WHOLE = {
    "bucket": BUCKET, "queues": QUEUES, "table": TABLE, "function": FUNCTION, "groups": GROUPS, "domain": DOMAIN,
}  # fmt: skip


@pytest.mark.parametrize("text", WHOLE.values(), ids=list(WHOLE))
def test_an_unbroken_template_is_taken(worked_out: Callable[..., Template], text: str) -> None:
    assert worked_out(text).resources


BROKEN = {
    # what is sent
    "alias": (
        BUCKET, "Tags: [{Key: owner, Value: anna}]", "Tags: &all [{Key: a, Value: b}]\n      CorsConfiguration: *all",
        "Template format error: YAML aliases are not allowed in CloudFormation templates",
    ),
    "hash merge": (QUEUES, "  Dead: {Type", "  Dead: {<<: {}, Type", "Template format error: hash merges are not supported"),
    "too many outputs": (
        BUCKET, "Outputs:", "Outputs:\n" + "".join(f"  O{n}: {{Value: a}}\n" for n in range(201)),
        "Template format error: number of Outputs exceeds limit of 200: 202",
    ),
    # form
    "section": (TABLE, "Resources:", "Colours: {}\nResources:", "Template format error: Invalid template property or properties [Colours]"),
    "version": (TABLE, "Resources:", 'AWSTemplateFormatVersion: "2011-01-01"\nResources:', "Template format error: Template version 2011-01-01 is not supported"),
    "no type": (TABLE, "Type: AWS::DynamoDB::Table", "Metadata: {}", "Template format error: [/Resources/Orders] Every Resources object must contain a Type member."),
    "type": (TABLE, "AWS::DynamoDB::Table", "AWS::DynamoDB::Desk", "Template format error: Unrecognized resource types: [AWS::DynamoDB::Desk]"),
    "attribute of a resource": (BUCKET, "UpdateReplacePolicy", "ReplacePolicy", "Template format error: Invalid template resource property 'ReplacePolicy'"),
    "deletion policy": (BUCKET, "DeletionPolicy: Retain", "DeletionPolicy: Keep", "Template format error: Unrecognized DeletionPolicy Keep for resource Photos"),
    "a policy for creation only": (
        BUCKET, "UpdateReplacePolicy: Retain", "UpdateReplacePolicy: RetainExceptOnCreate",
        "Template format error: Unrecognized UpdateReplacePolicy RetainExceptOnCreate for resource Photos",
    ),
    "snapshot": (BUCKET, "DeletionPolicy: Retain\n", "DeletionPolicy: Snapshot\n", "Template error: resource type AWS::S3::Bucket does not support deletion policy Snapshot"),
    "condition in a list": (QUEUES, "Condition: InSeoul\n    Dep", "Condition: [InSeoul]\n    Dep", "Template format error: Every Condition member must be a string."),
    "an output without a value": (BUCKET, "Value: !Ref Photos, ", "", "Template format error: Every Outputs member must contain a Value object"),
    "a list as output": (BUCKET, "Value: !Ref Photos", "Value: [a]", "Template format error: The Value field of every Outputs member must evaluate to a String."),
    "an export named by a resource": (BUCKET, "Name: photos}", "Name: !GetAtt Photos.Arn}", "Template format error: Output Name: the name of an export cannot depend on resources"),
    "a serverless type without its transform": (TABLE, "AWS::DynamoDB::Table", "AWS::Serverless::SimpleTable", "Template format error: Unrecognized resource types: [AWS::Serverless::SimpleTable]"),
    "what the transform refuses": (
        FUNCTION, "Resources:", "Transform: AWS::Serverless-2016-10-31\nResources:\n  Shrink: {Type: AWS::Serverless::Function, Properties: {Handler: a}}",
        "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document.",
    ),
    "an application of the repository": (
        TABLE, "Resources:", "Transform: AWS::Serverless-2016-10-31\nResources:\n  Theirs: {Type: AWS::Serverless::Application, Properties: {Location: {ApplicationId: a, SemanticVersion: 1.0.0}}}",
        "Template format error: Theirs: the Serverless Application Repository is not asked here",
    ),
    "no object": (TABLE, TABLE, "hello", "Template format error: unsupported structure."),
    "resources in a list": (TABLE, TABLE, "Resources: [a]", "Template format error: unsupported structure."),
    "two that exclude each other": (
        BUCKET, "Rules: [{Id: old, Status: Enabled, ExpirationInDays: 30}]", "Rules: [{Id: old, Status: Enabled, ObjectSizeLessThan: '9', AbortIncompleteMultipartUpload: {DaysAfterInitiation: 3}}]",
        PROPERTIES.format("Photos", "#/LifecycleConfiguration/Rules/0: [ObjectSizeLessThan] cannot be given together with [AbortIncompleteMultipartUpload]"),
    ),
    "another transform": (TABLE, "Resources:", "Transform: Shout\nResources:", "No transform named Shout found"),
    # references
    "ref": (QUEUES, "!GetAtt Dead.Arn", "!Ref Grave", "Template format error: Unresolved resource dependencies [Grave] in the Resources block of the template"),
    "ref in an output": (BUCKET, "!Ref Photos", "!Ref Films", "Template format error: Unresolved resource dependencies [Films] in the Outputs block of the template"),
    "depends on": (QUEUES, "DependsOn: Dead", "DependsOn: Grave", "Template format error: Unresolved resource dependencies [Grave] in the Resources block of the template"),
    "sub": (QUEUES, "${AWS::StackName}", "${Stack}", "Template format error: Unresolved resource dependencies [Stack] in the Resources block of the template"),
    "sub of an attribute": (QUEUES, "${AWS::StackName}", "${Grave.Arn}", "Template error: instance of Fn::Sub references invalid resource attribute Grave.Arn"),
    "variable of sub": (QUEUES, "${AWS::StackName}", "${a b}", "Template error: variable names in Fn::Sub syntax must contain only alphanumeric"),
    "getatt": (QUEUES, "!GetAtt Dead.Arn", "!GetAtt Grave.Arn", "Template error: instance of Fn::GetAtt references undefined resource Grave"),
    "attribute": (QUEUES, "!GetAtt Dead.Arn", "!GetAtt Dead.Colour", "Template error: resource Dead does not support attribute type Colour in Fn::GetAtt"),
    "a resource that is not made": (
        QUEUES, "  Dead: {Type: AWS::SQS::Queue}", "  Dead: {Type: AWS::SQS::Queue, Condition: Elsewhere}",
        "Template format error: Unresolved resource dependencies [Dead] in the Resources block of the template",
    ),
    "a resource in a condition": (QUEUES, "!Equals [!Ref AWS::Region", "!Equals [!Ref Dead", "Template format error: Unresolved dependencies [Dead]. Cannot reference resources in the Conditions block"),
    "condition": (QUEUES, "Condition: InSeoul\n    Dep", "Condition: InBusan\n    Dep", "Template format error: Unresolved condition dependency InBusan in the Resources block of the template"),
    "condition of a branch": (QUEUES, "!If [InSeoul", "!If [InBusan", "Template format error: Unresolved condition dependency InBusan in the Resources block of the template"),
    "condition of a condition": (QUEUES, "!Condition InSeoul]", "!Condition InBusan]", "Template format error: Unresolved condition dependency InBusan in the Conditions block"),
    "conditions in a circle": (QUEUES, "!Equals [!Ref AWS::Region, ap-northeast-2]", "!Not [!Condition Elsewhere]", "Template error: Found circular condition dependency between InSeoul and Elsewhere"),
    "a branch too few": (QUEUES, ', !Ref AWS::NoValue]', "]", "Template error: Fn::If requires a list argument with three parameters"),
    "mapping": (QUEUES, "FindInMap [Waits", "FindInMap [Naps", "Template error: Mapping named 'Naps' is not present in the 'Mappings' section of template."),
    "key of a mapping": (QUEUES, ", long]", ", short]", "Template error: Unable to get mapping for Waits::ap-northeast-2::short"),
    "function": (QUEUES, '!Sub "${AWS::StackName}-jobs"', "{Fn::Shout: jobs}", "Template format error: Unrecognized function: Fn::Shout"),
    "circle": (
        GROUPS, "GroupDescription: web,",
        "GroupDescription: web, SecurityGroupEgress: [{IpProtocol: tcp, DestinationSecurityGroupId: !GetAtt Store.GroupId}],",
        "Circular dependency between resources: [Web, Store]",
    ),
    "a circle by depends on": (QUEUES, "  Dead: {Type: AWS::SQS::Queue}", "  Dead: {Type: AWS::SQS::Queue, DependsOn: Jobs}", "Circular dependency between resources: [Dead, Jobs]"),
    # properties
    "property": (TABLE, "BillingMode", "PayingMode", PROPERTIES.format("Orders", "#: extraneous key [PayingMode] is not permitted")),
    "property of a property": (DOMAIN, "VolumeSize", "Size", PROPERTIES.format("Search", "#/EBSOptions: extraneous key [Size] is not permitted")),
    "required": (FUNCTION, "      Code: {ZipFile: \"def handler(event, context): pass\"}\n", "", PROPERTIES.format("Resize", "#: required key [Code] not found")),
    "required inside": (TABLE, ", AttributeType: S", "", PROPERTIES.format("Orders", "#/AttributeDefinitions/0: required key [AttributeType] not found")),
    "a list for an object": (DOMAIN, "EBSOptions: {EBSEnabled: true, VolumeSize: 20, VolumeType: gp3}", "EBSOptions: [gp3]", PROPERTIES.format("Search", "#/EBSOptions: expected type: JSONObject, found: JSONArray")),
    "text for a list": (BUCKET, "Tags: [{Key: owner, Value: anna}]", "Tags: anna", PROPERTIES.format("Photos", "#/Tags: expected type: JSONArray, found: String")),
    "a word for a number": (QUEUES, "DelaySeconds: 5", "DelaySeconds: five", PROPERTIES.format("Jobs", "#/DelaySeconds: expected type: Integer, found: String")),
    "a word for yes or no": (DOMAIN, "EBSEnabled: true", "EBSEnabled: maybe", PROPERTIES.format("Search", "#/EBSOptions/EBSEnabled: expected type: Boolean, found: String")),
    "enum": (BUCKET, "{Status: Enabled}", "{Status: On}", PROPERTIES.format("Photos", "#/VersioningConfiguration/Status: true is not a valid enum value")),
    "a number of an enum": (FUNCTION, "RetentionInDays: 30", "RetentionInDays: 31", PROPERTIES.format("Log", "#/RetentionInDays: 31 is not a valid enum value")),
    "pattern": (FUNCTION, '!Sub "/aws/lambda/${Resize}"', '"my log!"', PROPERTIES.format("Log", "#/LogGroupName: string [my log!] does not match pattern")),
    "too much": (QUEUES, "DelaySeconds: 5", "DelaySeconds: 901", PROPERTIES.format("Jobs", "#/DelaySeconds: 901 is not less or equal to 900")),
    "too long": (FUNCTION, "RoleName: resizer", f"RoleName: {'r' * 65}", PROPERTIES.format("Role", "#/RoleName: expected maxLength: 64, actual: 65")),
    "read-only": (BUCKET, "BucketName: holiday-photos", "Arn: arn:aws:s3:::photos", PROPERTIES.format("Photos", "#: read-only property [Arn] cannot be specified")),
}  # fmt: skip


@pytest.mark.parametrize(("whole", "part", "broken", "why"), BROKEN.values(), ids=list(BROKEN))
def test_a_template_broken_in_one_way_is_refused(
    worked_out: Callable[..., Template], whole: str, part: str, broken: str, why: str
) -> None:
    assert part in whole
    with pytest.raises(Refused, match=f"^{re.escape(why)}") as refused:
        worked_out(whole.replace(part, broken, 1))
    assert refused.value.code == "ValidationError"


def test_every_faulty_resource_is_named_at_once(worked_out: Callable[..., Template]) -> None:
    text = FUNCTION.replace("Runtime:", "Run:").replace("RetentionInDays", "Days")
    with pytest.raises(Refused) as refused:
        worked_out(text)
    assert "for resource Resize with" in refused.value.message
    assert "for resource Log with" in refused.value.message


def test_groups_that_refer_to_each_other_by_rules_of_their_own_are_taken(
    worked_out: Callable[..., Template],
) -> None:
    rule = """
  Back:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !GetAtt Web.GroupId, IpProtocol: tcp, FromPort: 1, ToPort: 2, SourceSecurityGroupId: !GetAtt Store.GroupId}
"""
    order = list(worked_out(GROUPS + rule.lstrip("\n")).resources)
    assert order.index("Web") < order.index("Store") < order.index("Back")


def test_a_type_that_only_another_region_offers_is_unknown(
    worked_out: Callable[..., Template],
) -> None:
    elsewhere = {
        one
        for one in schemas.types("us-east-1") - schemas.types("ap-southeast-7")
        if _needs_nothing(one)
    }
    missing = sorted(elsewhere)[0]
    text = json.dumps({"Resources": {"One": {"Type": missing}}})
    assert worked_out(text, region="us-east-1").resources
    with pytest.raises(Refused, match=re.escape(f"Unrecognized resource types: [{missing}]")):
        worked_out(text, region="ap-southeast-7")


def _needs_nothing(kind: str) -> bool:
    schema = schemas.of("us-east-1", kind)
    return schema is not None and not schema.raw.get("required")


def test_a_region_that_does_not_exist_is_refused(worked_out: Callable[..., Template]) -> None:
    with pytest.raises(Refused, match="no region kr-seoul-1"):
        worked_out(TABLE, region="kr-seoul-1")


@pytest.mark.parametrize(
    "properties",
    [
        'DelaySeconds: "5"', "FifoQueue: 'true'", "QueueName: 12345",  # scalars are turned as the schema asks
        'QueueName: "{{resolve:ssm:/not/known/before and longer than eighty characters, which no queue may have ….}}"',
        "KmsMasterKeyId: !GetAtt Other.QueueName",
    ],
)  # fmt: skip
def test_what_cloudformation_turns_or_cannot_know_is_taken(
    worked_out: Callable[..., Template], properties: str
) -> None:
    assert worked_out(
        f"Resources:\n  Other: {{Type: AWS::SQS::Queue}}\n  One:\n    Type: AWS::SQS::Queue\n    Properties:\n      {properties}\n"
    )


def test_a_custom_resource_takes_what_its_function_takes(
    worked_out: Callable[..., Template],
) -> None:
    text = "Resources:\n  Seed: {Type: Custom::Seed, Properties: {ServiceToken: 'arn:aws:lambda:ap-northeast-2:123456789012:function:seed', Rows: 3}, Version: 1.0}\nOutputs:\n  Rows: {Value: !GetAtt Seed.Count}\n"
    assert worked_out(text).resources
    with pytest.raises(Refused, match=re.escape("required key [ServiceToken] not found")):
        worked_out(re.sub("ServiceToken: '[^']*', ", "", text))
