"""The server's lines and the domain's, side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random

from tests.independent import domain
from tests.independent.answers import NOT_APPLICABLE, UNSAID, Answer
from tests.independent.delivery import Server
from tests.independent.known import Known, span
from tests.independent.world import DAY, World

FIGURES = ("status", "required", "done", "items", "passed", "failed")


@dataclass(frozen=True)
class Difference:
    """One line on which the two do not agree."""

    seed: int
    moment: datetime
    duty: str
    period: str
    server: dict
    ours: dict
    why: str

    def __str__(self) -> str:
        return (
            f"seed {self.seed}, {self.moment:%m-%d %H:%M:%S}, {self.duty} of {self.period}: "
            f"server {self.server}, domain {self.ours} ({self.why})"
        )


@dataclass
class Count:
    """How many lines were compared, and those that differ."""

    lines: int
    differences: list[Difference]


def compare(world: World, template, folder: Path) -> Count:
    """Bring the world to a server and ask both at each of its moments."""
    server, count = Server(world, template, folder), Count(0, [])
    random = Random(world.seed)
    try:
        for moment in world.moments:
            server.until(moment)
            server.tick()
            _look(world, server, moment, count, random)
        _refusals(world, server, count)
        if fault := server.verify():
            count.differences.append(
                Difference(world.seed, world.moments[-1], "verify", "all", {"verify": fault[:300]}, {}, "")
            )
    finally:
        server.close()
    return count


def _look(world: World, server: Server, moment: datetime, count: Count, random: Random) -> None:
    known = Known(world, moment, server.refused)
    last = moment == world.moments[-1]
    days = [day for day in span(world.first, world.last) if day <= known.today]
    near = [day for day in days if (known.today - day).days <= 3]
    looked = days if last else sorted({*near, *random.sample(days, min(3, len(days)))})
    for day in looked:
        _side_by_side(world, server, moment, day.isoformat(), domain.lines_of_day(known, day), count)
    for monday in _mondays(world):
        if monday <= known.today:
            year, week, _ = monday.isocalendar()
            _side_by_side(
                world, server, moment, f"{year}-W{week:02}", domain.lines_of_week(known, monday), count
            )
    if days:
        _side_by_side(
            world,
            server,
            moment,
            f"{world.first:%Y-%m}",
            domain.lines_of_month(known, world.first, world.last),
            count,
        )
        _rolled_up(world, server, moment, known, days, count)


def _mondays(world: World) -> Iterator[date]:
    monday = world.first - world.first.weekday() * DAY
    while monday <= world.last:
        yield monday
        monday += 7 * DAY


def _side_by_side(world, server, moment, period: str, ours: dict[str, Answer], count: Count) -> None:
    rows = server.ledger(period)
    for duty, answer in ours.items():
        count.lines += 1
        row = rows.get(duty)
        said = {name: row[name] for name in FIGURES} if row else {}
        wanted = {name: getattr(answer, name) for name in FIGURES if getattr(answer, name) is not None}
        wanted["required"] = answer.required
        if answer.status == NOT_APPLICABLE:
            wanted = {"status": answer.status}
        if duty == "shortage-damage" or answer.required == UNSAID:
            wanted.pop("required")
        if (
            duty in ("parcel-check", "letter-check-city", "letter-check-rural", "relay-city", "relay-rural")
            and row
            and row["required"]
        ):
            said["done"] = min(said["done"], row["required"])
        if not row or any(said[name] != value for name, value in wanted.items()):
            found = {name: said.get(name) for name in wanted}
            why = f"{answer.why}; server says {' '.join(row['why'][:7])}" if row else answer.why
            count.differences.append(Difference(world.seed, moment, duty, period, found, wanted, why))
    for duty in rows.keys() - ours.keys():
        if _kind(period) == _kind_of(duty) and rows[duty]["lines"]:
            said = {"status": rows[duty]["status"], "lines": rows[duty]["lines"]}
            count.differences.append(Difference(world.seed, moment, duty, period, said, {}, "no such line"))


def _kind(period: str) -> str:
    return "week" if "W" in period else "day" if len(period) == 10 else "month"


def _kind_of(duty: str) -> str:
    if duty in domain.DAILY:
        return "day"
    return "week" if any(duty in each for each in domain.WEEKLY.values()) else "month"


def _rolled_up(world, server, moment, known: Known, days: list[date], count: Count) -> None:
    """The month of the daily and weekly duties: how many lines stand in each status."""
    rows = server.ledger(f"{world.first:%Y-%m}")
    lines: dict[str, list[str]] = {}
    for day in days:
        for duty, answer in domain.lines_of_day(known, day).items():
            lines.setdefault(duty, []).append(answer.status)
    for monday in _mondays(world):
        if (monday + 3 * DAY).month == world.first.month:
            for duty, answer in domain.lines_of_week(known, monday).items():
                lines.setdefault(duty, []).append(answer.status)
    for duty, statuses in lines.items():
        count.lines += 1
        wanted = {
            "status": domain.roll_up(statuses),
            "lines": {s: statuses.count(s) for s in sorted(set(statuses))},
        }
        row = rows.get(duty, {"status": None, "lines": {}})
        said = {"status": row["status"], "lines": {s: n for s, n in sorted(row["lines"].items()) if n}}
        if said != wanted:
            count.differences.append(
                Difference(world.seed, moment, duty, f"{world.first:%Y-%m} rolled up", said, wanted, "")
            )


def _refusals(world: World, server: Server, count: Count) -> None:
    """Nothing that this world sends is malformed: only who did not hold a role that day may be turned away."""
    known = Known(world, world.moments[-1])
    sent = {arrival.what.key: arrival.what for arrival in world.arrivals if hasattr(arrival.what, "key")}
    for key, why in server.refused.items():
        record = sent[key]
        lost = not known.roles(record.author, "department", record.day) & {
            "director",
            "inspector",
            "team_lead",
        }
        if not (lost and record.author != "county") and not why.startswith("own-delivery"):
            moment = world.moments[-1]
            count.differences.append(Difference(world.seed, moment, "refused", key, {"refused": why}, {}, ""))
