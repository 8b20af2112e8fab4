"""Which duties the matrix shows, and by which of them its rows are sorted: both stand in the address and go along with it."""

from collections.abc import Iterable
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from webapp.desk.ledger.figures import ordered, worst_in
from webapp.ledger.queries import DutyHead, Row

BY_UNIT = "unit"  # sorted by the units' codes


@dataclass(frozen=True)
class Columns:
    """``sort``: the code of a shown duty, BY_UNIT, or empty for the whole row; always what is worst first."""

    duties: list[DutyHead]
    all: list[DutyHead]
    sort: str
    kept: dict[str, str | list[str]]  # for the addresses of the same matrix at another period or unit

    @property
    def some(self) -> bool:
        """Whether columns are left out."""
        return len(self.duties) < len(self.all)

    def sorted(self, sort: str) -> dict[str, str | list[str]]:
        """For the address of the same columns, sorted otherwise."""
        rest = {name: value for name, value in self.kept.items() if name != "sort"}
        return rest | ({"sort": sort} if sort else {})

    def ordered(self, rows: Iterable[Row]) -> list[Row]:
        """The rows as they are asked for."""
        if self.sort == BY_UNIT:
            return sorted(rows, key=lambda row: row.unit.code)
        return worst_in(rows, self.sort) if self.sort else ordered(rows)


def columns(there: list[DutyHead], known: Iterable[str], asked: MultiDict) -> Columns:
    """What ``?col=&sort=`` ask for, of the duties that the period has; of none of them all are shown.

    A duty of months is kept in the address of a day: it comes back with the next month.
    """
    known = set(known)
    chosen = list(dict.fromkeys(code for code in asked.getlist("col") if code in known))
    shown = [duty for duty in there if duty.code in chosen] or there
    sort = asked.get("sort", "")
    sort = sort if sort == BY_UNIT or sort in {duty.code for duty in shown} else ""
    kept = {name: value for name, value in {"col": chosen, "sort": sort}.items() if value}
    return Columns(shown, there, sort, kept)
