"""The page of a review as values."""

from dataclasses import replace

import pytest

from webapp.desk.records.review_forms import forms_on_a_page
from webapp.rulebook.rules import load
from webapp.web.bodies import FIELDS

REVIEW = load().kinds["form-review"]


@pytest.mark.parametrize("criteria", [1, 2, 3, 4, 6, 12, 40, 100])
def test_whatever_an_edition_asks_of_a_form_its_page_can_be_sent(criteria):
    """Each record brings a field a criterion and its note; the head, 20 signed lines and the token come with them."""
    kind = replace(REVIEW, criteria=REVIEW.criteria[:1] * criteria)
    assert 1 <= forms_on_a_page(kind) <= 40
    assert forms_on_a_page(kind) * (criteria + 1) + len(kind.fields) + 20 + 3 < FIELDS
