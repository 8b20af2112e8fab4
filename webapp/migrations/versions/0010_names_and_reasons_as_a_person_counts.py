"""Names and reasons of the desk are as long as a person counts, too.

SQLite keeps texts of any length, so only PostgreSQL's columns grow.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = 16  # code points of one character
LINES = (
    ("units", "name", 80, False),
    ("people", "name", 40, False),
    ("earlier_names", "name", 40, False),
    ("routes", "name", 60, False),
    ("overrides", "reason", 500, False),
    ("delivery_days", "reason", 500, True),
    ("day_exceptions", "name", 40, False),
    ("day_exceptions", "reason", 500, True),
    ("handovers", "reason", 120, False),
    ("manifest_items", "void_reason", 120, True),
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
