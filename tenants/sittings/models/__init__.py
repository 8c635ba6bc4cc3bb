"""Rooms, sittings, and a sitting's numbered event log."""

from .live import SittingEvent, SittingHead
from .sittings import Candidacy, Duty, Room, Sitting

__all__ = ["Candidacy", "Duty", "Room", "Sitting", "SittingEvent", "SittingHead"]
