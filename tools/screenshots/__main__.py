"""Take the pictures of the guides: ``make docs-images``, with the demo company running (`make demo`).

``python -m screenshots [NAME ...]`` in this folder's parent takes some of them. Those of the browser tests are copied
from where `make test` left them.
"""

import io
import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Error, sync_playwright

from .table import PAGES, PHONE, TESTS

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
URL = os.environ.get("SCM_URL") or f"http://127.0.0.1:{os.environ.get('SCM_PORT') or 8069}"
SCREENS = Path(os.environ.get("SCM_SHOTS") or ROOT / ".local" / "test" / "screens")
PATIENCE = 60_000  # ms
LARGEST = 200_000  # bytes


class Window:
    """The browser window of one login and size."""

    def __init__(self, browser, who, size):
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height}, has_touch=size == PHONE)
        self.calls, self.page = set(), context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("request", lambda one: self.calls.add(one) if "/web/dataset/" in one.url else None)
        self.page.on("requestfinished", lambda one: self.calls.discard(one))
        self.page.on("requestfailed", lambda one: self.calls.discard(one))
        self.page.goto(f"{URL}/web/login")
        self.page.fill("input[name=login]", who)
        self.page.fill("input[name=password]", who)
        self.page.click("button[type=submit]")
        self.page.wait_for_selector(".o_main_navbar, #wrapwrap", state="attached")

    def settle(self):
        """Until nothing has been asked of the server for half a second, so that charts have been drawn."""
        quiet = 0
        while quiet < 5:
            self.page.wait_for_timeout(100)
            quiet = 0 if self.calls else quiet + 1

    def take(self, shot):
        self.page.goto(URL + (shot.path if shot.path.startswith("/") else f"/odoo/{shot.path}"))
        self.page.locator(shot.wait).first.wait_for()
        self.settle()
        for selector in shot.click:
            self.page.locator(selector).first.click()
            self.settle()
        self.page.mouse.move(0, 0)
        self.page.wait_for_timeout(900)
        return self.page.screenshot()


def save(name, picture):
    """With as many colours as keep it below the limit."""
    image, path = Image.open(io.BytesIO(picture)).convert("RGB"), IMAGES / f"{name}.png"
    for colours in (256, 128, 64):
        image.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= LARGEST:
            return


def copy(name):
    source = SCREENS / f"{TESTS[name]}.png"
    if source.is_file():
        save(name, source.read_bytes())
    return source.is_file()


def main(names):
    failed, windows = [], {}
    with sync_playwright() as driver:
        program = os.environ.get("SCM_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for shot in (one for one in PAGES if not names or one.name in names):
            try:
                key = (shot.who, shot.size)
                windows[key] = windows.get(key) or Window(browser, *key)
                save(shot.name, windows[key].take(shot))
                print(f"  {shot.name}")
            except Error as problem:
                failed.append(f"{shot.name}: {str(problem).splitlines()[0]}")
        browser.close()
    missing = [name for name in TESTS if (not names or name in names) and not copy(name)]
    if missing:
        print(f"Left as they were (no picture of make test in {SCREENS}): {', '.join(missing)}")
    if failed:
        sys.exit("Not taken: " + "; ".join(failed))


if __name__ == "__main__":
    main(sys.argv[1:])
