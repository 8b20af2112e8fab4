"""Lines of signed months move no more: what facts would say today stands beside them as supplements (补录) [DOMAIN2 D].

Nothing is unlocked. What arrives or is withdrawn after the signature is folded as ever, and kept in ``line_supplements`` while
it differs; a correction (更正审签) by the level above takes the supplements into the ledger as the next version.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.core.database import upsert
from webapp.journal.models import Fact
from webapp.ledger import months
from webapp.ledger.models import LedgerLine, LineSupplement, SupersededLine
from webapp.ledger.signatures import digest_of, values_of
from webapp.ledger.touched import Key
from webapp.rulebook.periods import parse_period
from webapp.signing.models import MonthSignature
from webapp.signing.queries import signed_months

KEY = ("unit_code", "duty", "period")


class Moved(NamedTuple):
    """A line of a signed month that would say something else today; ``line`` None: there would be none."""

    key: Key
    line: dict | None


def divert(session: Session, unit_code: str, rows: list[dict], now: datetime) -> list[dict]:
    """The rows that may be stored; those of signed months go beside what is signed."""
    signed = signed_months(session, unit_code)
    held = [row for row in rows if row["month"] in signed]
    if held:
        _keep_beside(session, unit_code, [Moved(_key(row), values_of(row)) for row in held], now)
    return [row for row in rows if row["month"] not in signed]


def vanish(session: Session, keys: Iterable[Key], now: datetime) -> None:
    """Lines that facts no longer give: of signed months that is said beside them."""
    by_unit: dict[str, list[Key]] = {}
    for key in keys:
        by_unit.setdefault(key.unit, []).append(key)
    for code, wanted in sorted(by_unit.items()):
        signed = signed_months(session, code)
        gone = [key for key in wanted if parse_period(key.period).month in signed]
        if gone:
            _keep_beside(session, code, [Moved(key, None) for key in gone], now)


def _keep_beside(session: Session, unit_code: str, moved: list[Moved], now: datetime) -> None:
    keys = {one.key for one in moved}
    stored = {key: values_of(row) for key, row in _stored(session, unit_code, keys).items()}
    beside = {Key(one.unit_code, one.duty, one.period): one for one in _supplements(session, unit_code, keys)}
    for key, line in moved:
        row = beside.get(key)
        if stored.get(key) == line:
            if row is not None:
                session.delete(row)
        elif row is None:
            session.add(_supplement(key, line, now))
        elif row.line != line:
            row.line, row.moved_at = line, now
    session.flush()


def _supplement(key: Key, line: dict | None, now: datetime) -> LineSupplement:
    month = parse_period(key.period).month
    return LineSupplement(
        unit_code=key.unit, duty=key.duty, period=key.period, month=month, line=line, since=now, moved_at=now
    )


def _key(row: Mapping) -> Key:
    return Key(row["unit_code"], row["duty"], row["period"])


def _stored(session: Session, unit_code: str, keys: Collection[Key]) -> dict[Key, Mapping]:
    table = LedgerLine.__table__
    query = select(table).where(
        table.c.unit_code == unit_code,
        table.c.duty.in_({key.duty for key in keys}),
        table.c.period.in_({key.period for key in keys}),
    )
    rows = session.execute(query).mappings()
    return {_key(row): row for row in rows if _key(row) in keys}


def _supplements(session: Session, unit_code: str, keys: Collection[Key]) -> list[LineSupplement]:
    query = select(LineSupplement).where(
        LineSupplement.unit_code == unit_code, LineSupplement.period.in_({key.period for key in keys})
    )
    return [one for one in session.scalars(query) if Key(one.unit_code, one.duty, one.period) in keys]


# ---------------------------------------------------------------- what is signed, and what a correction makes of it


def lines_of(session: Session, unit_code: str, month: str) -> dict[Key, dict]:
    """The lines of a month as they are stored, by key in order."""
    table = LedgerLine.__table__
    query = select(table).where(table.c.unit_code == unit_code, table.c.month == month)
    rows = session.execute(query.order_by(table.c.duty, table.c.period)).mappings()
    return {_key(row): values_of(row) for row in rows}


def corrected(session: Session, unit_code: str, month: str) -> dict[Key, dict]:
    """The lines of a signed month as they would be today."""
    lines = lines_of(session, unit_code, month)
    for one in supplements(session, unit_code, month):
        key = Key(one.unit_code, one.duty, one.period)
        if one.line is None:
            lines.pop(key, None)
        else:
            lines[key] = one.line
    return dict(sorted(lines.items()))


def supplements(session: Session, unit_code: str, month: str) -> list[LineSupplement]:
    """What stands beside the signed lines of a month."""
    query = select(LineSupplement).where(LineSupplement.unit_code == unit_code, LineSupplement.month == month)
    return list(session.scalars(query.order_by(LineSupplement.duty, LineSupplement.period)))


def supplemented(session: Session, unit_code: str) -> set[Key]:
    """Lines of the unit beside which something stands."""
    query = select(LineSupplement.unit_code, LineSupplement.duty, LineSupplement.period)
    return {Key(*row) for row in session.execute(query.where(LineSupplement.unit_code == unit_code))}


def signed_texts(lines: Mapping[Key, dict]) -> list[str]:
    """``<duty> <period> <digest>`` of each line, in order."""
    return [f"{key.duty} {key.period} {digest_of(line)}" for key, line in sorted(lines.items())]


def accept(session: Session, unit_code: str, month: str, replaced: str) -> None:
    """Take the supplements of a month into the ledger; what the version ``replaced`` (its fact's id) said is kept."""
    found = supplements(session, unit_code, month)
    keys = {Key(one.unit_code, one.duty, one.period) for one in found}
    before = {key: values_of(row) for key, row in _stored(session, unit_code, keys).items()} if keys else {}
    for one in found:
        key = Key(one.unit_code, one.duty, one.period)
        session.add(
            SupersededLine(signature_id=replaced, duty=key.duty, period=key.period, line=before.get(key))
        )
        if one.line is None:
            session.execute(delete(LedgerLine).where(*_is(key)))
        else:
            upsert(session, LedgerLine, [_row_of(one.line)], KEY)
        session.delete(one)
    session.flush()
    months.renew(session, unit_code, month)
    session.expire_all()


def _is(key: Key) -> tuple:
    return LedgerLine.unit_code == key.unit, LedgerLine.duty == key.duty, LedgerLine.period == key.period


def _row_of(line: Mapping) -> dict:
    """The columns of a line from its JSON."""
    last = date.fromisoformat(line["last_day"])
    return {**line, "last_day": last, "as_of": last, "closes_at": datetime.fromisoformat(line["closes_at"])}


def as_signed(
    session: Session, signature: MonthSignature, later: Iterable[MonthSignature]
) -> dict[Key, dict]:
    """The lines as one version of a month had them. ``later``: the versions after it, the next first."""
    lines = lines_of(session, signature.unit_code, signature.month)
    for version in [signature, *later][-2::-1]:
        query = select(SupersededLine).where(SupersededLine.signature_id == version.fact_id)
        for one in session.scalars(query):
            key = Key(signature.unit_code, one.duty, one.period)
            if one.line is None:
                lines.pop(key, None)
            else:
                lines[key] = one.line
    return dict(sorted(lines.items()))


# ---------------------------------------------------------------- rebuild and verify


def signed_digests(session: Session, unit_code: str) -> dict[Key, str]:
    """The digests that the signatures in force name, from the facts themselves."""
    query = (
        select(Fact.open)
        .join(MonthSignature, MonthSignature.fact_id == Fact.id)
        .where(MonthSignature.unit_code == unit_code)
        .order_by(MonthSignature.month, MonthSignature.version)
    )
    by_month: dict[str, list] = {}
    for text in session.scalars(query):
        open = json.loads(text)
        by_month[open["month"]] = open["lines"]  # the last version is in force
    return {
        Key(unit_code, duty, period): digest for lines in by_month.values() for duty, period, digest in lines
    }


def damaged(session: Session, unit_code: str) -> set[Key]:
    """Lines of signed months that are gone, or not what was signed."""
    signed, signing = signed_digests(session, unit_code), signed_months(session, unit_code)
    stored = {key: line for month in signing for key, line in lines_of(session, unit_code, month).items()}
    return {
        key
        for key in {*signed, *stored}
        if key not in stored or key not in signed or digest_of(stored[key]) != signed[key]
    }


def mend(session: Session, unit_code: str, keys: Collection[Key], fresh: Mapping[Key, dict]) -> None:
    """Put damaged lines back where the facts still give them as they were signed, and take away what nobody signed.

    ``fresh``: rows as the facts give them now. What differs for another reason is left for :func:`faults` to name.
    """
    signed = signed_digests(session, unit_code)
    for key in keys:
        if key not in signed:
            session.execute(delete(LedgerLine).where(*_is(key)))
        elif key in fresh and digest_of(values_of(fresh[key])) == signed[key]:
            upsert(session, LedgerLine, [fresh[key]], KEY)
    for month in {parse_period(key.period).month for key in keys}:
        months.renew(session, unit_code, month)


def faults(
    session: Session, unit_code: str, stored: Mapping[Key, Mapping], fresh: Mapping[Key, Mapping]
) -> list[str]:
    """Where the lines of signed months are not what was signed, or what stands beside them is not what facts give."""
    signed = signed_digests(session, unit_code)
    beside = {
        Key(one.unit_code, one.duty, one.period): one.line
        for one in session.scalars(select(LineSupplement).where(LineSupplement.unit_code == unit_code))
    }
    found = []
    for key in sorted({*signed, *stored, *fresh, *beside}):
        name = "/".join(key)
        now = values_of(fresh[key]) if key in fresh else None
        held = values_of(stored[key]) if key in stored else None
        if (None if held is None else digest_of(held)) != signed.get(key):
            found.append(f"{name}: differs from what was signed")
        elif now != held and (key not in beside or beside[key] != now):
            found.append(f"{name}: facts give something else than was signed, and no supplement says so")
        elif now == held and key in beside:
            found.append(f"{name}: a supplement stands beside it, but facts give what was signed")
    return found
