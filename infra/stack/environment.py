"""Environment of the stack's processes."""

import os
from collections.abc import Mapping

from infra.demo.jiangxi import JURISDICTION
from infra.stack import keys
from infra.stack.paths import Paths
from infra.stack.ports import LOOPBACK
from infra.stack.processes import MARK
from infra.stack.record import Run

DATABASE = "nuoxing"
UNWANTED = ("PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV", "DJANGO_SETTINGS_MODULE")
"""Variables of a person's shell that would mislead our processes, or (as images of containers set it) let each of them
compile all of Django anew."""


CARRIERS = ("EMAIL_URL", "NUOXING_SMS")
LOCAL_NAMES = (".localhost",)

FEW_ARENAS = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""glibc gives each thread a heap of its own and keeps what is freed; our threads are few and take turns anyway."""


def plain(inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """The person's environment without what would mislead a child of ours."""
    inherited = os.environ if inherited is None else inherited
    return {name: value for name, value in inherited.items() if name not in UNWANTED}


def for_setup(inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """uv brings root certificates of its own: a site with a private certificate needs the system's."""
    return {"UV_SYSTEM_CERTS": "1", "NO_COLOR": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **plain(inherited)}


def for_stack(paths: Paths, run: Run, inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """The person's own settings win; what they leave open is the stack's."""
    inherited = plain(inherited)
    own = keys.load(paths.state / "secrets.env")
    fake_secret = own.pop("NUOXING_STRIPE_FAKE_SECRET")
    ours = {
        **own,
        "NUOXING_HOST": run.host,
        "NUOXING_STATE": str(paths.state),
        "NUOXING_JURISDICTION": JURISDICTION,
        "PYTHONUNBUFFERED": "1",
        "LC_ALL": "C.UTF-8",
        **FEW_ARENAS,
    }
    if run.demo and run.fakes_port:
        ours |= _fakes(run.fakes_port, fake_secret, real_stripe="STRIPE_SECRET_KEY" in inherited)
    fixed = {
        "DATABASE_URL": run.database_url,
        "NUOXING_PORT": str(run.port),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    if run.demo:
        fixed |= {"NUOXING_DEMO": "1", "NUOXING_DEMO_CLOCK": "1"}
    return ours | inherited | fixed


def for_trying_out(environment: Mapping[str, str], run: Run) -> dict[str, str]:
    """The environment of `up`: where nobody carries messages and nobody else comes, the outbox shows what they say, or
    nobody could be invited, nor sign up.
    """
    shown = run.host.endswith(LOCAL_NAMES) and not any(environment.get(name) for name in CARRIERS)
    return {"NUOXING_SHOW_MESSAGES": "1" if shown else "0", **environment}


def with_mark(environment: Mapping[str, str], paths: Paths) -> dict[str, str]:
    """The environment of a process that `up` itself starts: it and its children differ from all others."""
    return {**environment, MARK: str(paths.state)}


def _fakes(port: int, webhook_secret: str, *, real_stripe: bool) -> dict[str, str]:
    base = f"http://{LOOPBACK}:{port}"
    stripe = {
        "STRIPE_API_BASE": base,
        "STRIPE_SECRET_KEY": "sk_test_nuoxing_fake",
        "STRIPE_WEBHOOK_SECRET": webhook_secret,
    }
    return {"NUOXING_FAKES_URL": base} | ({} if real_stripe else stripe)
