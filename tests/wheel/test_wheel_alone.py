"""The wheel without a checkout: what a catalog's author can do, and what says what it lacks.

`make wheel-test` runs the same with everything installed by pip from the package index (300 MB).
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.package import sources, wheel
from infra.paths import CHECKOUT
from tests.wheel.environments import (
    Environment,
    empty,
    install_wheel,
    install_with_extra,
    link_extra,
)

pytestmark = pytest.mark.timeout(1800)
FEED = CHECKOUT / "sample_feeds" / "hanbit_mart" / "goods.csv"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel.build(sources.checkout().root, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def bare(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The wheel alone."""
    environment = empty(tmp_path_factory.mktemp("bare"))
    install_wheel(environment, built)
    return environment


@pytest.fixture(scope="module", params=["linked", pytest.param("pip", marks=pytest.mark.wheel)])
def author(
    request: pytest.FixtureRequest, built: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Environment]:
    """The wheel with its extra `catalogs`, and a feed to describe."""
    environment = empty(tmp_path_factory.mktemp("author"), pip=request.param == "pip")
    if request.param == "pip":
        install_with_extra(environment, built, "catalogs")
    else:
        install_wheel(environment, built)
        link_extra(environment, "catalogs")
    shutil.copy(FEED, environment.folder / "goods.csv")
    yield environment
    shutil.rmtree(environment.root)


def test_it_holds_the_library_and_its_jar_and_no_entry_point_of_aws_or_test(built: Path) -> None:
    with zipfile.ZipFile(built) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"mallfeed"}
    assert [name for name in names if name.endswith(".jar")] == [
        "mallfeed/normalise/jvm/mallfeed-functions.jar"
    ]


@pytest.mark.parametrize("arguments", [(), ("catalog", "check"), ("--help",)])
def test_without_its_extra_the_command_says_which_one(
    bare: Environment, arguments: tuple[str, ...]
) -> None:
    done = bare.mallfeed(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.endswith("Install mallfeed with its extra: pip install 'mallfeed[catalogs]'")


@pytest.fixture(scope="module")
def drafted(author: Environment) -> Path:
    """What `catalog suggest` wrote for the feed."""
    done = author.mallfeed("catalog", "suggest", "goods.csv", "--mall", "new_mart")
    assert done.returncode == 0, done.stderr
    return author.folder / "catalogs" / "new_mart" / "v1.yaml"


@pytest.fixture(scope="module")
def second(author: Environment, drafted: Path) -> Path:
    """A version that reads a column into another field."""
    text = drafted.read_text("utf-8").replace("version: 1", "version: 2")
    path = drafted.with_name("v2.yaml")
    path.write_text(text.replace("  brand: 브랜드", "  maker: 브랜드"), "utf-8")
    return path


def test_a_catalog_is_drafted_and_checked(author: Environment, drafted: Path) -> None:
    assert "product_id: 상품코드" in drafted.read_text("utf-8")
    done = author.mallfeed("catalog", "check", "--write-lock")
    assert "catalog versions, no faults." in done.stdout, done.stderr
    assert (author.folder / "catalogs" / "catalogs.lock").exists()


def test_a_feed_is_tried_with_it(author: Environment, drafted: Path) -> None:
    done = author.mallfeed("catalog", "preview", str(drafted), "--feed", "goods.csv", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    counts = json.loads(done.stdout)["counts"]
    assert counts["accepted"] > counts["rejected"]


def test_two_versions_are_compared_in_words(author: Environment, second: Path) -> None:
    done = author.mallfeed("catalog", "diff", "new_mart", "v1", "v2", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)["differences"]
    assert {word for word in ("brand", "maker") if any(word in one["what"] for one in told)} == {
        "brand",
        "maker",
    }


@pytest.mark.wheel  # it starts Spark once more, for the same modules as a preview
def test_two_versions_are_compared_by_their_products(author: Environment, second: Path) -> None:
    compare = ("catalog", "diff", "new_mart", "v1", "v2", "--feed", "goods.csv", "--json")
    done = author.mallfeed(*compare)
    assert (done.returncode, done.stderr) == (0, "")
    products = json.loads(done.stdout)["products"]
    assert set(products["by_field"]) == {"brand", "maker"}
    assert products["changed"] > 0


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (("local", "up"), 2, "The local stack needs a checkout of mallfeed: make setup"),
        (("runs",), 2, "The local stack needs a checkout of mallfeed; name a deployed stack with --stack"),
        (("search", "사과"), 2, "The local stack needs a checkout of mallfeed; name a deployed stack with --stack"),
        (
            ("simulate", "--malls", "1", "--days", "0.01", "--plot", "x.svg"), 1,
            "mallfeed needs the module matplotlib for this, and it is not installed. "
            "Install mallfeed with its extra: pip install 'mallfeed[plot]'",
        ),
    ],
)  # fmt: skip
def test_what_needs_more_says_so_in_one_line(
    author: Environment, arguments: tuple[str, ...], code: int, line: str
) -> None:
    done = author.mallfeed(*arguments)
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (code, "", [line])
