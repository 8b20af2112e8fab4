"""Which services a department has and who runs it, from which day on; which county-level unit is a bureau of one kind."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BUREAU = "bureau IS NULL OR (level = 'county' AND bureau IN ('delivery', 'counter'))"
# Until now every department was one that delivers, and nobody said that an agency ran it.
FILL = (
    "INSERT INTO unit_services (unit_code, service, first_day)"
    " SELECT code, 'delivery', opened_on FROM units WHERE level = 'department'",
    "INSERT INTO unit_operators (unit_code, first_day, operator)"
    " SELECT code, opened_on, 'own' FROM units WHERE level = 'department'",
)


def upgrade():
    """Change the schema."""
    op.create_table(
        "unit_services",
        sa.Column("unit_code", sa.String(length=20), nullable=False),
        sa.Column("service", sa.String(length=12), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "service IN ('delivery', 'counter', 'financial')", name=op.f("ck_unit_services_service")
        ),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_unit_services_days")),
        sa.ForeignKeyConstraint(["unit_code"], ["units.code"], name=op.f("fk_unit_services_unit_code")),
        sa.PrimaryKeyConstraint("unit_code", "service", "first_day", name=op.f("pk_unit_services")),
    )
    op.create_table(
        "unit_operators",
        sa.Column("unit_code", sa.String(length=20), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("operator", sa.String(length=8), nullable=False),
        sa.CheckConstraint("operator IN ('own', 'agency')", name=op.f("ck_unit_operators_operator")),
        sa.ForeignKeyConstraint(["unit_code"], ["units.code"], name=op.f("fk_unit_operators_unit_code")),
        sa.PrimaryKeyConstraint("unit_code", "first_day", name=op.f("pk_unit_operators")),
    )
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bureau", sa.String(length=8), nullable=True))
        batch_op.create_check_constraint(op.f("ck_units_bureau"), sa.text(BUREAU))
    for statement in FILL:
        op.execute(sa.text(statement))


def downgrade():
    """Change it back."""
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_units_bureau"), type_="check")
        batch_op.drop_column("bureau")
    op.drop_table("unit_operators")
    op.drop_table("unit_services")
