"""Tasks of the bank: files of questions that nobody took in."""

import uuid
from datetime import datetime

from kernel import later
from kernel.access import SYSTEM

from . import operations


@later.task("bank.drop_questions", runs=later.Where.PLATFORM)
def drop_questions(*, file_id: str, at: datetime) -> None:
    """Take a file away that was not taken in within a day."""
    operations.drop_questions(file_id=uuid.UUID(file_id), by=SYSTEM, at=at)
