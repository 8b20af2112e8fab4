"""How a document goes its way, who may do what with it, its canonical text, and what the ledger asks of it. Pure."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from webapp.org.rules import HEADS, Actor
from webapp.rulebook.documents import DocumentType
from webapp.rulebook.texts import Text

DRAFT, CHECKED, ISSUED, SENT = "draft", "checked", "issued", "sent"
RECEIVED, ACCEPTED, RETURNED, VOID = "received", "accepted", "returned", "void"
STATES: Mapping[str, Text] = {
    DRAFT: Text("起草", "draft"),
    CHECKED: Text("已核稿", "checked"),
    ISSUED: Text("已签发", "issued"),
    SENT: Text("已报送", "sent"),
    RECEIVED: Text("已签收", "received"),
    ACCEPTED: Text("已接受", "accepted"),
    RETURNED: Text("已退回", "returned"),
    VOID: Text("已作废", "void"),
}
OPEN = (DRAFT, CHECKED)  # not issued yet: whoever writes may go on
LONGEST_TEXT = 6000  # characters of one section


@dataclass(frozen=True)
class Move:
    """A step with a document. ``side``: who makes it, "check" (another person of the unit or above it), "own" or "receiver"."""

    code: str
    title: Text
    done: Text
    start: tuple[str, ...]
    to: str
    side: str
    reason: bool = False


MOVES: Mapping[str, Move] = {
    one.code: one
    for one in (
        Move("check", Text("核稿通过", "Check"), Text("核稿", "checked"), (DRAFT,), CHECKED, "check"),
        Move("send", Text("报送", "Send"), Text("报送", "sent"), (ISSUED,), SENT, "own"),
        Move("receive", Text("签收", "Receive"), Text("签收", "received"), (SENT,), RECEIVED, "receiver"),
        Move("accept", Text("接受", "Accept"), Text("接受", "accepted"), (RECEIVED,), ACCEPTED, "receiver"),
        Move("reject", Text("退回", "Return"), Text("退回", "returned"), (RECEIVED,), RETURNED, "receiver", reason=True),
        Move(
            "void", Text("作废", "Declare void"), Text("作废", "declared void"),
            (ISSUED, SENT, RECEIVED, RETURNED), VOID, "own", reason=True,
        ),
    )
}  # fmt: skip
ALWAYS = ("check", "void")  # whatever the type


@dataclass(frozen=True)
class Written:
    """What the ledger asks of a document that was issued: what it is about, and when it was issued and first sent."""

    type: str
    period: str
    number: str
    issued_at: datetime
    sent_at: datetime | None
    void: bool = False

    def done_at(self, sent: bool) -> datetime | None:
        """When it was done: sent, where it has to be, or issued; None: not yet, or void."""
        if self.void:
            return None
        return self.sent_at if sent else self.issued_at


@dataclass(frozen=True)
class Standing:
    """What decides who may do what with a document: its type, state, writers, and where it comes from and goes."""

    type: DocumentType
    state: str
    unit: str
    level: str
    path: str
    writers: Collection[str]
    addressed: str | None = None  # code, level and path of the unit that gets it
    addressed_level: str | None = None
    addressed_path: str | None = None


def leads(actor: Actor, unit: str, level: str) -> bool:
    """Whether the actor leads exactly this unit today: drafts, issues and sends for it, receives and returns."""
    return HEADS[level] in actor.roles_at(unit, actor.today)


def acting(actor: Actor, standing: Standing, side: str) -> str | None:
    """For which unit the actor makes a step of this side; None where it is not the actor's."""
    if side == "own":
        return standing.unit if leads(actor, standing.unit, standing.level) else None
    if side == "receiver":
        code, level = standing.addressed, standing.addressed_level
        return code if code and level and leads(actor, code, level) else None
    if actor.person_id in standing.writers:
        return None  # nobody checks what the same person wrote
    return actor.acting_for("write-documents", standing.path)


def moves_for(actor: Actor, standing: Standing) -> list[Move]:
    """The steps that the actor may make now, in their order."""
    return [
        move
        for move in MOVES.values()
        if move.code in (*ALWAYS, *standing.type.moves)
        and standing.state in move.start
        and acting(actor, standing, move.side)
    ]


def may_issue(actor: Actor, standing: Standing) -> bool:
    """Whether the actor issues it now."""
    return standing.state == CHECKED and leads(actor, standing.unit, standing.level)


def may_correct(actor: Actor, standing: Standing) -> bool:
    """Whether a corrected version (更正件) of it can be begun: it is out, and was not declared void."""
    out = (RETURNED, ACCEPTED) if standing.type.is_sent else (ISSUED,)
    return standing.state in out and leads(actor, standing.unit, standing.level)


def may_see(actor: Actor, standing: Standing) -> bool:
    """Whether it exists for the actor: for who leads its unit or one above; once it is out also for those who get it."""
    if actor.can("write-documents", standing.path):
        return True
    if standing.state in OPEN:
        return False
    if standing.type.to == "below":
        return any(path.startswith(standing.path) for path in actor.reach("see-documents"))
    return standing.addressed_path is not None and actor.can("see-documents", standing.addressed_path)


# ---------------------------------------------------------------- texts and digests


def plain(texts: Mapping[str, Mapping]) -> dict[str, str]:
    """{section: text} of a working copy; sections without a word are left out."""
    return {code: one["text"] for code, one in texts.items() if one["text"].strip()}


def canonical(value: object) -> str:
    """One JSON text of a value: names sorted, no blanks; so whoever has the value finds the same digest."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: object) -> str:
    """SHA-256 in hex of the canonical text, in UTF-8."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()
