"""Malls on platforms: the platform's sample, sent as it is, is loaded and found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from infra.paths import CHECKOUT
from mallfeed.authoring.platform_files import platforms_of
from mallfeed.catalog.place import PLATFORMS
from mallfeed.ledger.states import State
from tests.golden.run_golden import HEADER, expected_of, folders
from tests.local.walk import Way
from tests.local_parts import Parts

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1200)]

CATALOGS = CHECKOUT / "catalogs"
ON_PLATFORMS = [folder for folder in folders() if folder.name.startswith("platform_")]
"""One golden folder per version of a platform: a mall's catalog on it, and what its sample becomes."""
SEARCHED = {
    "platform_cafe24": ("두루 머그컵", "P0000SAM"),
    "platform_coupang": ("보미 물티슈", "85000000001"),
    "platform_godomall": ("가온 캠핑 의자", "1000000101"),
    "platform_shopify": ("린넨 셔츠", "linen-shirt"),
    "platform_shopify_2": ("캔버스 가방", "canvas-bag"),
    "platform_smartstore": ("누보 무선 청소기", "5000000001"),
    "platform_woocommerce": ("온기 양말", "43"),
}


def sample_of(folder: Path) -> Path:
    """The sample of the platform that the folder's catalog extends."""
    text = (folder / "catalog.yaml").read_text("utf-8")
    platform, _, version = text.split("extends: ")[1].split()[0].partition("@")
    [sample] = (CATALOGS / PLATFORMS / platform).glob(f"v{version}.sample.*")
    return sample


@pytest.fixture(scope="module")
def way(stack: Parts, tmp_path_factory: pytest.TempPathFactory) -> Way:
    """One mall on each version of a platform; the sample of each has been sent and loaded."""
    way, catalogs = Way(stack), tmp_path_factory.mktemp("platforms") / "catalogs"
    shutil.copytree(CATALOGS / PLATFORMS, catalogs / PLATFORMS)
    for folder in ON_PLATFORMS:
        path = catalogs / folder.name / "v1.yaml"
        path.parent.mkdir()
        head = HEADER.replace("mall: golden", f"mall: {folder.name}")
        path.write_text(head + (folder / "catalog.yaml").read_text("utf-8"), "utf-8")
    way.mallfeed("catalog", "publish", "--folder", str(catalogs))
    sent = []
    with way.gathered([folder.name for folder in ON_PLATFORMS]) as told:
        for folder in ON_PLATFORMS:
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


@pytest.mark.parametrize("folder", ON_PLATFORMS, ids=lambda folder: folder.name)
def test_both_sinks_have_the_sample_s_products(folder: Path, way: Way) -> None:
    expected = {
        one["product_id"]: (one["title"], float(one["price"]))
        for one in expected_of(folder)["products"]
    }
    assert way.both(folder.name) == expected


@pytest.mark.parametrize("mall", SEARCHED)
def test_a_shopper_finds_it(mall: str, way: Way) -> None:
    query, product = SEARCHED[mall]
    found = json.loads(way.mallfeed("search", query, "--mall", mall, "--json"))
    ids = [hit["product_id"] for hit in found["hits"]]
    assert any(one.startswith(product) for one in ids), ids  # one hit stands for all variants


def test_the_listing_names_the_platform(way: Way) -> None:
    listed = json.loads(way.mallfeed("catalog", "list", "--mall", "platform_cafe24", "--json"))
    assert [one["extends"] for one in listed] == ["cafe24@1"]
