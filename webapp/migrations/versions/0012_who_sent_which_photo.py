"""Who has sent the bytes of which photo, and who brought what was refused."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Whatever shows its photo today goes on showing it: whoever made a record that names it counts as having sent it.
FILL = """
INSERT INTO photo_senders (digest, person_id, received_at)
SELECT photos.digest, named.person_id, photos.received_at FROM photos JOIN (
    SELECT digest, uploaded_by AS person_id FROM photos
    UNION SELECT photo_refs.digest, inspections.author_id
        FROM photo_refs JOIN inspections ON inspections.id = photo_refs.inspection_id
    UNION SELECT photo_digest, author_id FROM relay_changes
        WHERE photo_digest IS NOT NULL AND author_id IS NOT NULL
) AS named ON named.digest = photos.digest
"""
# Second contents have no rows of their own before somebody decides for them.
UNDECIDED = """
SELECT facts.author_id, conflicts.open FROM conflicts JOIN facts ON facts.id = conflicts.fact_id
WHERE conflicts.decision IS NULL
"""
ONE = """
INSERT INTO photo_senders (digest, person_id, received_at)
SELECT digest, CAST(:person AS VARCHAR(36)), received_at FROM photos WHERE digest = :digest
AND NOT EXISTS (SELECT 1 FROM photo_senders WHERE digest = :digest AND person_id = CAST(:person AS VARCHAR(36)))
"""


def upgrade():
    """Change the schema."""
    op.create_table(
        "photo_senders",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["photos.digest"], name=op.f("fk_photo_senders_digest")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_photo_senders_person_id")),
        sa.PrimaryKeyConstraint("digest", "person_id", name=op.f("pk_photo_senders")),
    )
    with op.batch_alter_table("refusals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("brought_by", sa.String(length=36), nullable=True))
        batch_op.create_foreign_key(op.f("fk_refusals_brought_by"), "people", ["brought_by"], ["id"])
    fill(op.get_bind())


def fill(connection):
    """Who has sent what is here, as far as the records tell."""
    connection.execute(sa.text(FILL))
    for author, said in connection.execute(sa.text(UNDECIDED)).all():
        for digest in sorted(set(re.findall(r"\b[0-9a-f]{64}\b", said))):
            connection.execute(sa.text(ONE), {"person": author, "digest": digest})


def downgrade():
    """Change it back."""
    with op.batch_alter_table("refusals", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_refusals_brought_by"), type_="foreignkey")
        batch_op.drop_column("brought_by")
    op.drop_table("photo_senders")
