"""What happened in each department: lists, draws, captures with photos, checks, what waits for somebody, rulings."""

import io
import struct
from datetime import timedelta
from pathlib import Path

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import device_for
from tests.desk_records import envelope
from tests.photos import named
from tests.plan_office import step as plan_step, whole
from tests.scope import notices, papers
from tests.scope.company import COUNTY, LEAGUE, PLACES, TODAY, UNITS, Company, Place
from webapp.cases.models import Case, CaseView, Occurrence
from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.core.ids import new_id
from webapp.journal.models import JournalHead
from webapp.org import operations
from webapp.org.models import Device, Unit
from webapp.photos.operations import photos_lost
from webapp.recording.case_moves import Said, issue, make_move
from webapp.recording.changes.lists import change_list
from webapp.recording.facts import rulings
from webapp.recording.guards import Context
from webapp.recording.operations import record, record_at_desk
from webapp.recording.schemas import read
from webapp.rulebook.operations import add_edition
from webapp.rulebook.queries import editions_of
from webapp.rulebook.rules import shipped_source
from webapp.sampling import imports, operations as sampling
from webapp.sampling.handovers import handover_body
from webapp.sampling.schemas import Row
from webapp.web.photo_uploads import keep

DAY = timedelta(days=1)
YESTERDAY = TODAY - DAY
LATER = TODAY + 20 * DAY


def happen(company: Company) -> None:
    """Let it all happen, in transactions of its own; call it inside the app's context."""
    with transaction() as session:
        region = company.people["region"]
        source = shipped_source().replace('code = "2014"', 'code = "9999"', 1)
        add_edition(
            session,
            source.replace("first_day = 2014-01-01", "first_day = 2199-01-01", 1),
            region,
            clock.now(),
        )
    for name, place in PLACES.items():
        with transaction() as session:
            other = company.things["there" if place.county == COUNTY else "here"]
            department = _Department(session, company, place, company.things[name], other)
            department.abroad = PLACES["there" if place.county == COUNTY else "here"]
            department.happen()
            notices.tell(session, company, place, company.things[name])
            papers.write(session, company, place, company.things[name])
        senders = list(department.photos.values())
        if name == "there":  # works there, and has named it nowhere yet
            senders.append(("moved", department.photos["own"][1]))
        for login, data in senders:
            keep(company.actor(db.session, login), clock.now(), named(data)["sha256"], data)
        company.things[name]["head"] = db.session.get(JournalHead, place.code).hash
        db.session.rollback()


SHOWN = ("receipt", "visit", "point", "offered", "own")  # what there are photos of
VOICE = (Path(__file__).parents[1] / "files" / "voice.mp4").read_bytes()


def picture(place: Place, what: str) -> bytes:
    """A whole JPEG, of this department alone."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8), (int(place.digits[-2:]), SHOWN.index(what) * 60, 60)).save(file, "JPEG")
    return file.getvalue()


def voice(place: Place) -> bytes:
    """A whole voice note, of this department alone."""
    mark = place.digits[-2:].encode()
    return VOICE + struct.pack(">I4s", 8 + len(mark), b"free") + mark


class _Department:
    """One department: each method lets something happen and notes the ids of what came of it."""

    def __init__(self, session: Session, company: Company, place: Place, things: dict, other: dict):
        self.session, self.company, self.place, self.things = session, company, place, things
        self.other = other  # things of a department of another county: some records name them
        self.now = clock.now()
        self.abroad = place  # that department
        self.photos: dict[str, tuple[str, bytes]] = {}  # by what they show: who took it, and its bytes

    def happen(self) -> None:
        self.rulings()
        self.lists()
        self.evidence()
        self.checks()
        self.cases()
        self.plans()
        self.waiting()
        self.naming()
        self.phones()

    def actor(self, who: str):
        known = self.company.people
        return self.company.actor(self.session, who if who in known else f"{self.place.prefix}{who}")

    def login(self, who: str) -> str:
        return f"{self.place.prefix}{who}"

    def own(self, who: str):
        return self.company.actor(self.session, self.login(who))

    def number(self, tail: int) -> str:
        return f"{self.place.digits}{tail:08}"

    def photo(self, who: str, what: str) -> dict:
        self.photos[what] = (self.login(who), picture(self.place, what))
        self.things[f"photo_{what}"] = named(self.photos[what][1])["sha256"]
        return named(self.photos[what][1])

    def form(self, kind: str, items: list[dict], type: str = "inspection", **more) -> dict:
        own = {"v": 1, "type": type, "unit": self.place.code, "acting": self.place.code}
        return own | {"date": TODAY.isoformat(), "kind": kind, "method": "on-site", "items": items, **more}

    def push(self, who: str, open: dict, personal: dict | None = None, skew=None, becomes="stored") -> str:
        """As the person's phone sends it; the fact's id."""
        return self.send(who, envelope(open, personal), skew, becomes)["id"]

    def send(self, who: str, sent: dict, skew: timedelta | None, becomes: str) -> dict:
        rulebook = editions_of(self.session)
        context = Context(self.session, self.own(who), self.now, rulebook, None, skew)
        [outcome] = record(context, [read(sent, rulebook, 64 * 1024)])
        assert outcome.state == becomes, outcome
        return sent

    # ------------------------------------------------------------ what the county lays down

    def rulings(self) -> None:
        superior = {"152502": "county", "152501": "nextcounty"}.get(self.place.county)
        me = self.company.actor(self.session, superior or "region")
        unit = self.session.get(Unit, self.place.code)
        rule = {"duty": "receipt-sample", "changes": {"percent": 100}, "reason": f"加严{self.place.sign}"}
        body = rulings.body(
            me, unit, self.now, "override", "enter", first_day=TODAY.isoformat(), last_day=None, **rule
        )
        self.things["override"] = record_at_desk(self.session, me, self.now, body).id
        if superior:
            off = {"day": LATER.isoformat(), "delivers": False, "name": f"搬迁{self.place.sign}"}
            for op, more in (("exception", off), ("days", {"first_day": LATER.isoformat(), "mask": 63})):
                record_at_desk(
                    self.session, me, self.now, rulings.body(me, unit, self.now, "calendar", op, **more)
                )

    # ------------------------------------------------------------ the day's lists

    def lists(self) -> None:
        """Of today: one is revealed, a supplement sealed, another one a draft."""
        drawn = [self.item(1, "1"), self.item(2, "2"), self.item(3, "1", returned=True)]
        self.things["revealed"] = self.listed(TODAY, drawn, "seal", "reveal")
        self.things["sealed"] = self.listed(TODAY, [self.item(11, "1"), self.item(12, "2")], "seal")
        self.things["draft"] = self.listed(TODAY, [self.item(21, "1"), self.item(22, "2")])
        self.things |= {"drawn": self.number(1), "drawn2": self.number(2), "hidden": self.number(11)}
        self.things["drafted"] = self.number(21)
        director, unit = self.own("director"), self.session.get(Unit, self.place.code)
        body = handover_body(
            unit, TODAY, TODAY, self.things["lead"], f"请假{self.place.sign}", numbers=[self.number(12)]
        )
        record_at_desk(self.session, director, self.now, body)
        volumes = {"letter": {"items": 7, "returned": None}}
        typed = sampling.volume_body(self.place.code, YESTERDAY, volumes, TODAY)
        record_at_desk(self.session, director, self.now, typed)

    def item(self, tail: int, route: str, returned: bool = False) -> Row:
        return Row(
            2, self.number(tail), "parcel", self.things[f"route{route}"], masked_name=f"{self.place.sign}*",
            delivered_by=self.things["carrier" if route == "1" else "carrier2"],
            address_tag=f"{self.place.sign}{tail}号楼", returned=returned,
            return_reason=f"其他：{self.place.sign}" if returned else None,
        )  # fmt: skip

    def listed(self, day, rows: list[Row], *steps: str) -> str:
        session, director = self.session, self.own("director")
        unit = session.get(Unit, self.place.code)
        manifest = change_list(
            session, director, self.now, unit, day,
            lambda keeper: imports.import_rows(session, keeper, self.now, unit, day, rows),
        )  # fmt: skip
        for step in steps:
            body = getattr(sampling, f"{step}_body")(session, manifest.id, TODAY)
            record_at_desk(session, director, self.now, body)
        return manifest.id

    # ------------------------------------------------------------ evidence and verdicts

    def evidence(self) -> None:
        """A photo of a receipt and its check, a visit with its photo, and the register's own picture."""
        taken = self.photo("carrier", "receipt")
        item = {"subject": self.number(1), "class": "parcel", "photos": [taken]}
        self.things["capture"] = self.push(
            "carrier", self.form("capture", [item], "capture", about=TODAY.isoformat())
        )
        answers = {"signed": "fail"}
        failed = {"subject": self.number(2), "class": "parcel", "verdict": "fail", "answers": answers}
        self.photos["voice"] = (self.login("inspector"), voice(self.place))
        said = named(self.photos["voice"][1])
        self.things["photo_voice"] = said["sha256"]
        failed |= {"voice": said | {"seconds": 1}}
        self.things["receipt"] = self.push(
            "inspector",
            self.form("receipt", [failed | {"photos": []}], about=TODAY.isoformat()),
            {"notes": {"0": f"未签收{self.place.sign}"}},
        )
        visit = {"subject": self.things["point1"], "verdict": "fail", "answers": {"sign": "fail"}}
        visit |= {"photos": [self.photo("inspector", "visit")], "position": "refused"}
        self.things["visit"] = self.push(
            "inspector", self.form("relay", [visit]), {"notes": {"0": f"无标识{self.place.sign}"}}
        )
        change = {"type": "point", "unit": self.place.code, "acting": self.place.code}
        change |= {"date": TODAY.isoformat(), "point": self.things["point2"], "op": "change"}
        change |= {"values": {"photo": self.photo("director", "point")}}
        self.things["photo_offered"] = named(picture(self.place, "offered"))["sha256"]
        self.things["change"] = record_at_desk(self.session, self.own("director"), self.now, change).id

    def checks(self) -> None:
        """A check of parcels, items chosen in advance, a balance, a meeting."""
        self.things["parcel"] = self.push("inspector", self.form("parcel", self.parcels(31, 32)))
        chosen = {
            "subject": self.number(41),
            "class": "parcel",
            "tag": f"{self.place.sign}小区",
            "photos": [],
        }
        self.things["selection"] = self.push(
            "inspector", self.form("watch-pick", [chosen], "selection", about=TODAY.isoformat())
        )
        sums = dict.fromkeys(("opening", "received", "carried"), 1) | {"received": 0}
        sums |= dict.fromkeys(("delivered", "returned", "forwarded"), 0)
        none = [{"subject": "-", "verdict": None, "answers": {}, "photos": []}]
        balance = self.form("balance", none, about=YESTERDAY.isoformat())
        self.push("director", balance | {"header": sums | {"numbers": [self.number(51)]}})
        held = {"present": [self.things["carrier"]], "notes": 2, "requirements": [f"补签收{self.place.sign}"]}
        self.things["meeting"] = self.push(
            "director",
            self.form("meeting", none, header=held),
            {"notes": {"header.notes": self.place.sign * 2}},
        )

    def parcels(self, *tails: int) -> list[dict]:
        bad = {"class": "parcel", "verdict": "fail", "answers": {"feedback": "fail"}, "photos": []}
        return [{"subject": self.number(tail), **bad} for tail in tails]

    def cases(self) -> None:
        """What failed is the carrier's and another's; an order about it from above, and a view that the director keeps."""
        for name, record_id in (("case", "visit"), ("case2", "receipt")):
            query = select(Occurrence.case_id).where(Occurrence.inspection_id == self.things[record_id])
            self.things[name] = self.session.scalar(query)
        given = Said(owner=self.things["lead"])
        move = make_move(self.session, self.own("director"), self.now, self.things["case2"], "assign", given)
        self.things["given"] = move.id
        superior = {"152502": "county", "152501": "nextcounty"}.get(self.place.county, "region")
        me = self.company.actor(self.session, superior)
        unit, acting = self.session.get(Unit, self.place.code), me.current[0].unit_code
        about = [self.things["case"]]
        order = issue(self.session, me, self.now, unit, acting, about, f"限期整改{self.place.sign}", LATER)
        self.things["order"], self.things["view"] = order.id, new_id()
        self.session.flush()
        self.things["order_number"] = self.session.get(Case, order.id).number
        view = {"id": self.things["view"], "person_id": self.things["director"], "created_at": self.now}
        self.session.add(CaseView(**view, name=f"本部{self.place.sign}", query=f"unit={self.place.code}"))
        self.session.flush()

    def plans(self) -> None:
        """The special check of the league above, of this department."""
        league = next(one for one in UNITS if one[0] == self.place.county)[1]
        me = self.company.actor(self.session, {LEAGUE: "league"}.get(league, "beside"))
        said = whole(TODAY, units=[self.place.code], minimum=2, title=f"专项检查{self.place.sign}")
        self.things["plan"] = plan_step(self.session, me, self.now, "enter", league, **said)

    # ------------------------------------------------------------ what waits for somebody

    def waiting(self) -> None:
        """A second content, a wrong clock, a refused record, a photo that will not come."""
        self.things["contested"] = self.push("lead", self.form("parcel", self.parcels(61)))
        second = envelope(self.form("parcel", self.parcels(62)), id=self.things["contested"])
        self.things["digest"] = self.send("lead", second, None, "conflict")["digest"]
        held = self.form("parcel", self.parcels(71))
        self.things["held"] = self.push("lead", held, skew=timedelta(days=3))
        self.things["refused"] = self.push(
            "carrier", self.form("parcel", self.parcels(81)), becomes="refused"
        )
        gone = {"subject": self.things["point1"], "verdict": "pass", "answers": {}, "position": "refused"}
        for what, digits in (("lost", "1a"), ("awaited", "2b")):
            digest = f"{self.place.digits[-2:]}{digits}" * 16
            photo = {"sha256": digest, "size": 9, "type": "image/jpeg"}
            self.things[f"{what}_photo"] = digest
            self.things[what] = self.push("inspector", self.form("relay", [gone | {"photos": [photo]}]))
        inspector = self.things["inspector"]
        photos_lost(self.session, inspector, {self.things["lost_photo"]: "gone"}, inspector, self.now)

    def naming(self) -> None:
        """Records that name a point and a person of another county by their ids: whoever writes an id is told nothing."""
        letter = {"subject": self.other["named_point"], "stratum": "local", "verdict": "fail", "photos": []}
        letter |= {"answers": {"depth": "fail"}}
        self.things["letter"] = self.push("inspector", self.form("letter", [letter]))
        visit = {"verdict": "pass", "answers": {}, "position": "refused"}
        visit |= {"photos": [{"sha256": f"{self.place.digits[-2:]}3c" * 16, "size": 9, "type": "image/jpeg"}]}
        points = self.things["point1"], self.other["named_point"]
        self.twice("inspector", *(self.form("relay", [visit | {"subject": point}]) for point in points))
        self.naming_photos()
        none = [{"subject": "-", "verdict": None, "answers": {}, "photos": []}]
        people = self.things["carrier"], self.company.people["named"]
        held = [self.form("meeting", none, header={"present": [one], "notes": 2}) for one in people]
        self.twice("director", *held, said={"notes": {"header.notes": "晨会"}})
        change = {"v": 1, "type": "point", "unit": self.place.code, "acting": self.place.code, "op": "change"}
        change |= {"date": TODAY.isoformat(), "values": {"address": "西街"}}
        self.twice("director", *(change | {"point": point} for point in points))

    def naming_photos(self) -> None:
        """The own picture of a visit; a visit and a change of the register that name the other county's, and send nothing."""
        passed = {
            "subject": self.things["named_point"],
            "verdict": "pass",
            "answers": {},
            "position": "refused",
        }
        own = self.photo("inspector", "own")
        self.things["named_photo"] = self.things.pop("photo_own")
        theirs = named(picture(self.abroad, "own"))
        for photo in (own, theirs):
            self.push("inspector", self.form("relay", [passed | {"photos": [photo]}]))
        change = {"type": "point", "unit": self.place.code, "acting": self.place.code, "op": "change"}
        change |= {
            "date": TODAY.isoformat(),
            "point": self.things["named_point"],
            "values": {"photo": theirs},
        }
        record_at_desk(self.session, self.own("director"), self.now, change)

    def twice(self, who: str, *contents: dict, said: dict | None = None) -> None:
        """Two contents under one number."""
        first, second = contents
        sent = self.send(who, envelope(first, said), None, "stored")
        self.send(who, envelope(second, said, sent["id"]), None, "conflict")

    def phones(self) -> None:
        """The carrier's phone, which still holds something, and an enrolment that was not used."""
        phone, _token = device_for(self.session, self.things["carrier"], f"手机{self.place.sign}")
        row = self.session.get(Device, phone)
        row.synced_at, row.held_records, row.held_photos = self.now, 3, 1
        superior = self.company.actor(self.session, "admin")
        issued = operations.issue_enrolment(self.session, superior, self.now, self.things["carrier"], 24)
        self.things |= {"phone": phone, "token": issued.token, "secret": issued.code}
