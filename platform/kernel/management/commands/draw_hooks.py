"""Write docs/hooks.md: every hook, who declares it, what it promises, and who answers."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kernel import hooks

HEAD = """# Hooks

The few places where a lower app asks whoever stands above it. Each is declared in the lower app with what a connected
function is given and returns, and connected in the upper app's `hooks.py` or in a module that this imports. Generated
by `manage.py draw_hooks`; a test compares it.

| hook | what a function is given and returns | who answers |
|---|---|---|
"""


def page() -> str:
    """Return the page as the hooks are connected now."""
    return HEAD + "".join(_line(hook) for _name, hook in sorted(hooks.hooks.items()))


def _line(hook: hooks.Hook[Any]) -> str:
    answers = sorted({f"`{function.__module__}.{function.__qualname__}`" for _key, function in hook.connected})
    return f"| `{hook.name}` | {hook.promise} | {', '.join(answers) or '–'} |\n"


class Command(BaseCommand):
    """manage.py draw_hooks."""

    help = "Writes docs/hooks.md."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page."""
        (Path(settings.ROOT) / "docs" / "hooks.md").write_text(page())
