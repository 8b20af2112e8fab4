"""The examples in deploy/ that no test can run are read by whoever would run them, or at least as what they are."""

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"


def stages() -> list[list[tuple[str, str]]]:
    """The Dockerfile's instructions, stage by stage."""
    text = re.sub(r"\\\n", " ", (DEPLOY / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found = []
    for line in lines:
        word, _, rest = line.partition(" ")
        assert word.isupper(), line
        if word == "FROM":
            found.append([])
        found[-1].append((word, rest.strip()))
    return found


def test_the_image_is_built_in_two_stages_and_runs_as_nobody_special():
    build, served = stages()
    assert build[0][1].endswith(" AS built") and build[0][1].split()[0] == served[0][1]
    assert [rest for word, rest in served if word == "USER"] == ["10001"]
    assert [word for word, _ in served].index("USER") < [word for word, _ in served].index("CMD")
    assert all(rest.startswith("--from=built ") for word, rest in served if word == "COPY")
    assert (
        'CMD ["gunicorn", "--config", "python:webapp.serving", "webapp.wsgi:app"]'
        in (DEPLOY / "Dockerfile").read_text().splitlines()
    )


def test_its_python_is_the_one_that_the_packages_are_pinned_for():
    head = (ROOT / "requirements.txt").read_text().partition("#    pip-compile")[0]
    version = re.search(r"with Python (\d+\.\d+)", head)[1]
    assert f"FROM python:{version}-slim-bookworm AS built" in (DEPLOY / "Dockerfile").read_text()


def test_what_is_set_in_the_container_files_is_a_setting():
    known = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "operating.md").read_text(), re.MULTILINE))
    in_image = {
        name for word, rest in stages()[1] if word == "ENV" for name in re.findall(r"([A-Z_]+)=", rest)
    }
    in_compose = set(compose()["x-toucha"]["environment"])
    assert in_image - known == {"PATH", "PYTHONDONTWRITEBYTECODE"}
    assert in_compose <= known


def compose() -> dict:
    """The compose file."""
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def test_the_containers_of_ours_write_nothing_but_data_and_wait_for_the_schema():
    file = compose()
    ours = {name: one for name, one in file["services"].items() if one["image"] == "toucha"}
    assert set(ours) == {"upgrade", "app1", "app2", "tick", "notices"}
    for name, one in ours.items():
        assert (
            one["read_only"] and one["cap_drop"] == ["ALL"] and one["volumes"] == ["data:/var/lib/toucha"]
        ), name
    for name in set(ours) - {"upgrade"}:
        assert ours[name]["depends_on"] == {"upgrade": {"condition": "service_completed_successfully"}}
    for name, one in file["services"].items():
        assert set(one.get("depends_on", ())) <= set(file["services"]), name
        for volume in one.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in file["volumes"] or source in ("./haproxy.cfg", "./certificate.pem"), volume


def test_the_store_of_photos_is_told_to_write_before_it_answers():
    [command] = compose()["services"]["store-fsync"]["command"]
    assert "fs.configure -locationPrefix=/buckets/photos/ -fsync -apply" in command


def test_every_variable_of_the_compose_file_is_asked_for_in_its_head():
    text = (DEPLOY / "compose.yaml").read_text()
    head = text.partition("name: toucha")[0]
    assert {name for name in re.findall(r"\$\{([A-Z_]+)", text) if name not in head} == set()


def test_haproxy_takes_its_configuration(tmp_path):
    program = shutil.which("haproxy", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        tell = pytest.fail if os.environ.get("CI") else pytest.skip
        tell("no haproxy; on Debian: apt-get install haproxy")
    certificate = tmp_path / "toucha.pem"
    request = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=toucha",
        "-days",
        "1",
    ]
    subprocess.run(
        [*request, "-keyout", tmp_path / "key", "-out", certificate], check=True, capture_output=True
    )
    certificate.write_text(certificate.read_text() + (tmp_path / "key").read_text())
    settings = tmp_path / "haproxy.cfg"
    settings.write_text(
        (DEPLOY / "haproxy.cfg").read_text().replace("/etc/haproxy/toucha.pem", str(certificate))
    )
    done = subprocess.run([program, "-c", "-f", settings], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_patroni_lets_nothing_be_acknowledged_by_one_machine_alone():
    dcs = yaml.safe_load((DEPLOY / "patroni.yml").read_text())["bootstrap"]["dcs"]
    assert dcs["synchronous_mode"] is True
    assert dcs["postgresql"]["parameters"]["synchronous_commit"] == "on"


def test_copies_are_encrypted_and_kept_no_longer_than_personal_data():
    file = configparser.ConfigParser(interpolation=None)
    file.read_string((DEPLOY / "pgbackrest.conf").read_text())
    # The oldest full copy goes when the next one is old enough: a week more.
    assert int(file["global"]["repo1-retention-full"]) + 7 <= 180
    assert file["global"]["repo1-cipher-type"] == "aes-256-cbc"
    script = (DEPLOY / "restic.sh").read_text()
    assert "--keep-within 150d --prune" in script
    assert subprocess.run(["sh", "-n", DEPLOY / "restic.sh"], capture_output=True).returncode == 0
