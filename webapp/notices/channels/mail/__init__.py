"""Mail, by a server that the settings name (``TOUCHA_SMTP_…``); without them there is none."""

from webapp.notices.channels.channel import Channel
from webapp.notices.channels.mail.smtp import sender_of

CHANNEL = Channel("mail", "person", sender_of)
