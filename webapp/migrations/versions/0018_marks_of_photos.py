"""Marks by which a photo is found again when it is used a second time."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "marked_photos",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("method", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=True),
        sa.Column("marked_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("state IN ('marked', 'plain', 'broken')", name=op.f("ck_marked_photos_state")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_marked_photos")),
        sa.UniqueConstraint("digest", name=op.f("uq_marked_photos_digest")),
    )
    op.create_table(
        "photo_marks",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("photo", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("says", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "photo", name=op.f("pk_photo_marks")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "photo_twins",
        sa.Column("first", sa.String(length=64), nullable=False),
        sa.Column("second", sa.String(length=64), nullable=False),
        sa.Column("likeness", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("first", "second", name=op.f("pk_photo_twins")),
    )
    op.create_index("ix_photo_twins_second", "photo_twins", ["second"])


def downgrade():
    op.drop_table("photo_twins")
    op.drop_table("photo_marks")
    op.drop_table("marked_photos")
