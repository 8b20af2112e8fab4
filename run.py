#!/usr/bin/env python3
"""Toucha in two commands, with nothing but Python 3.11 and its venv module.

    python3 run.py                       make everything that is missing, then serve the demo county
    python3 run.py test [pytest args]    the same, then run the tests (with arguments: only those of pytest)
    python3 run.py test --quick          the same, but of the tests only those that answer within three minutes
    python3 run.py bench [args]          the same, then measure what we promise to be fast at
    python3 run.py tour                  the same, then take the pictures of the README from the demo
    python3 run.py faults [--runs N]     the same, then simulate phones, a server and faults; --seed S repeats a run
    python3 run.py torture [--runs N]    the same, then kill real servers and browsers in the middle of it all
    python3 run.py attack [--minutes N]  the same, then send real servers what nobody should send; --seed S repeats it
    python3 run.py cell                  the same, then try several servers, failing databases and stores: a line for each trial
    python3 run.py prepare               only make what is missing: for a real installation (docs/operating.md)

From any directory, as often as you like: only what is missing or has changed is done again.
Settings: PORT (8000), TOUCHA_DATA (instance/), and the others of docs/operating.md.
"""

import ast
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
TICK_SECONDS = 600
BROWSERS = ("google-chrome-stable", "google-chrome", "chromium", "chromium-browser")
NETWORK = (
    "It is fetched over the network: is there one? Run the same command again; it goes on where it stopped."
)


class Stop(Exception):
    """Something that a person must mend first; its text is all they see."""


def say(text: str) -> None:
    """A line of progress, at once even into a pipe."""
    print(f"· {text}", flush=True)


def run(what: str, command: list, hint: str = "") -> None:
    """Announce and run one step; a failure stops with its name, exit code and ``hint``."""
    say(what)
    code = subprocess.run(list(map(str, command)), cwd=ROOT, env=environment()).returncode
    if code:
        raise Stop(f"{what}: failed with exit code {code}. {hint}".strip())


def environment() -> dict[str, str]:
    """What every child sees: the environment's own programs first (node and npm too), absolute data folder."""
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    data = str(data_directory())
    ours = {"PATH": path, "TOUCHA_DATA": data, "PYTHONUNBUFFERED": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return {"TOUCHA_DEMO": "1", **os.environ, **ours}


def data_directory() -> Path:
    """``TOUCHA_DATA``, relative to where the person stands; default ``instance/`` beside this file."""
    return Path(os.environ.get("TOUCHA_DATA") or ROOT / "instance").resolve()


# --- doing only what is missing


def fingerprint(*paths: Path) -> str:
    """A digest of the names and contents of files, and of all files below folders."""
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and file.suffix != ".pyc":
                digest.update(
                    f"{file.relative_to(ROOT)}\0".encode() + hashlib.sha256(file.read_bytes()).digest()
                )
    return digest.hexdigest()


def is_done(stamp: Path, mark: str) -> bool:
    """Whether ``stamp`` says that the step was done for exactly these inputs."""
    return stamp.exists() and stamp.read_text() == mark


def make_environment() -> None:
    """``.venv``, unless one that works is there."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode == 0:
        return
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        raise Stop("Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv")
    run(
        "Making .venv",
        [sys.executable, "-m", "venv", "--clear", VENV],
        "On Debian: apt-get install python3-venv",
    )


def install_packages(name: str) -> None:
    """The pinned and hashed packages of ``requirements*.txt``."""
    wanted, stamp = ROOT / name, VENV / f"{name}.stamp"
    mark = fingerprint(wanted)
    if is_done(stamp, mark):
        return
    pip = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--no-input",
        "--progress-bar",
        "off",
        "--require-hashes",
        "-r",
        wanted,
    ]
    run(f"Installing the packages of {name} (a minute or two the first time)", pip, NETWORK)
    stamp.write_text(mark)


def build_browser_code() -> None:
    """``node_modules`` from the lock file, then ``static/built`` from the sources, with the wheel's Node."""
    lock = fingerprint(ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc")
    stamp = ROOT / "node_modules" / ".toucha.stamp"
    if not is_done(stamp, lock):
        install = [VENV / "bin" / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        run("Installing the browser's packages", install, NETWORK)
        stamp.write_text(lock)
    # The app's version also covers the page that the server renders around it.
    pages = [ROOT / "templates" / name for name in ("app.html", "app", "shell")]
    sources = [path for path in (ROOT / "static").iterdir() if path.name != "built"]
    mark = lock + fingerprint(ROOT / "build.mjs", *sorted(sources), *filter(Path.exists, pages))
    stamp = VENV / "browser-code.stamp"
    if not (is_done(stamp, mark) and (ROOT / "static" / "built" / "assets.json").exists()):
        run("Building the browser code", [VENV / "bin" / "node", "build.mjs"])
        stamp.write_text(mark)


def compile_translations() -> None:
    """``messages.mo`` from the Chinese catalogue."""
    folder = ROOT / "webapp" / "translations"
    stamp, mark = VENV / "translations.stamp", fingerprint(*sorted(folder.rglob("*.po")))
    if is_done(stamp, mark) and all(po.with_suffix(".mo").exists() for po in folder.rglob("*.po")):
        return
    run("Compiling the translations", [VENV / "bin" / "pybabel", "-q", "compile", "-d", folder])
    stamp.write_text(mark)


def prepare(requirements: str) -> None:
    """Everything but the data; one run.py at a time, so that two started together do not trip over each other."""
    with open(__file__, "rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another run.py is preparing this folder; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        make_environment()
        install_packages(requirements)
        build_browser_code()
        compile_translations()


def make_data() -> None:
    """The data folder and the demo county in it; again after a change of the migrations or the demo itself."""
    data = data_directory()
    data.mkdir(parents=True, exist_ok=True)
    stamp = data / "demo.stamp"
    database = os.environ.get("DATABASE_URL", "")
    code = fingerprint(ROOT / "webapp" / "migrations" / "versions", ROOT / "webapp" / "demo")
    mark = hashlib.sha256(f"{code} {database}".encode()).hexdigest()
    if is_done(stamp, mark) and (database or (data / "toucha.sqlite").exists()):
        return
    run(
        "Making the demo county", flask("demo"), f"The data are in {data}; to begin anew, remove that folder."
    )
    stamp.write_text(mark)


def flask(*words: str) -> list:
    """The command line of ``flask --app webapp …``."""
    return [PYTHON, "-m", "flask", "--app", "webapp", *words]


# --- serving


def serve() -> int:
    """Serve the demo on 127.0.0.1 until Ctrl-C or SIGTERM; a timer opens the ledger's lines meanwhile."""
    port = port_number()
    prepare("requirements.txt")
    make_data()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    gunicorn = [PYTHON, "-m", "gunicorn", "--config", "python:webapp.serving", "webapp.wsgi:app"]
    server = subprocess.Popen(gunicorn, cwd=ROOT, env={**environment(), "PORT": str(port)})
    try:
        wait_until_it_answers(server, port)
        print_welcome(port)
        return watch(server)
    except KeyboardInterrupt:
        print("\n· Stopping", flush=True)
        return 0
    finally:
        end(server)


def port_number() -> int:
    """``PORT`` (default 8000), free on 127.0.0.1."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Stop(f"PORT must be a number from 1 to 65535, not {text!r}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            raise Stop(
                f"Port {text} on 127.0.0.1: {error.strerror}. Choose another: PORT=8001 python3 run.py"
            ) from None
    return int(text)


def _interrupt(number, frame):
    raise KeyboardInterrupt


def wait_until_it_answers(server: subprocess.Popen, port: int) -> None:
    """Return once ``/api/ping`` answers; a server that ends or stays silent for a minute is a failure."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise Stop("The server did not start; the reason stands above.")
        try:
            with direct.open(f"http://127.0.0.1:{port}/api/ping", timeout=5) as answer:
                if b'"toucha"' in answer.read():
                    return
        except urllib.error.HTTPError as error:
            raise Stop(f"The server answered its own ping with {error.code}.") from None
        except OSError:
            time.sleep(0.1)
    raise Stop("The server did not answer within a minute.")


def print_welcome(port: int) -> None:
    """The address and the demo logins."""
    demo = literals(ROOT / "webapp" / "demo" / "county.py")
    print(
        f"\nToucha 投查   http://127.0.0.1:{port}/\n\nDemo logins, password {demo['DEMO_PASSWORD']}",
        flush=True,
    )
    for login, who in demo["DEMO_LOGINS"].items():
        print(f"  {login:<12}{who}")
    print("\nCtrl-C stops it.", flush=True)


def literals(file: Path) -> dict:
    """The module-level names of ``file`` that are plain values, without importing it."""
    found = {}
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                found[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue  # not a plain value
    return found


def watch(server: subprocess.Popen) -> int:
    """Run ``flask tick`` every ten minutes until the server ends; a failed tick is told and tried again."""
    tick, due = None, time.monotonic()
    try:
        while server.poll() is None:
            if tick is None and time.monotonic() >= due:
                tick = subprocess.Popen(flask("tick"), cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL)
            elif tick is not None and tick.poll() is not None:
                if tick.returncode:
                    say(f"flask tick failed with exit code {tick.returncode}; the next try is in ten minutes")
                tick, due = None, time.monotonic() + TICK_SECONDS
            time.sleep(0.5)
    finally:
        if tick is not None:
            end(tick)
    raise Stop(f"The server ended by itself with exit code {server.returncode}; the reason stands above.")


def end(process: subprocess.Popen) -> None:
    """End a child: politely, then after 15 seconds not."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


# --- testing and measuring


# What is run as a module: the tests, bench/, the pictures, and runs from a seed (the offline promise simulated or real,
# attacks); and whether it needs a browser.
MODULES = {
    "test": ("tests.running", True),
    "bench": ("bench", True),
    "tour": ("docs.tour", True),
    "faults": ("tests.faults", False),
    "torture": ("tests.torture", True),
    "attack": ("tests.attack", False),
    "cell": ("tests.cell", False),
}


def run_module(name: str, browser: bool, arguments: list[str]) -> int:
    """``python -m name`` with everything prepared."""
    prepare("requirements-test.txt")
    if browser:
        os.environ["TOUCHA_CHROMIUM"] = find_browser()
    os.environ.pop("TOUCHA_DEMO", None)
    return subprocess.run([PYTHON, "-m", name, *arguments], cwd=ROOT, env=environment()).returncode


def find_browser() -> str:
    """The path of a Chromium: the one named, one installed, Debian's (as root), Playwright's own."""
    if named := os.environ.get("TOUCHA_CHROMIUM"):
        if not os.access(named, os.X_OK):
            raise Stop(f"TOUCHA_CHROMIUM names {named}, which is no program.")
        return named
    if found := next(filter(None, map(shutil.which, BROWSERS)), None):
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        run("Reading Debian's package lists", ["apt-get", "-q", "update"], NETWORK)
        packages = ["chromium", "fonts-noto-cjk"]
        run(
            "Installing Chromium",
            ["apt-get", "-q", "install", "-y", "--no-install-recommends", *packages],
            NETWORK,
        )
        if found := shutil.which("chromium"):
            return found
    run("Installing Playwright's Chromium", [VENV / "bin" / "playwright", "install", "chromium"], NETWORK)
    ask = "from playwright.sync_api import sync_playwright as p\nwith p() as x: print(x.chromium.executable_path)"
    return subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()


def main(words: list[str]) -> int:
    """Choose by the first word; returns the exit code."""
    if sys.version_info < (3, 11):
        raise Stop(f"Toucha needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if not words:
        return serve()
    if words == ["prepare"]:
        prepare("requirements.txt")
        return 0
    if words[0] in MODULES:
        return run_module(*MODULES[words[0]], words[1:])
    print(__doc__.strip())
    return 0 if words[0] in ("help", "-h", "--help") else 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        sys.exit(f"\nrun.py: {stop}")
    except KeyboardInterrupt:
        sys.exit(130)
