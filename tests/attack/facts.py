"""Pushes: records that a phone could send, and the same with something wrong in them at any depth."""

import json
import random
import secrets

from tests.attack import odd
from tests.attack.wire import Blow
from webapp.core.ids import new_id
from webapp.demo.county import CITY
from webapp.journal.rules import fact_digest, personal_hash
from webapp.rulebook.rules import load

HEADERS = {"X-Toucha": "1"}
KINDS = load().kinds


def enveloped(open: object, personal: object, fact_id: str | None = None) -> dict:
    """What a phone sends of a record; its digest is right."""
    texts = [json.dumps(part) if part else "" for part in (open, personal)]
    salt = secrets.token_hex(16)
    digest = fact_digest(texts[0], personal_hash(salt, texts[1]))
    return {"id": fact_id or new_id(), "open": texts[0], "personal": texts[1], "salt": salt, "digest": digest}


class Facts:
    """The records of one attacker; what was sent before is corrected, withdrawn and sent again."""

    def __init__(self, chance: random.Random, day: str):
        self.chance, self.day = chance, day
        self._sent: list[str] = [new_id()]
        self._points: list[str] = [new_id()]

    def record(self) -> tuple[dict, dict]:
        """The open and personal parts of a record that could be."""
        chance = self.chance
        own = {"v": 1, "unit": CITY, "acting": CITY, "date": self.day}
        match chance.randrange(8):
            case 0:
                target = chance.choice(self._sent)
                return {**own, "type": "withdrawal", "target": target, "reason": "看错了"}, {}
            case 1:
                return {
                    **own,
                    "type": "confirmation",
                    "target": chance.choice(self._sent),
                    "day": self.day,
                }, {}
            case 2:
                volumes = {"parcel": {"items": chance.randrange(90), "returned": 0}}
                return {**own, "type": "volume", "about": self.day, "volumes": volumes}, {}
            case 3:
                self._points.append(new_id())
                values = {"name": f"村邮站{chance.randrange(999)}", "kind": "village"}
                op = chance.choice(("open", "change", "close"))
                point = chance.choice(self._points[-2:])
                return {
                    **own,
                    "type": "point",
                    "op": op,
                    "point": point,
                    "day": self.day,
                    "values": values,
                }, {}
            case _:
                return self._inspection(own)

    def _inspection(self, own: dict) -> tuple[dict, dict]:
        chance = self.chance
        kind = KINDS[chance.choice(sorted(KINDS))]
        items = [
            self._item(kind, number)
            for number in range(1 if kind.subject == "none" else chance.choice((1, 3, 20)))
        ]
        open = {
            **own,
            "type": kind.type,
            "kind": kind.code,
            "method": kind.methods[0],
            "items": items,
            "header": {},
        }
        if kind.about:
            open["about"] = self.day
        if chance.random() < 0.2:
            open["amends"] = chance.choice(self._sent)
        open["started"] = open["ended"] = f"{self.day}T09:00:00+08:00"
        position = {"latitude": 43.9, "longitude": 116.0, "accuracy": 12}
        return open, {"notes": {"0": "门卫代收"}, "positions": {"0": position}}

    def _item(self, kind, number: int) -> dict:
        codes = [criterion.code for criterion in kind.criteria]
        subjects = {"none": "-", "point": new_id()}
        return {
            "subject": subjects.get(kind.subject, f"98801234{number:05}"),
            "class": kind.classes[0] if kind.classes else None,
            "verdict": "pass" if kind.judged else None,
            "answers": dict.fromkeys(codes[:2], "pass") if kind.judged else {},
            "photos": [{"sha256": secrets.token_hex(32), "size": 1_000}] if kind.photo == "always" else [],
            "position": "given" if kind.position else None,
            "stratum": kind.strata[0].code if kind.strata else None,
        }

    def envelope(self) -> object:
        """One fact, whole or with something wrong in it."""
        chance = self.chance
        open, personal = self.record()
        if chance.random() < 0.75:
            open = odd.changed(open, chance)
        if chance.random() < 0.3:
            personal = odd.changed(personal, chance)
        if chance.random() < 0.03:
            open = {"v": 1, "items": odd.deep(chance)} if chance.random() < 0.5 else odd.deep(chance)
        fact = enveloped(open, personal, chance.choice(self._sent) if chance.random() < 0.05 else None)
        self._sent = [*self._sent[-50:], fact["id"]]
        return odd.changed(fact, chance) if chance.random() < 0.1 else fact

    def push(self) -> Blow:
        """One push of some facts."""
        chance = self.chance
        heads = {CITY: [chance.randrange(9), secrets.token_hex(32)]}
        body = {
            "device_time": f"{self.day}T10:00:00+08:00", "holding": {"records": 3, "photos": 1, "oldest": None},
            "heads": heads, "confirmed": heads, "lost": [{"sha256": "a" * 64, "reason": "gone"}],
            "facts": [self.envelope() for _ in range(chance.choice((0, 1, 1, 3, 12)))],
        }  # fmt: skip
        if chance.random() < 0.3:
            body = odd.changed(body, chance)
        data = self._many() if chance.random() < 0.02 else json.dumps(body).encode()
        if chance.random() < 0.05:
            data = odd.damaged(data, chance)
        return Blow("push", "POST", "/api/sync/push", data, "application/json", HEADERS)

    def _many(self) -> bytes:
        name = self.chance.choice(("facts", "lost", "heads", "confirmed", "holding"))
        what = self.chance.choice((b"{}", b"[]", b"0", b'""', b'{"id":"x"}'))
        return (
            b'{"%s":[' % name.encode()
            + (what + b",") * self.chance.choice((101, 50_000, 900_000))
            + what
            + b"]}"
        )
