"""Two short runs; more by ``python3 run.py torture --runs N``."""

import pytest

from tests.torture.plan import Plan, Round, plan_of
from tests.torture.simulation import Ground, Torture


@pytest.fixture(scope="module")
def ground(sqlite_template, tmp_path_factory, browser_type_launch_args):
    """The county, ready to be copied."""
    return Ground(sqlite_template, tmp_path_factory.mktemp("ground"))


@pytest.mark.parametrize(
    "plan",
    [
        Plan(0, (Round(("PA400000001CN", "PA400000015CN"), "both", "push", 0.02),)),
        Plan(
            0,
            (
                Round(("PA400000029CN",), "phone", "save", 0.0),
                Round(("PA400000032CN",), "server", "photo", 0.01),
            ),
        ),
    ],
    ids=[
        "both die while a record is sent",
        "the phone dies while it saves, the server while it takes a photo",
    ],
)
def test_what_a_phone_called_saved_is_on_the_server_once_whatever_is_killed(
    playwright, ground, tmp_path, plan
):
    torture = Torture(playwright, ground, tmp_path, plan)
    torture.run()
    assert torture.kills == len(plan.rounds)


def test_a_seed_tells_the_whole_plan():
    assert plan_of(7) == plan_of(7) != plan_of(8)
    assert len({number for one in plan_of(7, 12).rounds for number in one.numbers}) == sum(
        len(one.numbers) for one in plan_of(7, 12).rounds
    )
