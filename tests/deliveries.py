"""Who delivers what, as the desk says it: lists imported, sealed, thrown away, and routes that change hands."""

from collections.abc import Iterable
from datetime import date

from tests.cast import RURAL
from tests.ledger_stories import Office, about_fact, form, noon, passed, sealed
from webapp.org.queries import unit_for
from webapp.recording.changes.lists import change_list
from webapp.recording.operations import record_at_desk
from webapp.sampling import handovers, imports, operations as sampling
from webapp.sampling.operations import manifest_of
from webapp.sampling.schemas import Row

NUMBERS = [f"98765432{n:05}" for n in range(10)]


def lay(
    office: Office, day: date, numbers: Iterable[str], by: str | None, at=None, unit: str = RURAL, **more
) -> str:
    """The list of ``day`` with these numbers, delivered by the person ``by``; imported at noon. Its id."""
    at = at or noon(day)
    cast, named = office.cast, {"route_id": office.cast.routes[unit, "1"], "mail_class": "parcel", **more}
    rows = [
        Row(line, number, delivered_by=cast.people[by] if by else None, **named)
        for line, number in enumerate(numbers, start=2)
    ]

    def act(session, me):
        where = unit_for(session, me, unit)
        return change_list(
            session, me, at, where, day,
            lambda keeper: imports.import_rows(session, keeper, at, where, day, rows),
        ).id  # fmt: skip

    return office.desk(keeper(unit), at, act)


def keeper(unit: str) -> str:
    """Who keeps the lists of the department."""
    return "head" if unit == RURAL else "director"


def seal(office: Office, manifest_id: str, at, unit: str = RURAL, reveal: bool = False) -> None:
    """Seal the list, and show its draw."""

    def act(session, me):
        record_at_desk(session, me, at, sampling.seal_body(session, manifest_id, at.date()))
        if reveal:
            record_at_desk(session, me, at, sampling.reveal_body(session, manifest_id, at.date()))

    office.desk(keeper(unit), at, act)


def discard(office: Office, manifest_id: str, at, unit: str = RURAL) -> None:
    """Throw the draft away."""

    def act(session, me):
        one = manifest_of(session, manifest_id)
        change_list(
            session, me, at, unit_for(session, me, unit), one.day,
            lambda keeper: imports.discard(session, keeper, at, one),
        )  # fmt: skip

    office.desk(keeper(unit), at, act)


def hand_over(
    office: Office, day: date, to: str, at=None, unit: str = RURAL, route=None, numbers=(), by=None
) -> None:
    """Hand a route (its code) or single numbers over to the person ``to`` for ``day``; by the keeper of the lists."""
    at, cast = at or noon(day, 13), office.cast
    what = {"route": cast.routes[unit, route] if route else None, "numbers": list(numbers)}

    def act(session, me):
        where = unit_for(session, me, unit)
        body = handovers.handover_body(where, day, at.date(), cast.people[to], "生病换班", **what)
        record_at_desk(session, me, at, body)

    office.desk(by or keeper(unit), at, act)


def judge(
    office: Office,
    login: str,
    kind: str,
    day: date,
    numbers: Iterable[str],
    at=None,
    unit: str = RURAL,
    **more,
) -> str:
    """Judge the numbers at noon of the day, as that person's phone would send it; the record's id."""
    about = {"about": day.isoformat()} if kind in ("receipt", "return", "watch") else {}
    made = (at or noon(day, 14)).date()
    open = form(kind, made, passed(list(numbers)), unit=unit, **about, **more)
    return office.send(login, at or noon(day, 14), open)


def withdraw(office: Office, login: str, target: str, at, unit: str = RURAL) -> None:
    """Take the record back."""
    office.push(login, at, sealed(about_fact("withdrawal", target, at.date(), unit, reason="记错了")))
