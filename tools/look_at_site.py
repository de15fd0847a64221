"""
Look at pages of the documentation in a real browser.

    make docs-look

Takes screenshots at two widths, light and dark, and checks each page with axe: contrast,
headings in order, names of links and images, and more. Also fails where a page is wider
than the screen, loads a file from elsewhere, or finds another name than the one that is
searched. The pictures are in .cache/look. Without Chromium or Chrome, nothing is checked;
the last line says so.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / ".cache" / "site"
PICTURES = ROOT / ".cache" / "look"

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
PAGES = (
    "index.html",
    "install.html",
    "differences.html",
    "security.html",
    "speed.html",
    "guide/migrating.html",
    "guide/command-line.html",
    "guide/errors.html",
    "guide/fast.html",
    "reference/task.html",
    "reference/types.html",
)
WIDTHS = {"desk": 1280, "phone": 390}
SCHEMES = ("light", "dark")
SEARCHED = "all_tasks_for_shot"
#: The height of a screenshot. Pages of the reference are a hundred screens long.
HEIGHT = 3000

# Material's own parts: its sidebars repeat landmarks, and its code blocks scroll.
RULES = {
    "runOnly": {
        "type": "rule",
        "values": [
            "color-contrast",
            "document-title",
            "duplicate-id-aria",
            "empty-heading",
            "heading-order",
            "html-has-lang",
            "image-alt",
            "label",
            "link-name",
            "list",
            "page-has-heading-one",
            "svg-img-alt",
            "td-headers-attr",
            "th-has-data-cells",
        ],
    }
}


def faults(page: Page) -> list[str]:
    """Return what axe finds wrong with a page, as lines of text."""
    return [
        "{}: {} {}".format(
            fault["id"],
            " ".join(node["target"]),
            " ".join(each["message"] for each in node["any"]),
        )
        for fault in Axe().run(page, options=RULES).response["violations"]
        for node in fault["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """Say if a page is wider than the screen."""
    wide = page.evaluate(
        "document.documentElement.scrollWidth - window.innerWidth"
    )
    return ["{} pixels wider than the screen".format(wide)] if wide > 0 else []


def searched(page: Page) -> list[str]:
    """Say if the search does not show a whole name first, or shows words that are hidden."""
    page.fill("input.md-search__input", SEARCHED)
    titles = page.locator(".md-search-result__item h2:visible")
    titles.first.wait_for()
    shown = titles.first.inner_text().strip()
    return [] if shown == SEARCHED else ["the search shows " + shown]


def look(browser_path: str, pages: list[str]) -> int:
    """Take the pictures and return the number of faults."""
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    count = 0
    with sync_playwright() as tools:
        # The site is a folder of our own, and root needs the option.
        browser = tools.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox"]
        )
        for scheme in SCHEMES:
            for kind, width in WIDTHS.items():
                context = browser.new_context(
                    color_scheme=scheme,
                    viewport={"width": width, "height": 900},
                )
                elsewhere: list[str] = []
                context.on(
                    "request",
                    lambda request, to=elsewhere: (
                        request.url.startswith("http")
                        and to.append(request.url)
                    ),
                )
                for path in pages:
                    elsewhere.clear()
                    page = context.new_page()
                    page.goto((SITE / path).as_uri())
                    page.wait_for_load_state()
                    found = faults(page) + too_wide(page)
                    found += ["loads " + url for url in elsewhere]
                    height = page.evaluate("document.body.scrollHeight")
                    page.set_viewport_size(
                        {"width": width, "height": min(height, HEIGHT)}
                    )
                    name = "{}-{}-{}.png".format(
                        path.replace("/", "-").replace(".html", ""),
                        kind,
                        scheme,
                    )
                    page.screenshot(path=PICTURES / name)
                    if kind == "desk" and path == pages[0]:
                        found += searched(page)
                    page.close()
                    for line in found:
                        print(
                            "{}, {}, {}: {}".format(path, kind, scheme, line)
                        )
                    count += len(found)
                context.close()
        browser.close()
    return count


def main() -> int:
    """Look at the pages, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("pages", nargs="*", default=list(PAGES))
    options = parser.parse_args()
    missing = [page for page in options.pages if not (SITE / page).exists()]
    if missing:
        print("no such page, run make docs first:", *missing)
        return 1
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("NOT CHECKED: no Chromium and no Chrome")
        return 0
    count = look(browser, options.pages)
    print(
        "{} pages, {} pictures in {}, {} faults".format(
            len(options.pages),
            len(options.pages) * len(WIDTHS) * len(SCHEMES),
            PICTURES.relative_to(ROOT),
            count,
        )
    )
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
