"""Documents: working copies, the steps of those that were issued, and their numbers."""

import sqlalchemy as sa
from alembic import op

from webapp.core.database import Digest, Id, Json, UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade():
    """Make the tables."""
    op.create_table(
        "documents",
        sa.Column("id", Id, primary_key=True),
        sa.Column("unit_code", sa.String(20), sa.ForeignKey("units.code"), nullable=False),
        sa.Column("type", sa.String(24), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("addressed", sa.String(20), sa.ForeignKey("units.code")),
        sa.Column("texts", Json, nullable=False),
        sa.Column("writers", Json, nullable=False),
        sa.Column("drafted_by", Id, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("drafted_at", UtcDateTime, nullable=False),
        sa.Column("corrects", Id, sa.ForeignKey("documents.id")),
        sa.Column("version", sa.SmallInteger, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("checked_by", Id, sa.ForeignKey("people.id")),
        sa.Column("checked_at", UtcDateTime),
        sa.Column("checked_digest", Digest),
        sa.Column("fact_id", Id, sa.ForeignKey("facts.id")),
        sa.Column("year", sa.Integer),
        sa.Column("n", sa.Integer),
        sa.Column("number", sa.String(40)),
        sa.Column("issued_at", UtcDateTime),
        sa.Column("sent_at", UtcDateTime),
        sa.UniqueConstraint("unit_code", "type", "year", "n", "version", name="uq_documents_number"),
    )
    op.create_index("ix_documents_unit", "documents", ["unit_code", "type", "period"])
    op.create_index("ix_documents_addressed", "documents", ["addressed", "state"])
    op.create_table(
        "document_moves",
        sa.Column("fact_id", Id, sa.ForeignKey("facts.id"), primary_key=True),
        sa.Column("document_id", Id, sa.ForeignKey("documents.id"), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("move", sa.String(8), nullable=False),
        sa.Column("author_id", Id, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("acting_code", sa.String(20), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_document_moves_document", "document_moves", ["document_id", "seq"], unique=True)
    op.create_table(
        "document_numbers",
        sa.Column("unit_code", sa.String(20), sa.ForeignKey("units.code"), primary_key=True),
        sa.Column("type", sa.String(24), primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )


def downgrade():
    """Take them away."""
    op.drop_table("document_numbers")
    op.drop_table("document_moves")
    op.drop_table("documents")
