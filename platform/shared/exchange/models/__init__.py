"""Tables of the outside systems."""

from .import_files import ImportFile
from .messages import LEASE, Arrival, Discrepancy, Message, Reconciliation

__all__ = ["LEASE", "Arrival", "Discrepancy", "ImportFile", "Message", "Reconciliation"]
