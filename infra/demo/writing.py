"""Candidates who write: their leases, their answers, the moment they hand in, and what they say of the training."""

import hashlib
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from kernel import tenancy
from kernel.access import Actor
from kernel.fields import uuid7
from kernel.tenancy import open_public
from shared.bank.models import PaperKey
from shared.rankings.queries import questions as ranking_questions
from tenants.attempts.models.answers import AnswerLog
from tenants.attempts.models.attempts import Attempt
from tenants.attempts.operations import attempts
from tenants.attempts.operations import ratings as attempt_ratings
from tenants.sittings.models.sittings import Candidacy, Sitting

# How sure a candidate is of an answer; of ten people one or two are not sure enough.
SURENESS = (0.93, 0.88, 0.81, 0.9, 0.74, 0.96, 0.85, 0.42, 0.79, 0.9)
# Which stars people give at an institution where all is well, and at one where it is not.
STARS = {
    "listed": (4, 4, 5, 5, 5, 5),
    "paused": (4, 4, 4, 5, 5),
    "suspended": (3, 4, 4, 4, 4, 5),
    "removed": (1, 2, 2, 3, 3, 4),
    "existing": (3, 4, 4, 5, 5),
}


def started_attempts(
    sitting: Sitting, candidates: Sequence[Candidacy]
) -> list[tuple[Attempt, Candidacy, list[dict[str, str]]]]:
    """Return the attempts of a sitting that has begun, in the candidates' order, each with its marked questions."""
    attempts = {row.candidacy_id: row for row in Attempt.objects.filter(sitting=sitting)}
    papers = [row.paper_id for row in attempts.values()]
    with open_public():  # no institution may read a key
        keys = {row.paper_id: row.question_keys for row in PaperKey.objects.filter(paper_id__in=papers)}
    return [(attempts[row.pk], row, keys[attempts[row.pk].paper_id]) for row in candidates]


def start(attempt: Attempt, row: Candidacy, *, at: datetime) -> tuple[Actor, int]:
    """Let a candidate open the test and start; return who writes and under which lease."""
    me = Actor(uuid7(), row.person_id, row.name, 1)
    device = hashlib.sha256(row.ticket_no.encode()).hexdigest()
    lease = attempts.take_lease(attempt_id=attempt.pk, person_id=row.person_id, device=device, at=at)
    assert lease.epoch is not None
    attempts.start_attempt(attempt_id=attempt.pk, epoch=lease.epoch, by=me, at=at)
    return me, lease.epoch


def answer(
    attempt: Attempt, epoch: int, questions: Sequence[dict[str, str]], sure: float, *, first: datetime, pace: timedelta
) -> None:
    """Write answers down, one after the other. They come in through the gateway, which writes these rows itself."""
    rng = random.Random(f"answers:{attempt.paper_id}")  # noqa: S311  # answers for a demonstration, no secret
    rows = [
        AnswerLog(
            attempt=attempt,
            seq=seq,
            epoch=epoch,
            question=question["name"],
            choice=question["key"] if rng.random() < sure else _wrong(question["key"]),
            client_at=first + pace * (seq - 0.5),
            server_at=first + pace * (seq - 0.5),
        )
        for seq, question in enumerate(questions, start=1)
    ]
    with tenancy.as_owner():
        AnswerLog.objects.bulk_create(rows)


def write(
    attempt: Attempt, row: Candidacy, questions: Sequence[dict[str, str]], *, school: str, begun_at: datetime, n: int
) -> None:
    """Let one candidate write, hand in, and (most of them, the first time) rate."""
    rng = random.Random(f"paper:{school}:{begun_at:%Y%m%d}:{n}")  # noqa: S311  # as above
    started, minutes = begun_at + timedelta(seconds=40 + n), 55 + rng.randrange(60)
    me, epoch = start(attempt, row, at=started)
    pace = timedelta(minutes=minutes) / len(questions)
    answer(attempt, epoch, questions, SURENESS[n % len(SURENESS)], first=started, pace=pace)
    ended = started + timedelta(minutes=minutes, seconds=20)
    attempts.finish_attempt(attempt_id=attempt.pk, epoch=epoch, last_seq=len(questions), by=me, at=ended)
    if n % 5 and Candidacy.objects.filter(enrolment_id=row.enrolment_id).count() == 1:
        method = ranking_questions.method_at(ended)
        items = {item.key: rng.choice(STARS[school]) for item in method.items}
        attempt_ratings.rate(
            attempt_id=attempt.pk, person_id=row.person_id, items=items, at=ended + timedelta(minutes=3)
        )


def _wrong(key: str) -> str:
    """Return letters that are not the right ones, of the same kind of question."""
    if key in ("T", "F"):
        return "T" if key == "F" else "F"
    return "A" if key != "A" else "B"
