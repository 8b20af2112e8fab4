"""Lines of counties, leagues and the region worked by hand: each duty in each status that it can have [15, 16].

The domain's table of the upper duties is the judge; what decides a single figure stands in the tests of the edges.
"""

from datetime import date

from tests.ledger_cases import Case
from tests.ledger_tables import LONG_AFTER, MON
from tests.plans import REPORT, entered, summed
from tests.upper_tables import (
    HALF,
    MONTH,
    QUARTER,
    WEEK,
    YEAR,
    about,
    at,
    audit,
    below,
    calls,
    city,
    follow,
    inputs,
    look,
    meeting,
    nov,
    parcels,
    points,
    review,
    rural,
    unit,
    visit,
)  # fmt: skip

FIRST = nov(1)
TOWN = below(*city("A1a", "A1b"), *rural("A1c", "A1d"))  # a county of two city and two rural departments
LEAGUE = below(*city("A1a", "A1b", "A1c", "A2a", "A2b"))
TWO = below(*city("A1a", "B1a"))  # two leagues of one department each
LETTERS = (about("letter", "A1a", MON, id="l1"), about("letter", "A1c", MON))
VISITED = (
    about("dept-visit", "A1a", MON, by="county", id="v1"),
    about("dept-visit", "B1a", MON, by="league", id="v2"),
)
POINTED = below(unit("A1a", points=points(8)), unit("A1c", "rural", points=points(3)))
POINTS_OF_TWO = below(
    unit("A1a", points=points(1)), unit("A2a", points=points(1)), unit("B1a", points=points(1))
)
BARE = below(*city("A1a", services=("counter",)))  # nobody delivers


def rows(code, period, said, world, met, part, partly, during, nobody=BARE, **more) -> list[Case]:
    """A line met, under way, due, missed with a part of it, and one of nobody to cover."""

    def case(name, status, said, world, checks, now=LONG_AFTER):
        return Case(name, code, period, status, said, inputs(code, world, *checks), now)

    found = [
        case("enough", "met", said, world, met),
        case(partly, "partial", f"{said} left", world, part, during),
        case("nothing yet", "due", f"{said} left", world, (), during),
        case(f"only {partly}", "missed", f"{said} short", world, part),
    ]
    return found + ([case("nobody", "not-applicable", "nobody-to-cover", nobody, ())] if nobody else [])


def followed(by: str, *codes: str) -> list:
    """Five letters followed in each."""
    return [follow(code, nov(10 + n), 5, by) for n, code in enumerate(codes)]


def reviewed(kind: str, day: date, of: date, by: str, *codes: str) -> list:
    """A signed review of each."""
    return [review(kind, code, day, of, by=by) for code in codes]


def planned(*steps, checks=()) -> dict:
    """The league's plans and the calls of its people."""
    return inputs("relay-league-quarter", PLANNED, *checks) | {"steps": steps}


PLANNED = below(unit("A1a", points=points(8)), unit("A1b", points=points(2, first=8)))
CALLED = calls("A1a", nov(2), 0, 1, 2, 3, 4, by="league"), calls("A1b", nov(20), 8, 9, by="league")
NOW = at(nov(20))
DECEMBER = at(nov(5, 12))
UPPER_CASES = [
    *rows("onsite-depts", MONTH, "cover-percent cover-percent", TOWN,
          [visit("A1a", nov(3)), visit("A1d", nov(3))], [visit("A1a", nov(3))], "city and no rural", NOW),
    *rows("parcel-onsite", QUARTER, "cover-size spread-percent", LEAGUE,
          [parcels(one, nov(3), 1, 20) for one in ("A1a", "A1b", "A1c", "A2a", "A2b")],
          [parcels("A1a", nov(3), 1, 19)], "nineteen parcels", NOW),
    *rows("letter-review", WEEK, "cover-all", below(*TOWN.members.values(), records=LETTERS),
          reviewed("form-review", nov(24), MON, "county", "A1a", "A1b", "A1c"),
          reviewed("form-review", nov(23), MON, "county", "A1a"), "one of three", at(nov(25)),
          below(*rural("A1c"))),
    *rows("letter-review-league", WEEK, "cover-all", below(*LEAGUE.members.values(), records=LETTERS[:1]),
          [review("form-review", "A1", nov(30), MON, "l1", by="league"), review("form-review", "A2", nov(30), MON, by="league")],
          reviewed("form-review", nov(30), MON, "league", "A1"), "one without its form opened", DECEMBER,
          below(*rural("A1c"))),
    *rows("letter-onsite-league-month", MONTH, "cover-size", LEAGUE, followed("league", "A1a", "A2b"),
          followed("league", "A1a"), "one of two", NOW, below(*rural("A1c"))),
    *rows("letter-onsite-league-half-year", HALF, "cover-all", LEAGUE, followed("league", "A1a", "A1b", "A1c", "A2a", "A2b"),
          followed("league", "A1a"), "one of five", NOW, below(*rural("A1c"))),
    *rows("letter-onsite-county-month", MONTH, "cover-size", TOWN, followed("county", "A1a", "A1c"),
          [follow("A1c", nov(9), 4)], "four letters", NOW),
    *rows("letter-onsite-county-year", YEAR, "cover-all", TOWN, followed("county", "A1a", "A1b", "A1c", "A1d"),
          followed("county", "A1a", "A1b", "A1c"), "three of four", NOW),
    *rows("relay-county", MONTH, "cover-points", POINTED, [calls("A1a", nov(3), 0, 1, 2, 3, 7), calls("A1c", nov(9), 0, 1, 2)],
          [calls("A1a", nov(3), 0, 1, 2, 3, 4, 5, 6, 7), calls("A1c", nov(3), 0)], "all of one department and a point of the other", NOW, TOWN),
    *rows("relay-county-review", MONTH, "cover-all", POINTED, reviewed("relay-review", nov(10, 12), FIRST, "county", "A1a", "A1c"),
          reviewed("relay-review", nov(1, 12), FIRST, "county", "A1a"), "one of two", DECEMBER, TOWN),
    *rows("relay-league-month", MONTH, "cover-all", POINTS_OF_TWO, reviewed("relay-review", nov(2, 12), FIRST, "league", "A1", "A2", "B1"),
          reviewed("relay-review", nov(2, 12), FIRST, "league", "A1"), "one of three", DECEMBER, TOWN),
    *rows("region-letters", MONTH, "cover-all spread-size",
          below(*TWO.members.values(), records=(*LETTERS, about("letter", "B1a", MON, id="l2"))),
          [look("A", nov(2, 12), FIRST, "l1"), look("B", nov(2, 12), FIRST, "l2")],
          [look("A", nov(2, 12), FIRST), look("B", nov(2, 12), FIRST, "l2")], "opened in one", DECEMBER, BARE),
    *rows("region-special", QUARTER, "cover-all", TWO,
          [made for one in ("A1a", "B1a") for made in (visit(one, nov(3), by="region"), parcels(one, nov(4), 1, 1, "region"))],
          [visit("A1a", nov(3), by="region")], "no parcels", NOW),
    *rows("region-relay", MONTH, "cover-all", POINTS_OF_TWO, reviewed("relay-review", nov(31, 12), FIRST, "region", "A", "B"),
          reviewed("relay-review", nov(2, 12), FIRST, "region", "A"), "one of two", DECEMBER, TWO),
    *rows("region-reports", MONTH, "cover-all", below(*TWO.members.values(), records=VISITED),
          [audit("A", nov(2, 12), FIRST, "v1"), audit("B", nov(2, 12), FIRST, "v2")],
          [audit("A", nov(2, 12), FIRST, "v1"), audit("B", nov(2, 12), FIRST, "v1")], "one league", DECEMBER, TWO),
    Case("both units and the summary", "relay-league-quarter", QUARTER, "met", "planned plan-summary",
         planned(entered(), summed(REPORT), checks=CALLED)),
    Case("one of two", "relay-league-quarter", QUARTER, "partial", "planned plan-no-summary left", planned(entered(), checks=CALLED[:1]), NOW),
    Case("no plan yet", "relay-league-quarter", QUARTER, "due", "plan-none left", planned(), NOW),
    Case("entered too late", "relay-league-quarter", QUARTER, "missed", "plan-none plan-late short",
         planned(entered(came=at(date(2027, 1, 4))), checks=CALLED)),
    Case("summed up too late, and a second plan that is no better", "relay-league-quarter", QUARTER, "missed",
         "planned plan-summary-late plan-others short",
         planned(entered(), summed(date(2027, 1, 2)), entered("plan-2", units=("A1a",), minimum=8), checks=CALLED)),
    Case("held", "quality-meeting", MONTH, "met", "records", inputs("quality-meeting", TOWN, meeting(nov(30)))),
    Case("not yet", "quality-meeting", MONTH, "due", "records left", inputs("quality-meeting", TOWN), NOW),
    Case("none", "quality-meeting", MONTH, "missed", "records short", inputs("quality-meeting", TOWN)),
    Case("by telephone, late, by a colleague without the role, before the month was over", "relay-county-review", MONTH, "missed",
         "cover-all not-as-asked not-counted-unfinished not-counted-role not-counted-late withdrawn short",
         inputs("relay-county-review", POINTED, review("relay-review", "A1a", nov(2, 12), FIRST, method="records"),
                review("relay-review", "A1a", nov(30), FIRST), review("relay-review", "A1a", nov(3, 12), FIRST, role="inspector"),
                review("relay-review", "A1a", nov(11, 12), FIRST), withdrawn=1)),
    Case("only some of the classes", "onsite-depts", MONTH, "missed", "cover-percent cover-percent short",
         inputs("onsite-depts", TOWN, visit("A1a", nov(3), ["express"]))),
]  # fmt: skip
