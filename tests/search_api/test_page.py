"""The shop-search page in a headless Chromium, over the API and a real index."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.search_api import browser_package
from tests.search_api.shop import MALLS, PICTURE

pytestmark = [pytest.mark.sinks, pytest.mark.timeout(400)]
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; without one they are skipped, but never in CI."""
    try:
        found = browser_package.browser()
    except browser_package.NoBrowser as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.program,
            env={**os.environ, **found.environment},
            args=["--disable-gpu"],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """The page as a Korean shopper opens it; a fault of its script fails the test."""
    context = chromium.new_context(locale="ko-KR", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(20_000)
    context.route(re.compile("^https://"), _elsewhere)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address)
    expect(page.locator(".card").first).to_be_visible()
    yield page
    context.close()
    assert faults == []


def _elsewhere(route: Route) -> None:
    """What malls serve: one picture is there, the others are gone."""
    if route.request.url == PICTURE:
        route.fulfill(body=PIXEL, content_type="image/png")
    else:
        route.abort()


def search(page: Page, words: str) -> None:
    page.get_by_role("combobox", name="상품 검색").fill(words)
    page.keyboard.press("Enter")
    expect(page.locator("#heading")).to_contain_text(f"‘{words}’")


def test_a_product_shows_price_discount_mall_and_leads_to_its_mall(page: Page) -> None:
    search(page, "갤럭시북4")
    card = page.locator(".card").first
    expect(card.get_by_role("link")).to_have_attribute("href", re.compile("^https://"))
    expect(card.get_by_role("link")).to_have_attribute("rel", "noopener nofollow")
    expect(card.locator(".price strong")).to_have_text(re.compile(r"^[\d,]+원$"))
    expect(card.locator(".mall")).to_have_text(re.compile("|".join(MALLS)))
    discounted = page.locator(".card:has(s)").first
    expect(discounted.locator("s")).to_contain_text("원")
    with page.expect_popup() as opened:
        card.get_by_role("link").click()
    opened.value.close()


def test_a_picture_that_is_missing_leaves_a_calm_card(page: Page) -> None:
    shown = page.locator(".card .picture.loaded img")
    expect(shown.first).to_be_visible()
    without = page.locator(".card .picture:not(:has(img))").first
    expect(without.locator(".stand-in")).to_be_visible()
    height = "element => element.getBoundingClientRect().height"
    there = page.locator(".picture.loaded").first.evaluate(height)
    assert abs(without.evaluate(height) - there) < 1


def test_suggestions_are_taken_by_keyboard_alone(page: Page) -> None:
    box = page.get_by_role("combobox", name="상품 검색")
    box.focus()
    page.keyboard.type("ㄱㄹㅅ")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    active = options.first.get_attribute("id")
    expect(box).to_have_attribute("aria-activedescendant", str(active))
    page.keyboard.press("ArrowUp")
    expect(box).to_have_value("ㄱㄹㅅ")
    page.keyboard.press("ArrowDown")
    text = options.first.get_attribute("data-text")
    page.keyboard.press("Enter")
    expect(options).to_have_count(0)
    expect(page.locator("#heading")).to_contain_text(f"‘{text}’")
    expect(page.locator(".card").first).to_contain_text("갤럭시")


def test_escape_and_leaving_close_the_suggestions(page: Page) -> None:
    box = page.get_by_role("combobox", name="상품 검색")
    for close in (lambda: page.keyboard.press("Escape"), box.blur):
        box.fill("")
        box.press_sequentially("나이")
        expect(page.get_by_role("listbox")).to_be_visible()
        close()
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(box).to_have_attribute("aria-expanded", "false")
        expect(box).to_have_value("나이")


def test_facets_narrow_show_what_is_chosen_and_survive_going_back(page: Page) -> None:
    search(page, "이어폰")
    total = page.locator("#heading").inner_text()
    facet = page.locator('[data-facet="mall"] label', has_text=MALLS[0])
    count = facet.locator(".count").inner_text()
    facet.get_by_role("checkbox").check()
    expect(page.locator("#heading")).to_have_text(re.compile(f" {count}개$"))
    expect(facet.get_by_role("checkbox")).to_be_focused()
    assert f"mall={MALLS[0]}" in page.url
    for mall in page.locator(".card .mall").all_inner_texts():
        assert mall == MALLS[0]
    page.go_back()
    expect(page.locator("#heading")).to_have_text(total)
    page.go_forward()
    chosen = page.get_by_role("button", name=f"{MALLS[0]} 조건 해제")
    chosen.click()
    expect(page.locator("#heading")).to_have_text(total)


def test_categories_open_level_by_level_and_prices_can_be_bounded(page: Page) -> None:
    tree = page.locator('[data-facet="category"]')
    tree.get_by_role("button", name="패션잡화").click()
    expect(tree.get_by_role("button", name="✓ 패션잡화")).to_have_attribute("aria-current", "true")
    expect(tree.get_by_role("button", name="신발")).to_be_visible()
    page.get_by_label("최소 가격").fill("100000")
    page.get_by_label("최대 가격").fill("120000")
    page.get_by_role("button", name="적용").click()
    expect(page.locator("#chosen")).to_contain_text("100,000원 ~ 120,000원")
    for price in page.locator(".card .price strong").all_inner_texts():
        assert 100_000 <= int(re.sub(r"\D", "", price)) <= 120_000
    page.get_by_role("button", name="전체 해제").click()
    expect(page.locator("#chosen li")).to_have_count(0)


def test_more_products_follow_and_the_first_new_one_has_the_focus(page: Page) -> None:
    before = page.locator(".card").count()
    page.get_by_role("button", name="더 보기", exact=True).last.click()
    expect(page.locator(".card")).not_to_have_count(before)
    expect(page.locator(".card").nth(before).get_by_role("link")).to_be_focused()
    titles = page.locator(".card").count()
    assert titles > before


def test_sorting_by_price_puts_the_cheapest_first(page: Page) -> None:
    page.get_by_label("정렬").select_option("price_asc")
    expect(page).to_have_url(re.compile("sort=price_asc"))
    expect(page.locator("#results")).to_have_attribute("aria-busy", "false")
    texts = page.locator(".card .price strong").all_inner_texts()
    prices = [int(re.sub(r"\D", "", text)) for text in texts]
    assert prices == sorted(prices)


def test_offers_of_other_malls_open_in_a_dialog_cheapest_first(page: Page) -> None:
    page.get_by_role("button", name=re.compile("판매처 2곳")).first.click()
    dialog = page.get_by_role("dialog", name="판매처별 가격")
    rows = dialog.get_by_role("listitem")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("최저가")
    prices = [int(re.sub(r"\D", "", t)) for t in dialog.locator("strong").all_inner_texts()]
    assert prices == sorted(prices)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_everything_is_said_in_english_too_and_the_choice_is_kept(page: Page) -> None:
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#heading")).to_have_text(re.compile(r"^All \d+ products$"))
    hangul = re.compile("[가-힣]")
    own = "legend, .bar, #show-filters, footer, .skip, .offers, [data-facet=availability] label"
    for text in page.locator(own).all_inner_texts():
        assert not hangul.search(text), text
    page.reload()
    expect(page.get_by_role("combobox", name="Search products")).to_be_visible()


def test_a_slip_of_the_finger_is_repaired_and_reported(page: Page) -> None:
    box = page.get_by_role("combobox", name="상품 검색")
    box.fill("이어퐁")
    box.press("Enter")
    expect(page.locator("#read-as")).to_have_text("‘이어퐁’ 대신 ‘이어폰’(으)로 검색한 결과입니다.")
    expect(page.locator("#heading")).to_contain_text("‘이어폰’")
    expect(page.locator(".card").first).to_contain_text("이어폰")


def test_nothing_found_says_what_to_do(page: Page) -> None:
    box = page.get_by_role("combobox", name="상품 검색")
    box.fill("zzzzqqqq1234")
    box.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("‘zzzzqqqq1234’에 대한 검색 결과가 없습니다")
    expect(page.locator(".card")).to_have_count(0)


def test_a_search_that_fails_can_be_tried_again(page: Page) -> None:
    down = '{"status": 503, "title": "Search is not available"}'
    page.route("**/products?*", lambda route: route.fulfill(status=503, body=down))
    box = page.get_by_role("combobox", name="상품 검색")
    box.fill("라면")
    box.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("지금은 검색할 수 없습니다")
    page.unroute("**/products?*")
    page.get_by_role("button", name="다시 시도").click()
    expect(page.locator("#heading")).to_contain_text("‘라면’")


def test_what_a_mall_or_an_address_holds_is_text_never_markup(page: Page, address: str) -> None:
    page.goto(f"{address}/?q=%3Cimg%20src%3Dqqzx%20onerror%3Dwwvv%3E")
    expect(page.get_by_role("status")).to_contain_text("<img src=qqzx onerror=wwvv>")
    assert page.locator("#message img").count() == 0


def test_a_narrow_screen_scrolls_in_one_direction_only(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(page.locator("#facets")).to_be_hidden()
    page.get_by_role("button", name="상세 조건").click()
    expect(page.locator("#facets")).to_be_visible()


def test_the_documentation_works_without_anything_from_outside(
    chromium: Browser, address: str
) -> None:
    # A context of its own: the shop page's pictures, still on their way, are not the documentation's.
    with chromium.new_context() as context:
        context.route(re.compile("^https://"), _elsewhere)
        page = context.new_page()
        outside: list[str] = []
        page.on(
            "request",
            lambda r: (
                None if r.url.startswith((address, "data:", "blob:")) else outside.append(r.url)
            ),
        )
        page.goto(f"{address}/docs")
        expect(page.get_by_text("/suggest").first).to_be_visible()
        assert outside == []
