"""Steps of random histories (``upper_histories``) about special checks: plans that come and go, and calls made by them.

``h`` is the history that is played: its office, its day, and the ids of the plans that were entered.
"""

from datetime import timedelta

from tests.cast import CITY, COUNTY, LEAGUE, NEXT_RURAL, RURAL
from tests.ledger_stories import called, form
from tests.plan_office import member, step, whole
from webapp.core.database import db
from webapp.registers.models import RelayPoint


def planned(h, op: int, which: int, back: int) -> None:
    """A special check of the league: entered with somebody of the team, changed, cancelled or summed up."""
    first = h.today - timedelta(days=back)
    if op < 3 or not h.plans:
        team = ("county", NEXT_RURAL) if which % 2 else ("nextcounty", CITY)
        named = member(h.office.cast, *team, first, first + timedelta(days=9))
        units = ([CITY, NEXT_RURAL], [COUNTY, NEXT_RURAL], [CITY, RURAL, NEXT_RURAL])[which % 3]
        said = whole(first, *([named] if which < 5 else []), units=units, minimum=1 + op)
        h.plans.append(_step(h, "enter", **said))
        return
    plan = h.plans[which % len(h.plans)]
    if op == 3:
        _step(h, "change", plan=plan, team=[])
    elif op == 4:
        report = {"report_day": (h.today + timedelta(days=60)).isoformat()} if back > 3 else {}
        _step(h, "change", plan=plan, units=[RURAL, NEXT_RURAL], team=[], reason="改期", **report)
    elif op == 5:
        _step(h, "cancel", plan=plan, reason="并入全区检查")
    else:
        _step(h, "summarise", plan=plan, issued=h.today.isoformat(), text="已查。")


def _step(h, op: str, **said) -> str:
    done = h.office.desk("league", h.now, lambda session, me: step(session, me, h.now, op, LEAGUE, **said))
    h.outcomes.append(f"plan {op}")
    return done


def called_for(h, who: int, where: int, size: int) -> None:
    """A call in the league's name by its own people or by whoever a plan may name."""
    login = ("league", "county", "nextcounty")[who % 3]
    unit = (CITY, RURAL, NEXT_RURAL)[where % 3]
    with h.office.app.app_context():
        query = db.select(RelayPoint.id).where(RelayPoint.unit_code == unit).order_by(RelayPoint.id)
        points = list(db.session.scalars(query.limit(size + 1)))
    h.send(login, LEAGUE, form("relay", h.today, called(points), unit, LEAGUE), high=size)
