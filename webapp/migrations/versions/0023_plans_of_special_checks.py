"""Plans of special checks: which facts speak of which plan, and the roles that a plan gives."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade():
    """Make the table, and let a role say of which plan it is and which unit it reaches."""
    op.create_table(
        "plan_steps",
        sa.Column("fact_id", sa.String(length=36), nullable=False),
        sa.Column("plan_id", sa.String(length=36), nullable=False),
        sa.Column("unit_code", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["fact_id"], ["facts.id"], name=op.f("fk_plan_steps_fact_id")),
        sa.ForeignKeyConstraint(["unit_code"], ["units.code"], name=op.f("fk_plan_steps_unit_code")),
        sa.PrimaryKeyConstraint("fact_id", name=op.f("pk_plan_steps")),
    )
    with op.batch_alter_table("plan_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_steps_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_steps_unit_code"), ["unit_code"], unique=False)
    with op.batch_alter_table("roles", schema=None) as batch_op:
        batch_op.add_column(sa.Column("plan_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("reach_code", sa.String(length=20), nullable=True))
        batch_op.create_index(batch_op.f("ix_roles_plan_id"), ["plan_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_roles_reach_code"), "units", ["reach_code"], ["code"])


def downgrade():
    """Change it back; the roles that plans gave end with it."""
    op.execute(sa.text("DELETE FROM roles WHERE plan_id IS NOT NULL"))
    with op.batch_alter_table("roles", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_roles_reach_code"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_roles_plan_id"))
        batch_op.drop_column("reach_code")
        batch_op.drop_column("plan_id")
    op.drop_table("plan_steps")
