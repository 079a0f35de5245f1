"""Alarms in moto with true states: each minute, from the metrics that moto has, with what follows from a change.

moto keeps alarms and metrics and does nothing with them. Here `evaluate` works out each metric alarm's state as of a moment; a change of it
(also one by SetAlarmState) runs the new state's actions (a topic is published to, a function is called) and puts `CloudWatch Alarm State
Change` on the default bus. A new alarm has INSUFFICIENT_DATA, as on AWS. An alarm on what is not computed here (a band, a
function of metric math) stays as it is, and its reason says so.

SQS's number of visible messages is measured here, as SQS does it each minute; no other service of the local stack has metrics of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from infra.local import alarm_metrics
from infra.local.alarm_metrics import NotEvaluated, Sample
from infra.local.alarm_rules import INSUFFICIENT, Rule, state

_KEPT = ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp", "history")
Put = Callable[[dict[str, Any]], None]
_ACTIONS = {"OK": "ok_actions", "ALARM": "alarm_actions", INSUFFICIENT: "insufficient_data_actions"}


def install(put: Put) -> None:
    """Patch moto (in its server's process); `put` leaves a message for the pump."""
    from moto.cloudwatch.models import Alarm, CloudWatchBackend

    alarm: Any = Alarm
    backend: Any = CloudWatchBackend
    begin, change, put_alarm = alarm.__init__, alarm.update_state, backend.put_metric_alarm

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        self.state_value = INSUFFICIENT

    def update_state(self: Any, reason: str, data: str, value: str) -> None:
        before = self.state_value
        change(self, reason, data, value)
        if value != before:
            _announce(self, before, put)

    def put_metric_alarm(self: Any, **given: Any) -> Any:
        """ "When you update an existing alarm, its state is left unchanged" (API Reference, PutMetricAlarm)."""
        there = self.alarms.get(given["name"])
        made = put_alarm(self, **given)
        if there is not None:
            for name in _KEPT:
                setattr(made, name, getattr(there, name))
        return made

    alarm.__init__, alarm.update_state = init, update_state
    backend.put_metric_alarm = put_metric_alarm


def evaluate(at: datetime) -> list[dict[str, str]]:
    """Evaluate every metric alarm as of that moment; returns name, state before and after of those that changed."""
    from moto.cloudwatch.models import cloudwatch_backends

    changed = []
    for account in list(cloudwatch_backends.values()):
        for backend in list(account.values()):
            _measure_queues(backend, at)
            changed += _evaluated(backend, at)
    return changed


def _evaluated(backend: Any, at: datetime) -> list[dict[str, str]]:
    changed = []
    for alarm in list(backend.alarms.values()):
        if alarm.rule is not None:
            continue
        before = alarm.state_value
        try:
            after, reason = _decided(backend, alarm, at)
        except (NotEvaluated, KeyError) as error:
            alarm.state_reason = f"Not evaluated here: {error}"
            continue
        if after is not None and after != before:
            alarm.update_state(reason, "{}", after)
            changed.append({"alarm": alarm.name, "before": before, "after": after})
    return changed


def _decided(backend: Any, alarm: Any, at: datetime) -> tuple[str | None, str]:
    rule = Rule(
        alarm.comparison_operator,
        float(alarm.threshold),
        int(alarm.evaluation_periods),
        int(alarm.datapoints_to_alarm or alarm.evaluation_periods),
        _missing(alarm),
    )
    found = _points(backend, alarm, rule, at)
    told = ", ".join("missing" if value is None else f"{value:g}" for value in found)
    said = (
        f"{rule.needed} of {rule.periods} data points must be {rule.comparison} {rule.threshold:g}"
    )
    return state(rule, found), f"Threshold: {said}; data points, oldest first: {told}"


def _missing(alarm: Any) -> str:
    """What DynamoDB does not report is always ignored (API Reference, PutMetricAlarm)."""
    return "ignore" if alarm.namespace == "AWS/DynamoDB" else alarm.treat_missing_data or "missing"


def _points(backend: Any, alarm: Any, rule: Rule, at: datetime) -> list[float | None]:
    if not alarm.metric_data_queries:
        spans = alarm_metrics.windows(at, int(alarm.period), rule.range)
        samples = list(_samples(backend, alarm.namespace, alarm.metric_name, alarm.dimensions))
        return alarm_metrics.points(samples, alarm.statistic or alarm.extended_statistic, spans)
    series: dict[str, list[float | None]] = {}
    waiting = []
    for query in alarm.metric_data_queries:
        if query.metric_stat is None:
            waiting.append(query)
            continue
        metric = query.metric_stat.metric
        spans = alarm_metrics.windows(at, int(query.metric_stat.period), rule.range)
        samples = list(_samples(backend, metric.namespace, metric.metric_name, metric.dimensions))
        series[query.id] = alarm_metrics.points(samples, query.metric_stat.stat, spans)
    for query in waiting:
        series[query.id] = alarm_metrics.computed(query.expression, series)
    returned = [query for query in alarm.metric_data_queries if _is_true(query.return_data)]
    return series[returned[0].id if returned else alarm.metric_data_queries[-1].id]


def _is_true(value: object) -> bool:
    return str(value).lower() == "true"


def _samples(backend: Any, namespace: str, name: str, dimensions: Any) -> Iterator[Sample]:
    wanted = {(one.name, one.value) for one in dimensions or ()}
    for datum in list(backend.metric_data):
        if (datum.namespace, datum.name) != (namespace, name):
            continue
        if {(one.name, one.value) for one in datum.dimensions} != wanted:
            continue
        at = datum.timestamp
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
        if hasattr(datum, "value"):
            yield Sample(at, datum.value, datum.value, datum.value)
        else:
            yield Sample(at, datum.min, datum.max, datum.sum, datum.sample_count)


def _measure_queues(cloudwatch: Any, at: datetime) -> None:
    from moto.cloudwatch.models import MetricDatum

    minute = datetime.fromtimestamp(at.timestamp() // 60 * 60 - 60, UTC)
    for queue in list(_beside(cloudwatch, "sqs").queues.values()):
        name = {"Name": "QueueName", "Value": queue.name}
        visible = float(queue.approximate_number_of_messages)
        metric = "ApproximateNumberOfMessagesVisible"
        datum = MetricDatum("AWS/SQS", metric, visible, [name], minute.replace(tzinfo=None))
        cloudwatch.metric_data.append(datum)


def _announce(alarm: Any, before: str, put: Put) -> None:
    """What AWS does when the state of an alarm changes."""
    _, _, _, region, account, _, _ = alarm.alarm_arn.split(":", 6)
    told = {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": account,
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": alarm.state_updated_timestamp.isoformat(),
        "Region": region,
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": before,
    }
    if alarm.actions_enabled:
        for arn in getattr(alarm, _ACTIONS[alarm.state_value]) or ():
            _act(arn, told, put)
    detail = {
        "alarmName": alarm.name,
        "state": {"value": alarm.state_value, "reason": alarm.state_reason},
        "previousState": {"value": before},
    }
    event = {
        "Source": "aws.cloudwatch",
        "DetailType": "CloudWatch Alarm State Change",
        "Resources": [alarm.alarm_arn],
        "Detail": json.dumps(detail),
    }
    _backend("events", account, region).put_events([event])


def _act(arn: str, told: dict[str, Any], put: Put) -> None:
    """An action whose target is not there is lost, as on AWS ("nor does it detect any … errors")."""
    from moto.sns.exceptions import SNSNotFoundError

    if ":function:" in arn:
        name = arn.rsplit(":function:", 1)[1].split(":")[0]
        event = {"source": "aws.cloudwatch", "alarmArn": told["AlarmArn"], "alarmData": told}
        put({"kind": "invoke", "function": name, "event": event})
    elif ":sns:" in arn:
        subject = f'{told["NewStateValue"]}: "{told["AlarmName"]}" in {told["Region"]}'[:100]
        try:
            _backend("sns", told["AWSAccountId"], told["Region"]).publish(
                json.dumps(told), arn, subject=subject
            )
        except SNSNotFoundError:
            return


def _beside(backend: Any, service: str) -> Any:
    """Another service of the same account and region."""
    return _backend(service, backend.account_id, backend.region_name)


def _backend(service: str, account: str, region: str) -> Any:
    from moto import backends

    return backends.get_backend(service)[account][region]  # type: ignore[call-overload]
