"""Evidence needs a consent of its own or the counter; it vanishes from the store; closing asks the institution."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from kernel import audit, later, tenancy
from kernel.errors import Invalid, NotFound
from shared.identity.models.consents import Consent
from shared.identity.operations import consents as identity_consents
from shared.identity.queries import consents as identity_consent_queries
from shared.privacy.models.deletions import Deletion
from shared.privacy.models.rights import Closing
from shared.privacy.operations import closings, erasing
from shared.privacy.queries import register as privacy_register
from shared.privacy.queries import rights, subject_data
from shared.records.models import File
from tenants.rosters.models import Enrolment
from tenants.rosters.operations import applications, enrolments
from tenants.rosters.operations import privacy as roster_privacy

PDF = b"%PDF-1.4 demonstration %%EOF"


def _paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("diploma.pdf", PDF, "application/pdf")


def _apply(school: Any, who: Any, **more: Any) -> Enrolment:
    facts = {"education": "college", "major_kind": "core", "practice_years": 3}
    return applications.apply(
        class_id=school.open_class().pk, person_id=who.person_id, **facts, **more, by=who, at=school.at
    )


def test_a_file_without_a_consent_is_refused_with_the_other_way_and_keeps_nothing(school: Any) -> None:
    who = school.person()
    with pytest.raises(identity_consents.ConsentMissing) as refused:
        _apply(school, who, evidence=_paper())
    assert "窗口" in str(refused.value)
    assert (Enrolment.objects.count(), File.objects.count(), refused.value.field) == (0, 0, "agree_scan")


def test_without_a_file_nothing_is_asked_and_the_counter_notes_the_originals(school: Any) -> None:
    row = _apply(school, school.person())
    assert (row.evidence, Consent.objects.filter(kind="id_scan").count()) == (None, 0)
    with pytest.raises(Invalid):
        roster_privacy.note_evidence_seen(enrolment_id=row.pk, what=" ", by=school.registrar, at=school.at)
    roster_privacy.note_evidence_seen(enrolment_id=row.pk, what="毕业证原件", by=school.registrar, at=school.at)
    assert [n.why for n in audit.history(row) if n.verb == "enrolment.evidence-seen"] == ["毕业证原件"]


def test_a_consent_taken_back_takes_the_file_out_of_the_store_and_says_so(school: Any) -> None:
    who = school.person()
    row = _apply(school, who, evidence=_paper(), agree_scan=True)
    file = File.objects.get(pk=row.evidence)
    store = storages["default"]
    assert store.exists(file.path)
    consent = Consent.objects.get(kind="id_scan", account_id=who.account_id)
    erasing.withdraw(consent_id=consent.pk, by=who, at=school.at)
    assert identity_consent_queries.may_process("id_scan", person_id=who.person_id, at=school.at) is False
    later.drain()
    row.refresh_from_db()
    file.refresh_from_db()
    assert (row.evidence, file.name, store.exists(file.path)) == (None, "", False)
    log = Deletion.objects.get()
    assert (log.kind, log.cause, log.files, log.institution_id) == (
        "consent.id_scan",
        "withdrawal",
        1,
        school.institution.pk,
    )


def test_a_hold_keeps_the_file_of_a_consent_taken_back(school: Any, as_actor: Any) -> None:
    who = school.person()
    row = _apply(school, who, evidence=_paper(), agree_scan=True)
    with tenancy.open_public():
        erasing.place_hold(person_id=who.person_id, why="异议处理中", by=as_actor("platform_operator"), at=school.at)
    erasing.withdraw(consent_id=Consent.objects.get(kind="id_scan").pk, by=who, at=school.at)
    later.drain()
    row.refresh_from_db()
    assert (row.evidence is not None, Deletion.objects.count()) == (True, 0)


def test_a_consent_signed_at_the_counter_is_the_registrars_entry(school: Any) -> None:
    who = school.person()
    applications.apply(
        class_id=school.open_class().pk,
        person_id=who.person_id,
        education="college",
        major_kind="core",
        practice_years=3,
        evidence=_paper(),
        agree_scan=True,
        channel="counter",
        by=school.registrar,
        at=school.at,
    )
    row = Consent.objects.get(kind="id_scan")
    assert (row.channel, row.given_by, row.account_id) == ("counter", school.registrar.account_id, who.account_id)


def test_applications_that_came_to_nothing_are_overwritten_in_time_and_running_ones_never(school: Any) -> None:
    gone, running = school.person(), school.person("演示乙")
    row = _apply(school, gone, evidence=_paper(), agree_scan=True)
    keeps = _apply(school, running, evidence=_paper(), agree_scan=True)
    enrolments.withdraw(enrolment_id=row.pk, why="不学了", by=gone, at=school.at)
    days = privacy_register.limit("evidence", school.at).days
    assert erasing.erase_kind(kind="rosters.evidence", at=school.at + timedelta(days=days)) == 0
    assert erasing.erase_kind(kind="rosters.evidence", at=school.at + timedelta(days=days, seconds=1)) == 1
    late = school.at.replace(year=school.at.year + 2)
    assert erasing.erase_kind(kind="rosters.applications", at=late) == 1
    assert erasing.erase_kind(kind="rosters.applications", at=late) == 0
    row.refresh_from_db()
    keeps.refresh_from_db()
    assert (row.person_name, row.person_masked, row.practice_years, row.evidence) == ("—", "—", 0, None)
    assert (keeps.person_name, keeps.evidence is not None) == ("演示乙", True)


def _settled(at: Any) -> Closing:
    with tenancy.open_public():
        later.drain()
        closings.settle_closings(at=at)
        return Closing.objects.get()


def test_closing_asks_the_institution_what_runs_and_what_the_law_keeps(school: Any) -> None:
    who = school.person()
    row = _apply(school, who)
    with tenancy.open_public():
        closings.ask_closing(by=who, at=school.at)
    closing = _settled(school.at)
    answers = rights.answers(closing)
    assert (closing.state, [row.number in words for words in answers.open]) == ("blocked", [True])
    enrolments.withdraw(enrolment_id=row.pk, why="不学了", by=who, at=school.at)
    with tenancy.open_public():
        closings.ask_closing(by=who, at=school.at)
    closing = _settled(school.at)
    answers = rights.answers(closing)
    last = school.at.date().replace(year=school.at.year + 1)
    assert (closing.state, closing.retention_applies, closing.keep_until, len(answers.retained)) == (
        "ready",
        True,
        last,
        1,
    )


def test_the_copy_holds_what_this_institution_keeps_under_its_name_and_no_other(school: Any, beta: Any) -> None:
    who, other = school.person("演示甲"), school.person("演示旁人")
    row = _apply(school, who)
    _apply(school, other)
    found = subject_data.subject_rows(
        account_id=who.account_id, person_id=who.person_id, whole=True, side="tenants", at=school.at
    )
    assert [t.label for t in found] == ["tenant_records.auditentry", "rosters.enrolment"]
    assert row.number in str(found[1].rows)
    assert other.name not in str([t.rows for t in found])
    with tenancy.open_institution(beta):
        assert (
            subject_data.subject_rows(
                account_id=who.account_id, person_id=who.person_id, whole=True, side="tenants", at=school.at
            )
            == []
        )


def test_the_counter_enters_what_was_signed_on_paper_and_only_for_its_own_people(school: Any) -> None:
    who, stranger = school.person(), school.person("演示旁人")
    row = school.applied(school.open_class().pk, who)
    enrolments.enrol(enrolment_id=row.pk, by=who, at=school.at)
    call = {"recipient": "", "consent": "", "by": school.registrar, "at": school.at}
    erasing.settle_at_counter(person_id=who.person_id, kind="health", **call)
    consent = Consent.objects.get(kind="health")
    assert (consent.channel, consent.given_by) == ("counter", school.registrar.account_id)
    with pytest.raises(NotFound):
        erasing.settle_at_counter(person_id=stranger.person_id, kind="health", **call)
    erasing.settle_at_counter(person_id=who.person_id, kind="", **call | {"consent": str(consent.pk)})
    consent.refresh_from_db()
    assert (consent.withdrawn_by, consent.withdrawn_channel) == (school.registrar.account_id, "counter")
    assert Consent.objects.filter(kind="health").count() == 1
