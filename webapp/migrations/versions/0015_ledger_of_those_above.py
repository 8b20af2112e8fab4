"""Counties, leagues and the region have a ledger of their own, from the day on which this release came."""

from datetime import datetime, timedelta, timezone

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

LOCAL = timezone(timedelta(hours=8))


def upgrade():
    op.create_index("ix_inspections_acting_kind_day", "inspections", ["acting_code", "kind", "day"])
    # Nothing is owed of the time in which nobody could record it here; whoever wants may set an earlier day.
    first = datetime.now(LOCAL).date()
    units = sa.table("units", sa.column("level", sa.String), sa.column("ledger_from", sa.Date))
    op.execute(
        units.update()
        .where(units.c.level != "department", units.c.ledger_from.is_(None))
        .values(ledger_from=first)
    )


def downgrade():
    op.drop_index("ix_inspections_acting_kind_day", "inspections")
