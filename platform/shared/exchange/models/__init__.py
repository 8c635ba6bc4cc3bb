"""Tables of the outside systems."""

from .imported_records import Announcement, HourRecord, ImportFile
from .messages import LEASE, Arrival, Discrepancy, Message, Reconciliation

__all__ = ["LEASE", "Announcement", "Arrival", "Discrepancy", "HourRecord", "ImportFile", "Message", "Reconciliation"]
