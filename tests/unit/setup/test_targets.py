"""Every test is in a target of the Makefile: what `make test` leaves out as a longer proof has a target of its own."""

from __future__ import annotations

import itertools
import re
import tomllib

import pytest
from _pytest.mark.expression import Expression
from ruamel.yaml import YAML

from infra.paths import CHECKOUT
from tests.conftest import QUICK

MAKEFILE = (CHECKOUT / "Makefile").read_text("utf-8")
OPTIONS = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]
RUNS = re.findall(
    r"^([a-z-]+):[^\n]*\n(?:\t(?!\$\(PYTEST\))[^\n]*\n)*\t\$\(PYTEST\) ([a-z/ ]+?) -m (?:(\w+)|\"([^\"]+)\")",
    MAKEFILE,
    re.M,
)
SELECTED = {target: word or words for target, _, word, words in RUNS}
"""Target → the expression of markers that it selects tests by."""
PATHS = {target: path for target, path, *_ in RUNS}
"""Target → the folders that it takes them from."""
(BY_DEFAULT,) = re.findall(r"-m '([^']+)'", OPTIONS["ini_options"]["addopts"])
LONGER = re.findall(r"not ([a-z_]+)", BY_DEFAULT)


def _targets(markers: tuple[str, ...]) -> list[str]:
    """Those that run a test with these markers."""
    return [
        target
        for target, expression in SELECTED.items()
        if Expression.compile(expression).evaluate(lambda name, **_: name in markers)
    ]


def test_make_test_runs_what_is_neither_quick_nor_a_longer_proof() -> None:
    assert SELECTED["test"] == f"not quick and {BY_DEFAULT}"
    assert SELECTED["check"] == "quick"
    assert PATHS["check"].split() == sorted(
        (str(folder.relative_to(CHECKOUT)) for folder in QUICK), reverse=True
    )


@pytest.mark.parametrize("longer", LONGER)
def test_a_longer_proof_has_a_target_of_its_own(longer: str) -> None:
    assert _targets((longer,)) == [target for target, one in SELECTED.items() if one == longer]
    assert len(_targets((longer,))) == 1
    known = {line.partition(":")[0] for line in OPTIONS["ini_options"]["markers"]}
    assert longer in known


def test_a_public_runner_runs_each_longer_proof() -> None:
    text = (CHECKOUT / ".github" / "workflows" / "longer.yml").read_text("utf-8")
    run = YAML(typ="safe").load(text)["jobs"]["prove"]["strategy"]["matrix"]["target"]
    assert set(run) >= {target for target in SELECTED if target not in ("test", "check")}
    assert {f"{target}:" for target in run} <= set(re.findall(r"^[a-z-]+:", MAKEFILE, re.M))


def test_no_test_is_in_no_target() -> None:
    names = ("quick", *LONGER)
    for many in range(len(names) + 1):
        for markers in itertools.combinations(names, many):
            assert _targets(markers), f"a test marked {markers} is in no target"


def test_a_target_that_looks_in_one_folder_finds_all_that_it_selects() -> None:
    for target in set(PATHS) - {"check"}:
        if PATHS[target] == "tests":
            continue
        marker = SELECTED[target]
        marked = {
            path
            for path in (CHECKOUT / "tests").rglob("*.py")
            if re.search(
                rf"^(?!.*\brf?\").*pytest\.mark\.{marker}\b", path.read_text("utf-8"), re.M
            )
        }
        assert marked
        assert all(path.is_relative_to(CHECKOUT / PATHS[target]) for path in marked), marked
