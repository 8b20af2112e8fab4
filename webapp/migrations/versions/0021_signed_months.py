"""Months that somebody signed, what arrived after it, and who may sign in whose place."""

import sqlalchemy as sa
from alembic import op

from webapp.core.database import Digest, Id, Json, UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def _of_a_fact(*columns: sa.Column) -> tuple[sa.Column, ...]:
    return (sa.Column("fact_id", Id, sa.ForeignKey("facts.id"), primary_key=True), *columns)


def _unit(name: str = "unit_code", **options) -> sa.Column:
    return sa.Column(name, sa.String(20), sa.ForeignKey("units.code"), nullable=False, **options)


def _person(name: str = "person_id") -> sa.Column:
    return sa.Column(name, Id, sa.ForeignKey("people.id"), nullable=False)


def _required(name: str, kind) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def upgrade():
    """Make the tables."""
    op.create_table(
        "month_signatures",
        *_of_a_fact(_unit(), _required("month", sa.String(7)), _required("version", sa.Integer)),
        _unit("signer_code"),
        _unit("acting_code"),
        _person(),
        _required("capacity", sa.String(8)),
        _required("signed_at", UtcDateTime),
        _required("lines", sa.Integer),
        _required("digest", Digest),
        sa.UniqueConstraint("unit_code", "month", "version", name="uq_month_signatures_version"),
    )
    op.create_table(
        "month_consents",
        *_of_a_fact(_unit(index=True), _required("month", sa.String(7)), _person()),
        _required("given_at", UtcDateTime),
        _required("digest", Digest),
    )
    op.create_table(
        "month_disputes",
        *_of_a_fact(_unit(index=True), _required("month", sa.String(7)), _required("version", sa.Integer)),
        _person(),
        _required("raised_at", UtcDateTime),
        _required("due", sa.Date),
        sa.Column("ruling_id", Id),
        sa.Column("upheld", sa.Boolean),
    )
    op.create_table(
        "signing_grants",
        *_of_a_fact(_unit(index=True), _person(), _person("given_by")),
        _required("first_day", sa.Date),
        _required("last_day", sa.Date),
    )
    op.create_table(
        "line_supplements",
        _unit(primary_key=True),
        sa.Column("duty", sa.String(32), primary_key=True),
        sa.Column("period", sa.String(10), primary_key=True),
        _required("month", sa.String(7)),
        sa.Column("line", Json),
        _required("since", UtcDateTime),
        _required("moved_at", UtcDateTime),
    )
    op.create_table(
        "superseded_lines",
        sa.Column("signature_id", Id, sa.ForeignKey("month_signatures.fact_id"), primary_key=True),
        sa.Column("duty", sa.String(32), primary_key=True),
        sa.Column("period", sa.String(10), primary_key=True),
        sa.Column("line", Json),
    )


def downgrade():
    """Take them away."""
    for table in (
        "superseded_lines", "line_supplements", "signing_grants", "month_disputes", "month_consents", "month_signatures",
    ):  # fmt: skip
        op.drop_table(table)
