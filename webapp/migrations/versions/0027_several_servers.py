"""What several servers share: how often an address knocked, the last check, and which releases may serve this schema."""

import sqlalchemy as sa
from alembic import op

from webapp.core.database import Digest, Id, UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade():
    """Make the tables."""
    op.create_table(
        "knocks",
        sa.Column("key_hash", Digest, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_knocks_ends_at", "knocks", ["ends_at"])
    op.create_table(
        "journal_checks",
        sa.Column("id", Id, primary_key=True),
        sa.Column("ended_at", UtcDateTime, nullable=False),
        sa.Column("faults", sa.Integer, nullable=False),
    )
    op.create_index("ix_journal_checks_ended_at", "journal_checks", ["ended_at"])
    op.create_table("schema_floor", sa.Column("oldest", sa.String(32), primary_key=True))


def downgrade():
    """Drop them."""
    for table in ("schema_floor", "journal_checks", "knocks"):
        op.drop_table(table)
