"""A commitment at each step of its life, brought there by the operations themselves."""

from collections.abc import Callable
from datetime import datetime

import pytest

from kernel import access
from support.commitments import Life


@pytest.fixture
def life(public_db: None, at: datetime, as_actor: Callable[..., access.Actor]) -> Life:
    """Return what brings a commitment through its life."""
    return Life(at, as_actor)
