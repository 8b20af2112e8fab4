"""A camera that shows what the test holds before it: the page asks for it as for a real one, and reads real labels."""

import base64
import io
import json
import subprocess
from functools import cache
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
SIZE = (1280, 720)
# A film of a canvas in place of the camera; `held` is what is in front of it.
CAMERA = """
  const canvas = Object.assign(document.createElement('canvas'), {width: 1280, height: 720});
  const pen = canvas.getContext('2d');
  let held = null;
  window.hold = async (url) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    held = image;
  };
  const draw = () => {
    pen.fillStyle = '#ebebeb';
    pen.fillRect(0, 0, 1280, 720);
    if (held) pen.drawImage(held, 0, 0);
  };
  navigator.mediaDevices.getUserMedia = async () => {
    setInterval(draw, 50);
    return canvas.captureStream(20);
  };
"""


@cache
def label(text: str, format: str = "Code128") -> str:
    """A label as a camera sees it, as an address of its bytes (PNG)."""
    made = subprocess.run(
        ["node", "tests/js/label-file.js", text, format], cwd=ROOT, capture_output=True, check=True
    )
    data = io.BytesIO()
    Image.frombytes("RGBA", SIZE, made.stdout).convert("L").save(data, "PNG")
    return "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()


def hold(page: Page, text: str, format: str = "Code128") -> None:
    """Hold a label before the camera."""
    page.evaluate(f"hold({json.dumps(label(text, format))})")
