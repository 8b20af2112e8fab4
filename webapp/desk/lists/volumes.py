"""Volumes of a day that no list tells: typed by class, where blank is unknown and 0 is a recorded zero."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.database import db, transaction
from webapp.desk.department_and_day import chosen_day, chosen_department, neighbours
from webapp.org.models import Unit
from webapp.org.rules import Actor
from webapp.recording.changes.lists import volume_history
from webapp.recording.operations import record_at_desk
from webapp.sampling import queries
from webapp.sampling.operations import MAX_VOLUME, volume_body
from webapp.sampling.rules import RETURNED, SAMPLED
from webapp.web.access import actor, editions, now

blueprint = Blueprint("volumes", __name__)
TOGETHER = "together"  # in the name of the field that holds one number for all numbered classes


@dataclass(frozen=True)
class Count:
    """What is known of a class on a day; ``source`` is list, typed or None where it is missing."""

    name: str
    items: int | None
    returned: int | None
    source: str | None


@blueprint.get("/volumes")
def page():
    """``?unit=&day=``: the department's volumes of a day by class, and where each number comes from."""
    me = actor()
    unit = chosen_department(me, "see-lists")
    return _page(me, unit, chosen_day(unit))


def _page(me: Actor, unit: Unit, day: date, errors: dict[str, str] | None = None):
    today = clock.local_date(now())
    html = render_template(
        "lists/volumes.html", unit=unit, day=day, today=today, counts=counts(unit, day), form=request.form,
        errors=errors or {}, others=neighbours(me, unit, "see-lists"), keeps=me.can("keep-lists", unit.path),
        previous=day - timedelta(days=1) if day > unit.opened_on else None, together=together(unit, day),
        history=volume_history(db.session, unit.code, day), next=day + timedelta(days=1) if day < today else None,
        unsealed=any(not one.manifest.sealed_at for one in queries.listings(db.session, unit.code, day, day).get(day, [])),
    )  # fmt: skip
    return html, 422 if errors else 200


def counts(unit: Unit, day: date) -> list[Count]:
    """What is known of each class on the day."""
    typed = queries.typed(db.session, unit.code, day, day)
    known = queries.volumes(db.session, unit.code, day, day)
    back = queries.returned_on(db.session, unit.code, day)
    listed = _listed(unit, day)
    as_one = queries.typed_together(db.session, unit.code, day, day)
    found = []
    for name in editions().classes():
        items, returned = known.get((day, name)), typed.get((day, name), (None, None))[1]
        if day in as_one and name in SAMPLED:
            returned = None  # said of all of them together, later
        if listed and name in SAMPLED:
            found.append(
                Count(name, items, back.get(name, 0), "list")
            )  # what is not marked did not come back
        else:
            found.append(Count(name, items, returned, None if items is None else "typed"))
    return found


def together(unit: Unit, day: date) -> Count:
    """Returned items of all numbered classes: as the day's lists mark them, or as one number was typed."""
    if _listed(unit, day):
        back = queries.returned_on(db.session, unit.code, day)
        return Count(RETURNED, sum(back.values()), None, "list")
    count = queries.typed_together(db.session, unit.code, day, day).get(day)
    return Count(RETURNED, count, None, None if count is None else "typed")


def _listed(unit: Unit, day: date) -> bool:
    """Whether lists tell the day's numbered classes: some are there and all are sealed."""
    lists = queries.listings(db.session, unit.code, day, day).get(day, [])
    return bool(lists) and all(one.manifest.sealed_at for one in lists)


@blueprint.post("/volumes")
def save():
    """Record what was changed; a number that was blanked is unknown again."""
    me = actor()
    unit = chosen_department(me, "keep-lists")
    day = chosen_day(unit)
    known = counts(unit, day)
    volumes, errors = _typed(known)
    returned = {} if known[0].source == "list" else _typed_together(volumes, errors)
    if not volumes and not returned and not errors:
        errors[f"items-{known[0].name}"] = _("Nothing has been changed. Please fill in at least one class.")
    if errors:
        return _page(me, unit, day, errors)
    code = unit.code
    with transaction() as session:
        record_at_desk(
            session, me, now(), volume_body(code, day, volumes, clock.local_date(now()), **returned)
        )
    flash(_("The volumes are recorded."), "ok")
    return redirect(url_for("volumes.page", unit=code, day=day.isoformat()))


def _typed(known: list[Count]) -> tuple[dict[str, dict], dict[str, str]]:
    """``{class: {"items", "returned"}}`` of the classes that were changed, and what is wrong beside each field.

    Changed against what the page showed, not against what is known by now: who left a field alone says nothing of it.
    """
    volumes, errors = {}, {}
    for count in known:
        if count.source == "list":
            continue
        items = _number(f"items-{count.name}", errors)
        returned = _number(f"returned-{count.name}", errors)
        if returned is not None and items is None:
            errors.setdefault(f"items-{count.name}", _("How many items came in?"))
        elif returned is not None and returned > items:
            errors[f"returned-{count.name}"] = _("More cannot come back than came in.")
        elif _changed(count.name):
            volumes[count.name] = {"items": items, "returned": returned}
    return volumes, errors


def _typed_together(volumes: dict[str, dict], errors: dict[str, str]) -> dict[str, int | None]:
    """``{"returned": n or None}`` where the one number was changed; what is wrong with it goes into ``errors``."""
    field = f"{RETURNED}-{TOGETHER}"
    if not _differs(field):
        return {}
    count = _number(field, errors)
    came = [_number(f"items-{name}", errors) for name in SAMPLED]
    by_class = [volumes.get(name, {}).get("returned") for name in SAMPLED]
    if count is not None and by_class != [None] * len(SAMPLED):
        errors[field] = _("Type the returned items by class or together, not both.")
    elif count is not None and None not in came and count > sum(came):
        errors[field] = _("More cannot come back than came in.")
    return {RETURNED: count}


def _changed(name: str) -> bool:
    return any(_differs(field) for field in (f"items-{name}", f"returned-{name}"))


def _differs(field: str) -> bool:
    return _text(field) != _text(f"shown-{field}")


def _text(name: str) -> str:
    return request.form.get(name, "").strip()


def _number(name: str, errors: dict[str, str]) -> int | None:
    text = _text(name)
    if not text:
        return None
    try:
        value = int(text) if text.isascii() else -1
    except ValueError:
        value = -1
    if 0 <= value <= MAX_VOLUME:
        return value
    errors[name] = _("A whole number from 0 to 1,000,000.")
    return None
