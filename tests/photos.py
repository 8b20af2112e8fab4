"""Photos for tests: real pictures, put through the phones' door."""

import hashlib
import io

from PIL import Image

HEADERS = {"X-Toucha": "1", "Origin": "http://localhost"}


def picture(colour: str = "green", size: tuple[int, int] = (64, 48)) -> bytes:
    """A whole JPEG."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return file.getvalue()


def named(data: bytes) -> dict:
    """How a record names the photo."""
    return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "type": "image/jpeg"}


def put(client, data: bytes):
    """The answer to sending the photo."""
    headers = {**HEADERS, "Content-Type": "image/jpeg"}
    return client.put(f"/api/photos/{named(data)['sha256']}", data=data, headers=headers)
