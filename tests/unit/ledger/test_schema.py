"""The ledger uses the names of the indices in the template's table."""

from __future__ import annotations

from mallfeed.ledger.schema import BY_ORDER, EXPIRES, OPEN_INDEX, RECENT_INDEX
from tests.twins.ledger_table import properties


def test_the_template_has_the_ledgers_indices() -> None:
    local, others = (properties()[f"{kind}SecondaryIndexes"] for kind in ("Local", "Global"))
    assert [one["IndexName"] for one in local] == [BY_ORDER]
    assert {one["IndexName"] for one in others} == {OPEN_INDEX, RECENT_INDEX}


def test_records_that_have_had_their_time_go_by_the_attribute_that_the_ledger_writes() -> None:
    assert properties()["TimeToLiveSpecification"] == {"AttributeName": EXPIRES, "Enabled": True}
