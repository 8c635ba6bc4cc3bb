"""The migrations of tenants.sittings with one more: what a deployment brings. For benches and tests, never installed.

`settings.MIGRATION_MODULES = {"sittings": "infra.bench.next_release"}` makes Django find both.
"""

from pkgutil import iter_modules

from tenants.sittings import migrations as today

__path__ += today.__path__
LAST = max(module.name for module in iter_modules(today.__path__))
"""The newest migration of today, on which the next release's depends."""
