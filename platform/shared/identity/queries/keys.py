"""Data keys: under which versions the secrets of authenticators are sealed."""

from collections import Counter

from allauth.mfa.models import Authenticator

from kernel import crypto
from shared.records import queries as record_queries

SECRETS = ("secret", "seed")


def sealed_secrets(row: Authenticator) -> dict[str, bytes]:
    """Return the sealed values within one of allauth's rows, by their names there."""
    return {name: bytes.fromhex(row.data[name]) for name in SECRETS if name in row.data}


@record_queries.register_key_counter
def key_uses() -> list[record_queries.KeyUse]:
    """Count the secrets of authenticators by the version of their key."""
    rows = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)
    versions = Counter(crypto.version_of(value) for row in rows.iterator() for value in sealed_secrets(row).values())
    return [
        record_queries.KeyUse(Authenticator._meta.label, version, count) for version, count in sorted(versions.items())
    ]
