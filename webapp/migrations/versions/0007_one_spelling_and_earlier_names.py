"""Names, logins and route codes in one spelling; names that people bore before.

What two people would share once it is spelt stays as it is for the second of them, and so does the login of whoever
stands on a sealed list (the seal digests it): both go on signing in with the letters they have.
"""

import re
import unicodedata
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# As core.spelling says it on the day of this migration: a migration stands alone.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U000e0000-\U000e0fff]"
)
HYPHENS = re.compile(
    "[\u02d7\u058a\u05be\u2010-\u2015\u2043\u2212\u2796\u2e17\u2e3a\u2e3b\u30a0\ufe58\ufe63\uff0d]"
)
DOTS = re.compile(
    "\\s*[\u00b7\u0387\u16eb\u1427\u2022\u2024\u2027\u2219\u22c5\u25cf\u25e6\u2981\u2e30\u2e31\u2e33\u30fb\ua78f\uff65\U00010101]\\s*"
)
HAN = "\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
PADDING = re.compile(f"(?<=[{HAN}])\\s+(?=[{HAN}])")
STOP = re.compile(f"(?<=[{HAN}])[.\u3002](?=[{HAN}])")
CHINESE_MARKS = re.compile("([\uff08\uff09\uff0c\uff1a\uff1b\uff01\uff1f\u3001\u3002]+)")
BRACKETS = re.compile("\\s*([（）()])\\s*")
MONGOLIAN = re.compile("[\u1820-\u18aa]")


def spelt(text: str) -> str:
    """One line in one spelling; a text in traditional Mongolian is left as it is."""
    if MONGOLIAN.search(text):
        return text
    parts = CHINESE_MARKS.split(INVISIBLE.sub("", text))
    plain = "".join(part if i % 2 else unicodedata.normalize("NFKC", part) for i, part in enumerate(parts))
    plain = DOTS.sub("·", HYPHENS.sub("-", INVISIBLE.sub("", plain)))
    return unicodedata.normalize("NFC", re.sub(r"[\s\u2800]+", " ", plain).strip())


def spelt_name(text: str) -> str:
    """A name in one spelling."""
    plain = STOP.sub("·", PADDING.sub("", spelt(text)))
    if not re.search(f"[{HAN}]", plain):
        return plain
    return BRACKETS.sub(lambda found: "（" if found[1] in "(（" else "）", plain)


def spelt_login(text: str) -> str:
    """A login in one spelling."""
    return spelt(spelt(text).lower())


def respell(table: str, key: str, column: str, spell: Callable[[str], str], most: int) -> None:
    """Spell a column anew where that leaves something, and something that fits."""
    connection = op.get_bind()
    rows = sa.table(table, sa.column(key), sa.column(column))
    for one, old in connection.execute(sa.select(rows.c[key], rows.c[column])).all():
        new = spell(old or "")
        if new != old and 0 < len(new) <= most:
            connection.execute(sa.update(rows).where(rows.c[key] == one).values({column: new}))


def respell_unique(
    table: str, column: str, spell: Callable[[str], str], within: bool, kept: set[str]
) -> None:
    """The same where the column is unique (``within`` a unit): whoever has the plain spelling already keeps it."""
    connection = op.get_bind()
    rows = sa.table(table, sa.column("id"), sa.column(column), sa.column("unit_code"))
    where = rows.c.unit_code if within else sa.literal("")
    found = connection.execute(sa.select(rows.c.id, where, rows.c[column]).order_by(rows.c.id)).all()
    taken = {(place, old) for _, place, old in found}
    for one, place, old in found:
        new = spell(old)
        if new == old or not new or one in kept:
            continue
        if (place, new) in taken:
            print(f"{table}: “{old}” stays as it is, because “{new}” is another's")
            continue
        taken.add((place, new))
        connection.execute(sa.update(rows).where(rows.c.id == one).values({column: new}))


def respell_changes() -> None:
    """The names that the register's changes set: a point shows them again at its next change."""
    connection = op.get_bind()
    changes = sa.table("relay_changes", sa.column("fact_id", sa.String), sa.column("values", sa.JSON))
    for fact, values in connection.execute(sa.select(changes.c.fact_id, changes.c["values"])).all():
        name = (values or {}).get("name")
        if name and spelt_name(name) != name:
            change = sa.update(changes).where(changes.c.fact_id == fact)
            connection.execute(change.values({"values": {**values, "name": spelt_name(name)}}))


def upgrade():
    """Change the schema."""
    op.create_table(
        "earlier_names",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=False),
        sa.Column("ended_by", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_earlier_names_person_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["people.id"], name=op.f("fk_earlier_names_ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_names")),
    )
    op.create_index(op.f("ix_earlier_names_person_id"), "earlier_names", ["person_id"])
    op.create_index(op.f("ix_people_name"), "people", ["name"])
    if op.get_context().as_sql:
        return  # the rows are not at hand
    sealed = "SELECT DISTINCT i.delivered_by FROM manifest_items i JOIN manifests m ON m.id = i.manifest_id WHERE m.sealed_at IS NOT NULL"  # fmt: skip
    kept = {person for (person,) in op.get_bind().execute(sa.text(sealed)) if person}
    respell_unique("people", "login", spelt_login, False, kept)
    respell_unique("routes", "code", spelt, True, set())
    respell("people", "id", "name", spelt_name, 40)
    respell("units", "code", "name", spelt_name, 80)
    respell("routes", "id", "name", spelt_name, 60)
    respell("relay_points", "id", "name", spelt_name, 80)
    respell("relay_points", "id", "keeper", spelt_name, 40)
    respell("relay_points", "id", "contact", spelt, 40)
    respell_changes()
    units = sa.table("units", sa.column("name"))
    doubled = sa.update(units).where(units.c.name == "内蒙古自治区区公司").values(name="内蒙古区公司")
    op.get_bind().execute(doubled)


def downgrade():
    """Change it back; what was spelt anew stays so."""
    op.drop_index(op.f("ix_people_name"), "people")
    op.drop_index(op.f("ix_earlier_names_person_id"), "earlier_names")
    op.drop_table("earlier_names")
