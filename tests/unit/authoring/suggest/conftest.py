"""One Spark session for the tests that load with a draft."""

from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from tests.spark_session import forgive_py4j_sockets, spark_session

_WITHOUT_COMPILER = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
"""For a dozen rows compiling a plan takes far longer than running it."""


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    session = spark_session()
    for key, value in _WITHOUT_COMPILER.items():
        session.conf.set(key, value)
    yield session
    for key in _WITHOUT_COMPILER:
        session.conf.unset(key)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Warnings that Spark's client cannot help."""
    forgive_py4j_sockets(items)
