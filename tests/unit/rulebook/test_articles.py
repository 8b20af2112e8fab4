"""The Measures as a text: articles in the order of their numbers, and the number that one looks for."""

from webapp.rulebook.articles import by_article, number_in
from webapp.rulebook.overrides import changeable, minimum
from webapp.rulebook.rules import load


def test_articles_and_paragraphs_stand_in_the_order_of_their_numbers():
    found = by_article(["14.10", "14.2", "15.3①", "14.2(1)", "14", "表"], lambda one: one)
    told = [(one.number, [(part.number, part.duties) for part in one.paragraphs]) for one in found]
    assert told == [
        ("表", [("表", ["表"])]),
        ("14", [("14", ["14"]), ("14.2", ["14.2", "14.2(1)"]), ("14.10", ["14.10"])]),
        ("15", [("15.3", ["15.3①"])]),
    ]


def test_no_duty_of_the_edition_is_left_out():
    duties = list(load().duties.values())
    found = by_article(duties, lambda duty: duty.article)
    assert [one.number for one in found] == ["14", "15", "16"]
    listed = [duty for one in found for part in one.paragraphs for duty in part.duties]
    assert sorted(duty.code for duty in listed) == sorted(duty.code for duty in duties)


def test_the_number_of_a_phrase_comes_with_what_it_counts():
    assert number_in("每次不少于20件") == "20件"
    assert number_in("at least 10 % a day") == "10 %"
    assert number_in("at least 2 sessions a week") == "2 sessions"
    assert number_in("当日业务量不足的，以业务量为准") == ""


def test_every_minimum_of_the_edition_has_its_number():
    for duty in load().duties.values():
        for name, value in changeable(duty).items():
            if name != "shrink":
                phrase = minimum(duty, name)
                assert str(value) in number_in(phrase.zh), (duty.code, name, phrase)
                assert str(value) in number_in(phrase.en), (duty.code, name, phrase)
