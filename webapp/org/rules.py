"""Who may do what where: values only. The one place where scope is decided [DOMAIN 1].

A grant is a role held at a unit for some days; it reaches that unit and all below it (a path prefix). What an actor
may not see does not exist for the actor: doors answer ``not-found``, never ``forbidden``, for a unit out of scope.
"""

from dataclasses import dataclass
from datetime import date, timedelta

CARRIER, TEAM_LEAD, INSPECTOR, DIRECTOR = "carrier", "team_lead", "inspector", "director"
COUNTY_MANAGER, LEAGUE_INSPECTOR = "county_manager", "league_inspector"
REGION_SUPERVISOR, ADMIN = "region_supervisor", "admin"
# Given by the plan of a special check alone: acts for the league or region that owns the plan, about the units it names.
CAMPAIGN_INSPECTOR = "campaign_inspector"

DEPARTMENT_ROLES = frozenset({CARRIER, TEAM_LEAD, INSPECTOR, DIRECTOR})
MANAGERS = frozenset({COUNTY_MANAGER, LEAGUE_INSPECTOR, REGION_SUPERVISOR})

# From the region down; a path names one of each.
LEVELS = ("region", "league", "county", "department")
# At which level of unit a role can be held.
LEVEL_OF = {
    CARRIER: "department",
    TEAM_LEAD: "department",
    INSPECTOR: "department",
    DIRECTOR: "department",
    COUNTY_MANAGER: "county",
    LEAGUE_INSPECTOR: "league",
    REGION_SUPERVISOR: "region",
    ADMIN: None,  # any
}
# Roles that one person gives another; who checks by a plan is named in it.
GIVEN = tuple(LEVEL_OF)


def fits(role: str, level: str) -> bool:
    """Whether who holds the role at a unit of this level acts for it: a plan's inspector at whichever owns the plan."""
    return LEVEL_OF.get(role) == level or role == CAMPAIGN_INSPECTOR


# Who leads a unit of each level, and answers for it where nobody else is named.
HEADS = {
    "region": REGION_SUPERVISOR,
    "league": LEAGUE_INSPECTOR,
    "county": COUNTY_MANAGER,
    "department": DIRECTOR,
}
# Nobody grants, resets or enrols above the own rank.
RANK = {
    CARRIER: 1,
    TEAM_LEAD: 2,
    INSPECTOR: 2,
    DIRECTOR: 3,
    COUNTY_MANAGER: 4,
    LEAGUE_INSPECTOR: 5,
    REGION_SUPERVISOR: 6,
    ADMIN: 7,
    CAMPAIGN_INSPECTOR: 2,
}
# County managers and whoever is above them: what is lost with such an account is more than a phone's own work.
OFFICE_ROLES = frozenset(role for role, rank in RANK.items() if rank >= RANK[COUNTY_MANAGER])
# A push is judged by the role on the day of the work, up to this long after the role ended.
ROLE_GRACE = timedelta(days=30)

# What an action needs, in the unit concerned or above it.
ACTIONS: dict[str, frozenset[str]] = {
    "work": DEPARTMENT_ROLES | MANAGERS | {CAMPAIGN_INSPECTOR},  # use the field app in this unit
    "oversee": MANAGERS,  # the morning page of a unit with departments below it; to press those
    "see-ledger": frozenset({TEAM_LEAD, INSPECTOR, DIRECTOR}) | MANAGERS,
    "see-plans": frozenset({LEAGUE_INSPECTOR, REGION_SUPERVISOR}),  # of special checks
    "keep-plans": frozenset({LEAGUE_INSPECTOR, REGION_SUPERVISOR}),  # each the plans of the own unit
    "see-inspections": frozenset({TEAM_LEAD, INSPECTOR, DIRECTOR}) | MANAGERS,  # and authors their own
    "see-lists": frozenset({INSPECTOR, DIRECTOR}) | MANAGERS,
    "keep-lists": frozenset({DIRECTOR}),  # import, seal, reveal, void; daily volumes
    "see-register": frozenset({TEAM_LEAD, INSPECTOR, DIRECTOR}) | MANAGERS,  # relay points and their keepers
    "keep-register": frozenset({DIRECTOR, COUNTY_MANAGER}),
    "confirm-register": frozenset({DIRECTOR}),  # [14.4(1)]
    "draw-watch": frozenset({INSPECTOR, DIRECTOR}),  # chooses items in advance [14.1(5)]
    "judge": frozenset({INSPECTOR, DIRECTOR}),  # a verdict on a carrier's captures [14.1(1)]
    "decide": frozenset({DIRECTOR, COUNTY_MANAGER}),  # conflicts and held facts, never one's own
    "withdraw-judged": frozenset({COUNTY_MANAGER}),
    "see-people": frozenset({DIRECTOR, ADMIN}) | MANAGERS,
    "see-events": frozenset({ADMIN}) | MANAGERS,  # sign-ins, refused access, exports of the own people
    "see-rules": DEPARTMENT_ROLES | MANAGERS | {ADMIN},  # duties in force, overrides, calendars
    "keep-rules": MANAGERS,  # overrides of the own unit and those below [3]
    "keep-editions": frozenset({REGION_SUPERVISOR}),  # and the table of public holidays
    "keep-calendar": frozenset({COUNTY_MANAGER}),  # delivery days and local exceptions
    "keep-units": frozenset({COUNTY_MANAGER, LEAGUE_INSPECTOR, ADMIN}),  # units, routes, imports
    "keep-people": frozenset({COUNTY_MANAGER, LEAGUE_INSPECTOR, ADMIN}),
    "enrol": frozenset({DIRECTOR, COUNTY_MANAGER, LEAGUE_INSPECTOR, ADMIN}),
    "keep-robots": MANAGERS | {ADMIN},  # what leaves for a group chat, and whether it got there
    "see-documents": frozenset({TEAM_LEAD, INSPECTOR, DIRECTOR}) | MANAGERS,  # what was issued for the unit
    "write-documents": MANAGERS,  # of the own unit and those below: to see, to check; who leads a unit drafts and issues
    "rescue": frozenset(
        {DIRECTOR, COUNTY_MANAGER, LEAGUE_INSPECTOR}
    ),  # bring in a colleague's queue as a file
}


@dataclass(frozen=True)
class Grant:
    """A role at a unit from ``first_day`` to ``last_day`` inclusive (None: open)."""

    role: str
    unit_code: str
    path: str
    first_day: date
    last_day: date | None

    def holds(self, day: date) -> bool:
        """Whether the role is held on ``day``."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def reaches(self, path: str) -> bool:
        """Whether the unit with ``path`` is this grant's unit or lies below it."""
        return path.startswith(self.path)


@dataclass(frozen=True)
class Actor:
    """Somebody who acts now. Operations take an actor; they never look for a session."""

    person_id: str
    login: str
    name: str
    language: str
    today: date
    grants: tuple[Grant, ...]  # all, past ones too: a late push is judged by the day of the work
    device_id: str | None = None

    @property
    def current(self) -> tuple[Grant, ...]:
        """The grants that hold today."""
        return tuple(grant for grant in self.grants if grant.holds(self.today))

    def can(self, action: str, path: str) -> bool:
        """Whether the actor may do ``action`` in the unit with ``path`` today."""
        needed = ACTIONS[action]
        return any(grant.role in needed and grant.reaches(path) for grant in self.current)

    def reach(self, action: str) -> tuple[str, ...]:
        """The paths of the units in which ``action`` is allowed, none inside another."""
        needed = ACTIONS[action]
        paths = sorted({grant.path for grant in self.current if grant.role in needed})
        return tuple(
            path for path in paths if not any(path != other and path.startswith(other) for other in paths)
        )

    def sees(self, path: str) -> bool:
        """Whether any current grant reaches the unit: otherwise it does not exist for the actor."""
        return any(grant.reaches(path) for grant in self.current)

    def acting_for(self, action: str | None, path: str) -> str | None:
        """For which unit the actor does ``action`` about the unit with ``path``: its code, None where the actor may not.

        The nearest one in which a role that the action needs is held today; of what needs no particular role (one's own
        records; ``action`` None) the nearest one of any role. What is done stands in that unit's journal too.
        """
        entitling = [
            grant
            for grant in self.current
            if grant.reaches(path) and (action is None or grant.role in ACTIONS[action])
        ]
        return max(entitling, key=lambda grant: len(grant.path)).unit_code if entitling else None

    def presses(self, path: str) -> bool:
        """Whether the actor may press those who lead the unit with ``path``: only from a unit above it."""
        above = path.rstrip("/").rpartition("/")[0] + "/"
        return above != "/" and self.can("oversee", above)

    def roles_at(self, unit_code: str, day: date, about: str | None = None) -> tuple[str, ...]:
        """Roles held exactly at the unit on ``day``, sorted; ``about``: those that reach the unit with this path."""
        held = [grant for grant in self.grants if grant.unit_code == unit_code and grant.holds(day)]
        return tuple(sorted({grant.role for grant in held if about is None or grant.reaches(about)}))

    @property
    def rank(self) -> int:
        """The highest rank held today; 0 without a role."""
        return max((RANK[grant.role] for grant in self.current), default=0)

    def may_give(self, role: str, level: str, path: str) -> bool:
        """Whether the actor may give or end ``role`` in the unit, and the role fits the unit's level."""
        fits = role in GIVEN and LEVEL_OF[role] in (None, level)
        return fits and self.can("keep-people", path) and self.outranks(role, path)

    def outranks(self, role: str, path: str) -> bool:
        """Whether the actor may give, reset or enrol ``role`` in the unit: at or below the own rank there."""
        return any(
            grant.role in ACTIONS["enrol"] and grant.reaches(path) and RANK[grant.role] >= RANK[role]
            for grant in self.current
        )
