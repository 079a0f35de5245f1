"""Which sinks a stack has, and that one which cannot be opened keeps no other waiting."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from mallfeed.errors import SettingsInvalid, SinkRefused, SinkUnavailable
from mallfeed.settings import Settings
from mallfeed.sinks.broken import BrokenSink
from mallfeed.sinks.context import Setting, SinkContext
from mallfeed.sinks.opening import bootstrap, names_of, sinks_of
from mallfeed.sinks.registry import OURS

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


def context(known: dict[str, str] | None = None, **more: str) -> SinkContext:
    """A stack with these parameters, and AWS clients that can do nothing."""
    both = (KNOWN if known is None else known) | more
    return SinkContext(SETTINGS, both, "plan-1", client=lambda _service: object())


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, entries: str, code: str = "") -> None:
    """A package `brought` on sys.path, with these entry points."""
    info = folder / f"{folder.name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {folder.name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[mallfeed.sinks]\n{entries}\n")
    if code:
        (folder / "brought.py").write_text(code)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "brought", raising=False)


def test_a_sink_that_is_down_stands_in_the_list_and_says_why() -> None:
    index, warehouse = sinks_of(context())
    assert (index.name, warehouse.name) == ("opensearch", "redshift")
    assert isinstance(index, BrokenSink)
    assert not isinstance(warehouse, BrokenSink)
    with pytest.raises(
        SinkUnavailable, match="opensearch cannot be opened: OpenSearch cannot be reached"
    ):
        index.cursors(["alpha"])
    with pytest.raises(SinkUnavailable, match="cannot be reached"):
        index.load([], 0, lambda: None)


@pytest.mark.parametrize("missing", ["redshift/workgroup", "redshift/copy_role_arn"])
def test_a_sink_whose_setting_is_missing_is_broken_whichever_it_is(missing: str) -> None:
    known = {name: value for name, value in KNOWN.items() if name != missing}
    _, warehouse = sinks_of(context(known))
    with pytest.raises(SinkUnavailable, match=f"SSM parameter {missing} of this stack is not set"):
        warehouse.cursors(["alpha"])


def test_all_settings_that_are_missing_are_named_at_once() -> None:
    _, warehouse = sinks_of(context({}))
    expected = "redshift/workgroup, redshift/database, redshift/copy_role_arn of this stack"
    with pytest.raises(SinkUnavailable, match=expected):
        warehouse.malls()


def test_a_setting_with_a_default_need_not_be_set() -> None:
    known = {name: value for name, value in KNOWN.items() if name != "redshift/secret_arn"}
    _, warehouse = sinks_of(context(known))
    assert not isinstance(warehouse, BrokenSink)
    assert context({}).value(Setting("redshift/secret_arn", "-")) == "-"


def test_a_sink_that_was_never_made_refuses_no_malls_data() -> None:
    broken = BrokenSink("opensearch", SinkRefused("mapping version 1: run `mallfeed reindex`"))
    with pytest.raises(SinkUnavailable, match="run `mallfeed reindex`"):
        broken.load([], 0, lambda: None)


@pytest.mark.parametrize(
    ("parameter", "names"),
    [
        ({}, ["opensearch", "redshift"]),
        ({"sinks": "redshift"}, ["redshift"]),
        ({"sinks": " redshift , opensearch,redshift"}, ["redshift", "opensearch"]),
    ],
)
def test_the_parameter_says_which_sinks_a_stack_has(
    parameter: dict[str, str], names: list[str]
) -> None:
    assert names_of(context(**parameter)) == names
    assert [sink.name for sink in sinks_of(context(**parameter))] == names


def test_a_name_that_nobody_knows_is_refused_with_those_that_are_known() -> None:
    expected = r"redshft is not a known sink: the known sinks are opensearch, redshift\. Correct the name \(SSM"
    with pytest.raises(SettingsInvalid, match=expected):
        sinks_of(context(sinks="opensearch,redshft"))
    with pytest.raises(SettingsInvalid, match=expected):
        bootstrap(context(), "redshft")
    with pytest.raises(
        SettingsInvalid, match="names no sink: the known sinks are opensearch, redshift"
    ):
        sinks_of(context(sinks=" , "))


def test_a_package_that_cannot_be_imported_is_broken_for_its_sink_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "one", monkeypatch, "lost = nowhere.open:LOST")
    lost, warehouse = sinks_of(context(sinks="lost,redshift"))
    assert not isinstance(warehouse, BrokenSink)
    with pytest.raises(
        SinkUnavailable, match=r"lost cannot be opened: ModuleNotFoundError: .*nowhere"
    ):
        lost.cursors(["alpha"])


def test_a_sink_of_two_packages_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "one", monkeypatch, "redshift = brought:OTHER")
    with pytest.raises(
        SettingsInvalid, match=r"2 packages have a sink named redshift .* all but one"
    ):
        sinks_of(context())
    assert names_of(context(sinks="opensearch")) == ["opensearch"]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("THING = 1", "is 1, expected a SinkFactory named thing"),
        (
            "from mallfeed.sinks.factory import SinkFactory\n"
            "THING = SinkFactory('other', (), lambda c: [], lambda c: None)",
            "expected a SinkFactory named thing",
        ),
        (
            "from mallfeed.sinks.factory import SinkFactory\n"
            "THING = SinkFactory('thing', (), lambda c: [], lambda c: None)",
            "thing has opened no sink",
        ),
    ],
    ids=["no factory", "another name", "no sink"],
)
def test_an_entry_point_that_is_no_working_factory_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, message: str
) -> None:
    install(tmp_path / "one", monkeypatch, "thing = brought:THING", code)
    (thing,) = sinks_of(context(sinks="thing"))
    with pytest.raises(SinkUnavailable, match=message):
        thing.malls()


def test_a_factory_needs_only_settings_that_are_its_own() -> None:
    for factory in OURS:
        assert {need.name.partition("/")[0] for need in factory.needs} == {factory.name}


def test_bootstrapping_says_which_settings_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsInvalid, match="redshift/workgroup, redshift/database"):
        bootstrap(context({}), "redshift")


def test_the_run_names_the_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    (warehouse,) = sinks_of(context(sinks="redshift"))
    stage: Any = warehouse
    assert stage._stage._prefix == "redshift/plan-1"
