"""How often one address may knock where guessing pays. Accounts have their own limit, in the database."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

# A whole office may share one address: this stops machines, not a Monday morning.
KNOCKING = "60 per minute"

limiter = Limiter(get_remote_address, default_limits=[])
