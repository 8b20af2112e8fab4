"""Clocks that are years off, and when a phone was last heard before it brought a fact."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    """Change the schema."""
    with op.batch_alter_table("facts") as table:
        table.alter_column(
            "skew_ms", existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=True
        )
        table.add_column(sa.Column("contact_at", sa.DateTime(), nullable=True))
    with op.batch_alter_table("devices") as table:
        table.alter_column(
            "skew_ms", existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=True
        )
        table.add_column(sa.Column("emptied_at", sa.DateTime(), nullable=True))


def downgrade():
    """Change it back; what is too far off for the narrow column is forgotten."""
    most = 2**31 - 1
    for name, added in (("devices", "emptied_at"), ("facts", "contact_at")):
        op.execute(sa.text(f"UPDATE {name} SET skew_ms = NULL WHERE skew_ms > {most} OR skew_ms < -{most}"))  # noqa: S608
        with op.batch_alter_table(name) as table:
            table.drop_column(added)
            table.alter_column(
                "skew_ms", existing_type=sa.BigInteger(), type_=sa.Integer(), existing_nullable=True
            )
