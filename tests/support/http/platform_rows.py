"""A row behind every key of the platform's URLs: what an institution of one city, its people and its authority have."""

import uuid
from copy import copy
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from kernel import clock, crypto, tenancy
from kernel.access import SYSTEM, Actor, Grant
from kernel.idnumbers import make_credit_code
from kernel.models import Outbox
from kernel.roles import Role
from shared.bank import operations as bank
from shared.certificates.models import Certificate
from shared.certificates.operations import issuing
from shared.education.hooks import SHEET as HOURS
from shared.employers.operations import decisions
from shared.exchange.models.messages import Arrival, Discrepancy, Message
from shared.exchange.operations import files as exchange_files
from shared.exchange.states import CENTRE, MINISTRY
from shared.hosting.models import RestoredCopy
from shared.identity import adapters
from shared.identity.models.accounts import Account, ApiToken, RecoveryRequest
from shared.identity.models.consents import Consent
from shared.identity.models.people import Person
from shared.identity.operations import consents, recovery, roles, tokens
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import consents as consent_queries
from shared.identity.queries import people as people_queries
from shared.identity.states import ConsentKind
from shared.institutions.models import Institution
from shared.lawbook.operations import caps as proposals
from shared.lawbook.operations import drafts as lawbook
from shared.notices import operations as notices
from shared.policy.models import FeeCap
from shared.policy.operations import calendar
from shared.privacy.models.breaches import Breach
from shared.privacy.models.deletions import Hold
from shared.privacy.models.rights import Copy, Correction
from shared.privacy.operations import breaches, copies, corrections, erasing
from shared.privacy.states import CopyState
from shared.rankings.operations import runs, scores
from shared.records import operations as records
from shared.records import queries as record_queries
from shared.registry.operations import drafts as registry_drafts
from shared.registry.operations import publicity
from support import employers, holders
from support.commitments import Life
from support.http.bodies import ITEMS
from support.http.institution_rows import ASKED, FOREIGN, INSIDE, OWN, PDF, Rows
from support.http.questions_file import questions_file
from support.http.visitors import CITY, PROVINCE, People

CODES = [make_credit_code("52", "360100", f"MJ00009{n}") for n in range(5)]


def fill_platform(here: Any, elsewhere: Any, found: People, rows: Rows) -> None:
    """Add the rows of the shared schema, of both institutions' people; keep the keys of those of `here`."""
    own, stranger = found["trainee"], found["trainee_elsewhere"]
    with tenancy.open_public(), tenancy.as_owner():
        rows.add(
            institution_id=here.pk,
            organisation_id=here.organisation_id,
            slug=here.slug,
            person_id=own.person_id,
        )
        _certificates(here, elsewhere, found, rows)
        _people(own, found, rows, ASKED)
        _people(stranger, found, Rows(), FOREIGN)
        _privacy(here, own, found, rows, OWN)
        _privacy(elsewhere, stranger, found, Rows(), FOREIGN)
        _registry(found, rows)
        _employers(found, rows)
        _law(found, rows)
        _stars(here, elsewhere, found, rows)
        _exchange(found, rows)
        _operator(here, found, rows)


def _certificates(here: Any, elsewhere: Any, found: People, rows: Rows) -> None:
    for institution, name, number in ((here, "trainee", "1"), (elsewhere, "trainee_elsewhere", "2")):
        person = Person.objects.get(pk=found[name].person_id)
        row = holders.certificate(institution, person, found.at)
        issuing.receive_number(
            certificate_id=row.pk, number=f"演示-JX-26-00000{number}", issued_on=date(2026, 3, 2), at=found.at
        )
        if institution is here:
            row = Certificate.objects.get(pk=row.pk)
            rows.add(certificate_id=row.pk)
            rows.at("certificates", token=row.token)


def _people(who: Actor, found: People, rows: Rows, words: str) -> None:
    """What somebody has around the own account: a token, a notice, a request to be let in again."""
    account = Account.objects.get(pk=who.account_id)
    mobile = account.mobile.reveal() if account.mobile else ""
    recovery.ask_recovery(
        cause="lost_phone",
        identifier=mobile,
        name=f"{words}人",
        contact_address=mobile,
        words=f"{words}手机丢了",
        at=found.at,
    )
    tokens.make_token(name=f"{words}令牌", scopes=("read",), days=30, by=who, at=clock.real_now())
    notice = notices.send(
        to=account_queries.account(account.pk),
        template="privacy.copy_ready",
        context={"url": "/account/privacy/copies/"},
        at=found.at,
    )
    consents.give_consent(kind="passing_on", account_id=account.pk, recipient=f"{words}公司", by=who, at=found.at)
    rows.add(
        request_id=RecoveryRequest.objects.latest("made_at", "id").pk,
        token_id=ApiToken.objects.get(account=account).pk,
        consent_id=Consent.objects.get(account=account, kind="passing_on").pk,
    )
    rows.at("notices", notice_id=notice)


def _privacy(institution: Any, who: Actor, found: People, rows: Rows, words: str) -> None:
    """A copy, two corrections (a counter's and an authority's), a hold and an incident."""
    copy = Copy.objects.create(
        account_id=who.account_id,
        person_id=who.person_id,
        asked_at=found.at,
        expected=1,
        language="zh-hans",
        content=crypto.encrypt("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="),
        digest="0" * 64,
        expires_at=found.at + timedelta(days=7),
        state=CopyState.READY,
        state_since=found.at,
    )
    for desk in (institution.pk, None):
        corrections.ask_correction(
            field="name", wanted=f"{words}正名", words="", evidence=None, institution_id=desk, by=who, at=found.at
        )
    assert who.person_id is not None
    erasing.place_hold(person_id=who.person_id, why=f"{words}诉讼", by=SYSTEM, at=found.at)
    breaches.report_breach(
        title="演示名单外泄",
        words=f"{words}名单发错了群",
        noticed_at=found.at,
        happened_at=None,
        by=found["teacher"],
        at=found.at,
    )
    at_counter, at_authority = (
        Correction.objects.get(account_id=who.account_id, institution_id=desk).pk for desk in (institution.pk, None)
    )
    rows.add(copy_id=copy.pk, hold_id=Hold.objects.latest("placed_at", "id").pk)
    rows.add(breach_id=Breach.objects.latest("reported_at", "id").pk)
    rows.at("privacy", correction_id=at_authority)
    rows.at("institution privacy:correction", correction_id=at_counter)

    def link() -> str:
        return copies.make_link(
            copy_id=copy.pk, password="a-long-password", host="nuoxing.localhost", by=who, at=clock.real_now()
        )

    rows.at("privacy:copy-file", token=link)


def _registry(found: People, rows: Rows) -> None:
    """An applicant's draft; a commitment that waits for its city's officer, one shown to everybody, one to upload."""
    life = Life(found.at, _actor)
    found.actors["applicant"] = Actor(life.account.id, None, life.account.name, 2)
    draft = life.filled(life.apply(credit_code=CODES[0]))
    proof = registry_drafts.add_evidence(
        commitment_id=draft.pk, key="tenure", file=PDF, name=f"{INSIDE}.pdf", by=life.principal(draft), at=found.at
    )
    waiting = life.submit(life.filled(life.apply(credit_code=CODES[1], name="演示待核查机构")))
    shown = life.submit(life.filled(life.apply(credit_code=CODES[2], name="演示公示机构")))
    life.check(shown)
    life.sign(shown)
    notice = life.notice(shown)
    objection = publicity.file_objection(
        notice_id=notice.pk,
        text=f"{INSIDE}：场地不是他们的，我就住在楼上。",
        source="10.0.0.1",
        real=found.at,
        at=found.at,
    )
    earlier = copy(life)
    earlier.at = found.at - timedelta(days=21)
    uploading = earlier.under_notice_of(credit_code=CODES[4], name="演示待上传机构")
    publicity.close_notices(at=found.at)
    existing = life.apply(credit_code=CODES[3], name="演示老机构", kind="self_check")
    rows.add(commitment_id=draft.pk, evidence_id=proof.pk, objection_id=objection.pk)
    for url in ("verification", "checks", "opinion"):
        rows.at(f"registry:{url}", commitment_id=waiting.pk)
    for url in ("registry:upload", "registry-api:upload"):
        rows.at(url, commitment_id=uploading.pk)
    rows.at("registry:self-check", commitment_id=existing.pk)
    rows.at("registry:begin", organisation_id=draft.organisation_id)
    rows.at("registry", notice_id=notice.pk)


def _employers(found: People, rows: Rows) -> None:
    """A registration that the trainee began, one that waits for its city, the clerk's employer and its people."""
    own, at = found["trainee"], found.at
    begun = employers.registration(by=own, at=at, n=1, name=f"{OWN}建工", state="begun", proven_at=None)
    waiting = employers.registration(by=found["trainee_other"], at=at, n=2, name=f"{INSIDE}待核实建工")
    employer_id = uuid.UUID(next(iter(found["clerk"].scopes(Role.EMPLOYER_CLERK))))
    value = people_queries.employer(employer_id)
    row = employers.registration(by=found["clerk"], at=at, n=3, name=value.name, credit_code=value.credit_code)
    decisions.decide(registration_id=row.pk, prove=True, by=found["city_officer"], at=at)
    row.refresh_from_db()
    assert own.person_id is not None
    number = Person.objects.get(pk=own.person_id).id_number.reveal()
    named = employers.named(row, person_id=own.person_id, number=number, by=found["clerk"], at=at)
    rows.at("employers", registration_id=begun.pk, employer_id=employer_id, employee_id=named.pk)
    rows.at("employers", grant_id=found.grants["clerk"])
    for url in ("employers:registration", "employers-api:decision"):
        rows.at(url, registration_id=waiting.pk)
    rows.at("employers:ending", registration_id=row.pk)


def _actor(role: str, *, scope: str = "", account_id: uuid.UUID | None = None, name: str = "") -> Actor:
    """Return the actors that a commitment's life needs: its principal, and an officer of its city."""
    return Actor(account_id or uuid.uuid4(), None, name, 2, frozenset({Grant(role, scope)}))


def _law(found: People, rows: Rows) -> None:
    """A ceiling, a draft, a day that the province has spoken of, and the notice in force."""
    officer = found["province_officer"]
    day = date(2026, 5, 7)
    calendar.set_day(day=day, working=False, source="演示〔2026〕8号", by=officer, at=found.at)
    cap_id = FeeCap.objects.latest("id").pk
    last_day = date(found.at.year + 20, 12, 31)
    rows.add(proposal_id=proposals.propose_end(cap_id=cap_id, last_day=last_day, why="新文件", by=officer, at=found.at))
    rows.add(cap_id=cap_id, draft_id=lawbook.begin_draft(by=officer, at=found.at))
    rows.at("lawbook", name="positions", year=day.year, month=day.month, day=day.day)
    notice = consent_queries.version_in_force(ConsentKind.PRIVACY_NOTICE, found.at)
    rows.at("privacy:notice-version", version=notice)


def _stars(here: Any, elsewhere: Any, found: People, rows: Rows) -> None:
    """A year that is published, and a preview of the same year that a second officer has counted again."""
    Institution.objects.filter(pk__in=(here.pk, elsewhere.pk)).update(listed_at="2025-01-02T00:00:00Z")
    for institution, officer in ((here, "city_officer"), (elsewhere, "city_officer_other")):
        scores.enter_authority_score(
            institution_id=institution.pk,
            year=2025,
            scores=dict.fromkeys(ITEMS, 80),
            reasons=dict.fromkeys(ITEMS, "年度检查记录"),
            by=found[officer],
            at=found.at,
        )
    second = found.add("second officer", Role.PROVINCE_OFFICER, PROVINCE)
    published = runs.run_year(year=2025, by=found["province_officer"], at=found.at)
    runs.publish_run(run_id=published, by=second, at=found.at)
    rows.add(run_id=runs.run_year(year=2025, reason="演示：补录一家", by=second, at=found.at))
    rows.at("rankings:score", year=2026)
    rows.at("bank", key="SGY-TJ", file_id=uuid.uuid4())


def _exchange(found: People, rows: Rows) -> None:
    message = Message.objects.filter(scope=CITY).order_by("id").first()
    assert message is not None  # the certificate was asked for
    arrival = Arrival.objects.create(
        system=CENTRE,
        kind="enrolment",
        key="K-1",
        subject="K-1",
        scope=CITY,
        title=f"{INSIDE} K-1",
        sealed=crypto.encrypt("{}"),
        digest=crypto.blind("K-1"),
        as_of=found.at,
        received_at=found.at,
        state_since=found.at,
    )
    difference = Discrepancy.objects.create(
        system=MINISTRY,
        kind="result",
        key=f"{INSIDE}D",
        difference="missing_there",
        detected_at=found.at,
        state_since=found.at,
    )
    facts = "R-1,演示-1,演示学员,52360100MJ00000184,演示公司,20,2026-01-05,2026-01-09,安全,2026-02-01 09:00"
    text = "\r\n".join([",".join(HOURS.headings), facts]).encode()
    upload = exchange_files.upload_file(
        kind="hours", content=SimpleUploadedFile("hours.csv", text), by=found["operator"], at=found.at
    )
    rows.add(message_id=message.pk, arrival_id=arrival.pk, discrepancy_id=difference.pk, import_id=upload.pk)
    rows.at("exchange", system=CENTRE, kind="hours", form="xlsx", key="K-1")
    for url in ("take", "answer", "enrolment"):
        rows.at(f"exchange-api:{url}", system=MINISTRY, kind="enrolment", key="K-1")


def _operator(here: Any, found: People, rows: Rows) -> None:
    """A restored copy, a task that is stuck, somebody invited, and roles that can be ended."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA c_alpha")
    copy = RestoredCopy.objects.create(
        schema_name="c_alpha",
        institution=here,
        source_name=f"{INSIDE}副本",
        credit_code="52360100MJ00000184",
        taken_at="2026-02-01T00:00:00Z",
        digest="0" * 64,
        rows=1,
        restored_at="2026-02-02T00:00:00Z",
    )
    stuck = Outbox.objects.create(schema="public", task="privacy.collect", attempts=99, error=f"{INSIDE}卡住")
    rows.add(number=stuck.pk)
    rows.at("hosting", copy_id=copy.pk)
    invited = roles.invite(
        identifier="invited@example.invalid",
        name="演示新官",
        role=Role.INSPECTOR,
        scope=CITY,
        by=found["operator"],
        at=found.at,
    )
    token = adapters.invitations.make_token(Account.objects.get(pk=invited.id))
    rows.at("identity:invitation", account_id=invited.id, token=token)
    rows.at("identity:staff-ending", grant_id=found.grants["cashier"])
    rows.at("identity:officer-ending", grant_id=found.grants["inspector"])
    file = records.store_file(content=PDF, name="demo.pdf", by=SYSTEM, at=found.at)
    rows.add(link=lambda: record_queries.signed_path(file.id).split("/")[2])
    template = SimpleUploadedFile("questions.xlsx", questions_file())
    rows.at("bank:import", file_id=bank.upload_questions(content=template, by=SYSTEM, at=found.at))
