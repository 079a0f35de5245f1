"""Malls are notified by mail or through a topic if the stack's parameters say so, and otherwise not."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from infra.local.deploy_template import TEMPLATE


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms as {tag: argument}."""


def _short_form(loader: _Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {tag: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {tag: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {tag: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _short_form)


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    read: dict[str, Any] = yaml.load(TEMPLATE.read_text(encoding="utf-8"), _Loader)  # noqa: S506
    return dict(read["Resources"])


def test_nothing_is_made_without_a_parameter(resources: dict[str, Any]) -> None:
    conditions = {
        name: resources[name]["Condition"]
        for name in (
            "FeedFinished",
            "FinishedKey",
            "FinishedTopic",
            "FinishedTopicPolicy",
            "FinishedMail",
        )
    }
    assert conditions.pop("FeedFinished") == "TellFinished"
    assert set(conditions.values()) == {"MailFinished"}


def test_the_topic_is_encrypted_with_a_key_that_events_may_use(resources: dict[str, Any]) -> None:
    assert resources["FinishedTopic"]["Properties"]["KmsMasterKeyId"] == {"Ref": "FinishedKey"}
    statements = resources["FinishedKey"]["Properties"]["KeyPolicy"]["Statement"]
    allowed = {str(s["Principal"].get("Service")): s["Action"] for s in statements}
    assert allowed["events.amazonaws.com"] == ["kms:GenerateDataKey*", "kms:Decrypt"]


def test_the_rule_takes_our_own_event_only(resources: dict[str, Any]) -> None:
    pattern = resources["FeedFinished"]["Properties"]["EventPattern"]
    assert pattern == {"source": ["mallfeed"], "detail-type": ["FeedFinished"]}
