"""Draw the PNG icons from icon.svg with an installed Chromium: ``python static/icons/make.py``.

The maskable one fills its square and keeps the drawing inside the safe circle (80 % of the width).
"""

import base64
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent
SIZES = {"icon-192.png": (192, 1.0), "icon-512.png": (512, 1.0), "icon-maskable-512.png": (512, 0.78)}
GREEN = "#0d5c40"
PAGE = """<body style="margin:0;width:100vw;height:100vh;display:grid;place-items:center;background:{ground}">
<img src="data:image/svg+xml;base64,{data}" style="width:{width}%"></body>"""


def draw(browser, name: str, size: int, scale: float) -> None:
    """One PNG of ``size`` pixels; a ``scale`` below 1 puts the drawing on a full green square."""
    data = base64.b64encode((FOLDER / "icon.svg").read_bytes()).decode()
    page = browser.new_page(viewport={"width": size, "height": size})
    ground = GREEN if scale < 1 else "transparent"
    page.set_content(PAGE.format(ground=ground, data=data, width=scale * 100))
    page.screenshot(path=FOLDER / name, omit_background=True)
    page.close()


def main() -> None:
    """All sizes."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (size, scale) in SIZES.items():
            draw(browser, name, size, scale)
        browser.close()


if __name__ == "__main__":
    main()
