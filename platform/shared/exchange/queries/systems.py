"""The outside systems by the names that they have in this platform's province."""

from dataclasses import replace

from shared.policy.queries import authorities

from ..states import CENTRE, SYSTEMS, System


def named_system(key: str) -> System:
    """Return a system; the training centre by the name that the list of authorities gives, where it gives one."""
    system = SYSTEMS[key]
    if key != CENTRE:
        return system
    province = next(iter(authorities.authorities("province")), None)
    if province is None or not province.training_centre:
        return system
    return replace(system, name=province.training_centre_label, name_zh=province.training_centre)


def named_systems() -> list[System]:
    """Return all systems."""
    return [named_system(key) for key in SYSTEMS]
