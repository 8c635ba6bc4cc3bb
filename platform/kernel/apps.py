"""The kernel as an installed app: its tables, its template tags, and what every app registers."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    """The kernel as an installed app."""

    name = "kernel"
    verbose_name = "Kernel"

    def ready(self) -> None:
        """Let every app register its state charts, tasks and answers to hooks."""
        autodiscover_modules("states", "tasks", "hooks")
