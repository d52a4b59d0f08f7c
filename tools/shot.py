"""Screenshots of a page: desktop and phone, light and dark, into shots/.

./dev shot /societies/              of the site running on port 8000
./dev shot /desk/ --as officer      signed in as a member of the sample cast
./dev shot /en/ --site http://localhost:8001
"""

from __future__ import annotations

import argparse
import re
import shutil
from pathlib import Path
from typing import Literal

from playwright.sync_api import BrowserContext, sync_playwright

from honghui.worlds import SAMPLE_PASSWORD
from tools.chromium import FLAGS

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev shot", description=__doc__)
    parser.add_argument("path")
    parser.add_argument("--as", dest="username", default="")
    parser.add_argument("--site", default="http://localhost:8000")
    parser.add_argument("--to", type=Path, default=Path("shots"))
    wanted = parser.parse_args()
    wanted.to.mkdir(exist_ok=True)
    name = re.sub(r"[^a-z0-9]+", "-", wanted.path.lower()).strip("-") or "home"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for size, (width, height) in SIZES.items():
            context = browser.new_context(
                base_url=wanted.site, viewport={"width": width, "height": height}
            )
            if wanted.username:
                sign_in(context, wanted.username)
            for scheme in SCHEMES:
                page = context.new_page()
                page.emulate_media(color_scheme=scheme)
                page.goto(wanted.path)
                page.wait_for_load_state("networkidle")
                file = wanted.to / f"{name}-{size}-{scheme}.png"
                page.screenshot(path=file, full_page=True)
                page.close()
                print(file)
            context.close()
        browser.close()


def sign_in(context: BrowserContext, username: str) -> None:
    page = context.new_page()
    page.goto("/account/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", SAMPLE_PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/desk/**")
    page.close()


if __name__ == "__main__":
    main()
