"""A phone's queue that goes to the desk as a file, in between everything else: packed from what lies on its disk."""

import base64
import hashlib
import io
import json
import re
import zipfile

from tests.faults.server import Answer, Killed

BOUNDARY = "a-file-of-a-phone"
SENT = ("unsent", "refused")


class Files:
    """Acts of :class:`tests.faults.users.Users`, which offers ``run``, ``looks`` and ``chance``."""

    def _rescue(self, phone: str) -> None:
        """Something is saved, and at once each queue of the phone is brought, by its person or the director.

        The same goes over the line meanwhile; now and then the server dies over the file.
        """
        self._do(phone, "check", **self._work("relay" if self.holder[phone] == "director" else "parcel"))
        logins = {person: login for login, person in self.run.server.cast.people.items()}
        for (_, person), found in sorted(self.looks(phone).items()):
            bringer = self.chance.choice((logins[person], "director"))
            data = _packed(person, found, self.run.tell("bytes", phone=phone, person=person))
            crash = self.chance.choice((None, None, "commit", "file"))
            self.run.note(f"{phone}: {bringer} brings the file of {logins[person]}, {crash or 'no'} crash")
            self.run.oracle.brought |= {record["id"] for record in found["records"]}
            self._bring(bringer, data, crash, own=logins[person] == bringer)

    def _bring(self, bringer: str, data: bytes, crash: str | None, own: bool) -> None:
        cookie = self.run.server.sign_in(bringer)
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="toucha.zip"\r\n\r\n'
        body = head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()
        answer = self._post(cookie, "/rescue", f"multipart/form-data; boundary={BOUNDARY}", body)
        if answer.status == 422 and not own:
            return  # a director whose role has ended
        assert answer.status == 200, "the own file is taken"
        waits = re.search(r'name="file" value="([^"]+)"', answer.body.decode())
        if waits is None:
            return  # there was nothing new in it
        form = f"file={waits[1]}".encode()
        self.run.server.crash = crash
        try:
            self._post(cookie, "/rescue/import", "application/x-www-form-urlencoded", form)
        except Killed:
            self._post(cookie, "/rescue/import", "application/x-www-form-urlencoded", form)

    def _post(self, cookie: str, address: str, sort: str, body: bytes) -> Answer:
        headers = {"Cookie": f"toucha={cookie}", "Content-Type": sort}
        answer = self.run.server.request("POST", address, headers, body)
        if answer.status not in (200, 422):
            self.run.oracle.fault(f"{address} was answered {answer.status}: {answer.body[-400:]!r}")
        return answer


def _packed(person: str, found: dict, photos: dict[str, str]) -> bytes:
    """The file as the phone makes it; a photo whose bytes are damaged stays out."""
    records = sorted(found["records"], key=lambda record: record["id"])
    facts = [
        {name: record[name] for name in ("id", "open", "personal", "salt", "digest")}
        for record in records
        if record["state"] in SENT or any(photo["state"] != "arrived" for photo in record["photos"])
    ]
    manifest = {"format": 1, "person": {"id": person}, "device_time": "2026-11-20T09:00:00+08:00"}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("facts.jsonl", "".join(json.dumps(fact) + "\n" for fact in facts))
        for name, text in sorted(photos.items()):
            data = base64.b64decode(text)
            if hashlib.sha256(data).hexdigest() == name:
                archive.writestr(f"photos/{name}", data)
        archive.writestr("manifest.json", json.dumps(manifest))
    return file.getvalue()
