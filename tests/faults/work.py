"""What people record with their phones, mend and take back."""

from datetime import timedelta

from tests.cast import CITY, POINTS
from tests.faults.photos import jpeg
from webapp.core.clock import local_date

# Whose work an act is; what is not listed is anybody's.
WORK = {
    "parcels": ("lead", "inspector"),
    "visit": ("director", "inspector"),
    "register": ("director",),
    "volume": ("director",),
}


class Work:
    """Acts of :class:`tests.faults.users.Users`, which offers ``_do``, ``_page``, ``_here``, ``looks`` and ``chance``."""

    def _photo(self) -> str:
        self._photos += 1
        # Now and then the same picture again: two records then share its bytes.
        return jpeg(self.chance.randrange(self._photos) if self.chance.random() < 0.2 else self._photos)

    def _work(self, kind: str) -> dict:
        count = self.chance.choice((1, 1, 2, 4))
        items = [self._call() if kind == "relay" else self._parcel() for _ in range(count)]
        return {
            "kind": kind,
            "unit": CITY,
            "about": None,
            "taps": self.chance.choice((1, 1, 1, 2)),
            "items": items,
        }

    def _parcel(self) -> dict:
        self._numbers += 1
        bad = self.chance.random() < 0.3
        photos = [self._photo() for _ in range(self.chance.choice((0, 0, 1, 2)))]
        subject = f"9880{self._numbers:09}"
        return {
            "subject": subject,
            "criterion": "feedback" if bad else None,
            "photos": photos,
            "position": None,
        }

    def _call(self) -> dict:
        points = [name for unit, _, names in POINTS if unit == CITY for name in names]
        place = {"latitude": 43.9, "longitude": 116.0, "accuracy": 12}
        photos = [self._photo() for _ in range(self.chance.choice((1, 1, 2)))]
        return {
            "subject": self.run.server.cast.points[self.chance.choice(points)],
            "criterion": None,
            "photos": photos,
            "position": place,
        }

    def _parcels(self, phone: str) -> None:
        self._do(phone, "check", **self._work("parcel"))

    def _visit(self, phone: str) -> None:
        self._do(phone, "check", **self._work("relay"))

    def _pull_down(self, phone: str) -> None:
        self._do(phone, "sync")

    def _found(self, phone: str, page: str) -> dict | None:
        return self.looks(phone).get((phone, self._opened.get((phone, page))))

    def _finish_lying(self, phone: str) -> None:
        page = self._page(phone)
        found = self._found(phone, page)
        if found and found["drafts"]:
            self._do(phone, "finish", page, draft=self.chance.choice(found["drafts"])["id"])

    def _one(self, phone: str, fits) -> tuple[str, dict | None]:
        """A page, and a record on it that fits."""
        page = self._page(phone)
        found = self._found(phone, page)
        records = [record for record in found["records"] if fits(record)] if found else []
        return page, self.chance.choice(records) if records else None

    def _withdraw(self, phone: str) -> None:
        """A record of this phone, or of the same person's other one, is taken back."""
        page, person = self._here(phone)
        claims = [claim for claim in self.run.oracle.claims.values() if claim.person == person]
        found = [claim for claim in claims if claim.type == "inspection"]
        if found:
            self._do(phone, "withdraw", page, id=self.chance.choice(found).id, unit=CITY, reason="重复录入")

    def _correct(self, phone: str) -> None:
        page, record = self._one(phone, lambda record: record["type"] == "inspection")
        if record:
            item = self._call() if record["kind"] == "relay" else self._parcel()
            self._do(phone, "correct", page, id=record["id"], item=item)

    def _confirm(self, phone: str) -> None:
        page, record = self._one(phone, lambda record: record["held"])
        if record:
            self._do(phone, "confirm", page, id=record["id"], unit=record["unit"])

    def _strange(self, phone: str) -> None:
        """Content that this server does not know, or will not have."""
        day = local_date(self.run.server.time.now()).isoformat()
        body = {"v": 1, "type": "inspection", "unit": CITY, "acting": CITY, "date": day, "kind": "parcel"}
        wrong = self.chance.choice(({"v": 2}, {"unit": "150102001"}, {"items": []}, {"type": "poem"}))
        self._do(phone, "other", open={**body, "method": "on-site", "items": [], **wrong})

    def _register(self, phone: str) -> None:
        """A change of the relay register that may be impossible: refused after its guards have passed."""
        day = local_date(self.run.server.time.now()).isoformat()
        names = [name for unit, _, names in POINTS if unit == CITY for name in names]
        wrong = [name for unit, _, names in POINTS if unit != CITY for name in names]
        point = self.run.server.cast.points[
            self.chance.choice(names if self.chance.random() < 0.7 else wrong)
        ]
        op = self.chance.choice(("confirm", "close", "reopen", "close"))
        body = {"v": 1, "type": "point", "unit": CITY, "acting": CITY, "date": day, "point": point, "op": op}
        self._do(phone, "other", open={**body, "day": day, "values": {}, "reason": "搬迁"})

    def _volume(self, phone: str) -> None:
        """A day's volume, perhaps of a day that has none yet."""
        today = local_date(self.run.server.time.now())
        about = today + timedelta(days=self.chance.choice((0, 0, 3)))
        volumes = {"parcel": {"items": self.chance.randrange(40), "returned": None}}
        body = {"v": 1, "type": "volume", "unit": CITY, "acting": CITY, "date": today.isoformat()}
        self._do(phone, "other", open={**body, "about": about.isoformat(), "volumes": volumes})

    def _mend(self, phone: str) -> None:
        """A refused record is sent again, mended or given up."""
        page, record = self._one(phone, _is_stuck)
        if not record:
            return
        way = self.chance.choice(("retry", "dismiss", "correct"))
        if way == "correct" and record["type"] == "inspection" and record["kind"] in ("relay", "parcel"):
            item = self._call() if record["kind"] == "relay" else self._parcel()
            self._do(phone, "correct", page, id=record["id"], item=item)
        else:
            self._do(phone, "retry" if way == "correct" else way, page, id=record["id"])


def _is_stuck(record: dict) -> bool:
    """Whether a record or a photo of it was refused."""
    return "refused" in (record["state"], *(photo["state"] for photo in record["photos"]))
