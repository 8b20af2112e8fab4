"""How PostgreSQL is reached: one address of several servers, a pooler in between, and connections that notice a server that is gone."""

from urllib.parse import parse_qsl, urlencode, urlsplit

DRIVER = "postgresql+psycopg"
# Told to libpq where the address says nothing of it, in seconds (the last in milliseconds): a machine that lost its power answers
# nothing at all, and without these a request waits for minutes.
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
WRITER = ("target_session_attrs", "read-write")


def address(url: str, writes: bool = True) -> str:
    """SQLAlchemy's address of ``postgres://…`` or ``postgresql://…``, of another database as it is.

    libpq's way to name several servers (``host1:5432,host2:5432``) is understood. Of several the one is taken that writes, unless the
    address says otherwise or nobody ``writes`` there.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        return url
    who, at, hosts = parts.netloc.rpartition("@")
    said = parse_qsl(parts.query, keep_blank_values=True)
    if "," in hosts:
        several = [_split(host) for host in hosts.split(",")]
        said += [
            ("host", ",".join(name for name, _ in several)),
            ("port", ",".join(port for _, port in several)),
        ]
        hosts = ""
    if writes and _several(said) and WRITER[0] not in dict(said):
        said.append(WRITER)
    query = f"?{urlencode(said, safe='/')}" if said else ""
    return f"{DRIVER}://{who}{at}{hosts}{parts.path}{query}"


def _split(host: str) -> tuple[str, str]:
    """Name and port; an IPv6 address stands in brackets."""
    name, colon, port = host.rpartition(":")
    return (name.strip("[]"), port) if colon and not port.endswith("]") else (host.strip("[]"), "5432")


def _several(said: list[tuple[str, str]]) -> bool:
    hosts = [value for name, value in said if name == "host"]
    return len(hosts) > 1 or any("," in host for host in hosts)


def arguments(url: str, pooled: bool) -> dict:
    """What the driver is told besides the address; nothing for another database.

    ``pooled``: a pooler in transaction mode stands between. What was prepared on one of its connections is not there on the next.
    """
    parts = urlsplit(url)
    if parts.scheme != DRIVER:
        return {}
    named = dict(parse_qsl(parts.query))
    said = {name: value for name, value in PATIENCE.items() if name not in named}
    return {**said, "prepare_threshold": None} if pooled else said
