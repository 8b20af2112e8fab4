"""Tables of units, people, roles, devices, enrolments, routes and relay points."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.database import Base, Digest, Id, Json, UtcDateTime, line


class Unit(Base):
    """区公司, 盟市分公司, 旗县局 or 投递部. ``path`` is ``/15/1525/152502/152502001/``: a subtree is a prefix."""

    __tablename__ = "units"
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("units.code"), index=True)
    path: Mapped[str] = mapped_column(String(120), unique=True)
    level: Mapped[str] = mapped_column(String(12))  # region, league, county, department
    setting: Mapped[str | None] = mapped_column(String(8))  # city, rural; departments only
    name: Mapped[str] = mapped_column(line(80))
    # When a draw is shown: "after" the routes are back, or "before" delivery (then it is marked 预告).
    reveal: Mapped[str] = mapped_column(String(8), default="after")
    opened_on: Mapped[date] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    # From which day on its duties stand in the ledger; None: from its opening. An office is older than its ledger.
    ledger_from: Mapped[date | None] = mapped_column(Date)
    # Between closings and reopenings: [[first closed day, first day open again], …] in ISO days, the oldest first.
    closings: Mapped[list] = mapped_column(Json, default=list)
    # What a county-level unit is beside: 投递局 (delivery), 营业局 (counter), or neither (None).
    bureau: Mapped[str | None] = mapped_column(String(8))
    # Whether county managers and above, here and below, need a second factor to sign in.
    second_factor: Mapped[bool] = mapped_column(default=False, server_default=false())

    @property
    def pauses(self) -> tuple[tuple[date, date], ...]:
        """When the unit was closed before it was reopened: (first closed day, first day open again)."""
        return tuple((date.fromisoformat(shut), date.fromisoformat(again)) for shut, again in self.closings)

    def is_open(self, day: date) -> bool:
        """Whether the unit is at work on ``day``: opened, and not closed for a while or for good."""
        shut = any(first <= day < again for first, again in self.pauses)
        return self.opened_on <= day and not shut and (self.closed_on is None or day < self.closed_on)

    @property
    def ledger_first(self) -> date:
        """The first day of the unit's ledger, never before its opening: nothing is owed of the days before."""
        return max(self.opened_on, self.ledger_from or self.opened_on)

    __table_args__ = (
        CheckConstraint("level IN ('region', 'league', 'county', 'department')", name="level"),
        CheckConstraint("setting IN ('city', 'rural')", name="setting"),
        CheckConstraint("reveal IN ('after', 'before')", name="reveal"),
        CheckConstraint(
            "bureau IS NULL OR (level = 'county' AND bureau IN ('delivery', 'counter'))", name="bureau"
        ),
    )


class UnitSetting(Base):
    """From which day on a department is ``city`` or ``rural``; ``Unit.setting`` is today's."""

    __tablename__ = "unit_settings"
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    first_day: Mapped[date] = mapped_column(Date, primary_key=True)
    setting: Mapped[str] = mapped_column(String(8))
    __table_args__ = (CheckConstraint("setting IN ('city', 'rural')", name="setting"),)


class UnitService(Base):
    """From ``first_day`` to ``last_day`` inclusive (None: open) a department has a service; spans of one never overlap."""

    __tablename__ = "unit_services"
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    service: Mapped[str] = mapped_column(String(12), primary_key=True)  # delivery, counter, financial
    first_day: Mapped[date] = mapped_column(Date, primary_key=True)
    last_day: Mapped[date | None] = mapped_column(Date)
    __table_args__ = (
        CheckConstraint("service IN ('delivery', 'counter', 'financial')", name="service"),
        CheckConstraint("last_day >= first_day", name="days"),
    )


class UnitOperator(Base):
    """From which day on a department is run by the post itself (``own``) or by an ``agency`` (委代办)."""

    __tablename__ = "unit_operators"
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    first_day: Mapped[date] = mapped_column(Date, primary_key=True)
    operator: Mapped[str] = mapped_column(String(8))
    __table_args__ = (CheckConstraint("operator IN ('own', 'agency')", name="operator"),)


class Person(Base):
    """Somebody with a login. People are never deleted, only deactivated: their records name them."""

    __tablename__ = "people"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)  # spelt by core.spelling, lower case
    name: Mapped[str] = mapped_column(line(40), index=True)  # of today, spelt by core.spelling
    password_hash: Mapped[str | None] = mapped_column(String(200))  # None: has to enrol
    language: Mapped[str] = mapped_column(String(2), default="zh")
    active: Mapped[bool] = mapped_column(default=True)
    temporary: Mapped[bool] = mapped_column(
        default=False
    )  # the password came from a superior: change it first
    temporary_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # then it opens nothing any more
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    roles: Mapped[list["Role"]] = relationship(
        back_populates="person", order_by="Role.first_day", foreign_keys="Role.person_id"
    )

    # What Flask-Login asks. The session is a Device, not the person: the door that loaded the person from a cookie
    # notes here which one ("<device id>.<token>"), see desk.accounts.login.
    is_authenticated = True
    is_anonymous = False
    session_id = None

    def get_id(self) -> str | None:
        """What Flask-Login keeps in the cookie."""
        return self.session_id

    @property
    def is_active(self) -> bool:
        """Whether this person may sign in."""
        return self.active


class EarlierName(Base):
    """A name that a person bore until ``ended_on``: records of the days before show it."""

    __tablename__ = "earlier_names"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(line(40))
    ended_on: Mapped[date] = mapped_column(Date)  # the first day of the next name
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_by: Mapped[str] = mapped_column(ForeignKey("people.id"))


class LoginFailure(Base):
    """Wrong passwords in a row for a login name from one source, whether or not anybody has that name: a pause tells
    nothing. ``source``: a known device, a network, or all unknown ones together (see ``throttling``)."""

    __tablename__ = "login_failures"
    name_hash: Mapped[str] = mapped_column(
        Digest, primary_key=True
    )  # SHA-256 of the login as typed, normalised
    source: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Knock(Base):
    """How often one address asked at one door until ``ends_at``; the key names both, as SHA-256."""

    __tablename__ = "knocks"
    key_hash: Mapped[str] = mapped_column(Digest, primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SecondFactor(Base):
    """A person's TOTP [RFC 6238]. The secret is not here: it is made of ``salt`` and the server's key each time."""

    __tablename__ = "second_factors"
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    last_step: Mapped[int] = mapped_column(BigInteger)  # of the last code taken: it is good once
    set_up_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """Signs in once instead of a code of the second factor."""

    __tablename__ = "recovery_codes"
    code_hash: Mapped[str] = mapped_column(Digest, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Role(Base):
    """A role held at a unit from ``first_day`` to ``last_day`` inclusive (None: open).

    Of a plan of a special check (``plan_id``) it reaches only the unit ``reach_code`` and those below it.
    """

    __tablename__ = "roles"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    granted_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    plan_id: Mapped[str | None] = mapped_column(Id, index=True)
    reach_code: Mapped[str | None] = mapped_column(ForeignKey("units.code"))
    person: Mapped[Person] = relationship(back_populates="roles", foreign_keys=[person_id])
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_code])
    reach: Mapped[Unit | None] = relationship(foreign_keys=[reach_code])


class Device(Base):
    """One sign-in on one phone or computer. Its random token lives in the session cookie, its hash here."""

    __tablename__ = "devices"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(Digest)
    name: Mapped[str] = mapped_column(String(120))  # from the user agent: "Android · Chrome"
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    synced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # last push, the heartbeat
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proved_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # the password, or a code, was last entered
    # SHA-256 of the token by which the browser is known again after signing out; None: forgotten.
    browser_hash: Mapped[str | None] = mapped_column(Digest, index=True)
    # What the phone said it still holds at its last push.
    held_records: Mapped[int] = mapped_column(Integer, default=0)
    held_photos: Mapped[int] = mapped_column(Integer, default=0)
    skew_ms: Mapped[int | None] = mapped_column(BigInteger)  # a clock may be years off
    emptied_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # the last push after which it held no record
    heads: Mapped[dict | None] = mapped_column(Json)  # {unit: [seq, hash]} the phone last saw
    head_mismatch: Mapped[str | None] = mapped_column(
        Text
    )  # day and units of a rewritten past that this phone noticed
    person: Mapped[Person] = relationship()


class Enrolment(Base):
    """A link, QR or 8-character code that signs one person in once. Only hashes are kept."""

    __tablename__ = "enrolments"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    issued_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    token_hash: Mapped[str] = mapped_column(Digest, unique=True)
    code_hash: Mapped[str] = mapped_column(Digest, unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Route(Base):
    """投递道段: a delivery route of a department."""

    __tablename__ = "routes"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"))
    code: Mapped[str] = mapped_column(String(20))  # as written on manifests: "1", "东2段"
    name: Mapped[str] = mapped_column(line(60))
    closed_on: Mapped[date | None] = mapped_column(Date)
    __table_args__ = (UniqueConstraint("unit_code", "code"),)


class RouteCarrier(Base):
    """Who walks a route from a day on (until the next row of that route)."""

    __tablename__ = "route_carriers"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    route_id: Mapped[str] = mapped_column(ForeignKey("routes.id"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    first_day: Mapped[date] = mapped_column(Date)
    __table_args__ = (UniqueConstraint("route_id", "first_day"),)


class ColumnChoice(Base):
    """What an office took a heading of other people's files for: ``taken`` is a column's code, "" for not read."""

    __tablename__ = "column_choices"
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    sort: Mapped[str] = mapped_column(String(12), primary_key=True)  # of file: manifest, register, units, …
    heading: Mapped[str] = mapped_column(String(60), primary_key=True)  # as file_columns.heading_key has it
    taken: Mapped[str] = mapped_column(String(20))
    chosen_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)
