"""Lists as a director brings them, for tests of the desk's pages."""

import hashlib
import io
import re
from datetime import date
from html import unescape

from tests import cast as company
from tests.cast import CITY
from tests.desk_records import today
from webapp.sampling import queries
from webapp.sampling.models import Manifest, ManifestItem

DAY = today()


def words(answer) -> str:
    """What a person reads on the page."""
    text = re.sub(r"(?s)<(script|style|svg).*?</\1>", " ", answer.text)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def upload(client, data: bytes, name: str = "投递清单.csv", day: date = DAY, unit: str = CITY):
    form = {"day": day.isoformat(), "file": (io.BytesIO(data), name)}
    return client.post(f"/manifests/import?unit={unit}", data=form, content_type="multipart/form-data")


def confirm(client, previewed, unit: str = CITY):
    waiting = re.search(r'name="rows" value="([^"]+)"', previewed.text)
    assert waiting, words(previewed)
    return client.post(f"/manifests/import/confirm?unit={unit}", data={"rows": waiting[1]})


def listed(count: int, first: int = 0, route: str = "1") -> bytes:
    rows = [
        f"98765432{n:05},{('特快', '给据函件', '国内小包')[n % 3]},{route}"
        for n in range(first, first + count)
    ]
    return "\n".join(["邮件号,邮件种类,道段", *rows]).encode("gb18030")


def imported(client, data: bytes, **more) -> str:
    """Import the file; the id of the list."""
    answer = confirm(client, upload(client, data, **more), more.get("unit", CITY))
    assert answer.status_code == 302
    return answer.location.rpartition("/")[2]


def one(app, manifest_id: str) -> Manifest:
    return company.read(app, lambda session: session.get(Manifest, manifest_id))


def items(app, manifest_id: str) -> dict[str, ManifestItem]:
    return company.read(
        app, lambda session: {row.number: row for row in queries.items_of(session, manifest_id)}
    )


def drawn_by_hand(seed: str, numbers) -> list[str]:
    return sorted(numbers, key=lambda number: hashlib.sha256(f"{seed}{number}".encode()).hexdigest())


def post(client, manifest_id: str, what: str, **form):
    return client.post(f"/manifests/{manifest_id}/{what}", data=form)
