"""Candidates in the middle of a test: their rows in the database, and how they save."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from infra.bench import fixtures  # sets Django up, which what follows needs
from kernel import tenancy
from kernel.fields import uuid7
from shared.institutions.models import Institution
from tenants.attempts.methods import tokens as token_methods
from tenants.attempts.methods.tokens import Token
from tenants.attempts.models.attempts import Attempt
from tenants.attempts.states import AttemptState
from tenants.sittings.models.live import SittingHead
from tenants.sittings.models.sittings import Candidacy, Room, Sitting
from tenants.sittings.states import SittingState

CHOICES = "ABCD"
QUESTIONS = 70


@dataclass(slots=True)
class Candidate:
    """One candidate with one page open; saves one answer after the other, the same again until it is acknowledged."""

    attempt_id: UUID
    schema: str
    host: str
    head: str
    begun_at: str
    acked: int = 0
    sent: int = 0

    def request(self, port: int) -> bytes:
        """Return the save of the next answer."""
        self.sent = seq = self.acked + 1
        body = (
            f'{{"epoch":1,"answers":[{{"seq":{seq},"question":"{seq % QUESTIONS + 1}",'
            f'"choice":"{CHOICES[seq % 4]}","client_at":"{self.begun_at}"}}]}}'
        )
        return f"{self.head}host: {self.host}:{port}\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()

    def on_response(self) -> None:
        """Take the acknowledgement: from now on this answer must never be lost."""
        self.acked = self.sent


def seat(rows: Sequence[Institution], each: int) -> list[Candidate]:
    """Let `each` candidates of every institution be in the middle of a test; return them, institution by institution in
    turn, so that any beginning of the list is spread over all."""
    now = fixtures.now()
    per_institution = [_sitting(one, each, now) for one in rows]
    return [candidate for group in zip(*per_institution, strict=True) for candidate in group]


def _sitting(institution: Institution, number: int, now: datetime) -> list[Candidate]:
    who = uuid7()
    with tenancy.open_institution(institution):
        room = Room.objects.create(name="1", place="-", seats=number)
        sitting = Sitting.objects.create(
            number="B-1", position="SGY-TJ", room=room, starts_at=now, ends_at=now + timedelta(hours=2), policy="bench",
            seed="bench", scheduled_at=now, scheduled_by=who, filed_at=now, state=SittingState.RUNNING, state_since=now,
        )  # fmt: skip
        SittingHead.objects.create(sitting=sitting)
        candidacies = [
            Candidacy(
                sitting=sitting, enrolment_id=uuid7(), person_id=uuid7(), name="-", ticket_no=f"B-{n:05d}", seat=n,
                added_at=now,
            )
            for n in range(1, number + 1)
        ]  # fmt: skip
        attempts = [
            Attempt(
                candidacy=one, sitting=sitting, paper_id=uuid7(), questions=QUESTIONS, state=AttemptState.STARTED,
                state_since=now, lease_epoch=1, started_at=now, working_time=timedelta(hours=2),
            )
            for one in candidacies
        ]  # fmt: skip
        Candidacy.objects.bulk_create(candidacies)
        Attempt.objects.bulk_create(attempts)
    return [_candidate(institution, attempt, now) for attempt in attempts]


def _candidate(institution: Institution, attempt: Attempt, now: datetime) -> Candidate:
    token = token_methods.mint(Token(attempt.pk, 1, institution.schema_name, now + timedelta(hours=4)))
    head = (
        f"POST /live/attempts/{attempt.pk}/answers/ HTTP/1.1\r\nauthorization: Bearer {token}\r\n"
        "content-type: application/json\r\n"
    )
    host = f"{institution.slug}.nuoxing.localhost"
    return Candidate(attempt.pk, institution.schema_name, host, head, now.isoformat())
