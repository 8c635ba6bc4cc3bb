"""An institution registers, fills in its commitment, signs and submits."""

from datetime import date
from typing import Any

import pytest

from kernel import access, audit
from kernel.errors import Invalid, NotFound
from kernel.idnumbers import NotACreditCode
from shared.identity.queries import accounts as account_queries
from shared.institutions.models import Organisation
from shared.institutions.operations.standing import AlreadyRegistered
from shared.policy.queries import packs as pack_queries
from shared.registry.models.commitments import Commitment, Submission
from shared.registry.operations import drafts as registry_drafts
from shared.registry.operations import signing
from shared.registry.queries import commitments, sheets

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_who_registers_an_organisation_becomes_its_principal_and_finds_a_form_begun(life: Any) -> None:
    row = life.apply()
    holders = account_queries.holders("principal", str(row.organisation_id))
    assert [h.id for h in holders] == [life.account.id]
    assert (row.state, row.version, row.authority_code) == ("draft", 0, "360100")
    assert row.policy == "jiangxi-2020@5"
    assert [n.verb for n in audit.history(row)] == ["commitment.open"]


@pytest.mark.parametrize(
    ("category", "division", "authority"),
    [
        ("social", "360111", "360100"),
        ("social", "360702", "360700"),
        ("provincial-unit", "360111", "360000"),
        ("vocational-college", "360702", "360000"),
        ("hr-approved", "361102", "360000"),
    ],
)
def test_a_commitment_is_routed_as_part_2_1_says(life: Any, category: str, division: str, authority: str) -> None:
    assert life.apply(category=category, division_code=division).authority_code == authority


def test_a_false_credit_code_is_refused_and_nothing_is_kept(life: Any) -> None:
    with pytest.raises(NotACreditCode):
        life.apply(credit_code="12360000000000019K")
    assert (Organisation.objects.count(), Commitment.objects.count()) == (2, 0)


def test_a_credit_code_is_registered_once(life: Any) -> None:
    life.apply()
    with pytest.raises(AlreadyRegistered):
        life.apply()
    assert Organisation.objects.filter(credit_code=life.form["credit_code"]).count() == 1


def test_a_draft_keeps_what_is_there_and_only_what_changed_is_noted(life: Any) -> None:
    row = life.apply()
    by = life.principal(row)
    values = {"classroom-area": "240.50", "tenure": "yes"}
    registry_drafts.save_draft(commitment_id=row.pk, values=values, positions=["CLY"], by=by, at=life.at)
    registry_drafts.save_draft(commitment_id=row.pk, values={"tenure": "no"}, positions=["CLY"], by=by, at=life.at)
    registry_drafts.save_draft(commitment_id=row.pk, values={"tenure": "no"}, positions=["CLY"], by=by, at=life.at)
    assert sheets.values_of(row) == {"classroom-area": "240.5", "tenure": "no"}
    notes = [n.after for n in audit.history(row) if n.verb == "commitment.save"]
    assert notes == [
        {"classroom-area": "240.5", "tenure": "yes", "positions": ["CLY"]},
        {"tenure": "no", "positions": ["CLY"]},
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("classroom-area", "many"),
        ("classroom-area", "-1"),
        ("classroom-area", "NaN"),
        ("tenure", "maybe"),
        ("nope", "1"),
    ],
)
def test_a_line_refuses_what_its_kind_cannot_take(life: Any, key: str, value: str) -> None:
    row = life.apply()
    with pytest.raises(registry_drafts.InvalidLineValue):
        registry_drafts.save_draft(
            commitment_id=row.pk, values={key: value}, positions=[], by=life.principal(row), at=life.at
        )
    assert sheets.values_of(row) == {}


def test_a_position_that_cannot_be_certified_cannot_be_chosen(life: Any) -> None:
    row = life.apply()
    with pytest.raises(registry_drafts.InvalidLineValue):
        registry_drafts.save_draft(
            commitment_id=row.pk, values={}, positions=["AQY"], by=life.principal(row), at=life.at
        )


def test_submitting_fixes_a_version_and_starts_ten_working_days_after_the_day_itself(life: Any) -> None:
    row = life.submitted()
    assert (row.state, row.version, row.submitted_at) == ("submitted", 1, life.at)
    assert (row.due_on, row.provisional) == (date(2026, 3, 16), False)
    signed = Submission.objects.get(commitment=row)
    assert (signed.version, signed.signed_name, len(signed.text)) == (1, "演示丁", 7)
    assert signed.content["lines"] == life.values(row)
    assert signed.content["organisation"]["name"] == life.form["name"]
    assert "演示丙" not in str(signed.content)


def test_an_incomplete_form_cannot_be_submitted(life: Any) -> None:
    row = life.apply()
    with pytest.raises(signing.Incomplete):
        life.submit(row)
    assert (Commitment.objects.get(pk=row.pk).state, Submission.objects.count()) == ("draft", 0)


def test_what_is_not_met_cannot_be_committed_to(life: Any) -> None:
    row = life.filled()
    registry_drafts.save_draft(
        commitment_id=row.pk, values={"fire-safety": "no"}, positions=["CLY"], by=life.principal(row), at=life.at
    )
    with pytest.raises(signing.ConditionNotMet):
        life.submit(row)


def test_every_clause_is_accepted_or_nothing_is_signed(life: Any) -> None:
    row = life.filled()
    with pytest.raises(signing.ClausesNotAccepted):
        signing.submit(
            commitment_id=row.pk, accepted=["truth"], signed_name="演示丁", by=life.principal(row), at=life.at
        )
    assert Submission.objects.count() == 0


@pytest.mark.parametrize("name", ["演示甲", "演 示", "a", "演示丁丁"])
def test_the_letter_is_signed_in_the_name_of_whoever_is_signed_in_and_in_no_other(life: Any, name: str) -> None:
    row = life.filled()
    clauses = [clause.key for clause in pack_queries.pack(row.policy).commitment.clauses]
    facts = {"commitment_id": row.pk, "accepted": clauses, "by": life.principal(row), "at": life.at}
    with pytest.raises(signing.SignedInAnotherName):
        signing.submit(signed_name=name, **facts)
    assert (Commitment.objects.get(pk=row.pk).state, Submission.objects.count()) == ("draft", 0)
    assert signing.submit(signed_name=" 演示 丁 ", **facts).signed_name == "演示丁"


@pytest.mark.parametrize(
    ("line", "value"), [("computers", "120.5"), ("teachers", "0"), ("classroom-area", "0"), ("proctors", "1.5")]
)
def test_half_a_computer_and_no_teacher_cannot_be_committed_to(life: Any, line: str, value: str) -> None:
    row = life.filled()
    by = life.principal(row)
    registry_drafts.save_draft(commitment_id=row.pk, values={line: value}, positions=["CLY"], by=by, at=life.at)
    with pytest.raises(signing.ImpossibleNumber):
        life.submit(row)
    assert (Commitment.objects.get(pk=row.pk).state, Submission.objects.count()) == ("draft", 0)
    registry_drafts.save_draft(commitment_id=row.pk, values={line: "240"}, positions=["CLY"], by=by, at=life.at)
    life.submit(row)
    assert Submission.objects.count() == 1


def test_signing_needs_a_second_factor(life: Any) -> None:
    row = life.filled()
    weak = life.as_actor("principal", scope=str(row.organisation_id), account_id=life.account.id, level=1)
    with pytest.raises(access.SecondFactorNeeded):
        signing.submit(commitment_id=row.pk, accepted=[], signed_name="演示丁", by=weak, at=life.at)


def test_nobody_else_may_see_or_change_a_commitment(life: Any) -> None:
    row = life.filled()
    stranger = life.as_actor("principal", scope="00000000-0000-7000-8000-00000000000f")
    for by in (stranger, life.officer, access.ANONYMOUS):
        with pytest.raises(NotFound):
            commitments.commitment_for_principal(by, row.pk)
        with pytest.raises(NotFound):
            registry_drafts.save_draft(commitment_id=row.pk, values={"tenure": "no"}, positions=[], by=by, at=life.at)
    assert sheets.values_of(row)["tenure"] == "yes"


def test_what_was_submitted_cannot_be_changed_until_it_returns(life: Any) -> None:
    row = life.submitted()
    with pytest.raises(registry_drafts.NotEditable):
        registry_drafts.save_draft(
            commitment_id=row.pk, values={"tenure": "no"}, positions=[], by=life.principal(row), at=life.at
        )
    assert sheets.values_of(row)["tenure"] == "yes"


def test_evidence_is_sniffed_kept_and_stays_with_the_version_it_was_signed_with(life: Any) -> None:
    row = life.filled()
    by = life.principal(row)
    with pytest.raises(Invalid):
        registry_drafts.add_evidence(
            commitment_id=row.pk, key="tenure", file=b"MZ not a pdf", name="lease.pdf", by=by, at=life.at
        )
    proof = registry_drafts.add_evidence(
        commitment_id=row.pk, key="tenure", file=PDF, name="lease.pdf", by=by, at=life.at
    )
    life.submit(row)
    signed = Submission.objects.get(commitment=row)
    assert [f["name"] for f in signed.content["evidence"]["tenure"]] == ["lease.pdf"]
    with pytest.raises(registry_drafts.NotEditable):
        registry_drafts.remove_evidence(commitment_id=row.pk, evidence_id=proof.pk, by=by, at=life.at)


def test_an_organisation_has_one_commitment_under_way_and_a_new_one_after_withdrawing(life: Any) -> None:
    row = life.submitted()
    by = life.principal(row)
    with pytest.raises(registry_drafts.CommitmentInProgress):
        registry_drafts.open_commitment(organisation_id=row.organisation_id, by=by, at=life.at)
    signing.withdraw(commitment_id=row.pk, why="搬迁", by=by, at=life.at)
    fresh = registry_drafts.open_commitment(organisation_id=row.organisation_id, by=by, at=life.at)
    assert (Commitment.objects.get(pk=row.pk).state, fresh.state) == ("withdrawn", "draft")
