"""Data keys: secrets of authenticators, which allauth stores as text in its own rows, sealed anew."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from kernel import crypto

from ..queries import keys as key_queries


def reseal_authenticators(*, limit: int = 200) -> int:
    """Seal the secrets of up to `limit` authenticators and sets of recovery codes anew under the key of now.

    Leaves what is locked for the next time. Returns how many rows it changed.
    """
    done = 0
    if len(settings.NUOXING_DATA_KEYS) < 2:
        return done
    with transaction.atomic():
        rows = Authenticator.objects.select_for_update(skip_locked=True).exclude(type=Authenticator.Type.WEBAUTHN)
        for row in rows.order_by("pk").iterator():
            sealed = key_queries.sealed_secrets(row)
            if all(crypto.version_of(value) == crypto.sealing_version() for value in sealed.values()):
                continue
            row.data |= {name: crypto.reseal(value).hex() for name, value in sealed.items()}
            row.save(update_fields=["data"])
            done += 1
            if done == limit:
                break
    return done
