"""Which facts speak of which plan of a special check."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.database import Base, Id


class PlanStep(Base):
    """One fact about a plan: what it says is read from the fact itself, where a plan stands from all of them."""

    __tablename__ = "plan_steps"
    fact_id: Mapped[str] = mapped_column(ForeignKey("facts.id"), primary_key=True)
    plan_id: Mapped[str] = mapped_column(Id, index=True)  # the fact that entered it
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), index=True)  # whose plan it is
