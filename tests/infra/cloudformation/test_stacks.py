"""Stacks that are made, changed, rolled back and deleted, and what of them is left."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.cloudformation import Refused, State
from infra.local.cloudformation.account import Made

BUCKET = "Resources:\n  Photos: {{Type: AWS::S3::Bucket, {attributes}Properties: {{BucketName: {name}}}}}\n"
LAST = "  Last: {Type: AWS::SNS::Topic, DependsOn: Photos}\n"
KEPT = "DeletionPolicy: Retain, "
KEPT_ONCE_MADE = "DeletionPolicy: RetainExceptOnCreate, "


class Fails:
    """A handler that refuses these (action, logical id), the first time it is asked."""

    def __init__(self, *refused: tuple[str, str]) -> None:
        self.refused = list(refused)
        self.asked: list[tuple[str, str]] = []

    def __call__(self, action: str, made: Made) -> dict[str, Any] | None:
        self.asked.append((action, made.logical))
        if (action, made.logical) in self.refused:
            self.refused.remove((action, made.logical))
            raise RuntimeError("no room")
        return None


def account(handler: Fails | None = None) -> State:
    return State("ap-northeast-2", "123456789012", handler)


def bucket(name: str = "photos", attributes: str = "") -> str:
    return BUCKET.format(name=name, attributes=attributes)


def left(state: State) -> list[str]:
    return [made.physical for made in state.leftovers()]


def test_a_stack_is_made_with_its_outputs() -> None:
    state = account()
    stack = state.create(
        "shop",
        bucket() + "Outputs: {Name: {Value: !Ref Photos}, Arn: {Value: !Sub '${Photos.Arn}/*'}}\n",
    )
    assert (stack.status, stack.outputs["Name"], set(stack.resources)) == (
        "CREATE_COMPLETE",
        "photos",
        {"Photos"},
    )
    assert stack.outputs["Arn"].endswith("/*")


def test_a_template_that_is_refused_leaves_no_stack() -> None:
    state = account()
    with pytest.raises(Refused):
        state.create("shop", bucket(attributes="Colour: red, "))
    assert state.stacks == {}


@pytest.mark.parametrize("owner", ["another stack", "nobody"])
def test_a_name_that_is_taken_fails_the_stack(owner: str) -> None:
    state = account()
    if owner == "nobody":
        state.account.make("", "AWS::S3::Bucket", {"BucketName": "photos"}, None)
    else:
        state.create("first", bucket())
    stack = state.create("shop", bucket())
    assert stack.status == "ROLLBACK_COMPLETE"
    assert "already exists" in stack.reason
    assert len(state.account.existing) == 1


def test_two_resources_of_one_template_cannot_have_one_name() -> None:
    stack = account().create(
        "shop", bucket() + "  Films: {Type: AWS::S3::Bucket, Properties: {BucketName: photos}}\n"
    )
    assert (stack.status, stack.reason) == (
        "ROLLBACK_COMPLETE",
        "photos already exists in stack shop",
    )


def test_names_are_taken_within_their_parent_only() -> None:
    text = "Resources:\n" + "".join(
        f"  G{n}: {{Type: AWS::EC2::SecurityGroup, Properties: {{GroupDescription: d, GroupName: web, VpcId: vpc-{n}}}}}\n"
        for n in range(2)
    )
    assert account().create("shop", text).status == "CREATE_COMPLETE"
    assert account().create("shop", text.replace("vpc-1", "vpc-0")).status == "ROLLBACK_COMPLETE"


@pytest.mark.parametrize(
    ("policy", "what_is_left"),
    [("", []), (KEPT_ONCE_MADE, []), (KEPT, ["photos"])],
)
def test_a_failed_create_leaves_what_is_retained_and_so_fails_the_next(
    policy: str, what_is_left: list[str]
) -> None:
    state = account(Fails(("CREATE", "Last")))
    text = bucket(attributes=policy) + LAST
    stack = state.create("shop", text)
    assert (stack.status, stack.reason, left(state)) == (
        "ROLLBACK_COMPLETE",
        "no room",
        what_is_left,
    )
    with pytest.raises(Refused, match=r"Stack \[shop\] already exists") as refused:
        state.create("shop", text)
    assert refused.value.code == "AlreadyExistsException"
    with pytest.raises(Refused, match="is in ROLLBACK_COMPLETE state and can not be updated"):
        state.update("shop", text)
    state.delete("shop")
    again = state.create("shop", text)
    assert again.status == ("ROLLBACK_COMPLETE" if what_is_left else "CREATE_COMPLETE")
    if what_is_left:  # until somebody deletes it
        state.account.delete(state.leftovers()[0])
        state.delete("shop")
        assert state.create("shop", text).status == "CREATE_COMPLETE"


def test_a_leftover_is_imported() -> None:
    state = account()
    state.create("shop", bucket(attributes=KEPT))
    state.delete("shop")
    assert left(state) == ["photos"]
    with pytest.raises(Refused, match=r"\[Photos\] must have DeletionPolicy"):
        state.adopt("shop", bucket(), {"Photos": "photos"})
    with pytest.raises(Refused, match="cannot modify or add"):
        state.adopt("shop", bucket(attributes=KEPT) + LAST, {"Photos": "photos"})
    with pytest.raises(Refused, match="was not found"):
        state.adopt("shop", bucket("films", KEPT), {"Photos": "films"})
    assert (
        state.adopt("shop", bucket(attributes=KEPT), {"Photos": "photos"}).status
        == "IMPORT_COMPLETE"
    )
    assert state.update("shop", bucket(attributes=KEPT) + LAST).status == "UPDATE_COMPLETE"
    assert left(state) == []


def test_what_another_stack_owns_is_not_imported() -> None:
    state = account()
    state.create("first", bucket())
    with pytest.raises(Refused, match="photos already exists in stack first"):
        state.adopt("shop", bucket(attributes=KEPT), {"Photos": "photos"})


def test_nothing_to_update_is_an_error() -> None:
    state = account()
    state.create("shop", bucket())
    with pytest.raises(Refused, match=r"^No updates are to be performed.$"):
        state.update("shop", bucket())


@pytest.mark.parametrize("name", ["1shop", "shop_2", "s" * 129, ""])
def test_a_stack_has_a_name_of_the_right_form(name: str) -> None:
    with pytest.raises(Refused, match="Member must satisfy regular expression pattern"):
        account().create(name, bucket())


def test_a_renamed_resource_is_made_before_the_old_one_is_deleted() -> None:
    handler = Fails()
    state = account(handler)
    state.create("shop", bucket())
    assert state.update("shop", bucket("films")).status == "UPDATE_COMPLETE"
    assert handler.asked == [("CREATE", "Photos"), ("CREATE", "Photos"), ("DELETE", "Photos")]
    assert [made.physical for made in state.account.existing] == ["films"]


def test_a_replaced_resource_is_left_where_its_policy_says_so() -> None:
    state = account()
    state.create("shop", bucket(attributes="UpdateReplacePolicy: Retain, "))
    state.update("shop", bucket("films", "UpdateReplacePolicy: Retain, "))
    assert left(state) == ["photos"]


def test_a_custom_named_resource_cannot_be_replaced_under_its_name() -> None:
    text = "Resources: {Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs.fifo%s}}}"
    state = account()
    state.create("shop", text % "")
    stack = state.update("shop", text % ", FifoQueue: true")
    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.reason == (
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename jobs.fifo and "
        "update the stack again."
    )
    assert stack.resources["Jobs"].properties == {"QueueName": "jobs.fifo"}


def test_what_refers_to_a_replaced_resource_follows_it() -> None:
    text = """
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: %s}}
  Entry: {Type: AWS::EC2::SecurityGroupIngress, Properties: {GroupId: !GetAtt Group.GroupId, IpProtocol: tcp, CidrIp: 10.0.0.0/8}}
"""
    state = account()
    before = dict(state.create("shop", text % "one").resources)
    stack = state.update("shop", text % "two")
    assert stack.status == "UPDATE_COMPLETE"
    assert all(stack.resources[name] is not before[name] for name in before)
    assert stack.resources["Entry"].properties["GroupId"] == stack.resources["Group"].attribute(
        "GroupId"
    )
    assert len(state.account.existing) == 2


def test_a_failed_update_goes_back_to_what_was() -> None:
    before = (
        bucket()
        + "  Jobs: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 5}}\n  Old: {Type: AWS::SQS::Queue}\n"
    )
    after = (
        bucket("films")
        + "  Jobs: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 6}}\n  Last: {Type: AWS::SNS::Topic, DependsOn: [Photos, Jobs]}\n"
    )
    state = account(Fails(("CREATE", "Last")))
    made = dict(state.create("shop", before).resources)
    stack = state.update("shop", after)
    assert (stack.status, stack.reason, stack.resources) == (
        "UPDATE_ROLLBACK_COMPLETE",
        "no room",
        made,
    )
    assert stack.resources["Jobs"].properties == {"DelaySeconds": 5}
    assert state.account.existing == list(made.values())
    assert state.update("shop", after).status == "UPDATE_COMPLETE"


def test_what_cannot_be_deleted_after_an_update_is_left_and_the_update_stands() -> None:
    state = account(Fails(("DELETE", "Last")))
    state.create("shop", bucket() + LAST)
    assert state.update("shop", bucket()).status == "UPDATE_COMPLETE"
    assert [made.logical for made in state.leftovers()] == ["Last"]


NETWORK = """
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, %sProperties: {GroupDescription: search}}
  Search:
    Type: AWS::OpenSearchService::Domain
    DeletionPolicy: Retain
    Properties: {VPCOptions: {SecurityGroupIds: [!GetAtt Group.GroupId]}}
"""


def test_what_a_retained_resource_uses_cannot_be_deleted() -> None:
    state = account()
    state.create("shop", NETWORK % "")
    stack = state.delete("shop")
    assert stack is not None
    assert (stack.status, stack.reason) == (
        "DELETE_FAILED",
        "The following resource(s) failed to delete: [Group]. ",
    )
    assert "has a dependent object" in stack.events[-1].reason
    again = state.delete("shop", retain=["Group"])
    assert again is not None
    assert again.status == "DELETE_COMPLETE"
    assert {made.logical for made in state.leftovers()} == {"Group", "Search"}


def test_what_a_retained_resource_uses_is_retained_with_it() -> None:
    state = account()
    state.create("shop", NETWORK % KEPT)
    stack = state.delete("shop")
    assert stack is not None
    assert stack.status == "DELETE_COMPLETE"


def test_a_text_that_happens_to_be_a_name_is_no_use_of_it() -> None:
    state = account()
    text = """
Resources:
  Space: {Type: AWS::RedshiftServerless::Namespace, Properties: {NamespaceName: sales}}
  Word: {Type: AWS::SSM::Parameter, DeletionPolicy: Retain, Properties: {Type: String, Value: sales}}
"""
    state.create("shop", text)
    stack = state.delete("shop")
    assert stack is not None
    assert stack.status == "DELETE_COMPLETE"
    users = text.replace("AWS::SSM::Parameter", "AWS::RedshiftServerless::Workgroup")
    state.create(
        "shop",
        users.replace(
            "Type: String, Value: sales", "WorkgroupName: all, NamespaceName: !Ref Space"
        ),
    )
    stack = state.delete("shop")
    assert stack is not None
    assert stack.status == "DELETE_FAILED"


def test_resources_may_be_left_only_once_a_deletion_failed() -> None:
    state = account()
    state.create("shop", bucket())
    with pytest.raises(Refused, match="only in DELETE_FAILED"):
        state.delete("shop", retain=["Photos"])


def test_a_stack_that_does_not_exist_is_deleted_in_silence_and_not_updated() -> None:
    assert account().delete("shop") is None
    with pytest.raises(Refused, match=r"Stack \[shop\] does not exist"):
        account().update("shop", bucket())


EXPORTS = bucket("%s") + "Outputs: {Name: {Value: !Ref Photos, Export: {Name: album}}}\n"
IMPORTS = "Resources: {Policy: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !ImportValue album, PolicyDocument: {Version: '2012-10-17', Statement: []}}}}\n"


def test_an_export_in_use_keeps_its_stack_and_its_value() -> None:
    state = account()
    state.create("first", EXPORTS % "photos")
    assert state.create("second", IMPORTS).resources["Policy"].properties["Bucket"] == "photos"
    kept = state.delete("first")
    assert kept is not None
    assert (kept.status, kept.reason) == (
        "CREATE_COMPLETE",
        "Export album cannot be deleted as it is in use by second",
    )
    for text, verb in ((EXPORTS % "films", "update"), (bucket("photos") + LAST, "delete")):
        stack = state.update("first", text)
        assert (stack.status, stack.reason) == (
            "UPDATE_ROLLBACK_COMPLETE",
            f"Cannot {verb} export album as it is in use by second",
        )
        assert stack.exports == {"album": "photos"}
    state.delete("second")
    gone = state.delete("first")
    assert gone is not None
    assert gone.status == "DELETE_COMPLETE"


def test_what_nobody_exports_is_not_imported_and_no_name_is_exported_twice() -> None:
    state = account()
    stack = state.create("second", IMPORTS)
    assert (stack.status, stack.reason) == (
        "ROLLBACK_COMPLETE",
        "No export named album found. Rollback requested by user.",
    )
    state.create("first", EXPORTS % "photos")
    twice = state.create("third", EXPORTS % "films")
    assert (twice.status, twice.reason) == (
        "ROLLBACK_COMPLETE",
        "Export with name album is already exported by stack first",
    )


@pytest.mark.parametrize(
    ("on_failure", "status", "stacks"),
    [("DO_NOTHING", "CREATE_FAILED", ["shop"]), ("DELETE", "DELETE_COMPLETE", [])],
)
def test_a_failed_create_ends_as_the_call_asks(
    on_failure: Any, status: str, stacks: list[str]
) -> None:
    state = account(Fails(("CREATE", "Last")))
    assert state.create("shop", bucket() + LAST, on_failure=on_failure).status == status
    assert list(state.stacks) == stacks
    assert len(state.account.existing) == len(stacks)


def test_a_rollback_that_fails_says_so_and_can_be_deleted() -> None:
    state = account(Fails(("CREATE", "Last"), ("DELETE", "Photos")))
    stack = state.create("shop", bucket() + LAST)
    assert (stack.status, set(stack.resources)) == ("ROLLBACK_FAILED", {"Photos"})
    deleted = state.delete("shop")
    assert deleted is not None
    assert deleted.status == "DELETE_COMPLETE"
    assert state.account.existing == []


ASSISTANT = "Resources: {Guide: {Type: AWS::Wisdom::Assistant, Properties: {Name: guide, Type: AGENT, Description: %s}}}"


def test_a_type_that_is_deleted_first_is_replaced_under_its_name() -> None:
    """The schema's replacementStrategy says so."""
    handler = Fails()
    state = account(handler)
    state.create("shop", ASSISTANT % "one")
    assert state.update("shop", ASSISTANT % "two").status == "UPDATE_COMPLETE"
    assert handler.asked[1:] == [("DELETE", "Guide"), ("CREATE", "Guide")]


def test_what_was_deleted_first_is_made_again_when_its_replacement_fails() -> None:
    state = account()
    state.create("shop", ASSISTANT % "one")
    refuses = Fails(("CREATE", "Guide"))
    state.account.handler = refuses
    stack = state.update("shop", ASSISTANT % "two")
    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert [made.properties["Description"] for made in state.account.existing] == ["one"]
    assert stack.resources["Guide"] is state.account.existing[0]
