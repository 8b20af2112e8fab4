"""What those above are shown costs as many queries with four departments as with twenty-six: every page and both doors."""

import pytest

from tests.scope.asking import Question, told
from tests.scope.company import COUNTY
from tests.scope.multiplied import multiply
from tests.scope.table import TABLE
from tests.scope.world import World
from tests.statements import queries_of

ABOVE = ("county", "league", "region")
MORE = [f"{COUNTY}9{n:02}" for n in range(22)]  # with the two that are there as many as a phone holds whole
# A workbook with a sheet for each department: each is filled from its own records.
BY_SHEET = ("GET /forms/checks.xlsx",)


@pytest.fixture(scope="module")
def worlds(sqlite_template, tmp_path_factory):
    """The company, and the same where the department is there twenty-five times."""
    few, many = (World(sqlite_template, tmp_path_factory.mktemp(name)) for name in ("few", "many"))
    staff = {many.things["here"][who] for who in ("carrier", "carrier2", "lead", "inspector", "director")}
    multiply(many.file, staff, MORE)
    many.restorer.backup(many.pristine)
    many.rows, many.version = many._rows(), many._version()
    yield few, many
    for world in (few, many):
        world.close()


def asked(world: World) -> dict[str, int]:
    """{route and who: how many queries} of all that is shown to those above."""
    found = {}
    for route, rows in TABLE.items():
        if route.startswith("GET ") or route == "POST /api/sync/push":
            for number, row in enumerate(rows, 1):
                for who in ABOVE:
                    if not row.by or who in row.by.split():
                        said, count = _answered(world, Question(world, route, number, who))
                        assert not said.startswith("500"), f"{route} #{number} by {who}: {said}"
                        if said.startswith("200"):
                            found[f"{route} #{number} by {who}"] = count
    return found


def _answered(world: World, question: Question) -> tuple[str, int]:
    said = []
    count = queries_of(world.app, lambda: said.append(question.answer().said))
    return said[0], count


def test_no_page_grows_with_the_departments(worlds):
    few, many = map(asked, worlds)
    grown = {
        name: (count, many.get(name))
        for name, count in few.items()
        if many.get(name) != count and not name.startswith(BY_SHEET)
    }
    assert not grown, told(grown)
