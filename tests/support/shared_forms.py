"""What a form on something shared carries of what it was made from."""

from typing import Any


def made_from(client: Any, path: str, name: str = "form") -> dict[str, str]:
    """Open a page; return the stamps that its form sends along."""
    return {"made_from": client.get(path).context[name].initial["made_from"]}
