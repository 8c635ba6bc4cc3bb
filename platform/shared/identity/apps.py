"""Identity: accounts, persons, roles, sign-in, and what may be theirs only once in the province."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Accounts, persons, grants."""

    name = "shared.identity"
    label = "identity"
    verbose_name = "Identity"
