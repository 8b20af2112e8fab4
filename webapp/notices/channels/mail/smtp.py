"""One mail by one connection to the server of the settings [RFC 5321, RFC 3207]."""

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

from webapp.notices.channels.channel import Message, Undelivered

TIMEOUT = 20  # seconds for each answer
SECURITIES = ("starttls", "ssl", "none")


@dataclass(frozen=True)
class MailSender:
    """The server's name and port, how the line is secured, the account, and the address it writes from."""

    host: str
    port: int
    security: str
    login: str
    password: str = field(repr=False)
    origin: str = ""
    timeout: float = TIMEOUT

    def send(self, message: Message) -> None:
        """Hand it to the server; what fails after the server took it is no failure."""
        letter = self.letter(message)
        try:
            with self._open() as server:
                self._greet(server)
                refused = server.send_message(letter)
                if refused:
                    raise Undelivered("address", lasting=True)
        except Undelivered:
            raise
        except Exception as error:
            raise told(error) from None

    def letter(self, message: Message) -> EmailMessage:
        """The mail as it goes out. Its Message-ID is the message's own: a mailbox that gets it twice can tell."""
        host = urlsplit(message.site).hostname or self.origin.rpartition("@")[2]
        letter = EmailMessage(policy=SMTP)
        letter["From"] = Address("投查 Toucha", addr_spec=self.origin)
        letter["To"] = Address(addr_spec=message.to)
        letter["Subject"] = message.subject
        letter["Message-ID"] = f"<{message.id}@{host}>"
        letter["Auto-Submitted"] = "auto-generated"  # nobody's holiday answers it [RFC 3834]
        letter.set_content(message.text)
        return letter

    def _open(self) -> smtplib.SMTP:
        if self.security == "ssl":
            context = ssl.create_default_context()
            return _Quiet(smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context))
        return _Quiet(smtplib.SMTP(self.host, self.port, timeout=self.timeout))

    def _greet(self, server: smtplib.SMTP) -> None:
        if self.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if self.login:
            server.login(self.login, self.password)


class _Quiet:
    """A connection whose goodbye may fail: the mail was taken before."""

    def __init__(self, server: smtplib.SMTP):
        self.server = server

    def __enter__(self) -> smtplib.SMTP:
        return self.server

    def __exit__(self, *_error) -> None:
        try:
            self.server.quit()
        except (OSError, smtplib.SMTPException):
            self.server.close()


def told(error: Exception) -> Undelivered:
    """Why a try failed, without the server's words: they quote addresses."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _said in error.recipients.values()]
        return Undelivered(f"smtp {codes[0]}", lasting=all(code >= 500 for code in codes))
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Undelivered("login")
    if isinstance(error, smtplib.SMTPResponseException):
        return Undelivered(f"smtp {error.smtp_code}")
    if isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError):
        return Undelivered("tls")
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return Undelivered("timeout")
    if isinstance(error, OSError):  # SMTPException is one, too: a line that was cut
        return Undelivered("connection")
    raise error


def sender_of(config: Mapping) -> MailSender | None:
    """The sender that the settings describe; None where no server or no origin is named."""
    if not config["SMTP_HOST"] or not config["MAIL_FROM"]:
        return None
    return MailSender(
        config["SMTP_HOST"], config["SMTP_PORT"], config["SMTP_SECURITY"], config["SMTP_LOGIN"],
        config["SMTP_PASSWORD"], config["MAIL_FROM"], config["SENDING_SECONDS"],
    )  # fmt: skip
