"""Two releases of the app to serve one after the other: this checkout as it is built, and the next one."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.serving import ROOT

PARTS = ("webapp", "templates", "static")
# Looks for a newer version and waits until it is known what became of it.
NEWER = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update();
  const worker = registration.installing ?? registration.waiting;
  while (worker?.state === 'installing')
    await new Promise((resolve) => worker.addEventListener('statechange', resolve, {once: true}));
  return worker?.state ?? null;
}"""
TODAY, TODAY_NEXT = "今日", "新版今日"  # the first tab, now and in the next release


class Release:
    """What is built in a folder; ``RunningServer.root`` takes the folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._built = folder / "static" / "built"
        self._assets = json.loads((self._built / "assets.json").read_text())

    @property
    def version(self) -> str:
        """What names its cache on the phones."""
        return self._assets["version"]

    @property
    def script(self) -> str:
        """The name of the app's own script: it carries the digest of its content."""
        return self._assets["app.js"]

    @contextmanager
    def without_its_script(self) -> Iterator[None]:
        """A copy onto the server that broke off: the app's own script is not there."""
        files = {path: path.read_bytes() for path in self._built.glob(f"{self.script}*")}
        for path in files:
            path.unlink()
        try:
            yield
        finally:
            for path, content in files.items():
                path.write_bytes(content)


def next_release(folder: Path) -> Release:
    """A copy of this checkout in the new ``folder`` in which Today has another name, built anew."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "built"))
    shutil.copy(ROOT / "build.mjs", folder)
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    words = folder / "static" / "js" / "messages" / "zh.js"
    text = words.read_text()
    assert text.count(f"'title.today': '{TODAY}'") == 1
    words.write_text(text.replace(f"'title.today': '{TODAY}'", f"'title.today': '{TODAY_NEXT}'"))
    node = Path(sys.executable).with_name("node")
    done = subprocess.run([node, "build.mjs"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return Release(folder)
