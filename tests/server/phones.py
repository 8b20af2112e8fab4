"""A phone reduced to its door: it signs in at a real server, pushes and puts, and remembers what was acknowledged."""

import hashlib
import io
import json
import random
import re
import urllib.parse
from http.client import HTTPConnection, HTTPException

from PIL import Image

from tests.desk_records import envelope, inspection, parcels
from tests.photos import named
from webapp.demo.county import DEMO_PASSWORD

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
PATIENCE = 60  # seconds that an answer may take on a slow machine


def shot(seed, side: int = 160) -> bytes:
    """A JPEG of noise, some 20 kB: no two alike."""
    file = io.BytesIO()
    noise = random.Random(seed).randbytes(side * side * 3)
    Image.frombytes("RGB", (side, side), noise).save(file, "JPEG", quality=60)
    return file.getvalue()


def check_of(number: int, photos: tuple[bytes, ...] = ()) -> dict:
    """The envelope of a check of one parcel, with these photos."""
    [item] = parcels(1, first=number)
    return envelope(inspection([{**item, "photos": [named(photo) for photo in photos]}]))


class Answer:
    """Status, headers, and the JSON or text of an answer."""

    def __init__(self, response):
        self.status, self.headers, data = response.status, response.headers, response.read()
        self.text = data.decode(errors="replace")
        self.json = json.loads(data) if "json" in self.headers.get("Content-Type", "") else None

    def __repr__(self) -> str:
        return f"{self.status} {self.text[:500]}"


class Phone:
    """One signed-in phone; ``facts`` and ``photos`` are what the server said it has."""

    def __init__(self, server, login: str = "lead", password: str = DEMO_PASSWORD):
        self.server, self.cookie = server, ""
        self.facts: dict[str, dict] = {}
        self.photos: dict[str, bytes] = {}
        self._sign_in(login, password)

    def request(self, method: str, path: str, body=None, **headers: str) -> Answer:
        """One request on a connection of its own; OSError or HTTPException when no whole answer comes."""
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, {"Cookie": self.cookie, **headers})
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        for value in answer.headers.get_all("Set-Cookie") or ():
            if value.startswith(("toucha=", "__Host-toucha=")):
                self.cookie = value.partition(";")[0]
        return answer

    def _sign_in(self, login: str, password: str) -> None:
        token = TOKEN.search(self.request("GET", "/login").text)[1]
        form = urllib.parse.urlencode({"csrf_token": token, "login": login, "password": password})
        answer = self.request("POST", "/login", form, **{"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status == 302, answer

    def push(self, *facts: dict) -> Answer:
        """Push; what is answered stored or known counts as acknowledged."""
        headers = {"X-Toucha": "1", "Content-Type": "application/json"}
        answer = self.request("POST", "/api/sync/push", json.dumps({"facts": facts}), **headers)
        if answer.status == 200:
            sent = {fact["id"]: fact for fact in facts}
            for row in answer.json["results"]:
                assert row["state"] in ("stored", "known"), row
                self.facts[row["id"]] = sent[row["id"]]
        return answer

    def put(self, photo: bytes) -> Answer:
        """Send a photo; 200 and 201 count as acknowledged."""
        name = hashlib.sha256(photo).hexdigest()
        headers = {"X-Toucha": "1", "Content-Type": "image/jpeg"}
        answer = self.request("PUT", f"/api/photos/{name}", photo, **headers)
        if answer.status in (200, 201):
            self.photos[name] = photo
        return answer


# What a request ends with when its server dies.
BROKEN = (OSError, HTTPException)
