"""Real processes: the server that tests kill, the one that must not start, and run.py from end to end."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.serving import ROOT, RunningServer, free_port


def ping(url: str) -> dict:
    with urllib.request.urlopen(f"{url}/api/ping", timeout=10) as answer:
        return json.load(answer)


def test_a_killed_server_comes_back_on_the_same_port_and_data(server):
    assert ping(server.url)["toucha"] == "ok"
    server.kill()
    with pytest.raises(OSError):
        ping(server.url)
    server.start()
    assert ping(server.url)["toucha"] == "ok"


def test_a_server_outside_the_demo_does_not_start_on_demo_data(demo_template, tmp_path):
    server = RunningServer(demo_template.copy(tmp_path), TOUCHA_DEMO="0")
    with pytest.raises(RuntimeError, match="ended with 3"):
        server.start()
    # Once, and nothing of gunicorn's own: it is the master that refuses, not each of its workers at the same moment.
    assert server.log.strip().startswith(
        "Toucha does not start: these people have the published demo password"
    )
    assert len(server.log.strip().splitlines()) == 1


def test_the_demo_is_never_served_to_the_network(demo_template, tmp_path):
    server = RunningServer(demo_template.copy(tmp_path), TOUCHA_BIND="0.0.0.0")
    with pytest.raises(RuntimeError, match="ended with 1"):
        server.start()
    assert "not served on 0.0.0.0" in server.log


def start_run_py(data: Path, port: int) -> tuple[subprocess.Popen, str]:
    """``python3 run.py`` until it says that it serves: (process, what it printed)."""
    environment = {**os.environ, "TOUCHA_DATA": str(data), "PORT": str(port)}
    said = []
    # From another folder and with another Python than the environment's, as a person would.
    process = subprocess.Popen(
        [sys.executable, ROOT / "run.py"], cwd=data.parent, env=environment, stdout=subprocess.PIPE, text=True
    )
    for line in process.stdout:
        said.append(line)
        if line.startswith("Ctrl-C"):
            break
    return process, "".join(said)


def test_run_py_serves_from_nothing_and_again_without_setting_anything_up(tmp_path):
    data, port = tmp_path / "data", free_port()
    for turn in ("first", "second"):
        process, said = start_run_py(data, port)
        try:
            children = psutil.Process(process.pid).children(recursive=True)
            assert ping(f"http://127.0.0.1:{port}")["toucha"] == "ok", said
            assert f"http://127.0.0.1:{port}/" in said and "nextcounty" in said and "toucha-demo-2026" in said
            assert ("· Making the demo county" in said) == (turn == "first")
            assert turn == "first" or "·" not in said, "something was set up again"  # seconds: bench/start.py
        finally:
            process.send_signal(signal.SIGTERM)
            rest = process.communicate(timeout=60)[0]
        assert process.returncode == 0, rest
        gone, alive = psutil.wait_procs(children, timeout=10)
        assert gone and not alive, "stopping run.py left processes behind"


def run_py(*words: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, ROOT / "run.py", *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_taken_port_is_told_before_anything_else(server):
    done = run_py(PORT=str(server.port))
    assert done.returncode == 1
    assert done.stderr.strip() == (
        f"run.py: Port {server.port} on 127.0.0.1: Address already in use. Choose another: PORT=8001 python3 run.py"
    )


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_told(port):
    assert f"not '{port}'" in run_py(PORT=port).stderr


def test_an_unknown_word_shows_the_commands():
    done = run_py("serve-please")
    assert done.returncode == 2 and "python3 run.py test" in done.stdout
