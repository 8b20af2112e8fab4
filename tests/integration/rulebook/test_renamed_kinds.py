"""No code of a kind or duty means anything to the programs: an edition that renames them all is worked with alike."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from tests.cast import CITY, FIRST_DAY, build_in, client_for
from tests.desk_lists import imported, post, words
from tests.desk_records import envelope, today
from tests.editions import DUTIES, KINDS, NAMES, enter, renamed_source
from tests.integration.ledger.test_duty_book import form, line, section
from tests.integration.sync.test_push import push
from webapp.org.rules import DEPARTMENT_ROLES
from webapp.rulebook.editions import read
from webapp.rulebook.rules import load

POINT = "额尔敦社区居委会"
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:[+-]\d\d:\d\d|Z)?")


def rows(returned: int, count: int = 40) -> bytes:
    """A list of the first route whose first items came back."""
    head = "邮件号,邮件种类,道段,是否退回,退回原因"
    each = [
        f"98765432{n:05},{('特快', '给据函件', '国内小包')[n % 3]},1,{'是,地址不详' if n < returned else '否,'}"
        for n in range(count)
    ]
    return "\n".join([head, *each]).encode("gb18030")


def plain(value):
    """The value in the shipped edition's codes, without what differs between any two runs; lists in a fixed order."""
    if isinstance(value, dict):
        return {NAMES.get(name, name): plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return sorted((plain(one) for one in value), key=repr)
    if not isinstance(value, str):
        return value
    value = _DIGEST.sub("digest", _ID.sub("id", _INSTANT.sub("instant", value)))
    return NAMES.get(value, value)


class Story:
    """A day of a department, told by phones and the desk; ``kinds`` are what the edition calls its kinds."""

    def __init__(self, app, kinds: dict[str, str]):
        self.app, self.kinds, self.cast = app, kinds, build_in(app)
        self.clients = {one: client_for(app, self.cast, one) for one in ("director", "inspector", "carrier")}

    def send(self, login: str, kind: str, items: list[dict] | None = None, notes: str = "", **more) -> str:
        """Push a record of what the shipped edition calls ``kind``; its id."""
        sent = envelope(
            form(self.kinds[kind], items, **more), {"notes": {"header.notes": notes}} if notes else None
        )
        [result] = push(self.clients[login], sent)
        assert result["state"] == "stored", result
        return sent["id"]

    def draw(self) -> list[str]:
        """A list of forty of which three came back, sealed and shown; the numbers that were drawn."""
        manifest = imported(self.clients["director"], rows(returned=3))
        post(self.clients["director"], manifest, "seal")
        post(self.clients["director"], manifest, "reveal")
        [draw] = section(self.clients["director"], "draws")
        self.manifest = manifest
        return [one["number"] for one in draw["items"]]

    def tell(self) -> None:
        """Evidence, verdicts, a balance, a watch, meetings and a visit."""
        about = {"about": today().isoformat()}
        one, two, three, *_ = self.draw()
        photo = [{"photos": [{"sha256": "ab" * 32, "size": 9}]}]
        seen = self.send("carrier", "capture", [{"subject": one} | photo[0], {"subject": two} | photo[0]], type="capture", **about)  # fmt: skip
        self.send("carrier", "capture", [{"subject": three} | photo[0]], type="capture", **about)
        good = {"verdict": "pass", "answers": {}}
        bad = {"subject": two, "verdict": "fail", "answers": {"stamp": "fail"}, "captures": [seen]}
        self.send("inspector", "receipt", [{"subject": one, **good}, bad], **about)
        self.send(
            "director", "return", [{"subject": "9876543200001", "class": "registered", **good}], **about
        )
        header = {"received": 40, "delivered": 35, "returned": 2, "forwarded": 1, "carried": 2, "numbers": [three]}  # fmt: skip
        self.send("director", "balance", header=header, **about)
        answer = self.clients["director"].post("/watch", data={"unit": CITY, "day": today(), "count": "5"})
        assert answer.status_code == 302
        self.send(
            "inspector", "watch-pick", [{"subject": "L1", "class": "letter"}], type="selection", **about
        )
        chosen = [row["subject"] for row in section(self.clients["director"], "watch") if row["drawn"]]
        self.send(
            "inspector",
            "watch",
            [
                {"subject": chosen[0], "class": "express", **good},
                {"subject": "L1", "class": "letter", "verdict": "fail", "answers": {"depth": "fail"}},
            ],
            **about,
        )
        held = {"present": [self.cast.people["lead"]], "notes": 2, "requirements": ["班前讲评", "补盖日戳"]}
        first = self.send("director", "analysis", notes="分析", header=held)
        said = {"present": [self.cast.people["lead"]], "notes": 2, "settled": [f"{first}/1"]}
        self.send("director", "meeting", notes="会议", header=said)
        visit = {"subject": self.cast.points[POINT], "verdict": "fail", "answers": {"sign": "fail"}, "position": "given"}  # fmt: skip
        self.send("inspector", "relay", [visit | {"photos": [{"sha256": "cd" * 32, "size": 9}]}])

    def working_set(self, login: str) -> dict:
        """What the person's phone is sent."""
        pulled = self.clients[login].get("/api/sync/pull").json
        sections = {f"{one['unit']} {one['name']}": one["rows"] for one in pulled["sections"]}
        return plain({**sections, "kinds": pulled["kinds"], "classes": pulled["classes"]})

    def page(self, path: str) -> str:
        """What a person reads on the page."""
        answer = self.clients["director"].get(path)
        assert answer.status_code == 200, path
        return re.sub(r"\d\d:\d\d", "moment", _DIGEST.sub("digest", _ID.sub("id", words(answer))))


@pytest.fixture
def stories(make_app, monkeypatch) -> tuple[Story, Story]:
    """The same day by the shipped edition and by one with other codes."""
    fixed = SimpleNamespace(token_hex=lambda size: "5e" * size)
    monkeypatch.setattr("webapp.sampling.operations.secrets", fixed)  # both draw the same
    shipped, renamed = make_app("sqlite"), make_app("sqlite")
    enter(renamed, renamed_source(FIRST_DAY))
    told = Story(shipped, {code: code for code in KINDS}), Story(renamed, KINDS)
    for story in told:
        story.tell()
    return told


def test_the_renamed_edition_is_one_that_could_be_entered():
    book = read(renamed_source(date(2027, 1, 1)))
    assert not book.kinds.keys() & load().kinds.keys()
    assert not book.duties.keys() & load().duties.keys()


def test_phones_and_pages_are_told_the_same_whatever_kinds_and_duties_are_called(stories):
    shipped, renamed = stories
    for login in ("director", "inspector", "carrier"):
        ours, theirs = shipped.working_set(login), renamed.working_set(login)
        for name in ours:
            assert theirs[name] == ours[name], (login, name)
    day = today().isoformat()
    assert renamed.page(f"/watch?unit={CITY}&day={day}") == shipped.page(f"/watch?unit={CITY}&day={day}")
    assert renamed.page(f"/manifests/{renamed.manifest}") == shipped.page(f"/manifests/{shipped.manifest}")
    points = [one.page(f"/points/{one.cast.points[POINT]}") for one in stories]
    assert points[0] == points[1]
    assert "未公示标识或联系方式" in points[1]
    lines = [f"/ledger/{CITY}/{code}/{day}" for code in ("advance-watch", DUTIES["advance-watch"])]
    assert shipped.page(lines[0]) == renamed.page(lines[1])
    assert 'href="/watch?' in renamed.clients["director"].get(lines[1]).text


def test_every_part_of_the_story_is_there_at_all(stories):
    """Two empty answers are alike, too."""
    told = stories[1]
    director = told.clients["director"]
    [draw] = section(director, "draws")
    assert sum(one["captured"] for one in draw["items"]) == 3
    assert sum(one["judged"] for one in draw["items"]) == 2
    assert [len(one["items"]) for one in section(director, "captures")] == [1]
    assert [row["judged"] for row in section(director, "returns")] == [False, True, False]
    assert [row["carried"] for row in section(director, "balances")] == [2]
    assert sorted(row["judged"] for row in section(director, "watch")) == [False] * 4 + [True] * 2
    assert [row["text"] for row in section(director, "requirements")] == ["班前讲评"]
    of_departments = {new for old, new in KINDS.items() if load().kinds[old].roles & DEPARTMENT_ROLES}
    assert {row["kind"] for row in section(director, "checked")} == of_departments - {
        KINDS[one] for one in ("capture", "parcel", "shortage", "letter")
    }
    assert [row["checked"] for row in section(director, "points") if row["name"] == POINT] == [
        today().isoformat()
    ]
    assert line(director, DUTIES["advance-watch"])["done"] == 2


def test_records_of_before_an_edition_renamed_their_kinds_are_still_found(make_app):
    app = make_app("sqlite")
    enter(app, renamed_source(today()))
    story = Story(app, {code: code for code in KINDS})
    day = today() - timedelta(days=1)
    before = {"date": day.isoformat()}
    held = {"present": [story.cast.people["lead"]], "notes": 2, "requirements": ["班前讲评", "补盖日戳"]}
    first = story.send("director", "analysis", notes="分析", header=held, **before)
    header = {"received": 4, "delivered": 2, "returned": 0, "forwarded": 0, "carried": 2}
    story.send("director", "balance", header=header, about=day.isoformat(), **before)
    visit = {"subject": story.cast.points[POINT], "verdict": "fail", "answers": {"sign": "fail"}, "position": "given"}  # fmt: skip
    story.send("inspector", "relay", [visit | {"photos": [{"sha256": "cd" * 32, "size": 9}]}], **before)
    story.kinds, director = KINDS, story.clients["director"]
    settled = {"present": [story.cast.people["lead"]], "notes": 2, "settled": [f"{first}/1"]}
    story.send("director", "meeting", notes="会议", header=settled)
    assert [row["text"] for row in section(director, "requirements")] == ["班前讲评"]
    assert [(row["day"], row["carried"]) for row in section(director, "balances")] == [(day.isoformat(), 2)]
    [point] = [row for row in section(director, "points") if row["name"] == POINT]
    assert (point["checked"], point["confirmed"]) == (day.isoformat(), day.isoformat())
    assert "未公示标识或联系方式" in story.page(f"/points/{point['id']}")
