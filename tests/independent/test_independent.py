"""A few months of the ledger, computed twice: the server and the domain's sentences agree on every line."""

from pathlib import Path

import pytest

from tests.databases import SqliteTemplate
from tests.independent.comparison import compare
from tests.independent.delivery import clock_of_our_own, powers
from tests.independent.making import make

SEEDS = (8, 23, 36)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return SqliteTemplate(tmp_path_factory.mktemp("independent"))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_ledger_says_what_the_domain_says(seed: int, template, tmp_path: Path):
    with clock_of_our_own():
        count = compare(make(seed, powers()), template, tmp_path)
    assert count.lines > 50
    assert [str(difference) for difference in count.differences] == []
