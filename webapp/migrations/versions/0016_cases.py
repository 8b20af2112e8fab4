"""Cases: what failed is followed to its end. What was found before becomes cases, too.

What was found in the last 90 days is open: its time begins with the day of this change, for nobody could answer before. What is
older is kept as it was found, and owed by nobody.
"""

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

LOCAL = timezone(timedelta(hours=8))
FOLLOWED = timedelta(days=90)
SOURCES, OLD_SOURCES = (
    "'record', 'point', 'case', 'second', 'refused'",
    "'record', 'point', 'second', 'refused'",
)
# As the edition of this release has them; of whatever is not here: ordinary.
SEVERITIES = {
    "parcel": {"signature": "grave"},
    "relay": {"no-backlog": "grave"},
    "watch": {"no-backlog": "grave"},
    "letter": {"no-backlog": "grave"},
    "letter-follow": {"no-backlog": "grave"},
    "form-review": {"true": "serious"},
    "relay-review": {"true": "serious"},
    "letters-look": {"true": "serious"},
    "report-audit": {"followed": "serious"},
    "dept-visit": {
        "upload": "serious", "signed": "serious", "backlog": "grave", "backlog-p": "grave", "made-good": "serious",
        "complaints": "serious", "forced": "grave",
    },
}  # fmt: skip
DAYS, WORKDAYS = {"ordinary": 7}, {"serious": 3, "grave": 1}
FINDINGS = """
SELECT p.inspection_id, p.ordinal, p.unit_code, p.kind, p.subject, p.criteria, i.day, i.work_date, i.acting_code,
       items.route_id, r.id AS point, r.route_id AS point_route
FROM problems AS p JOIN inspections AS i ON i.id = p.inspection_id
LEFT JOIN items ON items.inspection_id = p.inspection_id AND items.ordinal = p.ordinal
LEFT JOIN relay_points AS r ON r.id = p.subject AND r.unit_code = p.unit_code
WHERE p.in_force AND i.in_force ORDER BY p.inspection_id, p.ordinal
"""
LISTED = """
SELECT m.unit_code, m.day, mi.number, mi.route_id, mi.delivered_by
FROM problems AS p JOIN manifest_items AS mi ON mi.number = p.subject
JOIN manifests AS m ON m.id = mi.manifest_id AND m.unit_code = p.unit_code
WHERE p.in_force AND m.discarded_at IS NULL
"""
WALKED = "SELECT route_id, first_day, person_id FROM route_carriers ORDER BY route_id, first_day"
PUBLIC = "SELECT day, delivers FROM day_exceptions WHERE source = 'public'"


ORDER, STANDING = ["urgency", "id"], ["type", "state", "severity"]
FOUND = ["last_month", "first_found", "last_found"]
INDEXES = {
    "ix_cases_place": ["unit_code", "kind", "criterion", "place_kind", "place"],
    "ix_cases_unit": ["unit_code", *ORDER],
    "ix_cases_county": ["county_code", *ORDER],
    "ix_cases_owner": ["owner_id", *ORDER],
    "ix_cases_league": ["league_code", *ORDER, *STANDING, "kind", "criterion"],
    "ix_cases_standing": [*STANDING, *ORDER],
    "ix_cases_criterion": ["kind", "criterion", *ORDER, *STANDING, "league_code"],
    "ix_cases_opened": ["opened_month", *ORDER, *STANDING, "league_code"],
    "ix_cases_due": ["due_month", *ORDER, *STANDING, "league_code"],
    "ix_cases_closed": ["closed_month", *ORDER, *STANDING, "league_code"],
    "ix_cases_found": ["last_month", *ORDER, *STANDING, "league_code", "first_found", "last_found"],
}
SEEN = [
    *STANDING, "league_code", "county_code", "unit_code", "owner_id", "kind", "criterion", "previous", "found_by",
    "climbs", "asked", "first_found", "last_found",
]  # fmt: skip
PARTIAL = {
    "ix_cases_live": ([*ORDER, *SEEN], "NOT ended", "ended = 0"),
    "ix_cases_newest": (["recency", "id", *SEEN], "NOT ended", "ended = 0"),
    "ix_cases_ended": (ORDER, "ended", "ended = 1"),
    "ix_cases_recurs": ([*ORDER, *STANDING, "league_code"], "previous IS NOT NULL", "previous IS NOT NULL"),
    "ix_cases_again": ([*ORDER, *FOUND, *STANDING, "league_code"], "first_month < last_month", "first_month < last_month"),
    "ix_cases_asked": (ORDER, "asked", "asked = 1"),
    "ix_cases_numbered": (["number"], "number IS NOT NULL", "number IS NOT NULL"),
}  # fmt: skip
NO_CLOCK, ENDED = 1_000_000, 2_000_000  # webapp/cases/urgency.py


def upgrade():
    """Change the schema, and open a case for what was found before."""
    _cases()
    _beside_cases()
    with op.batch_alter_table("photo_refs", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_photo_refs_source"), type_="check")
        batch_op.create_check_constraint(op.f("ck_photo_refs_source"), sa.text(f"source IN ({SOURCES})"))
    _open_what_was_found(op.get_bind(), datetime.now(UTC))


def downgrade():
    """Change it back."""
    op.execute("DELETE FROM photo_refs WHERE source = 'case'")
    with op.batch_alter_table("photo_refs", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_photo_refs_source"), type_="check")
        batch_op.create_check_constraint(op.f("ck_photo_refs_source"), sa.text(f"source IN ({OLD_SOURCES})"))
    for table in ("case_views", "case_numbers", "case_links", "case_moves", "case_occurrences", "cases"):
        op.drop_table(table)


def _id(name: str, *more, **options) -> sa.Column:
    return sa.Column(name, sa.String(length=36), *more, **{"nullable": False, **options})


def _cases() -> None:
    op.create_table(
        "cases",
        _id("id"),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("unit_code", sa.String(length=20), nullable=False),
        sa.Column("found_by", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=True),
        sa.Column("criterion", sa.String(length=24), nullable=True),
        sa.Column("place_kind", sa.String(length=8), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.String(length=12), nullable=False),
        _id("previous", nullable=True),
        _id("parent", nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("sole", sa.String(length=80), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("set_deadline", sa.Date(), nullable=True),
        _id("first_owner", nullable=True),
        sa.Column("before", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        _id("owner_id", nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("climbs", sa.Boolean(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("returns", sa.SmallInteger(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("league_code", sa.String(length=20), nullable=True),
        sa.Column("county_code", sa.String(length=20), nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("recency", sa.Integer(), nullable=False),
        sa.Column("first_found", sa.Date(), nullable=True),
        sa.Column("last_found", sa.Date(), nullable=True),
        sa.Column("first_month", sa.String(length=7), nullable=True),
        sa.Column("last_month", sa.String(length=7), nullable=True),
        sa.Column("opened_month", sa.String(length=7), nullable=True),
        sa.Column("due_month", sa.String(length=7), nullable=True),
        sa.Column("closed_month", sa.String(length=7), nullable=True),
        sa.ForeignKeyConstraint(["unit_code"], ["units.code"], name=op.f("fk_cases_unit_code")),
        sa.ForeignKeyConstraint(["first_owner"], ["people.id"], name=op.f("fk_cases_first_owner")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_cases_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("sole", name=op.f("uq_cases_sole")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        for name, columns in INDEXES.items():
            batch_op.create_index(name, columns)
        for name, (columns, postgresql, sqlite) in PARTIAL.items():
            where = {"postgresql_where": sa.text(postgresql), "sqlite_where": sa.text(sqlite)}
            batch_op.create_index(name, columns, **where)
        batch_op.create_index(op.f("ix_cases_parent"), ["parent"])


def _beside_cases() -> None:
    op.create_table(
        "case_occurrences",
        _id("inspection_id"),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("criterion", sa.String(length=24), nullable=False),
        _id("case_id"),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_case_occurrences_inspection_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_occurrences_case_id")),
        sa.PrimaryKeyConstraint("inspection_id", "ordinal", "criterion", name=op.f("pk_case_occurrences")),
    )
    op.create_index(op.f("ix_case_occurrences_case_id"), "case_occurrences", ["case_id"])
    op.create_table(
        "case_moves",
        _id("fact_id"),
        _id("case_id"),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=16), nullable=False),
        _id("author_id"),
        sa.Column("acting_code", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["fact_id"], ["facts.id"], name=op.f("fk_case_moves_fact_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_moves_case_id")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_case_moves_author_id")),
        sa.PrimaryKeyConstraint("fact_id", name=op.f("pk_case_moves")),
    )
    op.create_index("ix_case_moves_case", "case_moves", ["case_id", "seq"], unique=True)
    op.create_table(
        "case_links",
        _id("order_id"),
        _id("case_id"),
        sa.ForeignKeyConstraint(["order_id"], ["cases.id"], name=op.f("fk_case_links_order_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_links_case_id")),
        sa.PrimaryKeyConstraint("order_id", "case_id", name=op.f("pk_case_links")),
    )
    op.create_index(op.f("ix_case_links_case_id"), "case_links", ["case_id"])
    op.create_table(
        "case_numbers",
        sa.Column("unit_code", sa.String(length=20), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_code"], ["units.code"], name=op.f("fk_case_numbers_unit_code")),
        sa.PrimaryKeyConstraint("unit_code", "type", "year", name=op.f("pk_case_numbers")),
    )
    op.create_table(
        "case_views",
        _id("id"),
        _id("person_id"),
        sa.Column("name", sa.String(40).with_variant(sa.String(640), "postgresql"), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_case_views_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_views")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_case_views_person_id_name")),
    )


# ---------------------------------------------------------------- what was found before


def _open_what_was_found(connection, now: datetime) -> None:
    today = now.astimezone(LOCAL).date()
    typed = sa.text(FINDINGS).columns(criteria=sa.JSON(), day=sa.Date(), work_date=sa.Date())
    findings = connection.execute(typed).all()
    if not findings:
        return
    listed, walked, public = _listed(connection), _walked(connection), _public(connection)
    paths = {row.code: row.path for row in connection.execute(sa.text("SELECT code, path FROM units"))}
    groups: dict[tuple, list] = {}
    for one in findings:
        place, owner = _place(one, listed, walked)
        for criterion in one.criteria:
            groups.setdefault((one.unit_code, one.kind, criterion, *place), []).append((one, owner))
    cases, occurrences = [], []
    for key, group in groups.items():
        row = _case(key, group, today, now, public) | _place_in_lists(paths[key[0]])
        row["recency"] = NO_CLOCK - today.toordinal()
        row["urgency"] = ENDED + row["recency"] if row["ended"] else row["due_on"].toordinal()
        days = [one.day for one, _ in group]
        row |= {"first_found": min(days), "last_found": max(days)}
        row |= {"first_month": f"{min(days):%Y-%m}", "last_month": f"{max(days):%Y-%m}"}
        row |= {
            "opened_month": f"{today:%Y-%m}",
            "due_month": f"{row['deadline']:%Y-%m}" if row["deadline"] else None,
        }
        cases.append(row)
        occurrences += [
            {
                "inspection_id": one.inspection_id,
                "ordinal": one.ordinal,
                "criterion": key[2],
                "case_id": row["id"],
            }
            for one, _ in group
        ]
    connection.execute(sa.insert(_table("cases", _CASE)), cases)
    connection.execute(
        sa.insert(_table("case_occurrences", dict.fromkeys(occurrences[0], sa.String()))), occurrences
    )


_TEXT, _DAY, _FLAG = sa.String(), sa.Date(), sa.Boolean()
_CASE = {
    **dict.fromkeys(
        ("id", "type", "unit_code", "found_by", "kind", "criterion", "place_kind", "place", "severity", "first_owner",
         "state", "owner_id", "league_code", "county_code", "first_month", "last_month",
         "opened_month", "due_month"), _TEXT,
    ),
    **dict.fromkeys(("opened_on", "found_on", "entered_on", "deadline", "due_on", "first_found", "last_found"), _DAY),
    **dict.fromkeys(("before", "ended", "climbs", "asked"), _FLAG),
    **dict.fromkeys(("returns", "moves", "urgency", "recency"), sa.Integer()),
    "content": sa.JSON(),
    "opened_at": sa.DateTime(),
}  # fmt: skip


def _table(name: str, columns: dict) -> sa.TableClause:
    kinds = {**columns, "ordinal": sa.Integer()} if "ordinal" in columns else columns
    return sa.table(name, *(sa.column(one, kind) for one, kind in kinds.items()))


def _case(key: tuple, group: list, today: date, now: datetime, public: dict[date, bool]) -> dict:
    unit, kind, criterion, place_kind, place = key
    first, owner = group[0]
    before = max(one.work_date for one, _ in group) < today - FOLLOWED
    severity = SEVERITIES.get(kind, {}).get(criterion, "ordinary")
    deadline = None if before else _deadline(today, severity, public)
    return {
        "id": _case_id(first.inspection_id, (kind, criterion, place_kind, place)), "type": "problem",
        "unit_code": unit, "found_by": first.acting_code, "kind": kind, "criterion": criterion,
        "place_kind": place_kind, "place": place, "severity": severity, "content": {},
        "opened_at": now.replace(tzinfo=None), "opened_on": today, "found_on": first.work_date,
        "first_owner": owner, "before": before, "state": "before" if before else "open", "ended": before,
        "owner_id": owner, "entered_on": today, "deadline": deadline, "due_on": deadline, "climbs": not before,
        "returns": 0, "moves": 0, "asked": False,
    }  # fmt: skip


def _place_in_lists(path: str) -> dict:
    _region, *below = path.strip("/").split("/")
    league, county = (*below, None, None)[:2]
    return {"league_code": league, "county_code": county}


def _place(one, listed: dict, walked: dict) -> tuple[tuple[str, str], str | None]:
    route, person = one.route_id, None
    if one.point:
        return ("point", one.point), _carrier(walked, one.point_route, one.day)
    rows = [row for row in listed.get((one.unit_code, one.subject), ()) if row[0] <= one.day]
    if rows:
        day = max(row[0] for row in rows)
        routes, people = ({row[n] for row in rows if row[0] == day and row[n]} for n in (1, 2))
        route = routes.pop() if len(routes) == 1 else route
        person = people.pop() if len(people) == 1 else None
    owner = person or _carrier(walked, route, one.day)
    if route:
        return ("route", route), owner
    return (("person", person) if person else ("unit", one.unit_code)), owner


def _carrier(walked: dict, route: str | None, day: date) -> str | None:
    held = [person for first, person in walked.get(route, ()) if first <= day]
    return held[-1] if held else None


def _listed(connection) -> dict:
    found: dict = {}
    for row in connection.execute(sa.text(LISTED).columns(day=sa.Date())):
        found.setdefault((row.unit_code, row.number), []).append((row.day, row.route_id, row.delivered_by))
    return found


def _walked(connection) -> dict:
    found: dict = {}
    for route, first, person in connection.execute(sa.text(WALKED).columns(first_day=sa.Date())):
        found.setdefault(route, []).append((first, person))
    return found


def _public(connection) -> dict[date, bool]:
    rows = connection.execute(sa.text(PUBLIC).columns(day=sa.Date(), delivers=sa.Boolean()))
    return {day: bool(worked) for day, worked in rows}


def _deadline(today: date, severity: str, public: dict[date, bool]) -> date:
    if severity in DAYS:
        return today + timedelta(days=DAYS[severity])
    day, left = today, WORKDAYS[severity]
    while left:
        day += timedelta(days=1)
        left -= public.get(day, day.weekday() < 5)
    return day


def _case_id(inspection: str, said: tuple[str, ...]) -> str:
    digest = hashlib.sha256("\n".join((inspection, *said)).encode()).hexdigest()
    variant = "89ab"[int(digest[3], 16) % 4]
    return f"{inspection[:14]}7{digest[:3]}-{variant}{digest[4:7]}-{digest[7:19]}"
