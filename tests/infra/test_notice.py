"""NOTICE names every package that a release holds, and carries the notices that must go along."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from infra.package import notice
from infra.package.dependencies import GLUE, LAMBDA, Target, lock_of
from infra.paths import CHECKOUT

NOTICE = (CHECKOUT / "NOTICE").read_text("utf-8")


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(("holder", "target"), [("functions", LAMBDA), ("Glue", GLUE)])
def test_it_names_what_is_locked_and_nothing_else(holder: str, target: Target) -> None:
    locked = re.findall(r"^([\w.-]+)==(\S+)", lock_of(target).read_text("utf-8"), re.MULTILINE)
    named = re.findall(r"^  (\S+) (\S+): .+ \((.*)\)$", NOTICE, re.MULTILINE)
    held = {(_plain(name), version) for name, version, holders in named if holder in holders}
    assert held == {(_plain(name), version) for name, version in locked}


def test_it_is_what_the_packages_say_of_themselves() -> None:
    assert notice.current() == NOTICE, "run: python -m infra.package.notice > NOTICE"


def test_every_licence_has_a_name() -> None:
    assert "see its .dist-info" not in NOTICE.split("NOTICE of")[0]


def test_notices_and_licences_are_read_from_where_packages_have_them(tmp_path: Path) -> None:
    info = tmp_path / "thing-1.0.dist-info"
    (info / "licenses").mkdir(parents=True)
    (info / "METADATA").write_text(
        "Name: thing\nVersion: 1.0\nLicense: Dual License\n"
        "Classifier: License :: OSI Approved :: BSD License\n"
        "Classifier: License :: OSI Approved :: Apache Software License\n\nAbout.\n"
    )
    (info / "licenses" / "NOTICE.txt").write_text("Thing\nCopyright Somebody\n")
    text = notice.text({"functions": tmp_path})
    assert "  thing 1.0: BSD OR Apache-2.0 (functions)\n" in text
    assert text.endswith("NOTICE of thing 1.0\n\nThing\nCopyright Somebody\n")
