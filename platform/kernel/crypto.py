"""Encryption of personal data at rest, and the keyed index by which it is found again.

AES-256-GCM with a key version in front of every value, so that keys can be changed without reading everything at once;
HMAC-SHA-256 under a separate key as the blind index. Source: PIPL art. 51. Under keys of their own, with numbers too,
stand the seals of the audit (kernel.seals): they hide nothing, but nobody who has the database alone can make one.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12


class Unreadable(Exception):
    """The value was not encrypted with any key that we hold, or was changed since."""


@lru_cache
def _cipher(version: int) -> AESGCM:
    keys: dict[int, str] = settings.NUOXING_DATA_KEYS
    if version not in keys:
        raise Unreadable(f"no data key of version {version}")
    return AESGCM(base64.b64decode(keys[version]))


def encrypt(text: str) -> bytes:
    """Return `text` sealed under the key of now: two bytes of key version, a fresh nonce, ciphertext with tag."""
    version = sealing_version()
    head = version.to_bytes(2, "big")
    nonce = os.urandom(_NONCE)
    return head + nonce + _cipher(version).encrypt(nonce, text.encode(), head)


def decrypt(sealed: bytes) -> str:
    """Return what `encrypt` was given; refuse (Unreadable) a value that was changed or whose key is gone."""
    raw = bytes(sealed)
    head, nonce, body = raw[:2], raw[2 : 2 + _NONCE], raw[2 + _NONCE :]
    try:
        return _cipher(int.from_bytes(head, "big")).decrypt(nonce, body, head).decode()
    except InvalidTag:
        raise Unreadable("the value does not match its seal") from None


def sealing_version() -> int:
    """Return the version of the key under which values are sealed now: the newest, unless the environment names one.

    While a new key is handed to the machines one by one, all go on sealing under the old one: none meets what it cannot
    open.
    """
    return settings.NUOXING_SEAL_WITH or max(settings.NUOXING_DATA_KEYS)


def version_of(sealed: bytes) -> int:
    """Return the version of the key under which a value was sealed."""
    return int.from_bytes(bytes(sealed)[:2], "big")


def reseal(sealed: bytes) -> bytes:
    """Return the value sealed under the key of now. Refuses (Unreadable) what does not open."""
    return encrypt(decrypt(sealed))


def blind(text: str) -> bytes:
    """Return the 32-byte keyed index of a normalised value: equal texts give equal bytes, which reveal nothing else."""
    return hmac.new(base64.b64decode(settings.NUOXING_BLIND_KEY), text.encode(), hashlib.sha256).digest()


def mac(text: bytes, *, version: int | None = None) -> bytes:
    """Return the keyed digest of `text` under an audit key (the newest, unless `version` says which): two bytes of its
    number, then HMAC-SHA-256. Refuses (Unreadable) a number of which we hold no key.
    """
    keys: dict[int, str] = settings.NUOXING_AUDIT_KEYS
    number = max(keys) if version is None else version
    if number not in keys:
        raise Unreadable(f"no audit key of version {number}")
    return number.to_bytes(2, "big") + hmac.new(base64.b64decode(keys[number]), text, hashlib.sha256).digest()
