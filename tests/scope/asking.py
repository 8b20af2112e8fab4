"""The table held against an app: what is answered otherwise, shown to a stranger, or changed by who is refused."""

import io
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from tests.desk_records import envelope
from tests.scope import files
from tests.scope.actors import ACTORS, FOREIGN, HEADS, MIRROR
from tests.scope.company import PLACES, TODAY
from tests.scope.records import picture
from tests.scope.rows import EVENTS_OF, Row, filled
from tests.scope.table import TABLE
from tests.scope.world import Answer, World
from webapp.core.ids import new_id
from webapp.desk import searches
from webapp.desk.files.waiting import _signer


def holes(world: World, routes: Iterable[str] | None = None, first: bool = False) -> list[str]:
    """Every difference between the table and the app; of ``routes`` only, if given. ``first``: stop at the first."""
    found = []
    for difference in differences(world, TABLE if routes is None else routes):
        found.append(difference)
        if first:
            break
    return found


def ordered() -> list[str]:
    """All routes, those first whose rows notice most: a search for the first difference ends the sooner."""
    early = ("GET /ledger", "GET /find", "GET /attention", "GET /api/sync/pull", "POST /api/sync/push")
    return [*early, *(route for route in TABLE if route not in early)]


def differences(world: World, routes: Iterable[str]) -> Iterator[str]:
    """One sentence for each answer that is not exactly what its row says."""
    for asked in routes:
        route, _, name = asked.partition(" # ")
        for number, row in enumerate(TABLE[route], 1):
            if name in ("", row.name):
                for question in _questions(world, route, number, row):
                    yield from question.faults()


def _questions(world: World, route: str, number: int, row: Row) -> Iterator["Question"]:
    """The row asked about the department ``here``, and by those who have a counterpart about ``there``."""
    asks = row.by.split() or ACTORS
    for who in ACTORS:
        if who in asks:
            yield Question(world, route, number, who)
    for who, stands in MIRROR.items():
        if not row.own and stands in asks:
            yield Question(world, route, number, who, "there")
    if route.startswith("GET ") and number == 1:
        for who in HEADS:
            if who in asks:
                yield Question(world, route, number, who, head=True)


OTHER = {"here": "there", "there": "here"}


class Question:
    """A row, asked by somebody about one department."""

    def __init__(
        self, world: World, route: str, number: int, who: str, own: str = "here", head: bool = False
    ):
        self.world, self.route, self.row, self.who, self.own = (
            world,
            route,
            TABLE[route][number - 1],
            who,
            own,
        )
        self.things = world.things[own] | {
            "other": world.things[OTHER[own]], "sibling": world.things["sibling"], "beside": world.things["beside"],
            "new": new_id(), "former": world.people["moved"], "inactive": world.people["inactive"],
        }  # fmt: skip
        if "code" in self.row.form:  # the codes of the present half minute, of who asks and of the league
            me = world.people.get(who, "")
            self.things["code"] = files.code_of(world.app, me)
            self.things["league_code"] = files.code_of(world.app, world.people["league"])
        self.method, self.path = route.split(" ")
        for place, thing in self.row.args.items():
            value = filled(thing, self.things)
            self.path = self.path.replace(f"<path:{place}>", value).replace(f"<{place}>", value)
        assert "<" not in self.path, f"{route}: the row fills {sorted(self.row.args)} only"
        self.head = head
        self.name = f"{'HEAD' if head else self.method} {route.split(' ')[1]} #{number} by {who} about {own}"

    def faults(self) -> Iterator[str]:
        """What is wrong with the answer."""
        expected, answer = self._expected(), self.answer()
        if not _agrees(expected, answer.said):
            yield f"{self.name}: {answer.said} instead of {expected}"
            return
        yield from self._shown(expected, answer)
        yield from self._told(answer)
        yield from self._changed(expected, answer)

    def answer(self) -> Answer:
        """What the app says."""
        return self.world.ask(self.who, "HEAD" if self.head else self.method, self.path, **self._sent())

    def _expected(self) -> str:
        """The row's answer to who stands to the department as the actor does; in mirrored rows to the counterpart."""
        stands = self.who if self.own == "here" else MIRROR[self.who]
        method = "HEAD" if self.head else self.method
        said = self.row.expected(stands, method, self.path, self._query())
        return filled(said, self.things)

    # ------------------------------------------------------------ what is sent

    def _query(self) -> dict[str, str]:
        key = {searches.KEY: "key"} if self.row.sought else {}
        return filled(self.row.query, self.things) | key

    def _whose(self, who: str) -> str:
        return self.world.people.get(self.who, "") if who == "me" else filled(who, self.things)

    def _sent(self) -> dict:
        row, sent = self.row, {"query_string": self._query(), "given": filled(self.row.given, self.things)}
        if row.session:
            sent["session"] = row.session(self.world)
        if row.sought:
            sent["cookies"] = {searches.COOKIE: self._search()}
        if row.headers:
            sent["headers"] = filled(row.headers, self.things)
        if self.method == "GET":
            return sent
        if row.photo:
            return sent | {"data": picture(PLACES[self.own], row.photo), "content_type": "image/jpeg"}
        if row.fact:
            fact = envelope(filled(row.fact, self.things), id=row.id and filled(row.id, self.things))
            return sent | {"json": {"facts": [fact]}}
        if row.json is not None:
            return sent | {"json": filled(row.json, self.things)}
        form = filled(row.form, self.things)
        if row.file:
            form["file"] = (io.BytesIO(filled(row.file, self.things).encode()), "表.csv")
        if row.waits:
            form["rows"] = self._waiting()
        if row.rescue:
            form["file"] = self._rescue()
        return sent | {"data": form}

    def _waiting(self) -> str:
        """A preview that waits for its confirmation, as the app itself would have signed it for that person."""
        what, whose, unit, header, rows = filled(list(self.row.waits), self.things)
        person = self._whose(whose)
        lines = [[number, cells] for number, cells in enumerate(rows, 2)]
        with self.world.app.app_context():
            return _signer(what).dumps([person, unit, TODAY.isoformat(), header, lines, [], []])

    def _search(self) -> str:
        """A search that was made in this browser, as the app itself keeps it."""
        with self.world.app.app_context():
            kept = [self._whose(self.row.searcher), [["key", filled(self.row.sought, self.things)]]]
            return searches._signer().dumps(kept)

    def _rescue(self):
        """The file of a queue: chosen in the form, or put aside for who has looked at it."""
        author, *facts = filled(list(self.row.rescue), self.things)
        data = files.queue(author, [envelope(fact) for fact in facts])
        if self.route == "POST /rescue":
            return io.BytesIO(data), "queue.zip"
        return files.put_aside(self.world.app, self.world.people.get(self.who, "nobody"), data)

    # ------------------------------------------------------------ what came back

    def _shown(self, expected: str, answer: Answer) -> Iterator[str]:
        """A page that is shown holds what the row names."""
        if expected.startswith("20") and not self.head:
            missing = [one for one in filled(self.row.shows, self.things).split() if one not in answer.text]
            if missing:
                yield f"{self.name}: shows no {', '.join(missing)}"

    def _told(self, answer: Answer) -> Iterator[str]:
        """Nothing of a department that the actor has no part in stands in the answer, whatever its status."""
        found = self._foreign_in(answer.text, FOREIGN[self.who])
        if found:
            yield f"{self.name}: tells {', '.join(sorted(found)[:4])}"

    def _foreign_in(self, text: str, names: Iterable[str]) -> set[str]:
        """The marks of the departments that stand in the text; what stood in the question tells nothing."""
        found = {
            mark
            for name in names
            if name != self.row.tells
            for mark in self.world.marks[name]
            if mark in text
        }
        if found:
            for one in self._asked():
                text = text.replace(one, "")
            found = {mark for mark in found if mark in text}
        return found

    def _asked(self) -> list[str]:
        row = self.row
        said = [row.args, row.query, row.form, row.json, row.fact, row.id, row.file, row.sought]
        said += [list(row.waits or ()), list(row.rescue or ())]
        known = {one for one in _leaves(filled(said, self.things)) if len(one) > 1}
        return sorted(known, key=len, reverse=True)

    def _changed(self, expected: str, answer: Answer) -> Iterator[str]:
        """Refused, or only looked: nothing, but for events. Accepted: something, and nothing of another department."""
        tables = " ".join(sorted(answer.changed))
        exact = next(
            (said for actors, said in self.row.tables.items() if self._stands() in actors.split()), None
        )
        if exact is not None:
            if tables != exact:
                yield f"{self.name}: changes {tables or 'nothing'} instead of {exact or 'nothing'}"
        elif self.method == "GET" or self.row.quiet or self._refused(expected):
            beyond = answer.changed.keys() - set(EVENTS_OF.get(self.route, ()))
            if beyond:
                yield f"{self.name}: {answer.said}, and changes {', '.join(sorted(beyond))}"
        elif not answer.changed:
            yield f"{self.name}: {answer.said}, and changes nothing"
        for table, both in answer.changed.items():
            if self.row.never and any(filled(self.row.never, self.things) in str(row) for row in both[1]):
                yield f"{self.name}: {table} holds {filled(self.row.never, self.things)}"
            text = "\n".join(str(row) for rows in both for row in rows)
            found = self._foreign_in(text, [name for name in FOREIGN[self.who] if "." not in name])
            if found and table not in EVENTS_OF.get(self.route, ()):
                yield f"{self.name}: changes {table} of {', '.join(sorted(found)[:4])}"

    def _stands(self) -> str:
        return self.who if self.own == "here" else MIRROR[self.who]

    def _refused(self, expected: str) -> bool:
        turned_away = {"302 /login": "POST /logout", "302 /account": "POST /account"}
        return (
            expected[0] in "45"
            or "refused" in expected
            or any(expected.startswith(said) and self.route != but for said, but in turned_away.items())
        )


def _leaves(value) -> Iterator[str]:
    """Every text in it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in (*value, *value.values()):
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)


def _agrees(expected: str, said: str) -> bool:
    """Alike; ``*`` stands for an id that is not known before."""
    pattern = re.escape(unquote(expected)).replace(r"\*", r"[^/ ]+")
    return re.fullmatch(pattern, unquote(said)) is not None


def told(found: list[str]) -> str:
    """The differences as a failing test shows them."""
    return json.dumps(found, ensure_ascii=False, indent=1)
