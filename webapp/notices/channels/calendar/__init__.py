"""Calendar: a program reads a person's deadlines at a secret address (``ics.py``); nothing is sent."""

from webapp.notices.channels.channel import Channel

CHANNEL = Channel("calendar", "nobody")
