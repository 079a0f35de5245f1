"""The small adapters over HTTP: parameters, queues, secrets, events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import boto3
import pytest

from infra.local.place import REGION
from mallfeed.arrival import sqs
from mallfeed.aws import secrets
from mallfeed.aws.ssm import parameters
from mallfeed.errors import SettingsInvalid
from mallfeed.plan.limits import Limits
from mallfeed.plan.limits_reader import KEEP_SECONDS, LimitsReader
from mallfeed.report import events
from tests.moto_process import moto_server


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with moto_server(tmp_path_factory.mktemp("moto") / "moto.log") as url:
        yield url


def client(service: str, url: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def test_parameters_are_read_below_their_prefix_over_many_pages(url: str) -> None:
    ssm, prefix = client("ssm", url), f"/{uuid4().hex}"
    for number in range(25):
        ssm.put_parameter(Name=f"{prefix}/a/{number}", Value=str(number), Type="String")
    ssm.put_parameter(Name=f"{prefix}x/a/1", Value="other", Type="String")
    assert parameters(ssm, prefix) == {f"a/{number}": str(number) for number in range(25)}


def test_limits_have_defaults_are_kept_for_a_while_and_read_again(url: str) -> None:
    ssm, prefix, now = client("ssm", url), f"/{uuid4().hex}", [0.0]
    reader = LimitsReader(ssm, prefix, lambda: now[0])
    assert reader.read() == Limits()
    ssm.put_parameter(Name=f"{prefix}/limits/max_runs", Value=" 7 ", Type="String")
    assert reader.read().max_runs == Limits().max_runs
    now[0] = KEEP_SECONDS
    assert reader.read() == Limits(max_runs=7)


def test_a_wrong_limit_is_named_and_its_last_right_value_stays_in_effect(url: str) -> None:
    ssm, prefix = client("ssm", url), f"/{uuid4().hex}"
    now = [0.0]
    reader = LimitsReader(ssm, prefix, lambda: now[0])

    def put(name: str, value: str) -> Limits:
        ssm.put_parameter(
            Name=f"{prefix}/limits/{name}", Value=value, Type="String", Overwrite=True
        )
        now[0] += KEEP_SECONDS
        return reader.read()

    assert put("max_tries", "0") == Limits()
    assert "limits/max_tries" in str(reader.fault)
    assert put("max_tries", "5") == Limits(max_tries=5)
    assert put("priorities", "mall_a=5") == Limits(max_tries=5, priorities={"mall_a": 5})
    assert reader.fault is None
    wrong = put("priorities", "mall_a:6")
    assert wrong == Limits(max_tries=5, priorities={"mall_a": 5})
    assert "`mall_a:6` is not a priority" in str(reader.fault)
    assert put("max_runs", "9") == wrong.model_copy(update={"max_runs": 9})
    assert put("max_runs", "1O") == wrong.model_copy(update={"max_runs": 9})
    put("max_runs", "9")
    assert put("priorities", "none") == Limits(max_tries=5, max_runs=9)
    assert reader.fault is None


def test_messages_are_counted_and_moved(url: str) -> None:
    queues = client("sqs", url)
    source, target = (queues.create_queue(QueueName=f"q{uuid4().hex}")["QueueUrl"] for _ in "ab")
    for number in range(3):
        queues.send_message(QueueUrl=source, MessageBody=f"body {number}")
    assert (sqs.waiting(queues, source), sqs.waiting(queues, target)) == (3, 0)
    for message in sqs.receive(queues, source):
        sqs.move(queues, message, source, target)
    assert (sqs.waiting(queues, source), sqs.waiting(queues, target)) == (0, 3)
    assert {one["Body"] for one in sqs.receive(queues, target)} == {"body 0", "body 1", "body 2"}


def test_dead_letters_are_looked_through_and_stay(url: str) -> None:
    queues = client("sqs", url)
    letters, queue = (queues.create_queue(QueueName=f"q{uuid4().hex}")["QueueUrl"] for _ in "ab")
    arn = queues.get_queue_attributes(QueueUrl=letters, AttributeNames=["QueueArn"])
    policy = {"deadLetterTargetArn": arn["Attributes"]["QueueArn"], "maxReceiveCount": "5"}
    queues.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": json.dumps(policy)})
    assert sqs.dead_letter_url(queues, queue) == letters
    for number in range(13):
        queues.send_message(QueueUrl=letters, MessageBody=f"body {number}")
    for _ in range(2):
        found = sqs.look_through(queues, letters)
        assert {one["Body"] for one in found} == {f"body {number}" for number in range(13)}
    note = {"redriven-by": "김하나", "redriven-why": "mended"}
    sqs.move(queues, sqs.receive(queues, letters, 1)[0], letters, queue, note)
    assert sqs.waiting(queues, letters) == 12
    moved = sqs.look_through(queues, queue)[0]["MessageAttributes"]
    assert {name: value["StringValue"] for name, value in moved.items()} == note


def test_a_login_is_read_and_never_shown(url: str) -> None:
    manager = client("secretsmanager", url)
    text = json.dumps({"username": "loader", "password": "hidden"})
    arn = manager.create_secret(Name=uuid4().hex, SecretString=text)["ARN"]
    login = secrets.login(manager, arn)
    assert (login.user, login.password) == ("loader", "hidden")
    assert "hidden" not in repr(login)


@pytest.mark.parametrize("text", ["plain", "[]", '{"username": "x"}'])
def test_a_secret_of_another_form_is_refused_without_showing_it(url: str, text: str) -> None:
    manager = client("secretsmanager", url)
    arn = manager.create_secret(Name=uuid4().hex, SecretString=text)["ARN"]
    with pytest.raises(SettingsInvalid, match='"username" and "password"') as refused:
        secrets.login(manager, arn)
    assert text not in str(refused.value)


def test_an_event_reaches_its_bus(url: str) -> None:
    bus, queues = client("events", url), client("sqs", url)
    queue = queues.create_queue(QueueName=f"q{uuid4().hex}")["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    rule = f"r{uuid4().hex}"
    bus.put_rule(Name=rule, EventPattern=json.dumps({"source": ["mallfeed"]}))
    bus.put_targets(Rule=rule, Targets=[{"Id": "q", "Arn": arn["Attributes"]["QueueArn"]}])
    events.emit(bus, "default", "Feed Held", {"feed_id": "mall_a-1", "사유": "빈 파일"})
    (message,) = sqs.receive(queues, queue)
    body = json.loads(message["Body"])
    assert (body["detail-type"], body["detail"]["사유"]) == ("Feed Held", "빈 파일")
