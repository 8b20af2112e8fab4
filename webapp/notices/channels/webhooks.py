"""A text posted to a group robot's webhook: to the channel's own host alone, by no detour, and its answer read."""

import json
import urllib.error
import urllib.request
from collections.abc import Collection, Mapping
from datetime import timedelta
from http.client import HTTPException
from urllib.parse import SplitResult, urlsplit

from webapp.notices.channels.channel import Undelivered

LONGEST_ANSWER = 64 * 1024  # bytes
LONGEST = 500  # characters of a webhook's address
MOST_BYTES = 1800  # of a text: WeCom takes 2048


class _NoDetour(urllib.request.HTTPRedirectHandler):
    """An answer that leads elsewhere is a failure: the address that was looked at is the one that is asked."""

    def redirect_request(self, *_what):
        """None: not followed."""
        return


_OPENER = urllib.request.build_opener(_NoDetour)


def origin_of(address: str) -> tuple[SplitResult, str] | None:
    """The parts of an address and its origin (``https://host`` with a port that is not the usual one); None for no address."""
    if len(address) > LONGEST or not address.isprintable() or not address.isascii() or " " in address:
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or "\\" in address:
        return None
    usual = {"https": 443, "http": 80}[parts.scheme]
    return parts, f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port not in (None, usual) else "")


def fault_of(
    config: Mapping, address: str, origins: Collection[str], path: str, secret_name: str
) -> str | None:
    """What is wrong with a webhook's address, as a reason of a field; None: nothing.

    It must be of the channel's own host, or of one that the setting names (a gateway of the house), and hold the key.
    """
    found = origin_of(address)
    if found is None:
        return "webhook"
    parts, origin = found
    if origin not in {*origins, *config["WEBHOOK_ORIGINS"]}:
        return "webhook-host"
    if parts.path != path or f"{secret_name}=" not in parts.query or parts.fragment:
        return "webhook"
    return None


def post(address: str, content: dict, timeout: float) -> dict:
    """The JSON answer; raises :class:`Undelivered` for anything else. WeCom and DingTalk say in it whether it went well."""
    request = urllib.request.Request(  # noqa: S310  (the address was looked at: fault_of)
        address,
        json.dumps(content, ensure_ascii=False).encode(),
        {"Content-Type": "application/json; charset=utf-8"},
    )
    try:
        with _OPENER.open(request, timeout=timeout) as answer:
            said = answer.read(LONGEST_ANSWER)
    except urllib.error.HTTPError as error:
        error.close()
        raise Undelivered(f"http {error.code}", wait=_wait(error.headers.get("Retry-After"))) from None
    except TimeoutError:
        raise Undelivered("timeout") from None
    except urllib.error.URLError as error:
        raise Undelivered("timeout" if isinstance(error.reason, TimeoutError) else "connection") from None
    except (OSError, HTTPException, ValueError):  # a line that was cut in mid-answer, a head that is none
        raise Undelivered("connection") from None
    try:
        found = json.loads(said)
    except ValueError:
        found = None
    if not isinstance(found, dict) or type(found.get("errcode")) is not int:
        raise Undelivered("answer")
    return found


def _wait(text: str | None) -> timedelta | None:
    """What ``Retry-After`` asks for, in seconds, at most an hour."""
    return timedelta(seconds=min(int(text), 3600)) if text and text.isdecimal() and len(text) < 7 else None
