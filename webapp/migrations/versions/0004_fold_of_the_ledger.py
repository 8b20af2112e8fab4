"""The way of counting that a unit's stored lines were folded by."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    """Change the schema; the lines that stand there were folded by the first way of counting."""
    with op.batch_alter_table("ledger_clock") as batch:
        batch.add_column(sa.Column("fold", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("ledger_clock") as batch:
        batch.alter_column("fold", existing_type=sa.Integer(), existing_nullable=False, server_default=None)


def downgrade():
    """Change it back."""
    with op.batch_alter_table("ledger_clock") as batch:
        batch.drop_column("fold")
