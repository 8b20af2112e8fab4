"""What all servers of one database must have in common: the first that starts writes it."""

import sqlalchemy as sa
from alembic import op

from webapp.core.database import Digest, UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade():
    """Make the table."""
    op.create_table(
        "cell_marks",
        sa.Column("what", sa.String(20), primary_key=True),
        sa.Column("fingerprint", Digest, nullable=False),
        sa.Column("noted_at", UtcDateTime, nullable=False),
    )


def downgrade():
    """Take it away."""
    op.drop_table("cell_marks")
