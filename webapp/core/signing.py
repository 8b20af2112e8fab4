"""Texts that this server signs and later believes: HMAC-SHA-256 with the secret key, each purpose with a salt of its own.

Until 0.1.0 they were signed with the library's default, HMAC-SHA-1: what phones and browsers still hold is read on.
"""

import hashlib

from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer

DIGEST = {"digest_method": hashlib.sha256}
BEFORE = ({"digest_method": hashlib.sha1},)


def untimed(key: str, salt: str) -> URLSafeSerializer:
    """For what is good for ever."""
    return URLSafeSerializer(key, salt, signer_kwargs=DIGEST, fallback_signers=BEFORE)


def timed(key: str, salt: str) -> URLSafeTimedSerializer:
    """For what is good for a time: ``loads(text, max_age=seconds)``."""
    return URLSafeTimedSerializer(key, salt, signer_kwargs=DIGEST, fallback_signers=BEFORE)
