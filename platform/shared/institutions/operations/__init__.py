"""Writes: organisations register, are listed and decided about; their schemas are made ready, migrated and kept."""

from .listing import build_schema, list_institution
from .migrating import begin_migration, end_migration
from .spares import hand_out, keep_spares, look_at_spares
from .standing import (
    AlreadyRegistered,
    GroundsNeeded,
    decide,
    enrol_again,
    register_organisation,
    remove,
    resume,
    set_star,
    stop_enrolling,
    suspend,
)

__all__ = [
    "AlreadyRegistered",
    "GroundsNeeded",
    "begin_migration",
    "build_schema",
    "decide",
    "end_migration",
    "enrol_again",
    "hand_out",
    "keep_spares",
    "list_institution",
    "look_at_spares",
    "register_organisation",
    "remove",
    "resume",
    "set_star",
    "stop_enrolling",
    "suspend",
]
