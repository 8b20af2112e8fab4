"""What must be true, whatever happened: listens to every claim of the phones and compares it with the server."""

import hashlib
import json
from dataclasses import dataclass, field

from sqlalchemy import func, select

from tests.faults.case_oracle import faults_of_cases, grounds_of, refused_there
from tests.faults.network import Request
from tests.faults.server import Answer, Server
from webapp.cli import _differences
from webapp.core.problems import CATALOGUE
from webapp.formats.files import DigestStore
from webapp.inspections.models import Inspection, Item
from webapp.journal import chain
from webapp.journal.models import Conflict, Fact, JournalRow
from webapp.journal.rules import SUPERSEDED, WITHDRAWN, fact_digest, personal_hash
from webapp.photos.models import Photo, PhotoLoss, PhotoRef
from webapp.photos.rules import RECORD, STORED

# What happened to a request tells nothing about a record: it has to be sent again by itself.
PASSING = ("server-error", "busy", "bad-request", "sign-in", "too-many-requests", "wrong-origin", "not-found")


@dataclass
class Claim:
    """A record of which a phone said "saved"."""

    phone: str
    person: str
    id: str
    digest: str
    photos: list[str]
    type: str = "inspection"
    gone: bool = False  # given up by its maker, or replaced
    seen: bool = False  # on the server, with all its photos
    doubtful: bool = False  # the server was put back since: the phone may not have heard of it yet


@dataclass
class Oracle:
    """``faults`` says what was broken."""

    server: Server
    faults: list[str] = field(default_factory=list)
    claims: dict[tuple[str, str, str], Claim] = field(default_factory=dict)
    status: dict[tuple[str, str], dict] = field(default_factory=dict)
    spoiled: set[tuple[str, str, str]] = field(default_factory=set)
    lockless: set[str] = field(default_factory=set)  # phones whose browser has no navigator.locks
    brought: set[str] = field(
        default_factory=set
    )  # records that came as a file: the phone need not know of it
    restored: bool = False  # the server was put back to a copy
    _drafted: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    _sending: dict[int, Request] = field(default_factory=dict)

    def fault(self, text: str) -> None:
        """Something is wrong."""
        if text not in self.faults:
            self.faults.append(text)

    # ---------------------------------------------------------------- while it runs

    def hear(self, event: dict) -> None:
        """A claim of a page."""
        name, where = event["event"], (event["phone"], event.get("person"))
        if name == "saved":
            self._saved(event)
        elif name == "dismissed":
            self._give_up((*where, event["id"]))
        elif name == "drafted":
            self._drafted.setdefault((*where, event["draft"]), []).append(event["said"])
        elif name == "status":
            self.status[event["phone"], event["page"]] = event
            self._all_in(event)
        elif name == "unhandled":
            self.fault(
                f"{event['phone']}{event['page']}: nobody waited for {event['name']}: {event['message']}"
            )
        elif name == "error" and event["name"] in ("TypeError", "ReferenceError", "SyntaxError"):
            self.fault(f"{event['phone']}{event['page']} failed: {event['name']}: {event['message']}")

    def _saved(self, event: dict) -> None:
        key = (event["phone"], event["person"], event["id"])
        first = self.claims.setdefault(key, Claim(*key, event["digest"], event["photos"], event["type"]))
        if first.digest != event["digest"]:
            self.fault(f"{key} was said to be saved twice, as two things")
        if event["replaces"]:
            self._give_up((event["phone"], event["person"], event["replaces"]))

    def _give_up(self, key: tuple[str, str, str]) -> None:
        if key in self.claims:
            self.claims[key].gone = True

    def _all_in(self, event: dict) -> None:
        """ "All in" is never said while something is not."""
        if event["code"] != "all-in":
            return
        for claim in self.claims.values():
            own = (claim.phone, claim.person) == (event["phone"], event["person"])
            if not own or claim.gone:
                continue
            if self.arrived(claim):
                claim.doubtful = False
            elif not claim.doubtful:
                self.fault(f"{claim.phone} says all is in, but {claim.id} or a photo of it is not")

    def put_back(self, looks: dict) -> None:
        """The server is an older copy of itself: what no phone holds any more, and the copy does not, nobody can bring."""
        self.restored = True
        for claim in self.claims.values():
            claim.doubtful, claim.seen = True, False
            held = looks.get((claim.phone, claim.person), {"records": []})["records"]
            if all(record["id"] != claim.id for record in held):
                claim.gone = claim.gone or not self.arrived(claim)

    def sending(self, request: Request) -> None:
        """A request leaves: one tab of a phone at a time may send for the person, where the browser has locks."""
        if request.method == "GET" or request.phone in self.lockless:
            return
        for other in self._sending.values():
            if (other.phone, other.person) == (request.phone, request.person) and other.page != request.page:
                self.fault(f"two tabs of {request.phone} send at once: {other.url} and {request.url}")
        self._sending[request.id] = request

    def sent(self, request_id: int) -> None:
        """Its page no longer waits for it."""
        self._sending.pop(request_id, None)

    def killed(self, phone: str, page: str | None) -> None:
        """What the dead asked for, nobody waits for."""
        for number, request in list(self._sending.items()):
            if request.phone == phone and page in (None, request.page):
                del self._sending[number]
        for where in [where for where in self.status if where[0] == phone and page in (None, where[1])]:
            del self.status[where]

    def answered(self, request: Request, answer: Answer) -> None:
        """No request may find the server broken."""
        if answer.status == 500 or (answer.status >= 400 and b"server-error" in answer.body):
            self.fault(
                f"{request.method} {request.url} was answered {answer.status}: {answer.body[:200]!r}; {self.server.heard.lines[-1:]}"
            )

    def is_settled(self, phone: str, page: str) -> bool:
        """Whether the page is at rest and nothing more is to be sent."""
        status = self.status.get((phone, page))
        to_send = status and (status["waiting"] or status["untold"])
        quiet = status and status["online"] and not to_send and status["reason"] in (None, "refused")
        return bool(quiet and status["code"] in ("all-in", "stuck"))

    def drafts(self, phone: str, looks: dict) -> None:
        """After a kill every draft stands at its last saved answer, or further on, or is a record."""
        for (where, person, draft), said in self._drafted.items():
            if where != phone:
                continue
            found = looks.get((phone, person), {"drafts": [], "records": [], "photos": []})
            lying = next((one for one in found["drafts"] if one["id"] == draft), None)
            if lying is None:
                if (phone, person, draft) not in self.claims and all(
                    one["id"] != draft for one in found["records"]
                ):
                    self.fault(f"{phone} lost the draft {draft}")
                continue
            text = json.dumps({key: value for key, value in lying.items() if key != "saved"}, sort_keys=True)
            older = [json.dumps(json.loads(one), sort_keys=True) for one in said[:-1]]
            if text in older and text != json.dumps(json.loads(said[-1]), sort_keys=True):
                self.fault(f"{phone} forgot an answer of the draft {draft}")
            for photo in (photo["sha256"] for item in lying["items"] for photo in item["photos"]):
                if photo not in found["photos"] and (phone, person, photo) not in self.spoiled:
                    self.fault(f"{phone} lost the photo {photo} of the draft {draft}")

    # ---------------------------------------------------------------- against the server

    def grounds(self, case_id: str) -> list[tuple[str, str]]:
        """The records in force behind a case, and who made them."""
        return self.server.read(lambda session: grounds_of(session, case_id))

    def arrived(self, claim: Claim) -> bool:
        """Whether the server has the record and each of its photos, byte for byte."""
        if not claim.seen:
            claim.seen = self.server.read(lambda session: self._is_in(session, claim))
        return claim.seen

    def _is_in(self, session, claim: Claim) -> bool:
        rows = session.scalars(select(Fact.digest).where(Fact.id == claim.id)).all()
        kept = session.scalars(select(Conflict.digest).where(Conflict.fact_id == claim.id)).all()
        return claim.digest in [*rows, *kept] and all(
            self._photo_is_in(session, name) or self._is_settled(session, claim, name)
            for name in claim.photos
        )

    @staticmethod
    def _is_settled(session, claim: Claim, name: str) -> bool:
        """Whether the server knows that the photo is lost, and its record was corrected or withdrawn since."""
        state = session.scalar(select(Fact.state).where(Fact.id == claim.id))
        return session.get(PhotoLoss, (name, claim.person)) is not None and state in (SUPERSEDED, WITHDRAWN)

    def _photo_is_in(self, session, name: str) -> bool:
        data = DigestStore(self.server.app.config["PHOTO_DIRECTORY"]).read(name)
        row = session.scalar(select(func.count()).select_from(Photo).where(Photo.digest == name))
        return row == 1 and data is not None and hashlib.sha256(data).hexdigest() == name

    def check(self, looks: dict) -> list[str]:
        """Everything, once all is quiet; the faults."""
        for phone in sorted({phone for phone, _ in looks}):
            self.drafts(phone, looks)
        self.server.read(lambda session: self._check(session, looks))
        return self.faults

    def _check(self, session, looks: dict) -> None:
        for claim in self.claims.values():
            if not claim.gone:
                self._check_claim(session, claim, looks.get((claim.phone, claim.person), {"records": []}))
        self._check_facts(session)
        for fault in chain.broken_rows(session) + _differences() + [*faults_of_cases(session, self.restored)]:
            self.fault(fault)
        for digest in session.scalars(select(Photo.digest)):
            if not self._photo_is_in(session, digest):
                self.fault(f"photo {digest} is damaged or missing on the server")

    def _check_claim(self, session, claim: Claim, found: dict) -> None:
        record = next((one for one in found["records"] if one["id"] == claim.id), None)
        rows = session.scalars(select(Fact).where(Fact.id == claim.id)).all()
        kept = session.scalars(select(Conflict.digest).where(Conflict.fact_id == claim.id)).all()
        on_list = record is not None and record["state"] == "refused" and _is_reason(record["problem"])
        if claim.digest not in [*(row.digest for row in rows), *kept]:
            if not on_list:
                self.fault(
                    f"{claim.id} of {claim.phone} was saved and is neither on the server nor on a list: {record}"
                )
            elif claim.type == "case-move" and not (
                self.restored or refused_there(session, claim.id, claim.digest)
            ):
                self.fault(
                    f"the move {claim.id} of {claim.phone} was refused, and the server does not keep it: {record}"
                )
            return
        if record is not None and record["state"] == "refused" and claim.id not in self.brought:
            self.fault(f"{claim.phone} calls {claim.id} refused, and the server has it")
        if len(rows) != 1 or rows[0].author_id != claim.person:
            authors = [row.author_id for row in rows]
            self.fault(f"{claim.id} of {claim.person} is on the server {len(rows)} times, by {authors}")
        for name in claim.photos:
            if not self._photo_is_in(session, name) and not self._told(record, name):
                self.fault(f"photo {name} of {claim.id} is neither on the server nor reported: {record}")
            elif self._photo_is_in(session, name) or not self._is_named(session, claim.id, name):
                continue
            elif session.get(PhotoLoss, (name, claim.person)) is None:
                self.fault(f"the server never heard that photo {name} of {claim.id} is lost: {record}")

    @staticmethod
    def _told(record: dict | None, name: str) -> bool:
        """Whether the phone shows the photo with the reason why it is not in."""
        if record is None:
            return False
        photo = next((one for one in record["photos"] if one["sha256"] == name), None)
        shown = photo is not None and photo["state"] == "refused" and _is_reason(photo["problem"])
        return shown or record["state"] == "refused"

    @staticmethod
    def _is_named(session, fact_id: str, name: str) -> bool:
        """Whether the server has unfolded a record with this photo: not where it is a second content."""
        mine = (PhotoRef.fact_id == fact_id, PhotoRef.source.in_(STORED), PhotoRef.digest == name)
        return session.scalar(select(func.count()).select_from(PhotoRef).where(*mine)) > 0

    def _check_facts(self, session) -> None:
        """Each fact verbatim, once in the journal of each of its units, and unfolded in full."""
        for fact in session.scalars(select(Fact)):
            if fact_digest(fact.open, personal_hash(fact.salt, fact.personal or "")) != fact.digest:
                self.fault(f"{fact.id} is not what its digest says")
            mine = (JournalRow.fact_id == fact.id, JournalRow.entry == fact.type)
            units = session.scalars(select(JournalRow.unit_code).where(*mine)).all()
            if sorted(units) != sorted({fact.unit_code, fact.acting_code}):
                self.fault(f"{fact.id} stands in the journals of {units}")
            if fact.type == "inspection":
                self._check_unfolded(session, fact)

    def _check_unfolded(self, session, fact: Fact) -> None:
        items = json.loads(fact.open)["items"]
        found = session.scalar(select(func.count()).select_from(Item).where(Item.inspection_id == fact.id))
        refs = session.scalar(
            select(func.count())
            .select_from(PhotoRef)
            .where(PhotoRef.fact_id == fact.id, PhotoRef.source == RECORD)
        )
        heads = session.scalar(select(func.count()).select_from(Inspection).where(Inspection.id == fact.id))
        if (heads, found, refs) != (1, len(items), sum(len(item["photos"]) for item in items)):
            self.fault(f"{fact.id} is unfolded wrongly: {heads} heads, {found} items, {refs} photos")


def _is_reason(problem: dict | None) -> bool:
    """Whether it is something that the server said of the thing itself, and not what became of one request."""
    return bool(problem) and problem["code"] in CATALOGUE and problem["code"] not in PASSING
