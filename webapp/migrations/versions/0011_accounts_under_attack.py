"""Failures by name and source, known browsers, the last password entry, second factors, the end of temporary passwords.

Counters of wrong passwords begin anew. Sessions of before count their days from the upgrade, temporary passwords their week.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WEEK = timedelta(days=7)
# Not just now: a session of before has not entered its password in the last minutes.
BEFORE = timedelta(hours=1)


def upgrade():
    """Change the schema."""
    now = datetime.now(UTC).replace(tzinfo=None)
    op.drop_table("login_failures")
    _failures(sa.Column("source", sa.String(64), nullable=False), "name_hash", "source")
    with op.batch_alter_table("devices") as table:
        table.add_column(sa.Column("proved_at", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("browser_hash", sa.String(64), nullable=True))
        table.create_index("ix_devices_browser_hash", ["browser_hash"])
    devices = sa.table("devices", sa.column("proved_at", sa.DateTime()))
    op.execute(devices.update().values(proved_at=now - BEFORE))
    with op.batch_alter_table("people") as table:
        table.add_column(sa.Column("temporary_until", sa.DateTime(), nullable=True))
    people = sa.table(
        "people", sa.column("temporary", sa.Boolean()), sa.column("temporary_until", sa.DateTime())
    )
    op.execute(people.update().where(people.c.temporary).values(temporary_until=now + WEEK))
    op.add_column(
        "units", sa.Column("second_factor", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "second_factors",
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("set_up_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_second_factors_person_id_people"),
        sa.PrimaryKeyConstraint("person_id", name="pk_second_factors"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_recovery_codes_person_id_people"),
        sa.PrimaryKeyConstraint("code_hash", name="pk_recovery_codes"),
    )
    op.create_index("ix_recovery_codes_person_id", "recovery_codes", ["person_id"])


def downgrade():
    """Change it back; second factors and known browsers are forgotten."""
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")
    op.drop_column("units", "second_factor")
    with op.batch_alter_table("people") as table:
        table.drop_column("temporary_until")
    with op.batch_alter_table("devices") as table:
        table.drop_index("ix_devices_browser_hash")
        table.drop_column("browser_hash")
        table.drop_column("proved_at")
    op.drop_table("login_failures")
    _failures(None, "name_hash")


def _failures(source: sa.Column | None, *key: str):
    op.create_table(
        "login_failures",
        sa.Column("name_hash", sa.String(64), nullable=False),
        *([source] if source is not None else []),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("paused_until", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint(*key, name="pk_login_failures"),
    )
    op.create_index("ix_login_failures_last_at", "login_failures", ["last_at"])
