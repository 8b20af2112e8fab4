"""Lines of documents worked by hand: each duty in each status, and the closings of the 10th [15.4-15.6, 16.2].

A report is done when it was sent, a bulletin when it was issued. November's close with 10 December, a quarter's with January.
"""

from datetime import date, datetime

from tests.ledger_cases import Case
from tests.upper_cases import BARE, POINTED, TOWN
from tests.upper_tables import MONTH, QUARTER, at, inputs, nov
from webapp.core.clock import LOCAL
from webapp.documents.rules import Written
from webapp.ledger.populations import Below
from webapp.rulebook.documents import document_types
from webapp.rulebook.periods import Period, period_of
from webapp.rulebook.rules import load


def minute(day: date, hour: int, minutes: int = 0) -> datetime:
    """A minute of a day in Inner Mongolia."""
    return datetime(day.year, day.month, day.day, hour, minutes, tzinfo=LOCAL)


def paper(
    code: str, issued: datetime, sent: datetime | None = None, period: Period = MONTH, n: int = 1, void: bool = False
) -> Written:  # fmt: skip
    """A document that fulfils the duty."""
    kind = document_types()[load().duties[code].document]
    return Written(kind.code, period.code, kind.number(issued.year, n), issued, sent, void)


def papers(code: str, world: Below, *written: Written) -> dict:
    """What the line is folded from."""
    return inputs(code, world) | {"documents": written}


ON_TIME = minute(nov(3, 12), 10)
SENT = minute(nov(3, 12), 11)
DECEMBER = at(nov(5, 12))
LATE, EARLY = minute(nov(11, 12), 0, 5), minute(nov(28), 9)


def rows(code: str, world: Below, sent: bool, period: Period = MONTH, *, issued=ON_TIME, late=LATE, now=DECEMBER) -> list[Case]:  # fmt: skip
    """A line met, due, missed by nothing and by one too late; a report also under way, when it is issued and not sent."""

    def case(name, status, said, written=(), now=now):
        return Case(name, code, period, status, said, papers(code, world, *written), now)

    whole = "document-sent" if sent else "document-issued"
    found = [
        case("in time", "met", whole, [paper(code, issued, issued if sent else None, period)]),
        case("nothing yet", "due", "left"),
        case("nothing", "missed", "short", now=at(date(2027, 2, 1))),
        case(
            "too late",
            "missed",
            "document-late short",
            [paper(code, late, late if sent else None, period)],
            now=at(date(2027, 2, 1)),
        ),
    ]
    if sent:
        found.append(
            case("issued and not sent", "partial", "document-waits left", [paper(code, issued, None, period)])
        )
    else:
        found.append(
            case(
                "before the period was over",
                "partial",
                "document-early left",
                [paper(code, EARLY, None, period)],
            )
        )
    return found  # fmt: skip


DOCUMENT_CASES = [
    *rows("relay-county-report", POINTED, True),
    Case("no relay point", "relay-county-report", MONTH, "not-applicable", "nobody-to-cover",
         papers("relay-county-report", TOWN)),
    *rows("quality-bulletin", BARE, False),
    *rows("inspection-report", BARE, True),
    *rows("region-special-bulletin", BARE, False, QUARTER, issued=minute(date(2027, 1, 12), 9),
          late=minute(date(2027, 2, 1), 0, 1), now=at(date(2027, 1, 5))),
    # The closings of the 10th.
    Case("sent on the 10th at 23:40", "relay-county-report", MONTH, "met", "document-sent",
         papers("relay-county-report", POINTED, paper("relay-county-report", ON_TIME, minute(nov(10, 12), 23, 40))), LATE),
    Case("sent on the 11th at 00:05", "relay-county-report", MONTH, "missed", "document-late short",
         papers("relay-county-report", POINTED, paper("relay-county-report", ON_TIME, LATE)), LATE),
    Case("declared void, and nothing instead", "inspection-report", MONTH, "missed", "document-void short",
         papers("inspection-report", BARE, paper("inspection-report", ON_TIME, SENT, void=True))),
    Case("the first void, the second in time", "inspection-report", MONTH, "met", "document-void document-sent",
         papers("inspection-report", BARE, paper("inspection-report", ON_TIME, SENT, void=True),
                paper("inspection-report", ON_TIME, SENT, n=2))),
    Case("issued on the last day of the month", "quality-bulletin", MONTH, "missed", "document-early short",
         papers("quality-bulletin", BARE, paper("quality-bulletin", minute(nov(30), 23, 59)))),
    Case("issued in the first minute of the next", "quality-bulletin", MONTH, "met", "document-issued",
         papers("quality-bulletin", BARE, paper("quality-bulletin", minute(nov(1, 12), 0, 0)))),
]  # fmt: skip
SUNDAY = period_of("month", date(2026, 4, 1))  # closes with Sunday 10 May 2026
DOCUMENT_CASES += [
    Case("a Sunday moves nothing: sent that evening", "relay-county-report", SUNDAY, "met", "document-sent",
         papers("relay-county-report", POINTED, paper("relay-county-report", minute(date(2026, 5, 9), 9), minute(date(2026, 5, 10), 22), SUNDAY))),
    Case("a Sunday moves nothing: sent on Monday", "relay-county-report", SUNDAY, "missed", "document-late short",
         papers("relay-county-report", POINTED, paper("relay-county-report", minute(date(2026, 5, 9), 9), minute(date(2026, 5, 11), 8), SUNDAY))),
]  # fmt: skip
