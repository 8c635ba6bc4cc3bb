"""An officer's own area: who belongs to which authority, and what officers of another one may not do."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from kernel import tenancy
from kernel.access import SYSTEM, Actor, Denied, Grant
from kernel.errors import NotFound
from kernel.fields import uuid7
from kernel.models import AuditEntry
from shared.certificates.models import Certificate
from shared.identity.models.accounts import RecoveryRequest
from shared.identity.operations import claims, people
from shared.identity.operations import recovery as identity_recovery
from shared.identity.operations import roles as identity_roles
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import areas, recoveries
from shared.institutions.models import Organisation
from shared.privacy.models.rights import Correction
from shared.privacy.operations import corrections as privacy_corrections
from shared.privacy.queries import rights

HERE, ANOTHER, PROVINCE = "360100", "360400", "360000"


def _officer(role: str, scope: str, name: str = "周敏") -> Actor:
    return Actor(uuid7(), None, name, 2, frozenset({Grant(role, scope)}))


OF_HERE, OF_ANOTHER = _officer("city_officer", HERE), _officer("city_officer", ANOTHER)
OF_THE_PROVINCE, OPERATOR = _officer("province_officer", PROVINCE), _officer("platform_operator", "")
EVERYBODY = {"here": OF_HERE, "another": OF_ANOTHER, "province": OF_THE_PROVINCE, "operator": OPERATOR}


@pytest.fixture
def places(institutions: tuple[Any, Any]) -> Iterator[Callable[..., UUID]]:
    """Return where one may learn: `places("here")`, elsewhere, or where the province verifies."""
    one, two = institutions
    codes = {"here": HERE, "another": ANOTHER, "provincial": PROVINCE}

    def institution(where: str) -> UUID:
        row = one if where == "here" else two
        with tenancy.as_owner():
            Organisation.objects.filter(pk=row.organisation_id).update(authority_code=codes[where])
        return UUID(str(row.pk))

    with tenancy.open_public():
        yield institution


@pytest.fixture
def learner(places: Callable[..., UUID], make_person: Any, at: datetime) -> Callable[..., Any]:
    """Return somebody who is enrolled where it says."""

    def make(*where: str, serial: int = 1) -> account_queries.AccountValue:
        account = make_person(serial)
        for n, place in enumerate(where):
            claims.claim_position(
                person_id=account.person_id,
                position=("sgy-tj", "zly-tj")[n],
                institution_id=places(place),
                enrolment_id=uuid7(),
                by=SYSTEM,
                at=at,
            )
        return account  # type: ignore[no-any-return]  # the fixture returns it

    return make


BELONGING = [
    (("here",), {"here", "province", "operator"}),
    (("another",), {"another", "province", "operator"}),
    (("here", "another"), {"here", "another", "province", "operator"}),
    (("provincial",), {"province", "operator"}),
    ((), {"province", "operator"}),
]


def _ask(at: datetime, identifier: str = "13800000101") -> RecoveryRequest:
    asked = {"name": "李小路", "contact_address": "new@example.com", "words": "", "cause": "lost_phone"}
    return RecoveryRequest.objects.get(number=identity_recovery.ask_recovery(identifier=identifier, at=at, **asked))


def _went(act: Callable[[Actor], Any], by: Actor) -> bool:
    try:
        act(by)
    except (Denied, NotFound, identity_recovery.NotForThisCounter):
        return False
    return True


def _opens(row: RecoveryRequest, by: Actor, at: datetime) -> bool:
    return _went(lambda by: recoveries.recovery(row.pk, by, at=at), by)


@pytest.mark.parametrize(("where", "who"), BELONGING)
def test_a_request_is_seen_and_decided_by_the_offices_that_answer_for_its_person_alone(
    learner: Any, at: datetime, where: tuple[str, ...], who: set[str]
) -> None:
    learner(*where)
    row = _ask(at)
    listed = {name for name, by in EVERYBODY.items() if recoveries.recoveries(by)}
    by_number = {name for name, by in EVERYBODY.items() if recoveries.recoveries(by, number=row.number)}
    waiting = {name for name, by in EVERYBODY.items() if recoveries.todos(by, at)}
    alone = {name for name, by in EVERYBODY.items() if _went(lambda by: recoveries.recovery(row.pk, by, at=at), by)}
    assert (listed, by_number, waiting, alone) == (who, who, who, who)
    for name in set(EVERYBODY) - who:
        for act in (
            identity_recovery.settle_recovery,
            identity_recovery.check_recovery,
            identity_recovery.refuse_recovery,
        ):
            with pytest.raises(identity_recovery.NotForThisCounter):
                act(request_id=row.pk, by=EVERYBODY[name], reason="居民身份证原件", at=at)  # type: ignore[operator]
    row.refresh_from_db()
    assert row.state == "open"
    identity_recovery.settle_recovery(request_id=row.pk, by=EVERYBODY[sorted(who)[0]], reason="居民身份证原件", at=at)


@pytest.mark.parametrize(("where", "who"), BELONGING)
def test_a_whole_number_is_shown_to_the_offices_that_answer_for_its_person_alone(
    learner: Any, at: datetime, where: tuple[str, ...], who: set[str]
) -> None:
    person_id = learner(*where).person_id

    def reveal(by: Actor) -> Any:
        return people.reveal_id_number(person_id=person_id, by=by, reason="核对证书材料", at=at)

    assert {name for name, by in EVERYBODY.items() if _went(reveal, by)} == who
    assert AuditEntry.objects.filter(verb="person.reveal-id-number").count() == len(who)
    assert {name for name, by in EVERYBODY.items() if people.may_reveal(person_id, by)} == who


@pytest.mark.parametrize(("where", "who"), BELONGING)
def test_a_correction_asked_of_the_authority_is_the_area_s_of_its_person(
    learner: Any, at: datetime, where: tuple[str, ...], who: set[str]
) -> None:
    account = learner(*where)
    me = Actor(account.id, account.person_id, "李小路", 1)
    privacy_corrections.ask_correction(
        field="name", wanted="李晓璐", words="", evidence=None, institution_id=None, by=me, at=at
    )
    row = Correction.objects.get()
    assert {name for name, by in EVERYBODY.items() if rights.correction_values(by, at)} == who
    assert {name for name, by in EVERYBODY.items() if [t for t in rights.todos(by, at) if t.url]} == who
    assert {name for name, by in EVERYBODY.items() if _went(lambda by: rights.correction(row.pk, by), by)} == who
    for name in set(EVERYBODY) - who:
        with pytest.raises(NotFound):
            privacy_corrections.decide_correction(
                correction_id=row.pk, accept=True, reason="查验户口本", by=EVERYBODY[name], at=at
            )
    row.refresh_from_db()
    assert (row.state, account_queries.account(account.id).name) == ("asked", "李小路")
    privacy_corrections.decide_correction(
        correction_id=row.pk, accept=True, reason="查验户口本", by=EVERYBODY[sorted(who)[0]], at=at
    )


def test_a_correction_asked_at_a_counter_is_the_area_s_of_that_institution(
    learner: Any, places: Any, at: datetime
) -> None:
    account = learner("here", "another")
    me = Actor(account.id, account.person_id, "李小路", 1)
    privacy_corrections.ask_correction(
        field="name", wanted="李晓璐", words="", evidence=None, institution_id=places("here"), by=me, at=at
    )
    seen = {name for name, by in EVERYBODY.items() if rights.correction_values(by, at)}
    assert seen == {"here", "province", "operator"}


def test_who_works_at_an_institution_belongs_to_its_authority(make_account: Any, places: Any, at: datetime) -> None:
    account = make_account("13700000001")
    subject = areas.Subject(None, account.id)
    assert areas.areas([subject])[subject] == {PROVINCE}
    places("another")
    organisation = Organisation.objects.get(authority_code=ANOTHER)
    grant = identity_roles.grant_role(
        account_id=account.id, role="teacher", scope=str(organisation.pk), by=SYSTEM, at=at
    )
    assert areas.areas([subject])[subject] == {ANOTHER, PROVINCE}
    identity_roles.end_grant(grant_id=grant, by=SYSTEM, at=at)
    assert areas.areas([subject])[subject] == {PROVINCE}


def test_a_certificate_binds_its_holder_to_the_authority_of_its_institution(
    make_person: Any, places: Any, at: datetime
) -> None:
    person_id = make_person(1).person_id
    assert areas.area_of(person_id) == {PROVINCE}
    Certificate.objects.create(
        person_id=person_id, institution_id=places("another"), attempt_id=uuid7(), holder="李小路", position="sgy-tj",
        score=80, tested_on=at.date(), policy="jiangxi-2020", requested_at=at, state_since=at,
    )  # fmt: skip
    assert areas.area_of(person_id) == {ANOTHER, PROVINCE}


def test_a_request_by_e_mail_is_found_in_the_area_too(make_account: Any, places: Any, at: datetime) -> None:
    place = places("here")
    organisation = Organisation.objects.get(institution=place)
    make_account("teacher@example.com", roles=(("teacher", str(organisation.pk)),))
    row = _ask(at, "teacher@example.com")
    seen = {name: [r.id for r in recoveries.recoveries(by)] for name, by in EVERYBODY.items()}
    assert seen == {"here": [row.pk], "another": [], "province": [row.pk], "operator": [row.pk]}


def test_a_request_that_names_no_account_is_the_province_s(public_db: None, at: datetime) -> None:
    row = _ask(at, "13899999999")
    assert {name for name, by in EVERYBODY.items() if recoveries.recoveries(by)} == {"province", "operator"}
    with pytest.raises(identity_recovery.NotForThisCounter):
        identity_recovery.refuse_recovery(request_id=row.pk, by=OF_HERE, reason="查无此人", at=at)
    identity_recovery.refuse_recovery(request_id=row.pk, by=OF_THE_PROVINCE, reason="查无此人", at=at)


def test_an_institution_s_counter_refuses_no_request_of_other_people(
    alpha: Any, make_account: Any, at: datetime
) -> None:
    registrar = _officer("registrar", str(alpha.organisation_id))
    make_account("13800000101")
    with tenancy.open_public():
        row = _ask(at)
    with pytest.raises(identity_recovery.NotForThisCounter):
        identity_recovery.refuse_recovery(request_id=row.pk, by=registrar, reason="本人未到场", at=at)
    row.refresh_from_db()
    assert row.state == "open"


def test_an_institution_s_counter_opens_requests_of_its_own_people_alone(
    alpha: Any, beta: Any, make_person: Any, make_account: Any, at: datetime
) -> None:
    registrar = _officer("registrar", str(alpha.organisation_id))
    learner, elsewhere = make_person(1), make_person(2)
    for person, institution in ((learner, alpha), (elsewhere, beta)):
        with tenancy.open_institution(institution):
            claims.claim_position(
                person_id=person.person_id,
                position="sgy-tj",
                institution_id=institution.pk,
                enrolment_id=uuid7(),
                by=SYSTEM,
                at=at,
            )
    make_account("13700000001", roles=(("teacher", str(alpha.organisation_id)),))
    make_account("13700000002", roles=(("teacher", str(beta.organisation_id)),))
    asked = ("13800000101", "13700000001", "13800000102", "13700000002", "13899999999")
    with tenancy.open_public():
        rows = {identifier: _ask(at, identifier) for identifier in asked}
    with tenancy.open_institution(alpha):
        found = {name for name, row in rows.items() if recoveries.recoveries(registrar, number=row.number)}
        opened = {name for name, row in rows.items() if _opens(row, registrar, at)}
    assert (found, opened) == (set(asked[:2]), set(asked[:2]))


@pytest.mark.parametrize("n", [1, 3])
def test_the_desk_of_a_city_asks_as_often_for_many_as_for_one(learner: Any, asks: Any, at: datetime, n: int) -> None:
    for serial in range(1, n + 1):
        learner("here", serial=serial)
        _ask(at, f"138000001{serial:02d}")
    assert asks(lambda: recoveries.recoveries(OF_THE_PROVINCE)) == 1
    assert asks(lambda: recoveries.recoveries(OF_HERE)) == 2
    assert len(recoveries.recoveries(OF_HERE)) == n


def test_pages_of_another_city_are_not_there(learner: Any, acting: Any, at: datetime) -> None:
    account = learner("here")
    me = Actor(account.id, account.person_id, "李小路", 1)
    privacy_corrections.ask_correction(
        field="name", wanted="李晓璐", words="", evidence=None, institution_id=None, by=me, at=at
    )
    paths = [
        f"/authority/recoveries/{_ask(at).pk}/",
        f"/authority/data-corrections/{Correction.objects.get().pk}/",
        f"/authority/persons/{account.person_id}/number/",
    ]
    for by, code in ((OF_HERE, {200}), (OF_ANOTHER, {403, 404})):
        assert {path: acting(by).get(path).status_code in code for path in paths} == dict.fromkeys(paths, True)
