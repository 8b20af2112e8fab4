"""Tables of marks: by which a photo is found again, and which photos were found to be nearly equal."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Float, Integer, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.database import Base, Digest, UtcDateTime


class MarkedPhoto(Base):
    """A photo that was looked at. Its number stands for it beside its marks: millions of digests would not fit there."""

    __tablename__ = "marked_photos"
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    digest: Mapped[str] = mapped_column(
        Digest, unique=True
    )  # no key to photos: it may be forgotten there first
    method: Mapped[int] = mapped_column(
        SmallInteger
    )  # of photo_hash: marks of two methods say nothing of each other
    # marked; plain: nothing is to be seen in it, so nothing can be found again; broken: its picture cannot be read
    state: Mapped[str] = mapped_column(String(8))
    marks: Mapped[bytes | None] = mapped_column(LargeBinary)  # photo_hash.packed
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (CheckConstraint("state IN ('marked', 'plain', 'broken')", name="state"),)


class PhotoMark(Base):
    """The index of marks: which photos have one of this key. No key to the photo's row: it goes with it (operations)."""

    __tablename__ = "photo_marks"
    key: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False
    )  # 32 bits without a sign
    photo: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    says: Mapped[int] = mapped_column(BigInteger)  # photo_hash.folded
    __table_args__ = {"sqlite_with_rowid": False}


class PhotoTwin(Base):
    """Two photos that are one, but for a crop or another encoding; ``first`` is the digest that was marked earlier."""

    __tablename__ = "photo_twins"
    first: Mapped[str] = mapped_column(Digest, primary_key=True)
    second: Mapped[str] = mapped_column(Digest, primary_key=True, index=True)
    likeness: Mapped[float] = mapped_column(Float)  # the share of parts that agree, 0 to 1
