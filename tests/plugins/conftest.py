"""One Spark session for all tests here."""

import pytest

from tests.spark_session import forgive_py4j_sockets, session_fixture

spark = pytest.fixture(scope="session")(session_fixture)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Warnings that Spark's client cannot help."""
    forgive_py4j_sockets(items)
