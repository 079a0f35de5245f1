"""The stack's sinks, for queries by people: `mallfeed search` and `mallfeed sql`."""

from __future__ import annotations

from typing import Any

from mallfeed.pipeline.parts import stack_parameters
from mallfeed.product.rates import NO_RATES, Rates
from mallfeed.search import rates_file
from mallfeed.settings import Settings
from mallfeed.sinks.context import SinkContext
from mallfeed.sinks.opensearch.connection import connect
from mallfeed.sinks.opensearch.settings import connection_of
from mallfeed.sinks.redshift.data_api import RedshiftData
from mallfeed.sinks.redshift.open import warehouse_of


def opensearch_client(settings: Settings) -> Any:
    """A client of the stack's OpenSearch. Raises SettingsInvalid if it has none."""
    return connect(connection_of(SinkContext(settings, stack_parameters(settings))))


def rates_of(settings: Settings) -> Rates:
    """The stack's rates; none if nobody has stored any. Raises SettingsInvalid if they cannot be read."""
    text = stack_parameters(settings).get(rates_file.PARAMETER)
    return NO_RATES if text is None else rates_file.read(text, rates_file.PARAMETER)


def warehouse_client(settings: Settings) -> RedshiftData:
    """The stack's warehouse. Raises SettingsInvalid if it has none."""
    return warehouse_of(SinkContext(settings, stack_parameters(settings)))
