"""DingTalk (钉钉): a group robot takes 20 texts a minute, and is shut for ten minutes where it gets more."""

import base64
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote_plus

from webapp.notices.channels.channel import Channel, Message, Undelivered
from webapp.notices.channels.webhooks import fault_of, post

ORIGINS, PATH = ("https://oapi.dingtalk.com",), "/robot/send"
TOO_FAST = frozenset({130101, 410100, 90030, 660026, 88})
# No such token, the group was dissolved, the robot was switched off or taken out.
GONE = frozenset({300001, 300005, 400013, 400101, 400102, 40035})
SHUT = timedelta(minutes=10)


@dataclass(frozen=True)
class DingtalkSender:
    """Posts texts, signed where the robot has a secret; ``config`` says which hosts are allowed."""

    config: Mapping
    timeout: float

    def send(self, message: Message) -> None:
        """One text into the group; an ``errcode`` that is not 0 is a failure, whatever the status of the answer."""
        if webhook_fault(self.config, message.to):
            raise Undelivered("host", lasting=True)
        address = message.to
        if message.secret:
            moment = int(time.time() * 1000)  # DingTalk compares it with its own clock: no other will do
            address += f"&timestamp={moment}&sign={quote_plus(signature(message.secret, moment))}"
        answer = post(address, {"msgtype": "text", "text": {"content": message.text}}, self.timeout)
        code = answer["errcode"]
        if code in TOO_FAST:
            raise Undelivered("rate", wait=SHUT)
        if code:
            raise Undelivered(f"robot {code}", lasting=code in GONE)


def signature(secret: str, milliseconds: int) -> str:
    """Base64 of HMAC-SHA256 over ``timestamp\\nsecret`` with the secret as key, before it is quoted for an address."""
    digest = hmac.digest(secret.encode(), f"{milliseconds}\n{secret}".encode(), "sha256")
    return base64.b64encode(digest).decode()


def webhook_fault(config: Mapping, address: str) -> str | None:
    """What is wrong with the address of a robot."""
    return fault_of(config, address, ORIGINS, PATH, "access_token")


CHANNEL = Channel(
    "dingtalk",
    "group",
    lambda config: DingtalkSender(config, config["SENDING_SECONDS"]),
    webhook_fault,
    signs=True,
)
