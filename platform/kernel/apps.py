"""The kernel as an installed app: its tables, its template tags, and what every app registers."""

from django.apps import AppConfig
from django.urls import register_converter
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    """The kernel as an installed app."""

    name = "kernel"
    verbose_name = "Kernel"

    def ready(self) -> None:
        """Register parts of addresses and folded look-ups, and let every app register its charts, tasks and hooks."""
        from kernel import folding
        from kernel.web.converters import YearConverter  # commands that serve nobody need none of kernel.web

        register_converter(YearConverter, "year")
        folding.register_lookups()
        autodiscover_modules("states", "tasks", "hooks")
