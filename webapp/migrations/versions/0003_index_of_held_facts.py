"""An index of held facts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

HELD = sa.text("state = 'held'")


def upgrade():
    """Change the schema."""
    op.create_index("ix_facts_held", "facts", ["unit_code"], sqlite_where=HELD, postgresql_where=HELD)


def downgrade():
    """Change it back."""
    op.drop_index("ix_facts_held", "facts", sqlite_where=HELD, postgresql_where=HELD)
