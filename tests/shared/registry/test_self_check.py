"""Who trained before the policy examines itself and trains on (policy part 2.1, existing institutions)."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel import access, audit
from kernel.errors import NotFound
from shared.institutions.models import Organisation
from shared.policy.queries import packs as pack_queries
from shared.registry.models.commitments import Commitment
from shared.registry.models.publicity import PublicNotice, Upload
from shared.registry.operations import drafts as registry_drafts
from shared.registry.operations import existing, signing
from shared.registry.queries import commitments
from shared.registry.queries import pages as registry_pages
from shared.registry.queries import todos as registry_todos

LIST_NO = "演示名单〔2016〕3号"


def _confirm(life: Any, row: Commitment, **over: Any) -> Commitment:
    facts: dict[str, Any] = {"since": date(2015, 6, 1), "document": LIST_NO, "positions": ["SGY-TJ", "CLY"]} | over
    return existing.confirm_existing(commitment_id=row.pk, at=life.at, **({"by": life.officer} | facts))


def test_a_confirmed_institution_is_listed_at_once_and_its_self_check_stays_to_be_done(life: Any) -> None:
    row = _confirm(life, life.apply(kind="self_check"))
    organisation = Organisation.objects.get(pk=row.organisation_id)
    assert organisation.state == "listed"
    assert organisation.institution.positions == ["CLY", "SGY-TJ"]
    assert (row.state, row.existing_since, row.existing_document) == ("draft", date(2015, 6, 1), LIST_NO)
    assert [n.verb for n in audit.history(row)] == ["commitment.open", "commitment.confirm_existing"]
    assert (PublicNotice.objects.count(), Upload.objects.count()) == (0, 0)


def test_the_signed_self_check_waits_for_nobody(life: Any) -> None:
    row = _confirm(life, life.apply(kind="self_check"))
    signed = life.submit(life.filled(row))
    assert (signed.state, signed.version, signed.due_on) == ("self_checked", 1, None)
    assert signed.submissions.get().signed_name == "演示丁"
    assert commitments.clock(signed, life.at) is None
    assert list(commitments.to_verify(life.officer)) == []
    assert [step.place for step in commitments.steps(signed)] == ["done", "done", "done"]


def test_nothing_is_signed_before_the_authority_has_confirmed(life: Any) -> None:
    row = life.filled(life.apply(kind="self_check"))
    with pytest.raises(signing.ExistenceNotConfirmed):
        life.submit(row)
    row.refresh_from_db()
    assert (row.state, row.version, row.organisation.state) == ("draft", 0, "registered")


def test_a_condition_that_is_not_met_is_put_right_before_it_is_signed(life: Any) -> None:
    row = _confirm(life, life.filled(life.apply(kind="self_check")))
    line = next(x for x in pack_queries.pack(row.policy).commitment.lines if x.kind == "yes-no")
    life_by = life.principal(row)
    registry_drafts.save_draft(
        commitment_id=row.pk, values={line.key: "no"}, positions=row.positions, by=life_by, at=life.at
    )
    with pytest.raises(signing.ConditionNotMet):
        life.submit(row)
    assert registry_pages.self_check(row, life.at).unmet == [line.label]


def test_who_came_after_the_policy_is_no_existing_institution(life: Any) -> None:
    row = life.apply(kind="self_check")
    with pytest.raises(existing.StartedTooLate):
        _confirm(life, row, since=pack_queries.pack(row.policy).effective_from)
    row.refresh_from_db()
    assert (row.existing_since, row.organisation.state) == (None, "registered")


@pytest.mark.parametrize("over", [{"document": " "}, {"positions": []}, {"positions": ["AQY"]}])
def test_the_earlier_list_and_its_positions_are_named(life: Any, over: dict[str, Any]) -> None:
    row = life.apply(kind="self_check")
    with pytest.raises(existing.EarlierListRequired):
        _confirm(life, row, **over)
    row.refresh_from_db()
    assert (row.existing_since, row.organisation.state) == (None, "registered")


def test_only_an_officer_of_this_authority_confirms_and_only_once(life: Any) -> None:
    row = life.apply(kind="self_check")
    for by in (life.as_actor("city_officer", scope="360700"), life.as_actor("inspector", scope="360100")):
        with pytest.raises(access.Denied):
            _confirm(life, row, by=by)
    _confirm(life, row)
    with pytest.raises(existing.AlreadyConfirmed):
        _confirm(life, row)


def test_a_new_institution_cannot_be_confirmed_as_an_old_one(life: Any) -> None:
    with pytest.raises(NotFound):
        _confirm(life, life.apply())
    assert Organisation.objects.get(credit_code=life.form["credit_code"]).state == "registered"


def test_the_self_check_of_one_who_trains_cannot_be_withdrawn(life: Any) -> None:
    row = _confirm(life, life.apply(kind="self_check"))
    with pytest.raises(signing.SelfCheckOwed):
        signing.withdraw(commitment_id=row.pk, why="", by=life.principal(row), at=life.at)
    row.refresh_from_db()
    assert row.state == "draft"


def test_the_database_knows_no_earlier_list_of_a_new_institution(life: Any) -> None:
    row = life.apply()
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(pk=row.pk).update(existing_since=date(2015, 6, 1), existing_document=LIST_NO)


def test_the_authority_finds_it_on_its_desk_and_in_its_list(life: Any) -> None:
    row = life.apply(kind="self_check")
    assert [todo.url for todo in registry_todos.for_officer(life.officer, life.at)] == [
        f"/authority/self-checks/{row.pk}/"
    ]
    assert list(commitments.submitted_commitments(life.officer)) == [row]
    _confirm(life, row)
    assert list(registry_todos.for_officer(life.officer, life.at)) == []
    assert list(commitments.submitted_commitments(life.officer)) == [row]
    with pytest.raises(NotFound):
        commitments.self_check_for_officer(life.as_actor("city_officer", scope="360700"), row.pk)


def test_where_the_policy_knows_no_self_check_nothing_is_registered(life: Any, settings: Any) -> None:
    settings.NUOXING_JURISDICTION = "420000"
    assert not pack_queries.pack_at(life.at).institutions.existing_examine_themselves
    with pytest.raises(registry_drafts.SelfCheckNotAllowed):
        life.apply(kind="self_check", division_code="420106")
    assert Organisation.objects.filter(credit_code=life.form["credit_code"]).count() == 0
