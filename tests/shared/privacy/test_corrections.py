"""Corrections: asked with evidence, decided with a reason, carried out by identity's own operation."""

from datetime import date, datetime
from typing import Any

import pytest

from kernel import tenancy
from kernel.access import Denied
from kernel.errors import Invalid, NotFound
from kernel.idnumbers import make_resident_id
from kernel.reasons import ReasonRequired
from kernel.states import WrongState
from shared.identity.operations import people
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import people as people_queries
from shared.privacy.models.rights import Correction
from shared.privacy.operations import corrections as privacy_corrections
from shared.privacy.queries import rights


def _ask(me: Any, at: datetime, field: str = "name", wanted: str = "李晓璐", **more: Any) -> Correction:
    arguments = {"words": "户口本写的是晓", "evidence": None, "institution_id": None} | more
    number = privacy_corrections.ask_correction(field=field, wanted=wanted, by=me, at=at, **arguments)
    return Correction.objects.get(number=number)


def test_an_accepted_name_is_corrected_everywhere_identity_keeps_it(person: Any, as_actor: Any, at: datetime) -> None:
    me, officer = person(), as_actor("province_officer", scope="360000")
    row = _ask(me, at)
    privacy_corrections.decide_correction(correction_id=row.pk, accept=True, reason="查验户口本", by=officer, at=at)
    row.refresh_from_db()
    assert (row.state, row.decided_by, people_queries.person(me.person_id).name) == (
        "accepted",
        officer.account_id,
        "李晓璐",
    )
    assert account_queries.account(me.account_id).name == "李晓璐"


def test_an_accepted_number_brings_its_birthday_and_a_taken_one_changes_nothing(
    person: Any, as_actor: Any, at: datetime
) -> None:
    me, other, officer = person(), person("王他人"), as_actor("province_officer", scope="360000")
    new = make_resident_id("360103", date(1985, 1, 2), 555)
    row = _ask(me, at, "id_number", new)
    privacy_corrections.decide_correction(correction_id=row.pk, accept=True, reason="查验身份证", by=officer, at=at)
    assert people_queries.person(me.person_id).born == date(1985, 1, 2)
    again = _ask(other, at, "id_number", new)
    with pytest.raises(people.NumberTaken):
        privacy_corrections.decide_correction(
            correction_id=again.pk, accept=True, reason="查验身份证", by=officer, at=at
        )
    again.refresh_from_db()
    assert (again.state, people_queries.person(other.person_id).born) == ("asked", date(1990, 5, 6))


def test_a_refusal_needs_words_and_changes_nothing(person: Any, as_actor: Any, at: datetime) -> None:
    me, officer = person(), as_actor("province_officer", scope="360000")
    row = _ask(me, at)
    with pytest.raises(ReasonRequired):
        privacy_corrections.decide_correction(correction_id=row.pk, accept=False, reason=" ", by=officer, at=at)
    privacy_corrections.decide_correction(correction_id=row.pk, accept=False, reason="材料不符", by=officer, at=at)
    row.refresh_from_db()
    assert (row.state, people_queries.person(me.person_id).name) == ("refused", "李小路")
    with pytest.raises(WrongState):
        privacy_corrections.decide_correction(correction_id=row.pk, accept=True, reason="改主意了", by=officer, at=at)


def test_a_counter_sees_its_own_requests_only_and_nobody_decides_their_own(
    person: Any, as_actor: Any, alpha: Any, beta: Any, at: datetime
) -> None:
    me = person()
    with tenancy.open_public():
        other = _ask(me, at, institution_id=beta.pk)
        own = _ask(me, at, institution_id=alpha.pk)
    registrar = as_actor("registrar", scope=str(alpha.organisation_id))
    assert list(rights.corrections(registrar)) == [own]
    with pytest.raises(NotFound):
        privacy_corrections.decide_correction(
            correction_id=other.pk, accept=True, reason="查验户口簿", by=registrar, at=at
        )
    selfish = as_actor("registrar", scope=str(alpha.organisation_id), account_id=me.account_id)
    with pytest.raises(Denied):
        privacy_corrections.decide_correction(correction_id=own.pk, accept=True, reason="查验户口", by=selfish, at=at)
    with pytest.raises(Denied):  # the person never learnt here: this counter cannot correct the register of people
        privacy_corrections.decide_correction(correction_id=own.pk, accept=True, reason="查验户口", by=registrar, at=at)
    assert set(Correction.objects.values_list("state", flat=True)) == {"asked"}


def test_an_empty_wish_and_a_name_of_nobody_are_refused(person: Any, holder: Any, at: datetime) -> None:
    with pytest.raises(Invalid):
        _ask(person(), at, wanted=" ")
    with pytest.raises(Invalid):
        _ask(holder(), at)
    assert Correction.objects.count() == 0


@pytest.mark.parametrize("n", [1, 3])
def test_the_desk_lists_requests_in_two_queries(person: Any, as_actor: Any, asks: Any, at: datetime, n: int) -> None:
    for _i in range(n):
        _ask(person(), at)
    officer = as_actor("province_officer", scope="360000")
    assert asks(lambda: rights.correction_values(officer, at)) == 2
    assert len(rights.correction_values(officer, at)) == n


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("id_number", "3601021990050601"),  # 16 digits
        ("id_number", "36010219900506012²"),
        ("id_number", "王小明"),
        ("name", make_resident_id("360103", date(1985, 1, 2), 555)),
        ("name", "1"),
    ],
)
def test_what_can_be_no_name_and_no_number_is_refused_when_it_is_asked_for(
    person: Any, at: datetime, field: str, wanted: str
) -> None:
    me = person()
    with pytest.raises(Invalid) as refusal:
        _ask(me, at, field, wanted)
    assert (refusal.value.field, Correction.objects.count()) == ("wanted", 0)
