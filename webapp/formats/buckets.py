"""Which bucket, and how one gets there: told without the library that goes there, which a server with files never loads."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Bucket:
    """Where objects lie, ``s3://name/prefix``, and how one gets there."""

    name: str
    prefix: str
    endpoint: str
    key: str
    secret: str
    region: str = "us-east-1"


def bucket_of(address: str, **access: str) -> Bucket:
    """The bucket that ``s3://name/prefix`` names; raises ``ValueError``."""
    parts = re.fullmatch(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([\w./-]*))?", address)
    if not parts:
        raise ValueError("photos lie in s3://bucket or s3://bucket/prefix")
    return Bucket(parts[1], (parts[2] or "").strip("/"), **access)
