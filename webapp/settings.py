"""Every setting: its name, default, environment variable, and what it does."""

import os
import secrets
from datetime import timedelta
from pathlib import Path

from webapp.core.postgresql import address, arguments
from webapp.formats.buckets import Bucket, bucket_of

VERSION = "0.1.0"
FIELD_DAYS = 180  # how long a phone works in the field without signing in
ROOT = Path(__file__).resolve().parent.parent


def folder(name: str) -> str:
    """``templates`` or ``static``: beside the package in an installed wheel, one level up in a checkout."""
    inside = Path(__file__).resolve().parent / name
    return str(inside if inside.is_dir() else ROOT / name)


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in ("1", "true", "yes", "on")


def data_directory() -> Path:
    """``TOUCHA_DATA``: database, photos and secret key; default ``instance/`` beside the checkout."""
    return Path(os.environ.get("TOUCHA_DATA", ROOT / "instance")).resolve()


def _secret_key(folder: Path) -> str:
    """``SECRET_KEY``, else one made once and kept in the data directory, readable by its owner only."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    path = folder / "secret-key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Two workers may start together: the link is atomic, the loser reads the winner's key.
        draft = folder / f".secret-key-{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        draft.unlink()
    return path.read_text().strip()


def _database_url(folder: Path) -> str:
    """``DATABASE_URL`` (PostgreSQL), else SQLite in the data directory."""
    url = os.environ.get("DATABASE_URL")
    return address(url) if url else f"sqlite:///{folder / 'toucha.sqlite'}"


def _database(folder: Path) -> dict:
    """Where the data are, and how they are reached. Raises ``ValueError`` for what would not work."""
    url, read = _database_url(folder), os.environ.get("DATABASE_READ_URL", "")
    pooler, threads = os.environ.get("TOUCHA_POOLER", ""), int(os.environ.get("TOUCHA_THREADS", "16"))
    if pooler not in ("", "transaction"):
        raise ValueError("TOUCHA_POOLER is transaction, or not set: no pooler, or one in session mode")
    writers = int(os.environ.get("TOUCHA_WRITERS", str(max(1, threads - 4))))
    if writers < 1:
        raise ValueError("TOUCHA_WRITERS is how many threads of a process may write at a time: 1 or more")
    if read and url.startswith("sqlite"):
        raise ValueError("DATABASE_READ_URL is a replica of the PostgreSQL of DATABASE_URL, which is not set")
    options = {
        "pool_pre_ping": True,
        "hide_parameters": True,  # a log names no person and no place that a failed statement would have written
        # A connection for each thread that may want one: a sixteenth of 15 waited half a minute for nothing.
        "pool_size": threads,
    }
    read = address(read, writes=False) if read else ""
    pooled = pooler == "transaction"
    return {
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": {**options, "connect_args": arguments(url, pooled)},
        "REPLICA_URI": read,
        "REPLICA_OPTIONS": {**options, "connect_args": arguments(read, pooled)} if read else {},
        # How far behind a replica may be, and how long a browser that wrote reads where it wrote.
        "REPLICA_SECONDS": 10,
        # Threads of a process that write at a time on PostgreSQL; the others go on reading while it hangs.
        "WRITERS": writers,
    }


def _accounts(https: bool) -> dict:
    """How people sign in, for how long, and by which cookies."""
    return {
        "LOGIN_FAILURES": 8,  # wrong passwords from one device or network before an account pauses there
        "LOGIN_PAUSE_MINUTES": 15,
        # From all networks together where the person never signed in: then each further one pauses them all.
        "LOGIN_FAILURES_ANYWHERE": 50,
        "LOGIN_PAUSE_ANYWHERE_MINUTES": 60,
        "TEMPORARY_DAYS": int(os.environ.get("TOUCHA_TEMPORARY_DAYS", "7")),
        "PASSWORD_AGAIN_MINUTES": 15,  # how long a password entry is good for changes of roles and accounts
        # Sessions: of county managers and above, and of computers that never synced; of everybody else.
        "OFFICE_IDLE_HOURS": 12,
        "OFFICE_DAYS": 7,
        "FIELD_DAYS": FIELD_DAYS,
        "ENROLMENT_HOURS": 24,
        "SESSION_COOKIE_NAME": "toucha",
        "KNOWN_COOKIE_NAME": "toucha-known",  # by which a browser is known again after signing out
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": https,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=FIELD_DAYS),
        "SESSION_REFRESH_EACH_REQUEST": True,
    }


def _limits(store: str, database: str) -> dict:
    """Where knocks are counted: several servers share a PostgreSQL, so there together; SQLite has one, and spares the writing."""
    store = store or ("database://" if database.startswith("postgres") else "memory://")
    outside = not store.startswith(("memory", "database"))
    return {
        "RATELIMIT_STORAGE_URI": store,
        # A store that goes while we run: each process counts by itself until it is back, and nobody waits for it.
        "RATELIMIT_STORAGE_OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2} if outside else {},
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": outside,
    }


def _notices() -> dict:
    """What leaves the inbox, and by which servers. Raises ``ValueError`` for a line that would not be as secure as meant."""
    security, site = os.environ.get("TOUCHA_SMTP_SECURITY", "starttls"), os.environ.get("TOUCHA_URL", "")
    if security not in ("starttls", "ssl", "none"):
        raise ValueError("TOUCHA_SMTP_SECURITY is starttls, ssl or none")
    if security == "none" and os.environ.get("TOUCHA_SMTP_LOGIN"):
        raise ValueError("TOUCHA_SMTP_LOGIN is told over starttls or ssl only")
    return {
        # Where people reach this server, for links in mails and groups: a command knows no request to read it from.
        "SITE": site.rstrip("/"),
        "SMTP_HOST": os.environ.get("TOUCHA_SMTP_HOST", ""),
        "SMTP_PORT": int(os.environ.get("TOUCHA_SMTP_PORT", "587")),
        "SMTP_SECURITY": security,
        "SMTP_LOGIN": os.environ.get("TOUCHA_SMTP_LOGIN", ""),
        "SMTP_PASSWORD": os.environ.get("TOUCHA_SMTP_PASSWORD", ""),
        "MAIL_FROM": os.environ.get("TOUCHA_MAIL_FROM", ""),
        # Hosts besides WeCom's and DingTalk's own to which a group robot's webhook may lead: a gateway of the house.
        "WEBHOOK_ORIGINS": tuple(os.environ.get("TOUCHA_WEBHOOK_ORIGINS", "").split()),
        "SENDING_SECONDS": 20,  # for each answer of a mail server or a webhook
    }


def _bucket() -> Bucket | None:
    """The bucket that ``TOUCHA_PHOTOS`` names, None for files; raises ``ValueError`` where the way to it is not told."""
    address = os.environ.get("TOUCHA_PHOTOS")
    return bucket_from_environment(address) if address else None


def bucket_from_environment(address: str) -> Bucket:
    """The bucket ``s3://name/prefix`` with the endpoint and keys of the environment; raises ``ValueError``."""
    access = {
        "endpoint": os.environ.get("AWS_ENDPOINT_URL", ""),
        "key": os.environ.get("AWS_ACCESS_KEY_ID", ""),
        "secret": os.environ.get("AWS_SECRET_ACCESS_KEY", ""),
    }
    if not all(access.values()):
        raise ValueError(
            "photos in S3 need AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (docs/operating.md)"
        )
    return bucket_of(address, **access, region=os.environ.get("AWS_REGION", "us-east-1"))


def _amounts(data: Path) -> dict:
    """Where photos lie, and how much of anything is taken and for how long it is kept."""
    return {
        "PHOTO_DIRECTORY": data / "photos",
        "PHOTO_BUCKET": _bucket(),  # instead of the folder
        "PHOTO_MAX_BYTES": 5 * 1024 * 1024,
        "PHOTO_MAX_PIXELS": 40_000_000,
        "PUSH_MAX_FACTS": 100,
        "FACT_MAX_BYTES": 64 * 1024,
        "PUSH_MAX_BYTES": 8 * 1024 * 1024,
        # The largest file with a phone's queue that the desk takes (page /rescue), in MB.
        "RESCUE_MAX_BYTES": int(os.environ.get("TOUCHA_RESCUE_MB", "200")) * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,  # a previewed manifest of 20,000 rows waits in a form field
        "PERSONAL_DAYS": 180,  # how long photos, positions, notes and notices are kept
    }


def load() -> dict:
    """All settings as Flask reads them."""
    data = data_directory()
    demo = _flag("TOUCHA_DEMO", False)
    https = _flag("TOUCHA_HTTPS", not demo)  # off only on the loopback demo: cookies are Secure otherwise
    return {
        "DATA_DIRECTORY": data,
        "DEMO": demo,
        "HTTPS": https,
        # Whether browsers are told to use HTTPS for all hosts below this one, too.
        "HSTS_SUBDOMAINS": _flag("TOUCHA_HSTS_SUBDOMAINS", False),
        # Behind a proxy that sets X-Forwarded-*: how many of them to trust.
        "PROXIES": int(os.environ.get("TOUCHA_PROXIES", "0")),
        "SECRET_KEY": _secret_key(data),
        # Who brings it reads /metrics; without one there is no such page.
        "METRICS_TOKEN": os.environ.get("TOUCHA_METRICS_TOKEN", ""),
        "LOG_JSON": os.environ.get("TOUCHA_LOG", "") == "json",
        **_database(data),
        # Where several servers keep each other's built files while they are upgraded.
        "ASSETS_DIRECTORY": Path(assets) if (assets := os.environ.get("TOUCHA_ASSETS", "")) else None,
        **_amounts(data),
        "VIEWS_DIRECTORY": data / "views",
        "VIEWS_DAYS": 365,  # how long it is kept who looked at which photo
        "EVENTS_DIRECTORY": data / "events",
        # How many days it is kept who signed in, was refused, exported, changed accounts.
        "EVENTS_DAYS": int(os.environ.get("TOUCHA_EVENTS_DAYS", "365")),
        **_accounts(https),
        **_notices(),
        "WTF_CSRF_TIME_LIMIT": None,
        # The token is enough, for its cookie is of this host alone. A referrer is not asked for besides: an enrolment's page
        # sends none, since its address is a key, and some browsers never do.
        "WTF_CSRF_SSL_STRICT": False,
        "WTF_CSRF_CHECK_DEFAULT": True,
        "BABEL_DEFAULT_LOCALE": "zh",
        "LANGUAGES": ("zh", "en"),
        **_limits(os.environ.get("RATELIMIT_STORAGE_URI", ""), os.environ.get("DATABASE_URL", "")),
        "API_TITLE": "Toucha",
        "API_VERSION": VERSION,
        "OPENAPI_VERSION": "3.0.3",
        "OPENAPI_URL_PREFIX": "/api",
        "OPENAPI_JSON_PATH": "openapi.json",
    }
