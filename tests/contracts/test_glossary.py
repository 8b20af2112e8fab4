"""One word for one thing: what docs/glossary.md forbids stands nowhere where people read."""

import re
import tomllib
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
# What other people's files may say is understood, so it stands in these tables of aliases.
ALIASES = {"webapp/org/unit_columns.py", "webapp/registers/columns.py", "webapp/sampling/columns.py"}
ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
RELEASED = "webapp/migrations/"  # what a migration found is what it names


def forbidden() -> list[str]:
    """The words of the table's last column."""
    rows = [
        line.split("|")
        for line in (ROOT / "docs/glossary.md").read_text().splitlines()
        if line.startswith("|")
    ]
    return [word.strip() for row in rows[2:] for word in row[-2].split("、") if word.strip()]


def read_by_people() -> dict[str, str]:
    """Every template, catalogue, message file, the rulebook, the demo and all sentences of the code: {path: text}."""
    found = {}
    for pattern in (
        "templates/**/*.html",
        "static/js/**/*.js",
        "webapp/**/*.py",
        "webapp/**/*.toml",
        "README.md",
    ):
        for path in ROOT.glob(pattern):
            name = path.relative_to(ROOT).as_posix()
            if name not in ALIASES and not name.startswith(RELEASED):
                found[name] = path.read_text(encoding="utf-8")
    for path in ROOT.glob("webapp/translations/**/*.po"):
        found[path.relative_to(ROOT).as_posix()] = "\n".join(said(path))
    return found


def said(path: Path) -> list[str]:
    """The translations of a catalogue."""
    with path.open("rb") as file:
        catalogue = read_po(file)
    return [
        text
        for one in catalogue
        if one.id
        for text in (one.string if isinstance(one.string, tuple) else [one.string])
    ]


TEXTS = read_by_people()


def test_the_glossary_forbids_something():
    assert {"检查员", "用户名", "已送达", "件照片", "区区公司"} <= set(forbidden())
    assert len(TEXTS) > 200


@pytest.mark.parametrize("word", forbidden())
def test_a_forbidden_word_stands_nowhere(word):
    assert [name for name, text in TEXTS.items() if word in text] == []


def test_no_catalogue_shows_a_day_in_iso():
    read = [name for name in TEXTS if name.endswith(".po") or "/messages/" in name]
    assert read
    assert [name for name in read if ISO_DAY.search(TEXTS[name])] == []


def test_a_failing_criterion_never_says_what_is_right():
    """不合格：有签收 contradicts itself: each criterion has a statement of its own for the fail."""
    rules = tomllib.loads((ROOT / "webapp/rulebook/measures.toml").read_text())
    criteria = [one for kind in rules["kind"] for one in kind["criteria"]]
    assert criteria
    for one in criteria:
        for language in ("zh", "en"):
            right, wrong = one[language], one[f"fail_{language}"]
            assert right != wrong, one["code"]


@pytest.mark.parametrize(
    "english",
    ["run by the post itself", "agency outlet", "county office", "delivery bureau", "counter bureau"],
)
def test_the_page_of_a_unit_calls_it_as_the_table_says(english):
    chinese = next(row[2] for row in rows() if row[3:4] == [english])
    assert translated(english.capitalize()) == chinese


def test_services_are_called_as_the_table_says():
    chinese, english = next(row[2:4] for row in rows() if row[3:4] and row[3].startswith("service:"))
    names = [name.strip().capitalize() for name in english.removeprefix("service:").split(",")]
    assert chinese == "服务：" + "、".join(translated(name) for name in names)


def rows() -> list[list[str]]:
    """The table's cells."""
    lines = (ROOT / "docs/glossary.md").read_text().splitlines()
    return [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("|")]


def translated(sentence: str) -> str:
    """What the catalogue makes of it."""
    with (ROOT / "webapp/translations/zh/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file).get(sentence).string
