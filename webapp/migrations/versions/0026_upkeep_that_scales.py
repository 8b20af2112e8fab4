"""What a tick looks at is found by an index: photos that may go, personal parts, units with something due."""

import sqlalchemy as sa
from alembic import op

from webapp.core.database import Digest, UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# index: its table, its column, the rows that it holds (SQLite, PostgreSQL)
INDEXES = {
    "ix_photos_here": ("photos", "received_at", "purged_at IS NULL", "purged_at IS NULL"),
    "ix_photos_unnamed": ("photos", "received_at", "named = 0", "NOT named"),
    "ix_facts_personal": ("facts", "received_at", "personal IS NOT NULL", "personal IS NOT NULL"),
    "ix_conflicts_personal": ("conflicts", "received_at", "personal IS NOT NULL", "personal IS NOT NULL"),
    "ix_refusals_text": ("refusals", "received_at", "text <> ''", "text <> ''"),
    "ix_relay_points_photo_digest": ("relay_points", "photo_digest", None, None),
    "ix_notices_created_at": ("notices", "created_at", None, None),
    "ix_notice_deliveries_created_at": ("notice_deliveries", "created_at", None, None),
    "ix_ledger_clock_fold": ("ledger_clock", "fold", None, None),
    "ix_ledger_clock_due_at": ("ledger_clock", "due_at", None, None),
}


def upgrade():
    """Add columns with defaults, tables and indexes; ticks look at the photos of before, some of them each time."""
    op.add_column("photos", sa.Column("named", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("ledger_clock", sa.Column("due_at", UtcDateTime))
    op.create_table(
        "leaving_photos",
        sa.Column("digest", Digest, primary_key=True),
        sa.Column("claimed_until", UtcDateTime),
    )
    op.create_table(
        "upkeep_marks",
        sa.Column("work", sa.String(16), primary_key=True),
        sa.Column("begun_at", UtcDateTime, nullable=False),
        sa.Column("reached", sa.String(64), nullable=False),
    )
    for name, (table, column, sqlite, postgresql) in INDEXES.items():
        only = {"sqlite_where": sa.text(sqlite), "postgresql_where": sa.text(postgresql)} if sqlite else {}
        op.create_index(name, table, [column], **only)


def downgrade():
    """Drop them."""
    for name, (table, *_) in reversed(INDEXES.items()):
        op.drop_index(name, table)
    op.drop_table("upkeep_marks")
    op.drop_table("leaving_photos")
    op.drop_column("ledger_clock", "due_at")
    op.drop_column("photos", "named")
