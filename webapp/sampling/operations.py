"""Seal, reveal, void, and typed volumes. Each is a fact: ``…_body`` says what it will hold, ``apply_…`` does it.

The recording layer stores the fact, calls ``apply_…`` in the same transaction and recomputes the day that it returns.
"""

import secrets
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from webapp.core.problems import Problem
from webapp.core.text_lengths import fits
from webapp.org.models import Person, Unit
from webapp.rulebook.queries import editions_of
from webapp.sampling.columns import tidy
from webapp.sampling.models import Manifest, ManifestItem, Volume
from webapp.sampling.queries import in_sample
from webapp.sampling.rules import RETURNED, SAMPLED, canonical_bytes, ranked, sample_size, seal_of
from webapp.sampling.shares import drawn_percent

MAX_VOLUME = 1_000_000
MOST_REASON = 120  # characters of why a drawn item is void


def manifest_of(session: Session, manifest_id: str) -> Manifest:
    """The manifest, or the problem ``not-found``; one that was thrown away is gone."""
    manifest = session.get(Manifest, manifest_id)
    if manifest is None or manifest.discarded_at is not None:
        raise Problem("not-found")
    return manifest


def canonical_list(session: Session, manifest: Manifest) -> bytes:
    """The bytes that the seal digests: every item with its class, whether it came back, and who delivers it."""
    query = (
        select(ManifestItem.number, ManifestItem.mail_class, ManifestItem.returned, Person.login)
        .outerjoin(Person, Person.id == ManifestItem.delivered_by)
        .where(ManifestItem.manifest_id == manifest.id)
    )
    # A login is given once and never changes; names, routes and their codes do.
    return canonical_bytes(
        (number, name, back, login or "") for number, name, back, login in session.execute(query)
    )


def within_life(unit: Unit, day: date, last: date) -> None:
    """Raise ``bad-day`` for a day before the unit opened, while it was closed, or after ``last``."""
    if unit.closed_on is not None:
        last = min(last, unit.closed_on - timedelta(days=1))
    shut = any(first <= day < again for first, again in unit.pauses)
    if shut or not unit.opened_on <= day <= last:
        raise Problem("bad-day", {"day": "range"}, first=unit.opened_on.isoformat(), last=last.isoformat())


def _body(manifest: Manifest, kind: str, today: date, **more) -> dict:
    return {
        "type": kind,
        "unit": manifest.unit_code,
        "acting": manifest.unit_code,
        "date": today.isoformat(),
        "about": manifest.day.isoformat(),
        "manifest": manifest.id,
        **more,
    }


def seal_body(session: Session, manifest_id: str, today: date) -> dict:
    """What the seal will say. The seed is drawn only after the list has been digested.

    The share is what the rules in force ask of the unit on the list's day: it is told, so that anyone can do the sum.
    """
    manifest = manifest_of(session, manifest_id)
    session.refresh(manifest, with_for_update=True)  # an import into this draft in this moment goes first
    if manifest.sealed_at is not None:
        raise Problem("sealed")
    canonical = canonical_list(session, manifest)  # of a list that was declared empty there are no bytes
    items = canonical.count(b"\n")
    unit = session.get(Unit, manifest.unit_code)
    percent = drawn_percent(session, unit, manifest.day)
    return _body(
        manifest, "seal", today, seal=seal_of(canonical), items=items, percent=percent,
        sample_size=sample_size(items, percent),
        seed=secrets.token_hex(32), announced=unit.reveal == "before" and items > 0,
    )  # fmt: skip


def apply_seal(session: Session, open: dict, author_id: str, now: datetime) -> date:
    """Seal the list and rank its items; a unit that reveals before delivery has its draw announced (预告)."""
    manifest = manifest_of(session, open.get("manifest", ""))
    if manifest.unit_code != open["unit"]:
        raise Problem("not-found")
    if manifest.sealed_at is not None:
        raise Problem("sealed")
    if seal_of(canonical_list(session, manifest)) != open["seal"]:
        raise Problem("bad-digest", {"seal": "the list has changed meanwhile"})
    manifest.sealed_at, manifest.sealed_by = now, author_id
    manifest.seal, manifest.seed = open["seal"], open["seed"]
    manifest.sample_percent, manifest.sample_size = open["percent"], open["sample_size"]
    manifest.announced = open["announced"]
    if manifest.announced:
        manifest.revealed_at, manifest.revealed_by = now, author_id
    numbers = session.scalars(
        select(ManifestItem.number).where(ManifestItem.manifest_id == manifest.id)
    ).all()
    ranks = [
        {"manifest_id": manifest.id, "number": number, "rank": rank}
        for rank, number in enumerate(ranked(manifest.seed, numbers), start=1)
    ]
    session.flush()
    if ranks:
        session.execute(update(ManifestItem), ranks)
    return manifest.day


def reveal_body(session: Session, manifest_id: str, today: date) -> dict:
    """What the reveal will say; raises ``reveal-ahead`` before the list's day, unless the unit announces its draws.

    Where it does, whoever delivers may know the sample: from then on the draw is marked so (预告).
    """
    manifest = manifest_of(session, manifest_id)
    if manifest.sealed_at is None:
        raise Problem("not-sealed")
    if manifest.revealed_at is not None:
        raise Problem("already-revealed")
    if not manifest.sample_size:
        raise Problem("empty-list")
    announces = session.get(Unit, manifest.unit_code).reveal == "before"
    if manifest.day > today and not announces:
        day = manifest.day.isoformat()
        raise Problem("reveal-ahead", {"day": day}, day=day)
    announced = manifest.announced or (announces and manifest.day >= today)
    return _body(manifest, "reveal", today, seed=manifest.seed, announced=announced)


def apply_reveal(session: Session, open: dict, author_id: str, now: datetime) -> date:
    """Show the draw: the routes are back, or it is announced."""
    body = reveal_body(session, open.get("manifest", ""), date.fromisoformat(open["date"]))
    manifest = manifest_of(session, open["manifest"])
    manifest.announced = body["announced"]
    manifest.revealed_at, manifest.revealed_by = now, author_id
    session.flush()
    return manifest.day


def void_body(session: Session, manifest_id: str, number: str, reason: str, today: date) -> dict:
    """What voiding a drawn item will say: it stays visible, the next rank replaces it."""
    reason = tidy(reason)
    if not reason:
        raise Problem("reason-needed", {"reason": "required"})
    if not fits(reason, MOST_REASON):
        raise Problem("invalid", {"reason": "long"})
    manifest = manifest_of(session, manifest_id)
    if manifest.revealed_at is None:
        raise Problem("not-revealed")
    return _body(manifest, "void", today, number=number, reason=reason)


def apply_void(session: Session, open: dict, now: datetime) -> date:
    """Void one item of the sample in force."""
    manifest = manifest_of(session, open.get("manifest", ""))
    rows = session.scalars(select(ManifestItem).where(ManifestItem.manifest_id == manifest.id)).all()
    for row in in_sample(manifest, rows):
        if row.number == open["number"]:
            row.voided_at, row.void_reason = now, open["reason"]
            session.flush()
            return manifest.day
    raise Problem("not-found", {"number": open["number"]})


class _CountSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    # null is "unknown again": what was recorded before was wrong and nothing better is known
    items = fields.Integer(
        required=True, allow_none=True, strict=True, validate=validate.Range(0, MAX_VOLUME)
    )
    returned = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(0, MAX_VOLUME)
    )

    @validates_schema
    def _part_of_all(self, data, **_):
        if data["returned"] is not None and (data["items"] is None or data["returned"] > data["items"]):
            raise ValidationError("more than came in", "returned")


class _VolumeSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    about = fields.Date(required=True)  # the unit's life is its range
    volumes = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(_CountSchema),
        load_default=dict,
    )
    # One number for all numbered classes together, instead of one beside each.
    returned = fields.Integer(allow_none=True, strict=True, validate=validate.Range(0, MAX_VOLUME))

    @validates_schema
    def _says_something(self, data, **_):
        if not data["volumes"] and RETURNED not in data:
            raise ValidationError("nothing is said", "volumes")

    @validates_schema
    def _one_way_of_counting(self, data, **_):
        counts = [data["volumes"].get(name) for name in SAMPLED]
        together = data.get(RETURNED)
        if together is None:
            return
        if any(count and count["returned"] is not None for count in counts):
            raise ValidationError("by class and together", RETURNED)
        came = [count and count["items"] for count in counts]
        if None not in came and together > sum(came):
            raise ValidationError("more than came in", RETURNED)


_VOLUME = _VolumeSchema()


def _reasons(messages: dict, prefix: str = "") -> Iterator[tuple[str, str]]:
    """marshmallow's nested messages as ``volumes.parcel.items`` and the first reason."""
    for name, said in messages.items():
        path = prefix if name in ("key", "value") else f"{prefix}.{name}" if prefix else str(name)
        if isinstance(said, dict):
            yield from _reasons(said, path)
        else:
            yield path, str(said[0])


def volume_body(unit_code: str, day: date, volumes: dict, today: date, **returned: int | None) -> dict:
    """What typed volumes will say: ``{class: {"items": n or None, "returned": n or None}}``.

    None is "unknown again"; a class left out stays as it was. ``returned=n``: the returned items of all numbered
    classes as one number, instead of one beside each.
    """
    return {
        "type": "volume",
        "unit": unit_code,
        "acting": unit_code,
        "date": today.isoformat(),
        "about": day.isoformat(),
        "volumes": volumes,
        **returned,
    }


def apply_volume(session: Session, fact_id: str, open: dict, today: date) -> date:
    """Store typed volumes; 0 is a recorded zero, null unknown again, and a class that is absent stays as it was.

    Raises ``invalid``, and ``bad-day`` for a day ahead or outside the unit's life.
    """
    try:
        data = _VOLUME.load(open)
    except ValidationError as error:
        raise Problem("invalid", dict(_reasons(error.normalized_messages()))) from error
    known = editions_of(session).classes()
    if strangers := data["volumes"].keys() - known.keys():
        raise Problem("invalid", {f"volumes.{name}": f"one of {', '.join(known)}" for name in strangers})
    within_life(session.get(Unit, open["unit"]), data["about"], min(today, date.fromisoformat(open["date"])))
    rows = [
        {
            "fact_id": fact_id, "unit_code": open["unit"], "day": data["about"], "mail_class": name,
            "items": count["items"], "returned": count["returned"],
        }
        for name, count in _said(data).items()
    ]  # fmt: skip
    session.execute(insert(Volume), rows)
    return data["about"]


def _said(data: dict) -> dict[str, dict]:
    together = {RETURNED: {"items": data[RETURNED], "returned": None}} if RETURNED in data else {}
    return data["volumes"] | together
