"""Sealed lists are read once a process: what is told of a day is right all the same, whatever happens to its lists."""

from tests.cast import CITY, build_in, client_for, read
from tests.desk_lists import DAY, imported, items, listed, post
from webapp.core.clock import now
from webapp.core.database import transaction
from webapp.sampling import day_lists
from webapp.sampling.models import Manifest, ManifestItem


def told(app) -> tuple[set[str], set[str], bool]:
    """Numbers of the day, those on sealed lists, and whether no list is left unsealed; told twice, the second time from memory."""
    first, again = (read(app, lambda session: day_lists.day_lists(session, CITY, DAY, DAY)) for _ in range(2))
    assert first == again
    one = first[DAY]
    return set(one.classes), one.sealed, one.whole


def test_a_list_that_grows_is_sealed_and_supplemented(app):
    cast = build_in(app)
    director = client_for(app, cast, "director")
    day_lists._sealed.clear()
    first = imported(director, listed(20))
    one = set(items(app, first))
    assert told(app) == (one, set(), False) and not day_lists._sealed
    with app.app_context(), transaction() as session:  # a draft may still change
        session.add(
            ManifestItem(manifest_id=first, number="9999999999999", mail_class="parcel", returned=False)
        )
    one.add("9999999999999")
    assert told(app) == (one, set(), False)
    assert post(director, first, "seal").status_code == 302
    assert told(app) == (one, one, True) and len(day_lists._sealed) == 1
    second = imported(director, listed(5, first=100))
    both = one | set(items(app, second))
    assert told(app) == (both, one, False)
    assert post(director, second, "seal").status_code == 302
    assert told(app) == (both, both, True) and len(day_lists._sealed) == 2


def test_a_list_that_is_thrown_away_is_told_no_more_and_what_changes_under_another_seal_is_read_anew(app):
    cast = build_in(app)
    director = client_for(app, cast, "director")
    first = imported(director, listed(20))
    assert post(director, first, "seal").status_code == 302
    one = set(items(app, first))
    assert told(app) == (one, one, True)
    with app.app_context(), transaction() as session:  # by no door of ours: a restored copy, say
        session.get(Manifest, first).seal = "f" * 64
        session.delete(session.get(ManifestItem, (first, min(one))))
    assert told(app) == (one - {min(one)}, one - {min(one)}, True)
    with app.app_context(), transaction() as session:
        session.get(Manifest, first).discarded_at = now()
    assert read(app, lambda session: day_lists.day_lists(session, CITY, DAY, DAY)) == {}


def test_a_process_keeps_so_many_and_no_more(app, monkeypatch):
    monkeypatch.setattr(day_lists, "MOST_KEPT", 1)
    day_lists._sealed.clear()
    cast = build_in(app)
    director = client_for(app, cast, "director")
    for n in range(3):
        assert post(director, imported(director, listed(5, first=10 * n)), "seal").status_code == 302
    assert len(told(app)[1]) == 15 and len(day_lists._sealed) == 1
