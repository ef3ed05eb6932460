"""What browser tests share: Debian's chromium, a phone and a desktop, and people who sign in."""

import shutil

import pytest
from playwright.sync_api import Page, ViewportSize

CHROMIUM = shutil.which("chromium")
PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PASSWORD = "rahasia-sekali"

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="chromium is not installed (Debian: apt-get install chromium)"
)

LAUNCH = {
    "executable_path": CHROMIUM,
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
}


def sign_in(page: Page, address: str, email: str) -> None:
    """Sign in through the page, as a person does."""
    page.goto(f"{address}/akun/masuk/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) .actions button").click()
    page.wait_for_url(f"{address}/ruang/")


def sideways(page: Page) -> int:
    """Return by how many pixels a page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
