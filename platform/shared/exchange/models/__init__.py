"""Tables of the outside systems."""

from .kept import Announcement, HourRecord, Upload
from .messages import LEASE, Arrival, Discrepancy, Message, Round

__all__ = ["LEASE", "Announcement", "Arrival", "Discrepancy", "HourRecord", "Message", "Round", "Upload"]
