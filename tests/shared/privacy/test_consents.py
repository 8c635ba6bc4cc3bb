"""Consents: in versions, given and taken back, and asked about in one place."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from kernel.access import SYSTEM, Denied
from kernel.errors import Invalid, NotFound
from shared.identity.models.consents import Consent, ConsentText
from shared.identity.operations import consents as identity_consents
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import consents as identity_consent_queries
from shared.identity.states import SEPARATE_CONSENTS, ConsentKind

WORDS = {name: f"{name}的话" for name in ("title", "body", "instead", "changes")} | {
    name: f"words of {name}" for name in ("title_en", "body_en", "instead_en", "changes_en")
}


def test_every_separate_consent_says_the_way_that_does_without(public_db: None, at: datetime) -> None:
    texts = [identity_consent_queries.text_in_force(kind, at) for kind in SEPARATE_CONSENTS]
    assert [text.kind for text in texts if not text.instead] == []
    assert identity_consent_queries.text_in_force(ConsentKind.PRIVACY_NOTICE, at).version == "2026-01"


def test_nothing_is_processed_before_it_was_agreed_to_or_after_it_was_taken_back(person: Any, at: datetime) -> None:
    me = person()
    arguments = {"person_id": me.person_id}
    assert identity_consent_queries.may_process("face", at=at, **arguments) is False
    identity_consents.give_consent(kind="face", account_id=me.account_id, by=me, at=at)
    assert identity_consent_queries.may_process("face", at=at, **arguments) is True
    assert identity_consent_queries.may_process("id_scan", at=at, **arguments) is False
    consent = Consent.objects.get(kind="face")
    identity_consents.withdraw_consent(consent_id=consent.pk, by=me, at=at + timedelta(hours=1))
    assert identity_consent_queries.may_process("face", at=at + timedelta(minutes=59), **arguments) is True
    assert identity_consent_queries.may_process("face", at=at + timedelta(hours=1), **arguments) is False
    assert Consent.objects.filter(kind="face").count() == 1


def test_passing_on_counts_for_the_named_recipient_alone(person: Any, at: datetime) -> None:
    me = person()
    identity_consents.give_consent(kind="passing_on", account_id=me.account_id, recipient="演示建筑公司", by=me, at=at)
    arguments = {"person_id": me.person_id, "at": at}
    assert identity_consent_queries.may_process("passing_on", recipient="演示建筑公司", **arguments) is True
    assert identity_consent_queries.may_process("passing_on", recipient="别的公司", **arguments) is False
    with pytest.raises(Invalid):
        identity_consents.give_consent(kind="passing_on", account_id=me.account_id, by=me, at=at)
    assert Consent.objects.filter(kind="passing_on").count() == 1


def test_nobody_gives_or_takes_back_anothers_consent(person: Any, at: datetime, as_actor: Any) -> None:
    me, other = person(), person("王他人")
    identity_consents.give_consent(kind="face", account_id=me.account_id, by=me, at=at)
    consent = Consent.objects.get(kind="face")
    with pytest.raises(NotFound):
        identity_consents.withdraw_consent(consent_id=consent.pk, by=other, at=at)
    with pytest.raises(Denied):
        identity_consents.give_consent(kind="health", account_id=me.account_id, by=other, at=at)
    with pytest.raises(Denied):
        identity_consents.give_consent(
            kind="health", account_id=me.account_id, by=as_actor("registrar", scope="x"), at=at, channel="counter"
        )
    consent.refresh_from_db()
    assert (consent.withdrawn_at, Consent.objects.filter(kind="health").count()) == (None, 0)


def test_a_consent_on_paper_says_which_officer_entered_it(person: Any, at: datetime, as_actor: Any) -> None:
    me, officer = person(), as_actor("province_officer", scope="360000")
    identity_consents.give_consent(kind="health", person_id=me.person_id, by=officer, at=at, channel="counter")
    row = identity_consent_queries.consents_of(me.account_id)[0]
    assert (row.kind, row.by_staff, Consent.objects.get(kind="health").given_by) == ("health", True, officer.account_id)


def test_the_notice_itself_is_read_not_agreed_to_and_cannot_be_taken_back(person: Any, at: datetime) -> None:
    me = person()
    notice = Consent.objects.get(account_id=me.account_id, kind="privacy_notice")
    with pytest.raises(Invalid):
        identity_consents.withdraw_consent(consent_id=notice.pk, by=me, at=at)
    notice.refresh_from_db()
    assert notice.withdrawn_at is None


def test_a_new_version_takes_effect_on_its_day_and_the_old_one_stays_accepted(person: Any, at: datetime) -> None:
    me, day = person(), at + timedelta(days=10)
    identity_consents.publish_text(
        kind="privacy_notice", version="2026-02", in_force_from=day, words=WORDS, by=SYSTEM, at=at
    )
    coming = identity_consent_queries.coming_text("privacy_notice", at)
    assert (identity_consent_queries.version_in_force("privacy_notice", at), coming and coming.version) == (
        "2026-01",
        "2026-02",
    )
    assert identity_consent_queries.version_in_force("privacy_notice", day) == "2026-02"
    identity_consents.acknowledge_notice(version="2026-02", by=me, at=day)
    consents = Consent.objects.filter(account_id=me.account_id, kind="privacy_notice").order_by("given_at")
    assert list(consents.values_list("version", flat=True)) == ["2026-01", "2026-02"]
    assert identity_consent_queries.accepted_notice(me.account_id) == "2026-02"


def test_a_published_version_never_changes_and_speaks_both_languages(
    public_db: None, at: datetime, as_actor: Any
) -> None:
    operator = as_actor("platform_operator")
    texts = ConsentText.objects.count()
    with pytest.raises(identity_consents.TextFixed):
        identity_consents.publish_text(
            kind="face", version="2026-01", in_force_from=at, words=WORDS, by=operator, at=at
        )
    with pytest.raises(Invalid):
        identity_consents.publish_text(
            kind="face", version="2026-09", in_force_from=at, words=WORDS | {"instead_en": ""}, by=operator, at=at
        )
    with pytest.raises(Invalid):
        identity_consents.publish_text(
            kind="face", version="2026-09", in_force_from=at - timedelta(days=1), words=WORDS, by=operator, at=at
        )
    with pytest.raises(Denied):
        identity_consents.publish_text(
            kind="face", version="2026-09", in_force_from=at, words=WORDS, by=as_actor("city_officer", scope="1"), at=at
        )
    assert ConsentText.objects.count() == texts


def test_the_changed_notice_is_asked_for_once_a_session(person: Any, at: datetime, visit: Any) -> None:
    me = person()
    identity_consents.publish_text(
        kind="privacy_notice", version="2026-02", in_force_from=at, words=WORDS, by=SYSTEM, at=at
    )
    client = visit()
    client.post(
        "/account/login/",
        {
            "login": account_queries.contact_of(account_queries.account(me.account_id)).mobile,
            "password": "correct-horse-9",
        },
    )
    first = client.get("/account/home/")
    assert (first.status_code, first["Location"]) == (302, "/account/privacy/changes/")
    page = client.get("/account/privacy/changes/")
    assert "changes的话" in page.content.decode()
    assert client.get("/account/home/").status_code == 200
    client.post("/account/privacy/changes/")
    assert identity_consent_queries.accepted_notice(me.account_id) == "2026-02"


def test_sign_up_keeps_the_version_that_was_in_force(public_db: None, at: datetime, visit: Any) -> None:
    page = visit().get("/account/privacy/notice/")
    words = page.content.decode()
    assert page.status_code == 200
    assert "区分人员、上报结果" in words
    assert "住房城乡建设部管理信息系统" in words
