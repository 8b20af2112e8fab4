"""The last four digits of item numbers, by which people call them."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NUMBERS = (("items", "subject"), ("manifest_items", "number"))
# Regular numbers (sampling/rules.py): letters and digits in order, and where their last four digits begin.
FORMS = ((2, 9, 2, 8), (0, 13, 0, 10), (2, 11, 0, 10))


def upgrade():
    """Change the schema, and fill the new columns."""
    for table, number in NUMBERS:
        op.add_column(table, sa.Column("tail", sa.String(4), nullable=True))
        for before, digits, after, begins in FORMS:
            op.execute(
                f"UPDATE {table} SET tail = substr({number}, {begins}, 4) WHERE {_is(number, before, digits, after)}"  # noqa: S608  (constants of this file)
            )
        op.create_index(f"ix_{table}_tail", table, ["tail"])


def _is(number: str, before: int, digits: int, after: int) -> str:
    if op.get_bind().dialect.name == "sqlite":
        return f"{number} GLOB '{'[A-Z]' * before}{'[0-9]' * digits}{'[A-Z]' * after}'"
    return f"{number} ~ '^[A-Z]{{{before}}}[0-9]{{{digits}}}[A-Z]{{{after}}}$'"


def downgrade():
    """Change it back."""
    for table, _ in NUMBERS:
        op.drop_index(f"ix_{table}_tail", table)
        with op.batch_alter_table(table) as batch:
            batch.drop_column("tail")
