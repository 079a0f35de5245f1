"""Folders that set-up accepts, and those that it refuses because of their names."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from infra.paths import CHECKOUT

SETUP = str(CHECKOUT / "scripts" / "setup")


@pytest.fixture(scope="module")
def setup() -> Iterator[dict[str, ModuleType]]:
    """The modules of scripts/setup, which run as scripts before anything is installed."""
    sys.path.insert(0, SETUP)
    import names
    import steps
    import venv_of_checkout

    yield {"names": names, "steps": steps, "venv": venv_of_checkout}
    sys.path.remove(SETUP)


@pytest.mark.parametrize(
    "name",
    ["mall feed 한글 (1)", "[a]", "it's 50% #2", "a & b; c+d=e", "wow! now", "~x", "🛒", "x" * 200],
)
def test_most_names_are_taken(setup: dict[str, ModuleType], name: str) -> None:
    setup["names"].check(Path("/home/김") / name / "checkout", "the checkout")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a:b", "':' divides search paths"),
        ("Kim, Inc", "',' divides Spark's and OpenSearch's lists"),
        ("a$b", "'$' begins a variable"),
        ("{a}", "'{' begins a variable for setuptools; '}' ends"),
        ('"a"', "ends the name for PostgreSQL's initdb"),
        ("a\\b", "hides the next letter"),
        ("wow!", "'!/' ends the name of a jar"),
    ],
)
def test_a_name_that_nothing_can_quote_is_refused_at_once(
    setup: dict[str, ModuleType], name: str, why: str
) -> None:
    with pytest.raises(setup["steps"].SetupFailed) as refused:
        setup["names"].check(Path("/home/kim") / name, "the checkout")
    assert str(refused.value).startswith(f"the checkout {f'/home/kim/{name}'!r} needs another name")
    assert why in str(refused.value)


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_the_checkout_is_found_in_every_locale(
    setup: dict[str, ModuleType], tmp_path: Path, locale: str
) -> None:
    """In `C` Python reads .pth files as ASCII: one with a Korean name kept it from starting."""
    folder = tmp_path / "바탕 화면 [1]'s"
    folder.mkdir()
    (folder / "found_here.py").write_text("print('found')")
    site = tmp_path / "site"
    site.mkdir()
    (site / "checkout.pth").write_text(setup["venv"].path_line(folder), "ascii")
    program = f"import site; site.addsitedir({str(site)!r}); import found_here"
    environment = {"PATH": os.environ["PATH"], "LC_ALL": locale}
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], env=environment, capture_output=True, check=False
    )
    assert (done.stdout, done.stderr) == (b"found\n", b"")


def test_in_the_locale_c_what_set_up_starts_reads_names_as_utf_8() -> None:
    program = "import names, os; names.read_as_utf_8(); print(os.environ.get('LC_ALL'))"
    for locale, expected in (("C", "C.UTF-8"), ("POSIX", "C.UTF-8"), ("C.UTF-8", "C.UTF-8")):
        told = subprocess.check_output(
            [sys.executable, "-c", program], env={"LC_ALL": locale, "PYTHONPATH": SETUP}
        )
        assert told.decode().strip() == expected
