"""The authority finds, line by line, and signs one opinion."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kernel import access, audit
from kernel.reasons import ReasonRequired
from kernel.states import WrongState
from shared.registry.models.commitments import Commitment
from shared.registry.models.publicity import PublicNotice
from shared.registry.models.verifications import Check, Verification
from shared.registry.operations import drafts as registry_drafts
from shared.registry.operations import verifications
from shared.registry.queries import commitments, sheets

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def test_true_on_site_starts_five_working_days_of_public_notice(life: Any) -> None:
    row = life.submitted()
    life.check(row)
    signed = life.sign(row, at=life.after(1))
    row.refresh_from_db()
    notice = PublicNotice.objects.get(commitment=row)
    assert (row.state, signed.opinion, signed.late) == ("under_notice", "true", False)
    assert (notice.version, notice.due_on, notice.provisional, notice.ending) == (1, date(2026, 3, 10), False, "")
    note = audit.history(row)[-1]
    assert (note.verb, note.actor_name, note.acting_as, note.policy) == (
        "commitment.find_true",
        "演示科长",
        "city_officer",
        "jiangxi-2020@5",
    )


def test_not_as_declared_returns_it_with_reasons_to_correct_and_submit_again(life: Any) -> None:
    row = life.submitted()
    life.check(row, computers="只有40台")
    life.sign(row, "false", "计算机数量与承诺不符")
    row.refresh_from_db()
    assert (row.state, PublicNotice.objects.count()) == ("verified_false", 0)
    by = life.principal(row)
    registry_drafts.save_draft(
        commitment_id=row.pk, values={"computers": "40"}, positions=["SGY-TJ", "CLY"], by=by, at=life.after(1)
    )
    life.submit(row, life.after(1))
    assert (row.state, row.version, row.due_on) == ("submitted", 2, date(2026, 3, 17))
    newest, first = commitments.versions(row)
    assert [(c.before, c.after) for c in newest.changes] == [("120 台", "40 台")]
    assert (first.changes, first.verification.remark) == ([], "计算机数量与承诺不符")
    assert (newest.verification, sheets.findings_of(row, 2)) == (None, {})


def test_lines_not_looked_at_forbid_the_opinion_true(life: Any) -> None:
    row = life.submitted()
    verifications.save_checks(
        commitment_id=row.pk,
        version=1,
        findings={"tenure": verifications.LineFinding("true")},
        by=life.officer,
        at=life.at,
    )
    with pytest.raises(verifications.LinesUnchecked):
        life.sign(row)
    assert (Commitment.objects.get(pk=row.pk).state, Verification.objects.count()) == ("submitted", 0)


def test_a_line_found_false_forbids_the_opinion_true(life: Any) -> None:
    row = life.submitted()
    life.check(row, cameras="坏了两个")
    with pytest.raises(verifications.OpinionContradictsFindings):
        life.sign(row)
    assert Verification.objects.count() == 0


def test_not_as_declared_needs_a_reason(life: Any) -> None:
    row = life.submitted()
    life.check(row, cameras="坏了两个")
    with pytest.raises(ReasonRequired):
        life.sign(row, "false", "  ")
    assert Verification.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        ("city_officer", "360700"),
        ("province_officer", "360000"),
        ("inspector", "360100"),
        ("principal", "360100"),
    ],
)
def test_only_an_officer_of_this_very_authority_signs(life: Any, role: str, scope: str) -> None:
    row = life.submitted()
    life.check(row)
    with pytest.raises(access.Denied):
        life.sign(row, by=life.as_actor(role, scope=scope))
    assert Verification.objects.count() == 0


def test_signing_needs_the_second_factor(life: Any) -> None:
    row = life.submitted()
    life.check(row)
    with pytest.raises(access.SecondFactorNeeded):
        life.sign(row, by=life.as_actor("city_officer", scope="360100", level=1))
    assert Verification.objects.count() == 0


def test_an_inspector_writes_down_what_is_found_with_a_picture_but_does_not_sign(life: Any) -> None:
    row = life.submitted()
    inspector = life.as_actor("inspector", scope="360100")
    picture = SimpleUploadedFile("room.png", PNG)
    findings = {"cameras": verifications.LineFinding("false", "坏了两个", picture)}
    verifications.save_checks(commitment_id=row.pk, version=1, findings=findings, by=inspector, at=life.at)
    check = Check.objects.get(commitment=row)
    assert (check.key, check.finding, check.remark, check.picture.kind) == ("cameras", "false", "坏了两个", "image/png")


def test_the_visit_lies_between_the_submission_and_today(life: Any) -> None:
    row = life.submitted()
    life.check(row)
    for day in (life.at.date() - timedelta(days=1), life.at.date() + timedelta(days=1)):
        with pytest.raises(verifications.InvalidVisitDate):
            life.sign(row, visited_on=day)
    assert Verification.objects.count() == 0


def test_what_is_signed_is_the_version_that_was_looked_at(life: Any) -> None:
    row = life.submitted()
    life.check(row)
    with pytest.raises(verifications.VersionChanged):
        life.sign(row, version=2)


def test_a_second_signature_is_refused(life: Any) -> None:
    row = life.submitted()
    life.check(row)
    life.sign(row)
    with pytest.raises(WrongState):
        life.sign(row, "false", "后来的意见")
    assert [v.opinion for v in Verification.objects.all()] == ["true"]


def test_an_opinion_signed_too_late_says_so(life: Any) -> None:
    row = life.submitted()
    life.check(row)
    signed = life.sign(row, at=life.after(15))
    assert (signed.late, signed.due_on) == (True, date(2026, 3, 16))


@pytest.mark.parametrize(("days", "left", "stopped"), [(0, 10, ""), (14, 0, ""), (15, -1, "")])
def test_the_verification_clock_counts_working_days(life: Any, days: int, left: int, stopped: str) -> None:
    clock = commitments.clock(life.submitted(), life.after(days))
    assert clock is not None
    assert (clock.left, clock.total, clock.due, clock.stopped) == (left, 10, date(2026, 3, 16), stopped)
