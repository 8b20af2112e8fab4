"""WeCom (企业微信): a group robot takes 20 texts a minute."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from webapp.notices.channels.channel import Channel, Message, Undelivered
from webapp.notices.channels.webhooks import fault_of, post

ORIGINS, PATH = ("https://qyapi.weixin.qq.com",), "/cgi-bin/webhook/send"
TOO_FAST = frozenset({45009, 45033})
# The key is no robot's, or the robot was taken out of the group.
GONE = frozenset({93000, 93004, 93008, 40008})


@dataclass(frozen=True)
class WecomSender:
    """Posts texts; ``config`` says which hosts are allowed."""

    config: Mapping
    timeout: float

    def send(self, message: Message) -> None:
        """One text into the group; an ``errcode`` that is not 0 is a failure, whatever the status of the answer."""
        if webhook_fault(self.config, message.to):
            raise Undelivered("host", lasting=True)
        answer = post(message.to, {"msgtype": "text", "text": {"content": message.text}}, self.timeout)
        code = answer["errcode"]
        if code in TOO_FAST:
            raise Undelivered("rate", wait=timedelta(minutes=1))
        if code:
            raise Undelivered(f"robot {code}", lasting=code in GONE)


def webhook_fault(config: Mapping, address: str) -> str | None:
    """What is wrong with the address of a robot."""
    return fault_of(config, address, ORIGINS, PATH, "key")


CHANNEL = Channel(
    "wecom", "group", lambda config: WecomSender(config, config["SENDING_SECONDS"]), webhook_fault
)
