"""The code that proves a mail address."""

import hmac

from webapp.notices.models import NoticeChoice

DIGITS = 8


def code_of(key: str, choice: NoticeChoice) -> str:
    """What proves the address: made anew of the salt each time, so it stands in no table and no copy of one."""
    said = f"mail {choice.person_id} {choice.mail_salt} {choice.mail_address}"
    digest = hmac.digest(key.encode(), said.encode(), "sha256")
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}}"
