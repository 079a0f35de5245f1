"""A fresh local stack for one block of a round, warmed up, and ways to look into it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.clock import NEVER
from infra.local.stack import Stack
from mallfeed.aws.clients import client
from mallfeed.settings import Settings, from_environment
from mallfeed.sinks.opensearch.connection import ConnectionSpec, connect
from mallfeed.sinks.opensearch.index_template import FIRST_INDEX

STACK = "bench"
OURS = FIRST_INDEX
"""Our own index, behind the alias; a peer's is `products-<name>`: same template, no alias."""


@dataclass(frozen=True)
class Stand:
    """A running stack: where OpenSearch and the warehouse are, and the project's settings."""

    directory: Path
    opensearch_url: str
    dsn: str
    settings: Settings
    opensearch: Any

    def fresh_index(self, name: str) -> str:
        """An empty index with the products' template; an earlier one of that name is deleted."""
        self.drop_index(name)
        self.opensearch.indices.create(index=name)
        return name

    def drop_index(self, name: str) -> None:
        """Delete it, unless it is not there."""
        self.opensearch.indices.delete(index=name, ignore_unavailable=True)

    def forget_ours(self) -> None:
        """Delete what we have loaded, so that each of the others starts with an empty sink."""
        from benchmarks.warehouse import empty_ours

        self.drop_index(OURS)
        empty_ours(self.dsn)


@contextmanager
def stand(name: str = STACK) -> Iterator[Stand]:
    """A stack from scratch; it ends with the `with` block and leaves no data.

    Its Glue starts runs at once: the others that are measured beside it make no cluster either.
    """
    stack = Stack(name, glue_start_s=0)
    with stack.session():
        try:
            stack.start_all()
            stack.deploy(MaintainSchedule=NEVER)
            with _pointed_at(stack.environment()):
                yield _looked_into(stack)
        finally:
            stack.stop()
            shutil.rmtree(stack.directory / "data", ignore_errors=True)


def _looked_into(stack: Stack) -> Stand:
    environment = stack.environment()
    url = environment["OPENSEARCH_URL"]
    found = connect(ConnectionSpec(url, timeout_s=600))
    return Stand(stack.directory, url, environment["WAREHOUSE_DSN"], from_environment(), found)


@contextmanager
def _pointed_at(environment: Mapping[str, str]) -> Iterator[None]:
    """Point this process's AWS clients and settings at the stack."""
    before = dict(os.environ)
    os.environ.update(environment)
    client.cache_clear()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        client.cache_clear()
