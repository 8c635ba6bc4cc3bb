"""A decision keeps the version of the law that it was made under; the next one is made under the next."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kernel import access, tenancy
from kernel.access import SYSTEM, Actor
from shared.bank import operations as bank
from shared.bank.methods import items as item_methods
from shared.identity.operations import accounts
from shared.institutions.models import Institution
from shared.policy.models import PolicyPack
from shared.policy.operations import packs
from shared.policy.queries import packs as pack_queries
from shared.rankings.models import StarRun
from shared.rankings.operations import ratings as ranking_ratings
from shared.rankings.operations import runs, scores
from shared.rankings.queries import questions as ranking_questions
from shared.rankings.queries import tables as ranking_tables
from shared.registry.operations import drafts as registry_drafts
from shared.registry.operations import signing, terms, verifications
from shared.registry.queries import commitments
from shared.registry.queries import notices as registry_notices
from tenants.rosters.queries import enrolments as enrolment_queries

OLD, NEW = "jiangxi-2020@5", "jiangxi-2020@6"
CHANGE = date(2026, 3, 10)
KEYS = {"single": "B", "multiple": "AC", "judgement": "T"}


@tenancy.open_public()
def change_the_law(at: datetime) -> None:
    """Let another version begin on 10 March: more practice, shorter terms, a higher pass mark, other stars."""
    body = json.loads(json.dumps(pack_queries.body(OLD)))
    body["eligibility"]["rows"][0]["years"] = 5
    body["clocks"]["verification_days"]["value"] = 6
    body["clocks"]["notice_days"]["value"] = 7
    body["paper"]["pass_mark"] = 80
    body["stars"]["cuts"][0]["at_least"] = 95
    assert packs.load_revision(body=body, effective_from=CHANGE, by=SYSTEM, at=at).version == NEW


def after(at: datetime) -> datetime:
    """Return the first morning of the new version."""
    return at + timedelta(days=8)


def test_an_enrolment_is_decided_and_told_by_the_version_of_its_day(school: Any, at: datetime) -> None:
    training_class = school.open_class()
    first, second = school.person("演示甲"), school.person("演示乙")
    before = school.applied(training_class.pk, first, practice_years=2)
    change_the_law(at)
    school.at = after(at)
    later = school.applied(training_class.pk, second, practice_years=2)
    assert [(row.policy, row.state) for row in (before, later)] == [(OLD, "eligible"), (NEW, "refused")]
    before.refresh_from_db()
    assert (before.policy, before.state, before.rule) == (OLD, "eligible", "eligibility.rows.college-core")
    enrolment = enrolment_queries.row(before.pk)
    assert pack_queries.pack(enrolment.policy).eligibility.rows[0].years == 1
    assert pack_queries.pack(later.policy).eligibility.rows[0].years == 5


class Applicant:
    """An institution on its way to the list."""

    def __init__(self, at: datetime, as_actor: Callable[..., Actor], mail: str, code: str) -> None:
        account = accounts.register_account(identifier=mail, password="long-enough-word-7", name="演示丁", at=at)
        person = access.Actor(account.id, None, "演示丁", 1)
        self.row = registry_drafts.apply(
            name=f"演示学校{code[-4:]}", credit_code=code, category="social", division_code="360111",
            address="青山湖区演示大道8号", legal_rep="演示丙", contact="演示丁", mobile="13900000001", by=person, at=at,
        )  # fmt: skip
        self.by = as_actor("principal", scope=str(self.row.organisation_id), account_id=account.id, name="演示丁")
        self.officer = as_actor("city_officer", scope="360100", name="演示科长")

    def submit(self, at: datetime) -> Any:
        """Fill the form and sign it."""
        pack = pack_queries.pack(self.row.policy)
        sample = {"number": "9", "yes-no": "yes", "text": "演示说明文字", "date": "2026-01-05"}
        values = {line.key: sample[line.kind] for line in pack.commitment.lines}
        facts: dict[str, Any] = {"commitment_id": self.row.pk, "by": self.by, "at": at}
        registry_drafts.save_draft(**facts, values=values, positions=["CLY"])
        signing.submit(**facts, accepted=[c.key for c in pack.commitment.clauses], signed_name="演示丁")
        self.row.refresh_from_db()
        return self.row

    def verify(self, at: datetime) -> Any:
        """Find everything true and return the notice."""
        lines = pack_queries.pack(self.row.policy).commitment.lines
        found = {line.key: verifications.LineFinding("true") for line in lines}
        facts: dict[str, Any] = {"commitment_id": self.row.pk, "version": 1, "by": self.officer, "at": at}
        verifications.save_checks(**facts, findings=found)
        verifications.sign_verification(**facts, visited_on=at.date(), opinion="true", remark="")
        return registry_notices.open_notices().get(commitment=self.row)


@pytest.mark.usefixtures("public_db")
def test_the_terms_of_a_commitment_are_those_it_began_under(at: datetime, as_actor: Callable[..., Actor]) -> None:
    one = Applicant(at, as_actor, "one@nuoxing.example", "12360000000000019J")
    row = one.submit(at)
    assert (row.policy, row.due_on) == (OLD, date(2026, 3, 16))
    notice = one.verify(at)
    assert (notice.policy, notice.due_on) == (OLD, date(2026, 3, 9))
    change_the_law(at)
    two = Applicant(after(at), as_actor, "two@nuoxing.example", "123604000000000272")
    later = two.submit(after(at))
    assert (later.policy, later.due_on) == (NEW, date(2026, 3, 18))
    assert terms.recount_terms(at=after(at)) == 0  # a new version moves no term that began before it
    row.refresh_from_db()
    notice.refresh_from_db()
    assert (row.policy, notice.policy, notice.due_on) == (OLD, OLD, date(2026, 3, 9))
    clocks = [commitments.clock(commitment, after(at)) for commitment in (row, later)]
    assert [clock.total for clock in clocks if clock] == [10, 6]
    assert registry_notices.notice_clock(notice, at).total == 5


@pytest.mark.usefixtures("public_db")
def test_a_paper_is_marked_by_the_version_it_was_drawn_under(at: datetime) -> None:
    counts = {"single": 40, "multiple": 10, "judgement": 20}
    bank.import_items(
        items=[_draft(f"{kind}-{n}", kind) for kind, count in counts.items() for n in range(count)]
        + [_case(f"case-{n}") for n in range(4)],
        by=SYSTEM,
        at=at,
    )
    change_the_law(at)
    papers = [
        bank.draw_paper(pack=pack_queries.pack_at(day), position="CLY", seed="s", at=at) for day in (at, after(at))
    ]
    assert [(paper.policy, paper.items) for paper in papers] == [(OLD, 74), (NEW, 74)]
    marks = [bank.score(paper_id=paper.id, answers={}) for paper in papers]
    assert [(mark.policy, mark.pass_mark, mark.points) for mark in marks] == [
        (OLD, 60, Decimal(0)), (NEW, 80, Decimal(0)),
    ]  # fmt: skip


def _draft(code: str, kind: str) -> item_methods.ItemDraft:
    options = () if kind == "judgement" else ("甲", "乙", "丙", "丁")
    return item_methods.ItemDraft(
        code=code, position="CLY", block="b", block_name="块", kind=kind, stem=f"演示题{code}", key=KEYS[kind],
        options=options, topic="演示", reason="演示",
    )  # fmt: skip


def _case(code: str) -> item_methods.ItemDraft:
    kinds = [("a", "single"), ("b", "single"), ("c", "multiple"), ("d", "judgement")]
    parts = tuple(
        item_methods.PartDraft(
            part, kind, f"{code}问{part}", KEYS[kind], () if kind == "judgement" else ("甲", "乙", "丙", "丁"), "演示"
        )
        for part, kind in kinds
    )
    return item_methods.ItemDraft(
        code=code, position="CLY", block="b", block_name="块", kind="case", stem=f"案例{code}", topic="演示",
        reason="演示", parts=parts,
    )  # fmt: skip


def test_a_star_run_keeps_its_method_and_a_changed_one_begins_with_the_next_year(
    institutions: tuple[Any, Any], at: datetime, as_actor: Callable[..., Actor]
) -> None:
    alpha, _beta = institutions
    with tenancy.as_owner():
        Institution.objects.filter(pk=alpha.pk).update(listed_at=at - timedelta(days=400))
    items = {item.key: 5 for item in pack_queries.pack(OLD).stars.items}
    for n in range(5):
        ranking_ratings.record_rating(
            institution_id=alpha.pk, enrolment_key=f"e{n}", items=items, at=at - timedelta(days=200)
        )
    officer = as_actor("city_officer", scope="360100")
    scores.enter_authority_score(
        institution_id=alpha.pk, year=2025, scores=dict.fromkeys(items, 75), reasons=dict.fromkeys(items, "年度检查"),
        by=officer, at=at,
    )  # fmt: skip
    first, second = (as_actor("province_officer", scope="360000", name=name) for name in ("甲", "乙"))
    run_id = runs.run_year(year=2025, by=first, at=at)
    runs.publish_run(run_id=run_id, by=second, at=at)
    change_the_law(at)
    run = StarRun.objects.get(pk=run_id)
    assert (run.policy, run.method["cuts"][0]["at_least"]) == (OLD, 90)
    assert [row.stars for row in ranking_tables.ranking(2025).rows if row.institution_id == alpha.pk] == [5]
    assert (ranking_questions.method_at(after(at)).policy, ranking_questions.method_at(date(2026, 12, 31)).policy) == (
        OLD,
        OLD,
    )
    assert ranking_questions.method_at(date(2027, 1, 1)).policy == NEW


def test_a_version_that_nobody_loads_again_is_still_read(at: datetime, public_db: None) -> None:
    """What was stored in the first format says today what it said then."""
    body = json.loads(json.dumps(pack_queries.body(OLD)))
    del body["format"], body["sanctions"], body["retention"], body["retirement"]
    body["eligibility"] = {k: v for k, v in body["eligibility"].items() if k not in ("ceiling", "admissions")} | {
        "maximum_age": {"value": 59, "source": "not-from-policy"}
    }
    PolicyPack.objects.create(
        jurisdiction="360000", version="jiangxi-2019@1", digest="-", effective_from=date(2019, 1, 1),
        effective_to=date(2019, 12, 31), body=body | {"id": "jiangxi-2019", "revision": 1}, loaded_at=at,
    )  # fmt: skip
    pack = pack_queries.pack_at(date(2019, 6, 1))
    assert (pack.version, pack.eligibility.ceiling.men_under) == ("jiangxi-2019@1", 60)
    assert [step.key for step in pack.sanctions.steps] == ["named", "correct", "removed"]
