"""One table of every fact that names a photo: records, changes of relay points, second contents, what was refused."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

RECORDS = """
INSERT INTO photo_refs (fact_id, source, content, author_id, ordinal, digest, size, unit_code)
SELECT old.inspection_id, 'record', '', inspections.author_id, old.ordinal, old.digest, old.size, inspections.unit_code
FROM old_photo_refs AS old JOIN inspections ON inspections.id = old.inspection_id
"""
POINTS = """
INSERT INTO photo_refs (fact_id, source, content, author_id, ordinal, digest, size, unit_code)
SELECT fact_id, 'point', '', author_id, -1, photo_digest, photo_size, unit_code
FROM relay_changes WHERE photo_digest IS NOT NULL AND author_id IS NOT NULL
"""
# Texts, in which digests are sought: (fact, source, content, author, unit, text).
SECONDS = """
SELECT conflicts.fact_id, 'second', conflicts.digest, facts.author_id, facts.unit_code, conflicts.open
FROM conflicts JOIN facts ON facts.id = conflicts.fact_id WHERE conflicts.decision IS NULL
"""
REFUSED = "SELECT fact_id, 'refused', digest, author_id, unit_code, text FROM refusals WHERE text <> ''"
BACK = """
INSERT INTO photo_refs (inspection_id, ordinal, digest, size)
SELECT fact_id, ordinal, digest, size FROM old_photo_refs WHERE source = 'record'
"""
POINTS_BACK = """
UPDATE relay_changes SET
photo_digest = (SELECT digest FROM old_photo_refs AS old WHERE old.source = 'point' AND old.fact_id = relay_changes.fact_id),
photo_size = (SELECT size FROM old_photo_refs AS old WHERE old.source = 'point' AND old.fact_id = relay_changes.fact_id)
"""


def upgrade():
    """Change the schema."""
    _set_aside()
    op.create_table(
        "photo_refs",
        sa.Column("fact_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("unit_code", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "source IN ('record', 'point', 'second', 'refused')", name=op.f("ck_photo_refs_source")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_photo_refs_author_id")),
        sa.PrimaryKeyConstraint(
            "fact_id", "source", "content", "author_id", "ordinal", "digest", name=op.f("pk_photo_refs")
        ),
    )
    op.execute(RECORDS)
    op.execute(POINTS)
    fill(op.get_bind())
    op.create_index(op.f("ix_photo_refs_digest"), "photo_refs", ["digest"], unique=False)
    op.drop_table("old_photo_refs")
    op.drop_index(op.f("ix_relay_changes_photo_digest"), table_name="relay_changes")
    op.drop_column("relay_changes", "photo_digest")
    op.drop_column("relay_changes", "photo_size")


def _set_aside() -> None:
    """Names of keys and indexes are one to a database: the old table goes before the new one comes."""
    op.execute("CREATE TABLE old_photo_refs AS SELECT * FROM photo_refs")
    op.drop_table("photo_refs")


def fill(connection):
    """What texts that were kept without being counted speak of."""
    table = sa.table(
        "photo_refs",
        *map(sa.column, ("fact_id", "source", "content", "author_id", "ordinal", "digest", "unit_code")),
    )
    for query in (SECONDS, REFUSED):
        rows = {
            (fact, source, content, author, digest): unit
            for fact, source, content, author, unit, text in connection.execute(sa.text(query))
            for digest in re.findall(r"\b[0-9a-f]{64}\b", text)
        }
        named = ("fact_id", "source", "content", "author_id", "digest")
        if rows:
            connection.execute(
                table.insert(),
                [
                    {**dict(zip(named, key, strict=True)), "ordinal": -1, "unit_code": unit}
                    for key, unit in rows.items()
                ],
            )


def downgrade():
    """Change it back; what second and refused contents name stands in their texts."""
    _set_aside()
    op.create_table(
        "photo_refs",
        sa.Column("inspection_id", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_photo_refs_inspection_id")
        ),
        sa.PrimaryKeyConstraint("inspection_id", "ordinal", "digest", name=op.f("pk_photo_refs")),
    )
    op.create_index(op.f("ix_photo_refs_digest"), "photo_refs", ["digest"], unique=False)
    op.execute(BACK)
    op.add_column("relay_changes", sa.Column("photo_digest", sa.String(length=64), nullable=True))
    op.add_column("relay_changes", sa.Column("photo_size", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_relay_changes_photo_digest"), "relay_changes", ["photo_digest"], unique=False)
    op.execute(POINTS_BACK)
    op.drop_table("old_photo_refs")
