"""The pictures of docs/images, taken from a running stack with the sample feeds loaded.

Run: `python -m tests.search_api.screenshots "$SEARCH_API_URL"`.
"""

from __future__ import annotations

import os
import sys

from playwright.sync_api import Page, sync_playwright

from infra.paths import CHECKOUT
from tests.search_api.browser_package import browser

IMAGES = CHECKOUT / "docs" / "images"


def main(address: str) -> None:
    """Take all of them."""
    IMAGES.mkdir(exist_ok=True)
    found = browser()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=found.program, env={**os.environ, **found.environment}
        )
        korean = chromium.new_page(locale="ko-KR", viewport={"width": 1200, "height": 760})
        _results(korean, address)
        _suggestions(korean, address)
        english = chromium.new_page(locale="en-US", viewport={"width": 390, "height": 760})
        _narrow(english, address)
        chromium.close()


def _results(page: Page, address: str) -> None:
    page.goto(f"{address}/?price_max=200000&free_shipping=true")
    _shoot(page, "shop-search")


def _suggestions(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("combobox").first.press_sequentially("ㄴㅌㅂ")
    page.get_by_role("listbox").get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    _shoot(page, "shop-search-suggestions")


def _narrow(page: Page, address: str) -> None:
    page.goto(f"{address}/?q=크림")
    _shoot(page, "shop-search-narrow")


def _shoot(page: Page, name: str) -> None:
    page.locator(".card").first.wait_for()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
