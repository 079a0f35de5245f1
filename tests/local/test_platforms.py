"""Malls on platforms: the platform's sample, sent as it is, is loaded and found.

`make test` sends two of them, `make platforms-test` the others; what each sample becomes is in `tests/golden` too.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from infra.paths import CHECKOUT
from mallfeed.authoring.platform_files import platforms_of
from mallfeed.catalog.place import PLATFORMS
from mallfeed.ledger.states import State
from tests.golden.run_golden import HEADER, expected_of, folders
from tests.local.walk import Way
from tests.local_parts import Parts

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1200)]

CATALOGS, GOLDEN = CHECKOUT / "catalogs", CHECKOUT / "tests" / "golden"
ON_PLATFORMS = [folder for folder in folders() if folder.name.startswith("platform_")]
"""One golden folder per version of a platform: a mall's catalog on it, and what its sample becomes."""
SEARCHED = {
    "platform_cafe24": ("두루 머그컵", "P0000SAM"),
    "platform_coupang": ("보미 물티슈", "85000000001"),
    "platform_godomall": ("가온 캠핑 의자", "1000000101"),
    "platform_shopify": ("린넨 셔츠", "linen-shirt"),
    "platform_shopify_2": ("캔버스 가방", "canvas-bag"),
    "platform_smartstore": ("누보 무선 청소기", "5000000001"),
    "platform_smartstore_2": ("누보 제습기", "5000000002"),
    "platform_woocommerce": ("온기 양말", "43"),
    "platform_woocommerce_2": ("온기 목욕가운", "49"),
}


IN_EACH_RUN = ("platform_cafe24", "platform_shopify")
"""One whose rows are products, and one whose rows belong together."""


def of_platforms() -> list[Any]:
    """The folders' names, most of them longer proofs."""
    return [
        folder.name
        if folder.name in IN_EACH_RUN
        else pytest.param(folder.name, marks=pytest.mark.platforms)
        for folder in ON_PLATFORMS
    ]


def sample_of(folder: Path) -> Path:
    """The sample of the platform that the folder's catalog extends."""
    text = (folder / "catalog.yaml").read_text("utf-8")
    platform, _, version = text.split("extends: ")[1].split()[0].partition("@")
    [sample] = (CATALOGS / PLATFORMS / platform).glob(f"v{version}.sample.*")
    return sample


@pytest.fixture(scope="module")
def way(
    stack: Parts, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Way:
    """One mall on each version of a platform that is asked for; the sample of each has been sent and loaded."""
    asked = {
        item.callspec.params["mall"]
        for item in request.session.items
        if item.path == Path(__file__) and hasattr(item, "callspec")
    }
    sending = [folder for folder in ON_PLATFORMS if folder.name in asked]
    way, catalogs = Way(stack), tmp_path_factory.mktemp("platforms") / "catalogs"
    shutil.copytree(CATALOGS / PLATFORMS, catalogs / PLATFORMS)
    for folder in ON_PLATFORMS:
        path = catalogs / folder.name / "v1.yaml"
        path.parent.mkdir()
        head = HEADER.replace("mall: golden", f"mall: {folder.name}")
        path.write_text(head + (folder / "catalog.yaml").read_text("utf-8"), "utf-8")
    way.mallfeed("catalog", "publish", "--folder", str(catalogs))
    sent = []
    with way.gathered(asked) as told:
        for folder in sending:
            sample = sample_of(folder)
            sent.append(way.put(folder.name, sample.name, sample.read_bytes()))
            told(sent[-1])
    closed = way.closed(sent)
    states = {feed.mall_id: (feed.state, feed.message) for feed in closed.values()}
    assert set(states.values()) == {(State.LOADED, None)}, states
    return way


def test_every_version_of_a_platform_is_tried() -> None:
    known = {str(one) for one in platforms_of(CATALOGS).known()}
    texts = [(folder / "catalog.yaml").read_text("utf-8") for folder in ON_PLATFORMS]
    assert {text.split("extends: ")[1].split()[0] for text in texts} == known
    assert list(SEARCHED) == [folder.name for folder in ON_PLATFORMS]
    assert set(IN_EACH_RUN) <= set(SEARCHED)


@pytest.mark.parametrize("mall", of_platforms())
def test_both_sinks_have_the_sample_s_products(mall: str, way: Way) -> None:
    folder = GOLDEN / mall
    expected = {
        one["product_id"]: (one["title"], float(one["price"]))
        for one in expected_of(folder)["products"]
    }
    assert way.both(mall) == expected


@pytest.mark.parametrize("mall", of_platforms())
def test_a_shopper_finds_it(mall: str, way: Way) -> None:
    query, product = SEARCHED[mall]
    asked = urlencode({"q": query, "mall": mall})
    with urlopen(f"{way.env['SEARCH_API_URL']}/products?{asked}") as answer:  # noqa: S310
        ids = [item["product_id"] for item in json.load(answer)["items"]]
    assert any(one.startswith(product) for one in ids), ids  # one hit stands for all variants


def test_the_listing_names_the_platform(way: Way) -> None:
    listed = json.loads(way.mallfeed("catalog", "list", "--mall", "platform_cafe24", "--json"))
    assert [one["extends"] for one in listed] == ["cafe24@1"]
