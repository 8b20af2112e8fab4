"""What `flask notices deliver` does every minute, and a tick besides: queue what is due, send what waits. Idempotent."""

import secrets
from collections.abc import Mapping

from webapp.core import clock
from webapp.core.database import transaction
from webapp.notices.channels.registry import senders
from webapp.notices.digests import compose_digests
from webapp.notices.queue import Told, deliver

FINE = 1_000_000


def run(config: Mapping) -> Told:
    """One run. Several at once share the work; the clock is read anew for each message, for one may take its time."""
    on = senders(config)
    with transaction() as session:
        compose_digests(session, clock.now(), on)
    return deliver(transaction, on, config, clock.now, lambda: secrets.randbelow(FINE) / FINE)
