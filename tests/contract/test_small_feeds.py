"""Small feeds staged together count, change and refuse what each of them does by itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from infra.paths import CHECKOUT
from tests.moto_process import ENVIRONMENT, moto_server

pytestmark = [pytest.mark.spark, pytest.mark.timeout(600)]  # three whole runs in one process


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("together")
    with moto_server(folder / "moto.log") as url:
        job = subprocess.run(
            [sys.executable, "-m", "tests.contract.small_feeds_on_spark", url, str(folder)],
            cwd=CHECKOUT, capture_output=True, text=True, timeout=540, check=False,
            env={**os.environ, **ENVIRONMENT, "AWS_ENDPOINT_URL": url},
        )  # fmt: skip
    assert job.returncode == 0, job.stderr[-4000:]
    answer: dict[str, Any] = json.loads(job.stdout.splitlines()[-1])
    return answer


def test_all_feeds_that_can_be_staged_together_are(found: dict[str, Any]) -> None:
    assert found["together"]["gathered"] == [
        "delta_a", "delta_b", "other", "partial_a", "partial_b", "same_a", "same_b",
    ]  # fmt: skip
    assert found["alone"]["gathered"] == []
    assert found["broken"]["gathered"] == []


def test_concurrent_steps_share_the_cores_fairly(found: dict[str, Any]) -> None:
    assert found["scheduler"] == {
        "mode": "FAIR",
        "opensearch": "opensearch: mall_a-1",
        "redshift": "redshift: mall_a-1",
        "after": None,
    }


def test_few_rows_are_interpreted_and_the_next_run_begins_anew(found: dict[str, Any]) -> None:
    assert found["modes"] == ["NO_CODEGEN", "FALLBACK"]


@pytest.mark.parametrize("what", ["held", "counts", "products", "rejects", "late"])
@pytest.mark.parametrize("way", ["together", "broken"])
def test_staging_together_gives_the_same_as_staging_alone(
    found: dict[str, Any], way: str, what: str
) -> None:
    assert found[way][what] == found["alone"][what]


def test_the_outcome_is_what_the_feeds_say(found: dict[str, Any]) -> None:
    told = found["together"]
    assert told["held"] == {"drifted": "drift"}
    seen = {
        mall: tuple(
            counts[name] for name in ("accepted", "rejected", "duplicates", "deletes", "dropped")
        )
        for mall, counts in told["counts"].items()
    }
    assert seen == {
        "same_a": (2, 3, 0, 0, 0), "same_b": (2, 0, 1, 0, 0), "other": (2, 1, 0, 0, 0),
        "article": (1, 1, 1, 0, 1), "delta_a": (1, 0, 0, 2, 2), "delta_b": (1, 1, 0, 0, 0), "empty": (0, 0, 0, 0, 0),
        "partial_a": (1, 1, 0, 1, 0), "partial_b": (1, 1, 1, 0, 0), "stamped": (2, 0, 0, 0, 0),
    }  # fmt: skip
    medians = {mall: counts["median_price"] for mall, counts in told["counts"].items()}
    assert medians["same_a"] == 100_000
    assert medians["empty"] is None
    vanished = {mall: counts["vanished"] for mall, counts in told["counts"].items()}
    assert vanished["same_b"] == 1
    assert vanished["delta_a"] == 2
    assert told["counts"]["delta_a"]["drop_rules"] == {"hidden": 2}
    assert not [row for row in told["products"] if "숨김" in row]
    assert told["counts"]["article"]["drop_rules"] == {"merged": 1}
    assert told["counts"]["article"]["reject_codes"] == {"category_path_not_in_table": 1}
    (article,) = [row for row in told["products"] if "'mall_id': 'article'" in row]
    assert "Decimal('1000.00')" in article
    assert told["counts"]["same_a"]["warning_codes"] == {"gtin_invalid": 1}
    assert len(told["rejects"]) == sum(one["rejected"] for one in told["counts"].values())


def test_a_mall_gets_one_file_per_commit_however_many_tasks_have_its_rows(
    found: dict[str, Any],
) -> None:
    assert found["together"]["files"]["same_a"] == 1


def test_rows_that_name_a_part_change_that_part(found: dict[str, Any]) -> None:
    told = found["together"]
    partial = [row for row in told["products"] if "'mall_id': 'partial_" in row]
    keys = ("'product_id': '1', 'title': '가방'", "'product_id': '1', 'title': '가방'",
            "'product_id': '2', 'title': '신발'")  # fmt: skip
    prices = ("900.00", "1000.00", "1400.00")
    assert len(partial) == len(keys)
    for row, key, price in zip(partial, keys, prices, strict=True):
        assert key in row, row
        assert f"'price': Decimal('{price}')" in row, row
    assert told["counts"]["partial_a"]["reject_codes"] == {"product_unknown": 1}
    assert told["counts"]["partial_b"]["reject_codes"] == {"price_missing": 1}


def test_rows_that_have_stamps_are_staged_by_themselves(found: dict[str, Any]) -> None:
    told = found["together"]
    stamped = [row for row in told["products"] if "'mall_id': 'stamped'" in row]
    assert ["Decimal('1000.00')" in stamped[0], "Decimal('1900.00')" in stamped[1]] == [True, True]
    counts = told["counts"]["stamped"]
    assert counts["warning_codes"] == {"older_than_known": 1}
    assert (counts["products_before"], counts["changed"], counts["beside"]) == (2, 1, 1)


def test_a_late_full_feed_leaves_what_a_later_row_named(found: dict[str, Any]) -> None:
    late = found["together"]["late"]
    assert [("새 가방" in row, "Decimal('900.00')" in row) for row in late] == [
        (True, True), (False, False),
    ], late  # fmt: skip
    assert "'product_id': '3'" in late[1]
