"""A release names the code that loads feeds by what decides about them, file by file, and by nothing else."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path

import grimp
import pytest

from infra.package.code_stamp import stamp
from infra.package.deciding import ENTRY, NOT_DECIDING, deciding, reached
from infra.paths import CHECKOUT

Change = Callable[[str], str]


def commented(source: str) -> str:
    """With another comment, docstring and layout."""
    texts = re.sub(r'"""(?=\S)', '"""Put otherwise. ', source)
    return texts.replace("\n\n\n", "\n\n\n\n# Why it is so.\n\n\n") + "\n# The end.\n"


def changed(source: str) -> str:
    """With one more statement."""
    return source + "\nONE_MORE = 1\n"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The parts of the checkout that a stamp is made of."""
    root = tmp_path_factory.mktemp("stamp")
    shutil.copytree(CHECKOUT / "mallfeed", root / "mallfeed", ignore=lambda *_: ["__pycache__"])
    (root / ENTRY).parent.mkdir()
    shutil.copy(CHECKOUT / ENTRY, root / ENTRY)
    return root


@pytest.fixture(scope="module")
def before(copy: Path) -> str:
    return stamp(copy)


def after(copy: Path, name: str, change: Change) -> str:
    """The stamp while the file is changed; afterwards the file is restored."""
    path = copy / "mallfeed" / name
    source = path.read_text("utf-8")
    assert change(source) != source
    path.write_text(change(source), "utf-8")
    try:
        return stamp(copy)
    finally:
        path.write_text(source, "utf-8")


@pytest.mark.parametrize(
    "name",
    [
        "load/staging.py",
        "load/run_plan.py",
        "ledger/decisions.py",
        "table/compare.py",
        "normalise/content_hash.py",
        "catalog/read.py",
        "sinks/opensearch/document.py",
        "sinks/sql/merge.py",
        "formats/csv/read.py",  # imported by its name in the format's row
        "product/fields.py",
    ],
)
def test_a_file_that_decides_counts_and_a_comment_in_it_does_not(
    copy: Path, before: str, name: str
) -> None:
    assert after(copy, name, commented) == before
    new = json.loads(after(copy, name, changed))
    old = json.loads(before)
    assert new["hash"] != old["hash"]
    different = [one for one in old["files"] if old["files"][one] != new["files"][one]]
    assert different == [f"mallfeed/{name}"]


@pytest.mark.parametrize(
    "name",
    [
        "authoring/suggest/suggest.py",
        "authoring/preview.py",
        "product/code_texts.py",
        "report/words.py",
        "progress/watch.py",
        "plan/sizing.py",
        "cli/main.py",
        "formats/csv/look.py",
    ],
)
def test_a_file_that_only_shows_or_tells_does_not_count(copy: Path, before: str, name: str) -> None:
    assert after(copy, name, changed) == before


def test_the_functions_of_the_jvm_count(copy: Path, before: str) -> None:
    jar = copy / "mallfeed" / "normalise" / "jvm" / "mallfeed-functions.jar"
    old = jar.read_bytes() if jar.exists() else None
    jar.write_bytes(b"other functions")
    try:
        assert stamp(copy) != before
    finally:
        jar.unlink() if old is None else jar.write_bytes(old)


def test_a_file_that_moves_counts(copy: Path, before: str) -> None:
    old, new = (copy / "mallfeed" / "table" / f"{name}.py" for name in ("counts", "tallies"))
    users = [
        path
        for path in (copy / "mallfeed").rglob("*.py")
        if "mallfeed.table.counts" in path.read_text("utf-8")
    ]
    sources = {path: path.read_text("utf-8") for path in users}
    old.rename(new)
    for path, source in sources.items():
        path.write_text(source.replace("table.counts", "table.tallies"), "utf-8")
    try:
        assert "mallfeed/table/tallies.py" in json.loads(stamp(copy))["files"]
    finally:
        new.rename(old)
        for path, source in sources.items():
            path.write_text(source, "utf-8")
    assert stamp(copy) == before


def test_all_that_the_job_imports_is_known() -> None:
    """Held against another reader of imports, which does not know modules named in texts."""
    graph = grimp.build_graph("mallfeed", cache_dir=None, exclude_type_checking_imports=True)
    entry = re.findall(r"^from (mallfeed\S+) import", (CHECKOUT / ENTRY).read_text("utf-8"), re.M)
    found = set(entry)
    for module in entry:
        found |= graph.find_upstream_modules(module)
    known = reached(CHECKOUT, but=()).keys()
    assert found <= known
    by_name = {module for module in known - found if not graph.find_children(module)}
    assert "mallfeed.formats.csv.read" in by_name
    readers = {module for module in by_name if module.endswith((".read", ".look"))}
    behind_readers = set[str]().union(*(graph.find_upstream_modules(one) for one in readers))
    assert by_name == readers | behind_readers & by_name


def test_what_is_left_out_is_what_would_count_without_that_and_has_a_reason() -> None:
    known = reached(CHECKOUT, but=())
    for pattern, why in NOT_DECIDING.items():
        assert [one for one in known if fnmatchcase(one, pattern)], f"{pattern} is not imported"
        assert len(why.split()) > 2, f"{pattern}: why does it decide nothing?"
    assert not [
        name for name in deciding() if name.startswith(("mallfeed/report/", "mallfeed/plan/"))
    ]
