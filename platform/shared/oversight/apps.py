"""Facts filed by institutions, and the authorities' board over them."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Filed facts and the authorities' board."""

    name = "shared.oversight"
    label = "oversight"
    verbose_name = "Oversight"
