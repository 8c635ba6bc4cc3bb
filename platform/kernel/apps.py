"""Django sees the kernel as an app for its template tags only; it has no tables."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    """The kernel as an installed app."""

    name = "kernel"
    verbose_name = "Kernel"

    def ready(self) -> None:
        """Let every app register its tasks and state charts."""
        autodiscover_modules("states", "tasks")
