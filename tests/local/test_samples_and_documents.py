"""The sample malls on the whole stack, and every command that README and docs/ show."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.demo import load_samples
from infra.local.samples import sample_malls
from infra.paths import CHECKOUT
from mallfeed.aws.clients import client
from mallfeed.cli.runs import ledger_of
from mallfeed.cli.watch import follow
from mallfeed.ledger.identity import feed_id
from mallfeed.settings import from_environment
from tests.local_parts import Parts

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1500)]

INSTALL = 'pip install "$(ls build/mallfeed-*.whl)[catalogs]"'
ELSEWHERE = {
    "make demo": "load_samples below is all of it but the start of the stack",
    "make test": "this run",
    "mallfeed local down": "tests/local/test_local_command.py",
    INSTALL: "make wheel-test, and tests/wheel without an index",
}
"""Commands that are run, but not by this test."""

REAL_DEPLOY = {"deploy.md"}
WALKED = {"add-a-mall.md"}
"""Run as a whole, and looked at closely, by test_add_a_mall.py."""


@pytest.fixture(scope="module")
def at_stack(stack: Parts) -> Iterator[dict[str, str]]:
    """This process's clients and settings point at the session's stack."""
    before = dict(os.environ)
    os.environ.update(stack.env)
    client.cache_clear()
    yield {**os.environ, "COLUMNS": "200"}
    os.environ.clear()
    os.environ.update(before)
    client.cache_clear()


@pytest.fixture(scope="module")
def faults(at_stack: dict[str, str], stack: Parts) -> list[str]:
    """What is wrong once all sample feeds have been loaded."""
    return load_samples(from_environment(), sample_malls(), stack.stack)


def test_every_sample_feed_ends_as_its_expectations_say_in_both_sinks(faults: list[str]) -> None:
    assert faults == []


def test_nothing_that_was_understood_is_in_the_dead_letter_queue(
    faults: list[str], stack: Parts
) -> None:
    sqs = stack.client("sqs")
    queues = [url for url in sqs.list_queues()["QueueUrls"] if url.endswith("dlq")]
    assert len(queues) == 1
    told = sqs.get_queue_attributes(QueueUrl=queues[0], AttributeNames=["All"])["Attributes"]
    assert told["ApproximateNumberOfMessages"] == "0"


def documented() -> list[tuple[str, str]]:
    """(file, command) of every `sh` block in README and docs/, but for a real deploy."""
    found = []
    for path in [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]:
        if path.name in REAL_DEPLOY | WALKED:
            continue
        for block in re.findall(r"```sh\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
            whole = block.replace("\\\n", " ")
            lines = (line.split("    #")[0].strip() for line in whole.splitlines())
            found += [(path.name, line) for line in lines if line and not line.startswith("#")]
    return found


def test_documents_show_commands() -> None:
    assert ("README.md", "mallfeed search 노트북") in documented()


def upload_as_a_mall(command: str) -> None:
    """What `aws s3 cp FILE s3://BUCKET/KEY --metadata NAME=VALUE` does, with boto3."""
    settings = from_environment()
    words = shlex.split(
        re.sub(r"<(bucket|버킷)>", "BUCKET", re.sub(r"<(mall id|입점사 ID)>", "nobody", command))
    )
    key = words[4].removeprefix("s3://BUCKET/")
    metadata = dict(word.split("=", 1) for word in words[words.index("--metadata") + 1 :])
    answer = client("s3").put_object(
        Bucket=settings.feeds_bucket, Key=key, Body=b"id,title\n", Metadata=metadata
    )
    run = feed_id("nobody", settings.feeds_bucket, key, answer["VersionId"])
    found = follow(ledger_of(settings), [run], timeout_s=120, quiet=True)[0]
    assert found is not None
    assert (found.state, found.code) == ("HELD", "unknown_mall")


@pytest.mark.parametrize(("document", "command"), documented())
def test_a_documented_command_works(
    document: str, command: str, faults: list[str], at_stack: dict[str, str]
) -> None:
    if command in ELSEWHERE:
        return
    if command.startswith("aws s3 cp "):
        upload_as_a_mall(command)
        return
    loaded = [f for f in ledger_of(from_environment()).recent(100) if f.counts.rejected]
    line = command.replace("RUN", loaded[0].feed_id)
    bin_folder = str(Path(sys.executable).parent)
    env = {**at_stack, "PATH": f"{bin_folder}:{at_stack['PATH']}"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", line],
        cwd=CHECKOUT,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, f"{document}: {shlex.quote(line)}\n{done.stdout}\n{done.stderr}"
