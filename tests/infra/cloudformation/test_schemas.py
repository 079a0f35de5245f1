"""What is read of the schemas in cfn-lint's wheel."""

from __future__ import annotations

import pytest

from infra.local.cloudformation import schemas

REGION = "ap-northeast-2"


def schema(kind: str) -> schemas.Schema:
    found = schemas.of(REGION, kind)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "name", "scope"),
    [
        ("AWS::S3::Bucket", "BucketName", ()),
        ("AWS::SQS::Queue", "QueueName", ()),  # its identifier is a URL that SQS gives
        ("AWS::Glue::Trigger", "Name", ()),
        ("AWS::EC2::SecurityGroup", "GroupName", ("VpcId",)),
        ("AWS::Lambda::Alias", "Name", ("FunctionName",)),
        ("AWS::Events::Rule", "Name", ("EventBusName",)),
        ("AWS::WAFv2::WebACL", "Name", ("Scope",)),
        ("AWS::ApiGatewayV2::Api", None, ()),  # many APIs may have one name
        ("AWS::Cognito::UserPool", None, ()),
        ("AWS::Route53::HostedZone", None, ()),
    ],
)
def test_a_custom_name_is_known_with_that_within_which_it_is_taken(
    kind: str, name: str | None, scope: tuple[str, ...]
) -> None:
    assert schema(kind).name == name
    assert name is None or schema(kind).scope == scope


def test_an_attribute_is_given_where_cfn_lint_says_so() -> None:
    """cfn-lint's import takes seconds, so that its tables are read from its source: here both are compared."""
    from cfnlint.schema import Schema

    kinds = ["AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::EC2::SecurityGroup", "AWS::S3::Bucket", "AWS::IAM::Role", "AWS::DocDB::DBCluster", "AWS::RedshiftServerless::Workgroup", "AWS::Neptune::DBCluster", "AWS::CloudFormation::Stack"]  # fmt: skip
    for kind in kinds:
        ours, theirs = schema(kind), Schema(schema(kind).raw).get_atts
        asked = {*theirs, *(str(name) for name in ours.raw["properties"]), "Nothing", "Outputs.Url"}
        for attribute in asked - {"Outputs\\..*"}:
            assert ours.gives(attribute) == (theirs.get(attribute) is not None), (kind, attribute)


def test_every_type_of_a_region_can_be_read() -> None:
    for kind in schemas.types(REGION):
        one = schema(kind)
        assert one.identifier
        assert one.name is None or one.name in one.raw["properties"]
        assert not one.read_only & one.create_only
