"""What a test was, its end and its score stay as they were, whichever role writes."""

from django.db import connection

from kernel.db import roles
from support.sittings import World
from support.tampering import refused
from tenants.attempts.models import Attempt, Score
from tenants.attempts.operations import attempts


def test_the_gateway_cannot_exchange_two_tests(world: World) -> None:
    sitting = world.running(world.enrolments)
    world.start(sitting)
    before = list(Attempt.objects.order_by("pk").values_list("pk", "candidacy_id"))
    statement = f"UPDATE {connection.schema_name}.attempts_attempt SET id = gen_random_uuid()"  # type: ignore[attr-defined]  # django-tenants'
    assert refused(statement, role=roles.live_role())
    assert refused(statement)
    assert list(Attempt.objects.order_by("pk").values_list("pk", "candidacy_id")) == before


def test_a_score_is_written_once_and_of_a_test_that_was_handed_in(world: World) -> None:
    sitting = world.running(world.enrolments)
    world.start(sitting, 0)
    attempt, other = world.attempt_of(sitting, 0), world.attempt_of(sitting, 1)
    epoch, end = attempt.lease_epoch, sitting.starts_at
    attempts.finish_attempt(attempt_id=attempt.pk, epoch=epoch, last_seq=0, by=world.trainee(0), at=end)
    ours = roles.role_of(connection.schema_name)  # type: ignore[attr-defined]  # as above
    for key, run in ((attempt.pk, 2), (other.pk, 1)):
        assert refused(
            "INSERT INTO attempts_score (id, run, points, full_mark, pass_mark, passed, sections, policy, made_at,"
            f" attempt_id) VALUES (gen_random_uuid(), {run}, 100, 100, 60, true, '[]', 'x', now(), '{key}')",
            role=ours,
        )
    assert [(score.attempt_id, score.run, score.passed) for score in Score.objects.all()] == [(attempt.pk, 1, False)]


def test_a_test_that_has_not_ended_has_no_end(world: World) -> None:
    sitting = world.running(world.enrolments)
    world.start(sitting, 0)
    ended = "finished_at = now(), finished_by = 'candidate', last_seq = 0"
    for n in (0, 1):
        assert refused(f"UPDATE attempts_attempt SET {ended} WHERE id = '{world.attempt_of(sitting, n).pk}'")
