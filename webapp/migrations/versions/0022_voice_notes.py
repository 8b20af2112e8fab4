"""Records name voice notes, too, apart from their photos."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BEFORE = "source IN ('record', 'point', 'case', 'second', 'refused')"
NOW = "source IN ('record', 'voice', 'point', 'case', 'second', 'refused')"
NAME = "ck_photo_refs_source"


def upgrade():
    _allow(NOW)


def downgrade():
    op.execute("DELETE FROM photo_refs WHERE source = 'voice'")
    _allow(BEFORE)


def _allow(sources: str) -> None:
    with op.batch_alter_table("photo_refs") as table:
        table.drop_constraint(op.f(NAME), type_="check")
        table.create_check_constraint(op.f(NAME), sources)
