"""allauth's doors, seen from our side."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """How allauth finds and reaches our accounts."""


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # as above
    """How allauth keeps second factors."""

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        """Passkeys are not used: they cannot serve institutions' own domains (architecture.md §9)."""
        raise NotImplementedError
