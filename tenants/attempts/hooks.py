"""Answers of attempts to the hooks of lower apps."""

from tenants.sittings.values.results import results

from .queries.results import results_of

results.connect()(results_of)
