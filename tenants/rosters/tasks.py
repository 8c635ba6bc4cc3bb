"""The worker runs the deleting jobs of rosters; they are registered where they are defined."""

from . import operations  # noqa: F401  # as above
