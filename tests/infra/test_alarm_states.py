"""Alarms of a real moto change their state by its metrics, and what follows from that happens."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local import events_inbox
from infra.local.deploy import Clients

NOW = datetime.now(UTC)


class Alarm:
    """One alarm on a metric of its own, with a topic that a queue hears."""

    def __init__(self, clients: Clients, endpoint: str, name: str) -> None:
        self.clients, self.endpoint, self.name = clients, endpoint, name
        self.topic = clients("sns").create_topic(Name=name)["TopicArn"]
        self.queue = clients("sqs").create_queue(QueueName=name)["QueueUrl"]
        arn = f"arn:aws:sqs:ap-northeast-2:123456789012:{name}"
        clients("sns").subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=arn)

    def make(self, **more: Any) -> None:
        usual = {"Namespace": self.name, "MetricName": "m", "Statistic": "Sum", "Period": 60}
        usual |= {"EvaluationPeriods": 1, "Threshold": 0, "ActionsEnabled": True}
        usual["ComparisonOperator"] = "GreaterThanThreshold"
        self.clients("cloudwatch").put_metric_alarm(AlarmName=self.name, **usual | more)

    def put(self, value: float, minutes_ago: int, **more: Any) -> None:
        at = NOW - timedelta(minutes=minutes_ago)
        datum = {"MetricName": "m", "Value": value, "Timestamp": at, **more}
        self.clients("cloudwatch").put_metric_data(Namespace=self.name, MetricData=[datum])

    def evaluate(self, minutes_later: int = 0) -> list[dict[str, str]]:
        at = (NOW + timedelta(minutes=minutes_later)).isoformat()
        changed = events_inbox.post(self.endpoint, "alarms", {"at": at})["changed"]
        return [one for one in changed if one["alarm"] == self.name]

    @property
    def state(self) -> str:
        (found,) = self.clients("cloudwatch").describe_alarms(AlarmNames=[self.name])[
            "MetricAlarms"
        ]
        return str(found["StateValue"])

    def heard(self) -> list[str]:
        """The states that the topic was told since the last call."""
        received = self.clients("sqs").receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10)
        told = [
            json.loads(json.loads(one["Body"])["Message"]) for one in received.get("Messages", [])
        ]
        for one in received.get("Messages", []):
            self.clients("sqs").delete_message(
                QueueUrl=self.queue, ReceiptHandle=one["ReceiptHandle"]
            )
        return [f"{one['OldStateValue']} {one['NewStateValue']}" for one in told]


@pytest.fixture
def alarm(clients: Clients, aws_environment: dict[str, str], bucket: str) -> Alarm:
    return Alarm(clients, aws_environment["AWS_ENDPOINT_URL"], bucket)


def test_an_alarm_rings_and_says_when_all_is_well_again(alarm: Alarm) -> None:
    alarm.make(AlarmActions=[alarm.topic], OKActions=[alarm.topic], TreatMissingData="notBreaching")
    assert alarm.state == "INSUFFICIENT_DATA"
    alarm.put(1, minutes_ago=1)
    assert alarm.evaluate() == [
        {"alarm": alarm.name, "before": "INSUFFICIENT_DATA", "after": "ALARM"}
    ]
    assert alarm.evaluate() == []
    assert alarm.heard() == ["INSUFFICIENT_DATA ALARM"]
    alarm.evaluate(minutes_later=10)
    assert (alarm.state, alarm.heard()) == ("OK", ["ALARM OK"])


def test_m_of_n_periods_have_to_breach(alarm: Alarm) -> None:
    alarm.make(EvaluationPeriods=3, DatapointsToAlarm=2)
    for ago, value in ((3, 1), (2, 0), (1, 0)):
        alarm.put(value, ago)
    alarm.evaluate()
    assert alarm.state == "OK"
    alarm.put(1, minutes_ago=1)
    alarm.evaluate()
    assert alarm.state == "ALARM"


def test_a_metric_with_other_dimensions_is_another_metric(alarm: Alarm) -> None:
    alarm.make(Dimensions=[{"Name": "service", "Value": "a"}], TreatMissingData="notBreaching")
    alarm.put(1, 1)
    alarm.put(1, 1, Dimensions=[{"Name": "service", "Value": "b"}])
    alarm.evaluate()
    assert alarm.state == "OK"
    alarm.put(1, 1, Dimensions=[{"Name": "service", "Value": "a"}])
    alarm.evaluate()
    assert alarm.state == "ALARM"


def test_actions_that_are_disabled_or_of_another_state_do_nothing(alarm: Alarm) -> None:
    alarm.make(OKActions=[alarm.topic])
    alarm.put(1, 1)
    alarm.evaluate()
    assert (alarm.state, alarm.heard()) == ("ALARM", [])
    alarm.make(OKActions=[alarm.topic], ActionsEnabled=False, TreatMissingData="notBreaching")
    assert alarm.state == "ALARM", "an update leaves the state as it is"
    alarm.evaluate(minutes_later=10)
    assert (alarm.state, alarm.heard()) == ("OK", [])


def test_an_alarm_set_by_hand_acts_too_and_an_action_without_target_is_lost(alarm: Alarm) -> None:
    alarm.make(AlarmActions=[f"{alarm.topic}-gone", alarm.topic])
    setting = {"StateValue": "ALARM", "StateReason": "a drill"}
    alarm.clients("cloudwatch").set_alarm_state(AlarmName=alarm.name, **setting)
    assert alarm.heard() == ["INSUFFICIENT_DATA ALARM"]


def test_a_queue_with_messages_rings_without_anybody_putting_its_metric(alarm: Alarm) -> None:
    dimensions = [{"Name": "QueueName", "Value": alarm.name}]
    metric = {"Namespace": "AWS/SQS", "MetricName": "ApproximateNumberOfMessagesVisible"}
    alarm.make(Dimensions=dimensions, Statistic="Maximum", **metric)
    alarm.evaluate()
    assert alarm.state == "OK"
    alarm.clients("sqs").send_message(QueueUrl=alarm.queue, MessageBody="dead")
    alarm.evaluate(minutes_later=1)
    assert alarm.state == "ALARM"


def test_an_expression_over_metrics_is_evaluated_and_an_unknown_one_says_so(alarm: Alarm) -> None:
    metric = {"Namespace": alarm.name, "MetricName": "m"}
    stat = {"Metric": metric, "Period": 60, "Stat": "Sum"}
    queries: list[dict[str, Any]] = [
        {"Id": "errors", "MetricStat": stat, "ReturnData": False},
        {"Id": "share", "Expression": "100 * errors / 20", "ReturnData": True},
    ]
    given = {"EvaluationPeriods": 1, "Threshold": 5, "ComparisonOperator": "GreaterThanThreshold"}
    cloudwatch = alarm.clients("cloudwatch")
    cloudwatch.put_metric_alarm(AlarmName=alarm.name, Metrics=queries, **given)
    alarm.put(2, 1)
    alarm.evaluate()
    assert alarm.state == "ALARM"
    queries[1]["Expression"] = "RATE(errors)"
    cloudwatch.put_metric_alarm(AlarmName=alarm.name, Metrics=queries, **given)
    alarm.evaluate()
    (found,) = cloudwatch.describe_alarms(AlarmNames=[alarm.name])["MetricAlarms"]
    assert found["StateReason"] == "Not evaluated here: the function RATE"
