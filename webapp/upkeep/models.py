"""Tables of what all servers of one database have in common, and of what a tick remembers for the next one."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.database import Base, Digest, UtcDateTime


class CellMark(Base):
    """The fingerprint of something that every server of the cell has: its secret key, its photo store (``what``)."""

    __tablename__ = "cell_marks"

    what: Mapped[str] = mapped_column(String(20), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(Digest)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UpkeepMark(Base):
    """How far a work has come that one tick does not finish."""

    __tablename__ = "upkeep_marks"
    work: Mapped[str] = mapped_column(String(16), primary_key=True)
    # When its round began (the walk through all files), or up to which arrival of photos it is done.
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Where the next tick goes on, empty where the round is done; or the method by which it was done.
    reached: Mapped[str] = mapped_column(String(64))
