"""Push: facts come in, each answered for itself. An empty push is the heartbeat."""

import logging
from functools import partial

from flask import current_app, g
from flask.views import MethodView
from flask_smorest import Blueprint

from webapp.core.clock import local_date
from webapp.core.database import db, transaction
from webapp.core.outages import told
from webapp.core.prepared import ask, several
from webapp.core.problems import Problem
from webapp.journal import chain
from webapp.notices.operations import see
from webapp.org import operations
from webapp.org.rules import Actor
from webapp.photos.models import PhotoRef
from webapp.photos.operations import photos_lost
from webapp.photos.queries import awaited, photos_sent
from webapp.photos.rules import named_in
from webapp.recording.entries import UNWRITABLE, Entry
from webapp.recording.guards import Context
from webapp.recording.operations import Outcome, record
from webapp.recording.refusals import refuse, refuse_unread
from webapp.recording.schemas import read_safely
from webapp.recording.taking import stop_at_outage, take
from webapp.rulebook.queries import editions_of
from webapp.sync.guard import PERSON_HEADER, WRITE_HEADER, guard
from webapp.sync.pull import working_units
from webapp.sync.schemas import ProblemSchema, PushAnswerSchema, PushSchema
from webapp.web.access import actor, now
from webapp.web.bodies import takes
from webapp.web.language import known, language

TAKEN = ("stored", "known", "waiting")  # what is in the unit's journal, and by this person
HEADS = 100  # units of which a phone may tell what it saw
LONGEST_ID = 64

log = logging.getLogger(__name__)
blueprint = Blueprint("push", __name__, url_prefix="/api/sync", description="Facts from phones")
blueprint.before_request(guard)


@blueprint.route("/push")
@takes("PUSH_MAX_BYTES")
class Push(MethodView):
    """The phones' way in."""

    @blueprint.doc(parameters=[WRITE_HEADER, PERSON_HEADER])
    @blueprint.arguments(PushSchema(), content_type="application/json")
    @blueprint.response(200, PushAnswerSchema)
    @blueprint.alt_response(400, schema=ProblemSchema)
    @blueprint.alt_response(401, schema=ProblemSchema)
    @blueprint.alt_response(403, schema=ProblemSchema)
    @blueprint.alt_response(409, schema=ProblemSchema)
    @blueprint.alt_response(411, schema=ProblemSchema)
    @blueprint.alt_response(413, schema=ProblemSchema)
    @blueprint.alt_response(415, schema=ProblemSchema)
    @blueprint.alt_response(422, schema=ProblemSchema)
    @blueprint.alt_response(503, schema=ProblemSchema)
    def post(self, push):
        """Store up to 100 facts; the answer leaves after the commit."""
        me, time = actor(), now()
        skew = time - push["device_time"] if push["device_time"] else None
        seen = _seen(push["heads"]) | _seen(push["confirmed"])
        rewound = chain.rewritten(db.session, seen)
        differing = _differing(me, rewound)
        if differing:
            log.error("device %s saw another past of %s", me.device_id, ", ".join(differing))
        contact = operations.last_empty(db.session, me.device_id)
        entries, outcomes = _read_all(me, time, push["facts"])
        taken_in = take(
            entries, partial(_in_one, me, time, skew, contact, push, differing), partial(_keep, me, time)
        )
        for entry, outcome in zip(entries, taken_in, strict=True):
            outcomes[entry.id] = outcome
        g.outcomes = [one.state for one in outcomes.values() if one]  # counted where somebody reads /metrics
        if lost := {one["sha256"]: one["reason"] for one in push["lost"]}:
            with transaction() as session:  # after the facts, which may be the ones that name them
                photos_lost(session, me.person_id, lost, me.person_id, time)
        if push["seen"]:  # no evidence: it stands in no journal, and is answered by the next pull
            with transaction() as session:
                see(session, me.person_id, push["seen"], time)
        taken = {entry.unit for entry in entries if outcomes[entry.id].state in TAKEN}
        missing = _photos_missing([entry.id for entry in entries]) | _missing_in(
            me, {entry.id: entry for entry in entries if outcomes[entry.id].state == "conflict"}
        )
        return {
            "server_time": time.isoformat(),
            "skew_ms": None if skew is None else int(skew.total_seconds() * 1000),
            "results": [_result(outcomes[one], missing.get(one, [])) for one in outcomes],
            "heads": chain.heads(db.session, taken | _whose_heads(me, seen, rewound)),
            "rewound": rewound,
        }


def _seen(heads: dict[str, list]) -> set[chain.Seen]:
    """What a phone says that it saw; what is no head is passed over."""
    rows = ((code, *head) for code, head in sorted(heads.items())[:HEADS] if len(head) == 2)
    return {row for row in rows if type(row[1]) is int and 0 <= row[1] < 2**31 and isinstance(row[2], str)}


def _differing(me: Actor, rewound: list[str]) -> list[str]:
    """Of what a phone says is another past, the units in which the person works: of others it knows nothing to tell.

    It is sent again all the same, wherever the person worked: a role may be newer than the copy that was restored.
    """
    return sorted({unit.code for unit in working_units(me)} & set(rewound)) if rewound else []


def _whose_heads(me: Actor, seen: set[chain.Seen], rewound: list[str]) -> set[str]:
    """Units whose head the phone may be told: it knew their journal, or the person works there."""
    known = {code for code, seq, _ in seen if seq > 0} - set(rewound)
    others = {code for code, _, _ in seen} - known
    return known | {unit.code for unit in working_units(me) if unit.code in others} if others else known


def _read_all(me: Actor, time, facts: list) -> tuple[list[Entry], dict[str, Outcome]]:
    """The facts of the right form, and an outcome for those that are not (and a place for all, in order)."""
    if not facts:
        return [], {}
    unread: list[tuple[object, Problem]] = []
    rulebook, limit = editions_of(db.session), current_app.config["FACT_MAX_BYTES"]
    entries: list[Entry] = []
    outcomes: dict[str, Outcome | None] = {}
    for number, fact in enumerate(facts):
        name = _name(fact) or f"#{number}"
        try:
            entry = read_safely(fact, rulebook, limit)
            if name not in outcomes:
                entries.append(entry)
            outcomes.setdefault(name, None)
        except Problem as problem:
            outcomes[name] = Outcome(name, "refused", problem=problem)
            unread.append((fact, problem))
    if unread:
        with transaction() as session:
            for fact, problem in unread:
                refuse_unread(session, me, time, fact, limit, problem)
    return [entry for entry in entries if outcomes[entry.id] is None], outcomes


def _name(fact: object) -> str | None:
    """By what the phone knows the answer, if it can be said at all: nothing else is taken from an id that is none."""
    said = fact.get("id") if isinstance(fact, dict) else None
    return said if isinstance(said, str) and len(said) <= LONGEST_ID and not UNWRITABLE.search(said) else None


def _keep(me: Actor, time, entry: Entry, problem: Problem) -> None:
    with transaction() as session:
        refuse(Context(session, me, time, editions_of(session), me.device_id), entry, problem)


def _in_one(me, time, skew, contact, push: dict, differing: list[str], entries: list[Entry]) -> list[Outcome]:
    with transaction() as session:
        outcomes = _recorded(session, me, time, skew, contact, entries) if entries else []
        try:
            with session.begin_nested():
                _heard(session, me, time, skew, contact, push, differing)
        except Exception as error:  # what a phone says of itself is no reason to refuse its records
            stop_at_outage(error)
            log.error("what device %s says of itself cannot be kept: %s", me.device_id, told(error))
    return outcomes


def _recorded(session, me, time, skew, contact, entries: list[Entry]) -> list[Outcome]:
    context = Context(session, me, time, editions_of(session), me.device_id, skew, contact=contact)
    return record(context, entries)


def _heard(session, me, time, skew, contact, push: dict, differing: list[str]) -> None:
    """What the phone says of itself: last contact, what it holds, its language, and whether its past is still ours."""
    if chosen := known(push["language"]):
        operations.choose_language(session, me, chosen)
    if me.device_id is None:
        return
    values = {
        "seen_at": time,
        "synced_at": time,
        "skew_ms": None if skew is None else int(skew.total_seconds() * 1000),
        "heads": {code: [seq, head] for code, seq, head in sorted(_seen(push["heads"]))},
    }
    if push["holding"]:
        records = push["holding"]["records"]
        values |= {"held_records": records, "held_photos": push["holding"]["photos"]}
        values["emptied_at"] = contact if records else time
    if differing:
        # With the day: after a restore every phone says so once, and a later day means something else.
        values["head_mismatch"] = f"{local_date(time).isoformat()} {', '.join(differing)}"
    operations.heard(session, me.device_id, values)


_AWAITED = awaited(PhotoRef.fact_id.in_(several("facts")))


def _photos_missing(ids: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fact_id, digest in ask(db.session, _AWAITED, facts=ids) if ids else ():
        found.setdefault(fact_id, []).append(digest)
    return found


def _missing_in(me: Actor, seconds: dict[str, Entry]) -> dict[str, list[str]]:
    """Photos of second contents, which are not unfolded: should one be put in force, its evidence must be here."""
    named = {one: sorted(named_in([entry.open_text])) for one, entry in seconds.items()}
    every = {digest for photos in named.values() for digest in photos}
    here = photos_sent(db.session, me.person_id, every)
    return {one: [digest for digest in photos if digest not in here] for one, photos in named.items()}


def _result(outcome: Outcome, missing: list[str]) -> dict:
    problem = outcome.problem.as_dict(language()) if outcome.problem else None
    if problem:
        problem["fields_"] = problem.pop("fields")
    return {
        "id": outcome.id,
        "state": outcome.state,
        "held": outcome.held,
        "problem": problem,
        "photos_missing": [] if outcome.state == "refused" else missing,
    }
