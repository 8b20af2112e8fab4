"""Notices, the queue of what is sent of them, choices of how one is told, group robots, calendar feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade():
    """Change the schema."""
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_calendar_feeds_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    with op.batch_alter_table("calendar_feeds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feeds_person_id"), ["person_id"], unique=False)

    op.create_table(
        "group_robots",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("unit_code", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column(
            "name", sa.String(length=40).with_variant(sa.String(length=640), "postgresql"), nullable=False
        ),
        sa.Column("webhook", sa.String(length=500), nullable=False),
        sa.Column("secret", sa.String(length=200), nullable=True),
        sa.Column("webhook_digest", sa.String(length=64), nullable=True),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("lately", sa.JSON(none_as_null=True), nullable=False),
        sa.CheckConstraint("hour >= 0 AND hour <= 23", name=op.f("ck_group_robots_hour")),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_group_robots_made_by")),
        sa.ForeignKeyConstraint(["unit_code"], ["units.code"], name=op.f("fk_group_robots_unit_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_robots")),
        sa.UniqueConstraint("webhook_digest", name=op.f("uq_group_robots_webhook_digest")),
    )
    with op.batch_alter_table("group_robots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_robots_unit_code"), ["unit_code"], unique=False)

    op.create_table(
        "notice_choices",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("channels", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("mail_address", sa.String(length=254), nullable=True),
        sa.Column("mail_verified_at", sa.DateTime(), nullable=True),
        sa.Column("mail_salt", sa.String(length=32), nullable=True),
        sa.Column("mail_asked_at", sa.DateTime(), nullable=True),
        sa.Column("mail_asked", sa.Integer(), nullable=False),
        sa.Column("mail_tries", sa.Integer(), nullable=False),
        sa.CheckConstraint("hour >= 0 AND hour <= 23", name=op.f("ck_notice_choices_hour")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notice_choices_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_choices")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("unit_code", sa.String(length=20), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("values", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("phone_address", sa.String(length=200), nullable=True),
        sa.Column("grave", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notices_person_id")),
        sa.ForeignKeyConstraint(["unit_code"], ["units.code"], name=op.f("fk_notices_unit_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_notices_person_id_key")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index("ix_notices_person_id_created_at", ["person_id", "created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_key"), ["key"], unique=False)
        batch_op.create_index("ix_notices_told_at_seen_at", ["told_at", "seen_at"], unique=False)

    op.create_table(
        "group_matters",
        sa.Column("robot_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("unit_code", sa.String(length=20), nullable=False),
        sa.Column("grave", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["robot_id"], ["group_robots.id"], name=op.f("fk_group_matters_robot_id")),
        sa.ForeignKeyConstraint(["unit_code"], ["units.code"], name=op.f("fk_group_matters_unit_code")),
        sa.PrimaryKeyConstraint("robot_id", "key", name=op.f("pk_group_matters")),
    )
    op.create_table(
        "notice_deliveries",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("sort", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("robot_id", sa.String(length=36), nullable=True),
        sa.Column("params", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("not_before", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("first_tried_at", sa.DateTime(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(), nullable=True),
        sa.Column("claim", sa.String(length=36), nullable=True),
        sa.Column("last_error", sa.String(length=120), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'failed', 'given-up')", name=op.f("ck_notice_deliveries_state")
        ),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (robot_id IS NULL)", name=op.f("ck_notice_deliveries_recipient")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notice_deliveries_person_id")),
        sa.ForeignKeyConstraint(
            ["robot_id"], ["group_robots.id"], name=op.f("fk_notice_deliveries_robot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_deliveries")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_deliveries_key")),
    )
    with op.batch_alter_table("notice_deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_deliveries_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_deliveries_robot_id"), ["robot_id"], unique=False)
        batch_op.create_index("ix_notice_deliveries_state_not_before", ["state", "not_before"], unique=False)


def downgrade():
    """Change it back."""
    with op.batch_alter_table("notice_deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_deliveries_state_not_before")
        batch_op.drop_index(batch_op.f("ix_notice_deliveries_robot_id"))
        batch_op.drop_index(batch_op.f("ix_notice_deliveries_person_id"))

    op.drop_table("notice_deliveries")
    op.drop_table("group_matters")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index("ix_notices_told_at_seen_at")
        batch_op.drop_index("ix_notices_person_id_created_at")
        batch_op.drop_index(batch_op.f("ix_notices_key"))

    op.drop_table("notices")
    op.drop_table("notice_choices")
    with op.batch_alter_table("group_robots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_robots_unit_code"))

    op.drop_table("group_robots")
    with op.batch_alter_table("calendar_feeds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_feeds_person_id"))

    op.drop_table("calendar_feeds")
