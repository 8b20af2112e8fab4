"""What all servers of one database must have in common."""

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
