"""The ledger's first day of a unit, the share by which a list was drawn, when a change of the register was made."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    """Change the schema."""
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ledger_from", sa.Date(), nullable=True))
    with op.batch_alter_table("manifests", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sample_percent", sa.Integer(), nullable=True))
    with op.batch_alter_table("relay_changes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made_on", sa.Date(), nullable=True))
    # The first release drew ten in a hundred of every list, whatever a unit had laid down.
    op.execute(sa.text("UPDATE manifests SET sample_percent = 10 WHERE sealed_at IS NOT NULL"))
    # It knew no change that lay ahead: one made on its own day says the same.
    op.execute(sa.text("UPDATE relay_changes SET made_on = day"))


def downgrade():
    """Change it back."""
    with op.batch_alter_table("relay_changes", schema=None) as batch_op:
        batch_op.drop_column("made_on")
    with op.batch_alter_table("manifests", schema=None) as batch_op:
        batch_op.drop_column("sample_percent")
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.drop_column("ledger_from")
