"""Write docs/states from the state charts."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from kernel import states


def sheet(chart: states.StateChart) -> str:
    """Return one chart's page."""
    with translation.override("en"):
        rows = [
            f"| {m.name} | {', '.join(m.source)} | {m.target} | {', '.join(m.roles)} | {m.label} |" for m in chart.moves
        ]
    head = "| move | from | to | who | words |\n|---|---|---|---|---|\n"
    drawing = f"```mermaid\n{states.mermaid(chart)}\n```"
    return "\n\n".join([f"# {chart.name}", _origin(chart), drawing, head + "\n".join(rows)]) + "\n"


def _origin(chart: states.StateChart) -> str:
    """Return where a chart stands and which table it governs: the one that has the chart's constraint."""
    constraint = chart.constraint("any").condition
    for config in apps.get_app_configs():
        module = sys.modules.get(f"{config.name}.states")
        name = next((name for name, value in vars(module).items() if value is chart), "") if module else ""
        if module is None or not name:
            continue
        file = Path(str(module.__file__)).relative_to(settings.ROOT)
        models = [
            f"`{model.__module__}.{model.__name__}`"
            for model in config.get_models()
            if any(getattr(c, "condition", None) == constraint for c in model._meta.constraints)
        ]
        return f"Chart `{name}` in `{file}`; model {', '.join(models)}."
    raise LookupError(f"no app's states module has the chart {chart.name}")


class Command(BaseCommand):
    """manage.py draw_states [--check]: one page a chart; with --check fails where a page is not up to date."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder and the check flag."""
        parser.add_argument("--folder", default="docs/states")
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or compare."""
        folder = Path(options["folder"])
        folder.mkdir(parents=True, exist_ok=True)
        stale = []
        for name, chart in sorted(states.charts.items()):
            page = folder / f"{name}.md"
            text = sheet(chart)
            if page.exists() and page.read_text() == text:
                continue
            stale.append(name)
            if not options["check"]:
                page.write_text(text)
        if options["check"] and stale:
            raise CommandError(f"not up to date, run manage.py draw_states: {', '.join(stale)}")
        self.stdout.write(f"{len(states.charts)} charts, {len(stale)} changed")
