"""The outside systems by the names that they have in this platform's province."""

from dataclasses import replace

from django.conf import settings

from shared.policy.queries import authorities
from shared.policy.queries.packs import UnknownKey

from ..states import CENTRE, SYSTEMS, System


def named_system(key: str) -> System:
    """Return a system; the training centre by the name that the list of authorities gives, where it gives one."""
    system = SYSTEMS[key]
    if key != CENTRE:
        return system
    try:
        province = authorities.authority(settings.NUOXING_JURISDICTION)
    except UnknownKey:
        return system
    if not province.enrolment_centre:
        return system
    return replace(system, name=province.enrolment_centre_label, name_zh=province.enrolment_centre)


def named_systems() -> list[System]:
    """Return all systems."""
    return [named_system(key) for key in SYSTEMS]
