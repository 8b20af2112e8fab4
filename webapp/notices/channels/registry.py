"""Every channel, by its code."""

from collections.abc import Mapping

from webapp.notices.channels import calendar, dingtalk, mail, wecom
from webapp.notices.channels.channel import Channel, Sender

CHANNELS: dict[str, Channel] = {one.CHANNEL.code: one.CHANNEL for one in (mail, wecom, dingtalk, calendar)}
PERSONAL = tuple(code for code, one in CHANNELS.items() if one.reaches == "person")
GROUPS = tuple(code for code, one in CHANNELS.items() if one.reaches == "group")


def senders(config: Mapping) -> dict[str, Sender]:
    """The channels that the settings switch on, each with what sends by it."""
    made = {code: channel.sender(config) for code, channel in CHANNELS.items()}
    return {code: sender for code, sender in made.items() if sender is not None}
