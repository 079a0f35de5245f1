"""Files of platforms: recognised by their header, and drafted as what differs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from infra.paths import CHECKOUT
from mallfeed.authoring.folder import read_folder
from mallfeed.authoring.platform_files import platforms_of
from mallfeed.authoring.suggest.recognise import recognised
from mallfeed.authoring.suggest.suggest import suggest
from mallfeed.catalog.extends import Reference
from mallfeed.cli.main import app
from mallfeed.errors import MallfeedError
from tests.catalog_command import CatalogCommand
from tests.unit.authoring.suggest.test_feeds import FOLDER
from tests.unit.catalog.platforms import PLATFORM, on_platform, renamed, write_platform

CATALOGS = CHECKOUT / "catalogs"
PLATFORMS = CATALOGS / "_platforms"
SAMPLES = sorted(PLATFORMS.glob("*/*.sample.*"))
OF_PLATFORMS = {
    "cafe24_products.csv": "cafe24@1", "smartstore.xlsx": "smartstore@2", "shopify_export.csv": "shopify@1",
    "woocommerce_export.csv": "woocommerce@2", "coupang_wing.xlsx": None,
}  # fmt: skip
"""Feeds of other tests that a platform's shop might have sent, some with columns that are chosen there."""
OTHERS = sorted(
    path
    for path in (*(FOLDER / "feeds").iterdir(), *(CHECKOUT / "sample_feeds").rglob("*.*"))
    if path.is_file() and path.name not in OF_PLATFORMS
)


def run(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, ["catalog", *map(str, arguments)])


def columns_of(path: Path) -> list[str]:
    return [column.name for column in suggest(path).sample.columns]


def version_of(path: Path) -> Reference | None:
    """Of which platform's version a file is taken to be."""
    try:
        columns = columns_of(path)
    except MallfeedError:
        return None
    found = recognised(columns, platforms_of(CATALOGS))
    return found and found.platform.reference


def test_every_version_of_a_platform_has_one_sample_and_a_source() -> None:
    versions = sorted(path.with_suffix("") for path in PLATFORMS.glob("*/v*.yaml"))
    assert [path.parent / path.name.split(".")[0] for path in SAMPLES] == versions
    platforms = platforms_of(CATALOGS)
    assert all(platforms.platform(one).head.source for one in platforms.known())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_sample_is_recognised_as_the_newest_version_of_its_header(path: Path) -> None:
    """Malls stay on the version that they extend; a draft begins with the newest that reads the same export."""
    columns = columns_of(path)
    same = [one for one in SAMPLES if one.parent == path.parent and columns_of(one) == columns]
    newest = max(int(one.name.split(".")[0][1:]) for one in same)
    assert version_of(path) == Reference(path.parent.name, newest)


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.name)
def test_no_other_feed_is_taken_for_a_platform_s(path: Path) -> None:
    assert version_of(path) is None


@pytest.mark.parametrize("name", OF_PLATFORMS)
def test_exports_made_for_other_tests_are_recognised_too(name: str) -> None:
    found = version_of(FOLDER / "feeds" / name)
    assert (found and str(found)) == OF_PLATFORMS[name]


def test_a_draft_on_a_platform_is_tried_with_what_it_extends(
    tmp_path: Path, catalog_command: CatalogCommand
) -> None:
    folder = tmp_path / "catalogs"
    write_platform(folder)
    file = _feed(tmp_path)
    done = catalog_command("suggest", file, "--mall", "new_shop", "--folder", folder, "--json")
    told = json.loads(done.stdout)
    assert (told["extends"], told["trial"]["held"]) == ("built@1", None)
    assert (told["trial"]["rows"], told["trial"]["accepted"]) == (5, 5)
    assert {"what": "currency", "value": "KRW", "why": "as built@1 says"} in told["assumed"]
    assert "#   currency: KRW (as built@1 says)" in told["yaml"]


def test_what_the_trial_finds_stands_in_the_draft(
    tmp_path: Path, catalog_command: CatalogCommand
) -> None:
    folder = tmp_path / "catalogs"
    write_platform(folder)
    file = _feed(tmp_path, 24)
    file.write_text(re.sub(r",(\d+)000,", r",\g<1>000.55,", file.read_text("utf-8")), "utf-8")
    done = catalog_command("suggest", file, "--mall", "new_shop", "--folder", folder)
    assert "Tried on its own file, which would be held: guard_rounded." in done.stdout
    [one] = read_folder(folder)
    assert "# CHECK: feed: it would be held, guard_rounded: 24 of 24 prices" in one.text


def test_a_draft_on_a_platform_takes_about_ten_lines(tmp_path: Path) -> None:
    folder = tmp_path / "catalogs"
    write_platform(folder, text=PLATFORM.format(name="built", version=1, price="price"))
    done = run("suggest", _feed(tmp_path), "--mall", "new_shop", "--folder", folder, "--no-trial")
    assert done.exit_code == 0, done.exception
    assert "The header is that of built: the draft extends built@1" in done.stdout
    [one] = read_folder(folder)
    lines = [line for line in one.text.splitlines() if not line.startswith("#")]
    assert len(lines) <= 12, one.text
    assert one.catalog.extends == "built@1"
    assert one.catalog.fields["url"].sources == ("link",)
    assert one.catalog.feeds["full"].options.encoding == "utf-8"  # the platform's is cp949


def _feed(folder: Path, count: int = 5, **columns: str) -> Path:
    names = {"code": "code", "name": "name", "price": "price", "category": "category",
             "link": "link", "shown": "shown", **columns}  # fmt: skip
    rows = [
        f"{n},상품 {n},{n}000,옷 > 셔츠,https://shop.example/p/{n},Y" for n in range(1, count + 1)
    ]
    path = folder / "feed.csv"
    path.write_text("\n".join([",".join(names.values()), *rows, ""]), "utf-8")
    return path


def test_a_column_that_the_file_calls_otherwise_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "catalogs"
    write_platform(folder)
    feed = _feed(tmp_path, price="sale_price")
    run("suggest", feed, "--mall", "new_shop", "--folder", folder, "--no-trial")
    [one] = read_folder(folder)
    assert one.catalog.fields["price"].sources == ("sale_price",)
    assert re.search(
        r"^  price: sale_price +# medium 0.\d\d: in place of `price`, which built@1 reads and this file lacks; known",
        one.text, re.M,
    )  # fmt: skip


def test_what_the_file_does_not_have_is_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "catalogs"
    text = PLATFORM.replace("  title: name\n", "  title: name\n  brand: maker_name\n")
    text = text.replace("[code, shown]", "[code, name]")
    write_platform(folder, text=text.format(name="built", version=1, price="price"))
    run(
        "suggest",
        _feed(tmp_path, shown="other"),
        "--mall",
        "new_shop",
        "--folder",
        folder,
        "--no-trial",
    )
    [one] = read_folder(folder)
    assert "brand" not in one.catalog.fields
    assert one.catalog.row_rules("full") == ()


def test_the_newest_version_that_fits_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / "catalogs"
    write_platform(folder)
    write_platform(folder, 2, renamed(2))
    platforms = platforms_of(folder)
    columns = ["code", "name", "category", "shown", "link"]
    for price, version in (("price", 1), ("sale_price", 2), ("cost", 2)):
        found = recognised([*columns, price], platforms)
        assert found is not None
        assert found.platform.reference.version == version


def later(version: int, more: str) -> str:
    return (
        f"platform: built\nversion: {version}\nextends: built@{version - 1}\n"
        f"source: [https://builder.example/changes]\n{more}"
    )


@pytest.mark.parametrize(
    ("more", "gone", "version"),
    [
        ("fields: {list_price: price}\n", (), 2),  # mended, the same header
        ("fields: {price: [sale, price]}\n", (), 1),  # the sale's column came with that version
        (
            "fields: {brand: {from: maker, optional: true}}\n",
            (),
            2,
        ),  # a field more, not in this file
        ("rows: {drop: {hidden: null, gone: \"shown = 'X'\"}}\n", (), 2),
        ("recognised_by: [code]\nfields: {category_path: group}\n", (), 1),
        ("recognised_by: [code]\nrows: {drop: {hidden: \"visible = 'N'\"}}\n", (), 1),
        ("recognised_by: [code]\nfields: {category_path: group}\n", ("category",), 2),
    ],
)
def test_a_version_of_the_same_header_is_taken_for_what_it_mends(
    more: str, gone: tuple[str, ...], version: int, tmp_path: Path
) -> None:
    write_platform(tmp_path)
    write_platform(tmp_path, 2, later(2, more))
    columns = [one for one in ("code", "name", "price", "category", "shown") if one not in gone]
    found = recognised(columns, platforms_of(tmp_path))
    assert found is not None
    assert found.platform.reference.version == version


def test_a_mall_stays_on_the_version_that_it_extends(tmp_path: Path) -> None:
    write_platform(tmp_path)
    mall = tmp_path / "new_shop" / "v1.yaml"
    mall.parent.mkdir()
    mall.write_text(on_platform("new_shop"), "utf-8")
    [before] = read_folder(tmp_path)
    write_platform(tmp_path, 2, later(2, "fields: {price: [sale, price]}\n"))
    [after] = read_folder(tmp_path)
    assert (after.published, after.hash) == (before.published, before.hash)


def test_a_whole_catalog_is_drafted_on_request(tmp_path: Path) -> None:
    folder = tmp_path / "catalogs"
    write_platform(folder)
    feed = _feed(tmp_path)
    run("suggest", feed, "--mall", "new_shop", "--folder", folder, "--alone", "--no-trial")
    [one] = read_folder(folder)
    assert one.catalog.extends is None


def test_programs_learn_the_platform_and_what_is_missing(
    catalog_command: CatalogCommand, tmp_path: Path
) -> None:
    sample = PLATFORMS / "coupang" / "v1.sample.xlsx"
    out = tmp_path / "v1.yaml"
    done = catalog_command(
        "suggest", sample, "--mall", "bom_shop", "--folder", CATALOGS, "--out", out, "--json"
    )
    told = json.loads(done.stdout)
    assert (told["extends"], list(told["missing"])) == ("coupang@1", ["category_path"])
    assert "# fields:\n#   # category_path: COLUMN     # MISSING" in told["yaml"]
