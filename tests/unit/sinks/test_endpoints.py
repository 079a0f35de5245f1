"""One sink that cannot be opened does not keep the other waiting."""

from __future__ import annotations

import pytest

from mallfeed.errors import SinkRefused, SinkUnavailable
from mallfeed.settings import Settings
from mallfeed.sinks.broken import BrokenSink
from mallfeed.sinks.endpoints import sinks_of

SETTINGS = Settings(
    feeds_bucket="feeds", lake_bucket="lake", ledger_table="ledger", region="eu-west-1"
)
KNOWN = {
    "opensearch/endpoint": "http://127.0.0.1:9",
    "opensearch/auth": "none",
    "redshift/workgroup": "w",
    "redshift/database": "d",
    "redshift/secret_arn": "-",
    "redshift/copy_role_arn": "arn:aws:iam::123456789012:role/copy",
}


def test_a_sink_that_is_down_stands_in_the_list_and_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-2")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    index, warehouse = sinks_of(SETTINGS, KNOWN, "plan-1")
    assert (index.name, warehouse.name) == ("opensearch", "redshift")
    with pytest.raises(SinkUnavailable, match="cannot be reached"):
        index.cursors(["alpha"])
    with pytest.raises(SinkUnavailable, match="cannot be reached"):
        index.load([], 0, lambda: None)


def test_a_sink_that_was_never_made_refuses_no_malls_data() -> None:
    broken = BrokenSink("opensearch", SinkRefused("mapping version 1: run `mallfeed reindex`"))
    with pytest.raises(SinkUnavailable, match="run `mallfeed reindex`"):
        broken.load([], 0, lambda: None)
