"""The kernel as an installed app: its tables, its template tags, and what every app registers."""

from django.apps import AppConfig
from django.urls import register_converter
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    """The kernel as an installed app."""

    name = "kernel"
    verbose_name = "Kernel"

    def ready(self) -> None:
        """Register the parts of addresses, and let every app register its state charts, tasks and answers to hooks."""
        from kernel.web.converters import YearConverter  # commands that serve nobody need none of kernel.web

        register_converter(YearConverter, "year")
        autodiscover_modules("states", "tasks", "hooks")
