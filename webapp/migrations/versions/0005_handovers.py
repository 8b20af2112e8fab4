"""Routes and items that were handed over for a day."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    """Change the schema."""
    op.create_table(
        "handovers",
        sa.Column("fact_id", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("unit_code", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("route_id", sa.String(length=36), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.CheckConstraint("(route_id IS NULL) <> (number IS NULL)", name=op.f("ck_handovers_what")),
        sa.ForeignKeyConstraint(["fact_id"], ["facts.id"], name=op.f("fk_handovers_fact_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_handovers_person_id")),
        sa.ForeignKeyConstraint(["route_id"], ["routes.id"], name=op.f("fk_handovers_route_id")),
        sa.ForeignKeyConstraint(["unit_code"], ["units.code"], name=op.f("fk_handovers_unit_code")),
        sa.PrimaryKeyConstraint("fact_id", "ordinal", name=op.f("pk_handovers")),
    )
    op.create_index("ix_handovers_unit_day", "handovers", ["unit_code", "day"])
    op.create_index("ix_handovers_number", "handovers", ["number"])


def downgrade():
    """Change it back."""
    op.drop_table("handovers")
