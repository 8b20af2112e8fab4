"""Draw items of chosen routes for the advance watch [14.1(5)]: from the day's sealed lists, by their own seeds.

The order is that of SHA-256(seed ‖ "watch" ‖ number): it says nothing of the receipt sample, which is ranked by
SHA-256(seed ‖ number) and not revealed yet, and anyone can recompute it once the seed is.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.problems import Problem
from webapp.sampling.models import Manifest, ManifestItem


@dataclass(frozen=True)
class Listed:
    """An item of a sealed list that may be drawn."""

    seed: str
    number: str
    mail_class: str
    route_id: str | None


def watch_order(items: Iterable[Listed]) -> list[Listed]:
    """The items in the order in which they are drawn; pure."""
    return sorted(items, key=lambda one: hashlib.sha256(f"{one.seed}watch{one.number}".encode()).hexdigest())


def drawable(session: Session, unit_code: str, day: date, routes: Iterable[str] = ()) -> list[Listed]:
    """Items of the day's sealed lists on these routes (on any, if none is named), each number once."""
    query = (
        select(Manifest.seed, ManifestItem.number, ManifestItem.mail_class, ManifestItem.route_id)
        .join(Manifest, Manifest.id == ManifestItem.manifest_id)
        .where(Manifest.unit_code == unit_code, Manifest.day == day, Manifest.discarded_at.is_(None))
        .where(Manifest.sealed_at.is_not(None))
        .order_by(Manifest.number, ManifestItem.number)
    )
    if wanted := list(routes):
        query = query.where(ManifestItem.route_id.in_(wanted))
    found = {number: Listed(seed, number, *rest) for seed, number, *rest in session.execute(query)}
    return list(found.values())


def watch_body(
    session: Session,
    unit_code: str,
    kind: str,
    day: date,
    today: date,
    routes: Iterable[str],
    count: int,
    taken: Iterable[str],
) -> dict:
    """What the selection of this kind will say: the first ``count`` items in order that were not chosen before.

    Raises ``nothing-to-draw`` where the day has no sealed list, or nothing else stands on these routes.
    """
    before = set(taken)
    items = [
        one for one in watch_order(drawable(session, unit_code, day, routes)) if one.number not in before
    ]
    if not items:
        raise Problem("nothing-to-draw", {"day": day.isoformat()})
    return {
        "type": "selection", "kind": kind, "unit": unit_code, "acting": unit_code,
        "date": today.isoformat(), "about": day.isoformat(), "method": "on-site", "drawn": True,
        "items": [
            {"subject": one.number, "class": one.mail_class} | ({"route": one.route_id} if one.route_id else {})
            for one in items[:count]
        ],
    }  # fmt: skip
