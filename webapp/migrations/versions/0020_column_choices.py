"""What an office takes the headings of other people's files for, where the headings do not say so themselves."""

import sqlalchemy as sa
from alembic import op

from webapp.core.database import Id, UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    """Make the table."""
    op.create_table(
        "column_choices",
        sa.Column("unit_code", sa.String(20), sa.ForeignKey("units.code"), primary_key=True),
        sa.Column("sort", sa.String(12), primary_key=True),
        sa.Column("heading", sa.String(60), primary_key=True),
        sa.Column("taken", sa.String(20), nullable=False),
        sa.Column("chosen_by", Id, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("chosen_at", UtcDateTime, nullable=False),
    )


def downgrade():
    """Take it away."""
    op.drop_table("column_choices")
