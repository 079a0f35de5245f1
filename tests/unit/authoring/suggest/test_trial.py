"""A draft is tried on its own file before it is shown."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from infra.paths import CHECKOUT
from mallfeed.authoring.preview import Preview, Told
from mallfeed.authoring.suggest import trial
from mallfeed.authoring.suggest.draft import Head
from mallfeed.authoring.suggest.drafted import Drafted, Trial
from mallfeed.authoring.suggest.suggest import Suggestion, suggest
from mallfeed.authoring.suggest.suggested_field import FoundField
from mallfeed.cli.main import app
from mallfeed.errors import FeedHeld
from mallfeed.table.counts import Counts
from mallfeed.wording import listed
from tests.catalog_command import CatalogCommand
from tests.unit.authoring.suggest.test_feeds import HEAD

PLATFORMS = CHECKOUT / "catalogs" / "_platforms"
HEADER = "상품코드,상품명,판매가,상품URL,카테고리,바코드,sku\n"


def feed(folder: Path, price: str = "{n}000", rows: int = 24) -> Path:
    row = f"P{{n}},의자 {{n}},{price},https://a.example/{{n}},가구,880000000000{{k}},S{{n}}\n"
    path = folder / "feed.csv"
    path.write_text(HEADER + "".join(row.format(n=n, k=n % 9) for n in range(1, rows + 1)), "utf-8")
    return path


def run(folder: Path, file: Path, *more: str) -> Result:
    command = ["catalog", *suggesting(folder, file), *more]
    return CliRunner(env={"COLUMNS": "400"}).invoke(app, command)


def suggesting(folder: Path, file: Path) -> list[str]:
    return ["suggest", str(file), "--mall", "shop", "--out", str(folder / "v1.yaml")]


def test_what_the_job_makes_of_the_file_is_said(
    tmp_path: Path, catalog_command: CatalogCommand
) -> None:
    done = catalog_command(*suggesting(tmp_path, feed(tmp_path)))
    assert "Tried on its first 24 rows: 24 accepted, 0 rejected; it would load." in done.stdout


def test_a_file_that_would_be_held_is_named_in_the_draft(
    tmp_path: Path, catalog_command: CatalogCommand
) -> None:
    done = catalog_command(*suggesting(tmp_path, feed(tmp_path, "{n}000.55")), "--json")
    told = json.loads(done.stdout)
    assert told["trial"]["held"][0] == "guard_rounded"
    assert (
        "# CHECK: feed: it would be held, guard_rounded: 24 of 24 prices would be rounded"
        in told["yaml"]
    )


def test_no_trial_starts_no_spark(tmp_path: Path) -> None:
    done = run(tmp_path, feed(tmp_path), "--no-trial", "--json")
    assert json.loads(done.stdout)["trial"] is None


def seen(*warnings: Told, held: FeedHeld | None = None, duplicates: int = 0) -> Preview:
    counts = Counts(rows_read=24, accepted=24 - duplicates, duplicates=duplicates)
    return Preview(counts, {}, (), (), warnings, (), held)


def with_barcode(found: Suggestion) -> Suggestion:
    barcode = FoundField("gtin", ("바코드",), 0.9, "known name")
    kept = [one for one in found.fields if one.name != "gtin"]
    rest = tuple(one for one in found.attributes if one.name != "바코드")
    return replace(found, fields=(*kept, barcode), attributes=rest)


def play(monkeypatch: pytest.MonkeyPatch, *answers: Preview) -> None:
    left = iter(answers)
    monkeypatch.setattr(trial, "preview", lambda *_, **__: next(left))


def tried(found: Suggestion, file: Path) -> tuple[Suggestion, Trial | None]:
    made = Drafted(found, Head("shop", 1, HEAD.effective_from))
    made = trial.tried(made, file, None)  # type: ignore[arg-type]
    return made.found, made.trial


def test_an_optional_field_of_another_thing_becomes_an_attribute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = feed(tmp_path)
    wrong = Told("gtin_invalid", "gtin", 24, (("2", "`gtin` has a wrong check digit"),))
    play(monkeypatch, seen(wrong), seen())
    found, came = tried(with_barcode(suggest(file)), file)
    assert "gtin" not in {one.name for one in found.fields}
    assert "바코드" in {one.name for one in found.attributes}
    assert came is not None
    assert (came.held, found.doubts) == (None, ())


def test_ids_that_repeat_give_way_to_the_next_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = feed(tmp_path)
    held = FeedHeld("guard_duplicates", "12 of 24 rows have an id of another row")
    play(monkeypatch, seen(held=held, duplicates=12), seen())
    found, _ = tried(suggest(file), file)
    [one] = [one for one in found.fields if one.name == "product_id"]
    assert (one.sources, one.level) == (("sku",), "low")
    assert "in place of `상품코드`: its values repeat" in one.why


def test_what_cannot_be_repaired_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = feed(tmp_path)
    some = Told("gtin_invalid", "gtin", 10, (("2", "`gtin` has a wrong check digit"),))
    play(monkeypatch, seen(some, duplicates=2))
    found, _ = tried(with_barcode(suggest(file)), file)
    assert found.doubts == (
        ("gtin", "10 of 24 rows (gtin_invalid) lose it: `gtin` has a wrong check digit"),
        ("product_id", "2 rows have an id that another row has"),
    )


def lacking(folder: Path, names: str, rows: int = 24) -> Path:
    """A feed whose columns of these names are not there."""
    head = HEADER.strip().split(",")
    kept = [place for place, name in enumerate(head) if name not in names.split()]
    lines = feed(folder, rows=rows).read_text("utf-8").splitlines()
    cut = [",".join(line.split(",")[place] for place in kept) for line in lines]
    path = folder / "lacking.csv"
    path.write_text("\n".join([*cut, ""]), "utf-8")
    return path


@pytest.mark.parametrize(
    ("gone", "without"),
    [
        ("상품URL", ("url",)),
        ("카테고리", ("category_path",)),
        ("상품URL 카테고리", ("url", "category_path")),
        ("상품명 상품URL", ("title", "url")),
        ("판매가", ("price",)),
    ],
)
def test_a_draft_is_tried_without_what_it_lacks(
    gone: str, without: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = lacking(tmp_path, gone)
    some = Told("gtin_invalid", "gtin", 10, (("2", "`gtin` has a wrong check digit"),))
    play(monkeypatch, seen(some))
    _, came = tried(suggest(file), file)
    assert came is not None
    assert sorted(came.without) == sorted(without)
    assert f"rows without {listed(came.without)}, which is missing: 24 accepted" in came.said()
    assert came.said().endswith("the rest would load.")


def test_what_nothing_can_stand_in_for_leaves_a_draft_untried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(monkeypatch)
    file = feed(tmp_path)
    lines = file.read_text("utf-8").splitlines()
    said = [f"{line},{'통화' if place == 0 else 'Zorkmid'}" for place, line in enumerate(lines)]
    file.write_text("\n".join([*said, ""]), "utf-8")
    found, came = tried(suggest(file), file)
    assert (list(dict(found.missing)), came) == (["currency"], None)
    header = tmp_path / "header.csv"
    header.write_text(HEADER, "utf-8")
    assert tried(suggest(header), header)[1] is None


@pytest.mark.parametrize("platform", ["cafe24", "woocommerce"])
def test_other_faults_of_an_export_without_addresses_show_at_once(
    platform: str, tmp_path: Path, catalog_command: CatalogCommand
) -> None:
    path = max(PLATFORMS.glob(f"{platform}/v*.sample.csv"))
    text = re.sub(r"\b12000\b", "만이천", path.read_text("utf-8-sig"))
    text = re.sub(r"\b6000\b", "육천", text)
    file = tmp_path / "export.csv"
    file.write_text(text, "utf-8")
    out = tmp_path / "v1.yaml"
    folder = ("--folder", str(PLATFORMS.parent))
    done = catalog_command("suggest", file, "--mall", "new_shop", "--out", out, "--json", *folder)
    told = json.loads(done.stdout)
    assert list(told["missing"]) == ["url"]
    assert told["trial"]["without"] == ["url"]
    assert told["trial"]["rejected"] == 1
    assert "# MISSING: url, which every product needs" in told["yaml"]
    assert "rows (price_not_a_number) is rejected: `price` is not a number." in told["yaml"]
    assert "missing.example" not in told["yaml"]


def test_relative_addresses_without_their_site_are_missing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = feed(tmp_path)
    file.write_text(file.read_text("utf-8").replace("https://a.example", ""), "utf-8")
    catalogs = []
    monkeypatch.setattr(
        trial, "preview", lambda catalog, *_, **__: catalogs.append(catalog) or seen()
    )
    found, came = tried(suggest(file), file)
    assert list(dict(found.missing)) == ["base_url"]
    assert came is not None
    assert came.without == ("base_url",)
    assert [one.base_url for one in catalogs] == ["https://missing.example"]
    assert dict(suggest(file, "https://a.example").missing) == {}
