"""The local stack's DynamoDB keeps what it promises when several write at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from infra.local.deploy import Clients

_WRITES = 40


@pytest.fixture
def table(clients: Clients) -> Iterator[str]:
    """A table with so many items that copying it takes a while."""
    name, dynamodb = f"turns-{uuid4().hex[:8]}", clients("dynamodb")
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    more = {"M": {str(number): {"S": "x" * 20} for number in range(20)}}
    for number in range(150):
        dynamodb.put_item(TableName=name, Item={"pk": {"S": f"old{number}"}, "more": more})
    yield name
    dynamodb.delete_table(TableName=name)


@pytest.mark.parametrize("turn", range(5))
def test_of_two_transactions_one_is_written_whole_and_no_put_beside_them_is_lost(
    clients: Clients, table: str, turn: int
) -> None:
    dynamodb = clients("dynamodb")
    barrier = threading.Barrier(3)

    def transact(writer: str) -> str | None:
        puts = [
            {
                "Put": {
                    "TableName": table,
                    "Item": {"pk": {"S": f"both{number}"}, "writer": {"S": writer}},
                    "ConditionExpression": "attribute_not_exists(pk)",
                }
            }
            for number in range(_WRITES)
        ]
        barrier.wait()
        try:
            dynamodb.transact_write_items(TransactItems=puts)
        except dynamodb.exceptions.TransactionCanceledException:
            return None
        return writer

    def put(_: str) -> None:
        barrier.wait()
        for number in range(_WRITES):
            dynamodb.put_item(TableName=table, Item={"pk": {"S": f"beside{number}"}})

    tasks: list[tuple[Callable[[str], Any], str]] = [(transact, "a"), (transact, "b"), (put, "")]
    with ThreadPoolExecutor(3) as pool:
        futures = [pool.submit(task, name) for task, name in tasks]
        written = [future.result() for future in futures]
    won = [writer for writer in written if writer]
    stored = dynamodb.scan(TableName=table, ConsistentRead=True)["Items"]
    assert len(won) == 1
    assert [item["writer"]["S"] for item in stored if "writer" in item] == won * _WRITES
    assert sum(item["pk"]["S"].startswith("beside") for item in stored) == _WRITES
