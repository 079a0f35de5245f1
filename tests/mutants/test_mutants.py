"""The list of hand-made faults keeps up with the code; `make mutants` runs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutants.faults import Mutant, applied, groups, mutants

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("mutant", mutants(), ids=lambda mutant: mutant.name)
def test_each_fault_still_fits_the_code(mutant: Mutant) -> None:
    source = (ROOT / mutant.file).read_text(encoding="utf-8")
    compile(applied(mutant, source), mutant.file, "exec")


def test_each_group_names_tests_that_exist() -> None:
    assert {mutant.group for mutant in mutants()} <= set(groups())
    paths = [path for tests in groups().values() for path in tests if not path.startswith("-")]
    assert all((ROOT / path).exists() for path in paths)
