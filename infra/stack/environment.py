"""What a process of the stack finds in its environment."""

import os
from collections.abc import Mapping

from infra.stack import keys
from infra.stack.places import Places
from infra.stack.ports import LOOPBACK
from infra.stack.processes import MARK
from infra.stack.record import Run

DATABASE = "nuoxing"
UNWANTED = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "DJANGO_SETTINGS_MODULE")
"""What a person's shell may hold that would lead our processes astray."""


def plain(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """The person's environment without what would mislead a child of ours."""
    given = os.environ if given is None else given
    return {name: value for name, value in given.items() if name not in UNWANTED}


def for_setup(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """uv brings root certificates of its own: a site with a private certificate needs the system's."""
    return {"UV_SYSTEM_CERTS": "1", "NO_COLOR": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **plain(given)}


def for_stack(places: Places, run: Run, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """The person's own settings win; what they leave open is the stack's."""
    given = plain(given)
    own = keys.load(places.state / "secrets.env")
    fake_secret = own.pop("NUOXING_STRIPE_FAKE_SECRET")
    ours = {
        **own,
        "NUOXING_HOST": run.host,
        "NUOXING_STATE": str(places.state),
        "PYTHONUNBUFFERED": "1",
        "LC_ALL": "C.UTF-8",
    }
    if run.demo and run.fakes_port:
        ours |= _fakes(run.fakes_port, fake_secret, real_stripe="STRIPE_SECRET_KEY" in given)
    fixed = {
        "DATABASE_URL": run.database_url,
        "NUOXING_PORT": str(run.port),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    if run.demo:
        fixed |= {"NUOXING_DEMO": "1", "NUOXING_DEMO_CLOCK": "1"}
    return ours | given | fixed


def marked(environment: Mapping[str, str], places: Places) -> dict[str, str]:
    """The environment of a process that `up` itself starts: it and its children can be told from all others."""
    return {**environment, MARK: str(places.state)}


def _fakes(port: int, webhook_secret: str, *, real_stripe: bool) -> dict[str, str]:
    base = f"http://{LOOPBACK}:{port}"
    stripe = {
        "STRIPE_API_BASE": base,
        "STRIPE_SECRET_KEY": "sk_test_nuoxing_fake",
        "STRIPE_WEBHOOK_SECRET": webhook_secret,
    }
    return {"NUOXING_FAKES_URL": base} | ({} if real_stripe else stripe)
