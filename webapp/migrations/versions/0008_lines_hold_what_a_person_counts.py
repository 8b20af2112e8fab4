"""Texts are as long as a person counts: a family of emoji is one character of many code points.

SQLite keeps texts of any length, so only PostgreSQL's columns grow.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = 16  # code points of one character
LINES = (
    ("items", "tag", 40, True),
    ("relay_points", "name", 80, False),
    ("relay_points", "initials", 80, False),
    ("relay_points", "address", 120, True),
    ("relay_points", "keeper", 40, True),
    ("relay_points", "contact", 40, True),
    ("relay_points", "note", 200, True),
)


def upgrade():
    """Change the schema."""
    for table, column, most, empty in LINES:
        _alter(table, column, most, most * BIG, empty)


def downgrade():
    """Change it back; what is longer than the old columns is cut."""
    for table, column, most, empty in LINES:
        _alter(table, column, most * BIG, most, empty, postgresql_using=f"left({column}, {most})")


def _alter(table: str, column: str, old: int, new: int, empty: bool, **more):
    if op.get_bind().dialect.name != "postgresql":
        return
    op.alter_column(
        table, column, existing_type=sa.String(old), type_=sa.String(new), existing_nullable=empty, **more
    )
