"""Seats: drawn from a stored seed, so that anybody can draw them again."""

import hashlib
from collections.abc import Sequence


def seats_for(seed: str, names: Sequence[str], seats: int) -> dict[str, int]:
    """Return a seat (from 1) for each name, both drawn in the order of SHA-256(seed, ...).

    Raises ValueError where they do not fit or two have the same name.
    """
    if len(set(names)) != len(names):
        raise ValueError("two of the same name")
    if len(names) > seats:
        raise ValueError(f"{len(names)} do not fit on {seats} seats")
    places = sorted(range(1, seats + 1), key=lambda seat: _rank(seed, f"seat:{seat}"))
    people = sorted(names, key=lambda name: _rank(seed, f"person:{name}"))
    return dict(zip(people, places, strict=False))


def _rank(seed: str, name: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{name}".encode()).digest()
