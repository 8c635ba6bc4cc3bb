"""Packs and authorities in the database: loaded once, never changed, found by the day."""

import json
import tomllib
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from kernel import tenancy
from kernel.access import SYSTEM
from kernel.errors import NotFound
from shared.lawbook.methods.differences import differences
from shared.policy import operations as policy
from shared.policy.models import Authority, PolicyPack
from shared.policy.operations import packs
from shared.policy.queries import authorities
from shared.policy.queries import packs as pack_queries
from shared.policy.values.eligibility import Eligible, NotEligible

TEXT = (Path(policy.__file__).parents[1] / "packs/jiangxi-2020.toml").read_text()
CHANGED = TEXT.replace("notice_days = { value = 5,", "notice_days = { value = 6,")
NEXT = CHANGED.replace("revision = 5 #", "revision = 6 #").replace("value = 2020-01-01", "value = 2026-07-01")

FIRST = Path(__file__).parent / "first_revision.toml"
SHIPPED = ["hubei-2021@4", "jiangxi-2020@5"]

pytestmark = pytest.mark.usefixtures("public_db")


def versions() -> list[str]:
    return sorted(PolicyPack.objects.values_list("version", flat=True))


def test_the_shipped_pack_is_in_force(at: datetime) -> None:
    pack = pack_queries.pack_at(at)
    assert (pack.version, pack.clocks.notice_days) == ("jiangxi-2020@5", 5)
    assert pack.source("clocks.notice_days").clause == "2.1"


def test_the_same_content_again_changes_nothing(at: datetime) -> None:
    before = list(PolicyPack.objects.values_list("id", "digest", "loaded_at"))
    assert packs.load_pack(text="# said otherwise\n" + TEXT, by=SYSTEM, at=at).version == "jiangxi-2020@5"
    assert list(PolicyPack.objects.values_list("id", "digest", "loaded_at")) == before


def test_other_content_under_a_loaded_version_is_refused_and_changes_nothing(at: datetime) -> None:
    with pytest.raises(packs.VersionTaken) as refusal:
        packs.load_pack(text=CHANGED, by=SYSTEM, at=at)
    assert "jiangxi-2020@5" in str(refusal.value)
    assert pack_queries.pack_at(at).clocks.notice_days == 5
    assert versions() == SHIPPED


def test_a_file_with_faults_is_refused_with_line_and_key_and_nothing_is_loaded(at: datetime) -> None:
    with pytest.raises(packs.FileUnreadable) as refusal:
        packs.load_pack(text=NEXT.replace("pass_mark = 60", 'pass_mark = "60"'), by=SYSTEM, at=at)
    line = NEXT[: NEXT.index("pass_mark")].count("\n") + 1
    assert f"line {line}, paper.pass_mark" in str(refusal.value)
    assert versions() == SHIPPED


def test_a_decision_keeps_the_version_of_its_day(at: datetime) -> None:
    packs.load_pack(text=NEXT, by=SYSTEM, at=at)
    assert pack_queries.pack_at(date(2026, 6, 30)).version == "jiangxi-2020@5"
    assert pack_queries.pack_at(date(2026, 7, 1)).clocks.notice_days == 6
    last_second = datetime(2026, 6, 30, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in China
    assert pack_queries.pack_at(last_second).version == "jiangxi-2020@5"
    assert pack_queries.pack_at(last_second.replace(hour=16)).version == "jiangxi-2020@6"
    assert pack_queries.pack("jiangxi-2020@5").clocks.notice_days == 5


def test_where_nothing_is_in_force_the_question_is_refused(at: datetime) -> None:
    for ask in (
        lambda: pack_queries.pack_at(date(2019, 12, 31)),
        lambda: pack_queries.pack_at(at, "110000"),
        lambda: pack_queries.pack("jiangxi-2020@9"),
    ):
        with pytest.raises(NotFound):
            ask()


def test_a_database_with_the_first_revision_takes_the_next_one_and_reads_both(at: datetime) -> None:
    """`first_revision.toml` is the file as it was when packs had format 1."""
    body = json.loads(json.dumps(tomllib.loads(FIRST.read_text()), default=str))
    old = PolicyPack.objects.create(
        jurisdiction="360000", version="jiangxi-2020@1", digest="of-old", effective_from=date(2020, 1, 1), body=body,
        loaded_at=at,
    )  # fmt: skip
    assert packs.load_packs(at=at) == SHIPPED
    assert (
        pack_queries.pack_at(at).version == "jiangxi-2020@5"
    )  # of the same day the later revision, whichever came first
    first = pack_queries.pack("jiangxi-2020@1")
    assert (first.clocks.notice_days, first.eligibility.ceiling.strategy) == (5, "none")
    assert first.source("clocks.notice_days").clause == "2.1"
    assert [item.key for item in first.fees.items if item.owed == "later"] == ["retest", "education"]
    assert first.education.method == "JX2020"
    changed = {
        difference.section
        for difference in differences(pack_queries.body(first.version), pack_queries.body(SHIPPED[1]))
    }
    assert changed == {
        "documents", "positions", "eligibility", "retirement", "institutions", "education",
        "conversion", "draw", "sanctions", "retention", "fees", "commitment", "sitting",
        "employers",
    }  # fmt: skip
    old.refresh_from_db()
    assert old.body == body
    with pytest.raises(packs.FileUnreadable, match="format"):
        packs.load_pack(text=FIRST.read_text(), by=SYSTEM, at=at)


def test_a_loaded_pack_can_be_neither_changed_nor_deleted() -> None:
    rows = PolicyPack.objects.filter(version="jiangxi-2020@5")
    for change in (lambda: rows.update(body={}), lambda: rows.update(effective_from=date(2021, 1, 1)), rows.delete):
        with pytest.raises(IntegrityError), transaction.atomic(), tenancy.as_owner():
            change()
    assert rows.get().body["clocks"]["notice_days"]["value"] == 5


def test_a_pack_is_asked_for_with_one_query_once_it_was_built(at: datetime, asked: Any) -> None:
    pack_queries.pack_at(at)
    with asked(1):
        assert len(pack_queries.positions(at)) == 13


def test_positions_of_old_certificates_are_named_but_not_offered(at: datetime) -> None:
    assert pack_queries.position("AQY", at).name == "安全员"
    assert "AQY" not in [p.key for p in pack_queries.positions(at)]
    assert "AQY" in [p.key for p in pack_queries.positions(at, legacy=True)]
    with pytest.raises(pack_queries.UnknownKey):
        pack_queries.position("XXX", at)


def test_eligibility_is_judged_by_the_pack_and_the_age_on_the_day(at: datetime) -> None:
    person = {"position": "CLY", "education": "college", "major": "core", "years": 1}
    assert isinstance(pack_queries.eligibility(**person, born=date(2008, 3, 2), when=at), Eligible)
    answer = pack_queries.eligibility(**person, born=date(2008, 3, 3), when=at)
    assert isinstance(answer, NotEligible)
    assert [reason.code for reason in answer.reasons] == ["too-young"]
    with pytest.raises(pack_queries.UnknownKey) as refusal:
        pack_queries.eligibility(**(person | {"major": "magic"}), born=date(1990, 1, 1), when=at)
    assert "magic" in str(refusal.value)


def test_the_command_loads_and_says_what_is_wrong(tmp_path: Path) -> None:
    out = StringIO()
    call_command("load_policy_packs", stdout=out)
    assert out.getvalue() == "policy packs: hubei-2021@4, jiangxi-2020@5\n"
    bad = tmp_path / "bad.toml"
    bad.write_text(CHANGED)
    with pytest.raises(CommandError, match="jiangxi-2020@5"):
        call_command("load_policy_packs", str(bad))


# --- Authorities --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "division", "code"),
    [
        ("social", "360102", "360100"),
        ("enterprise", "361002", "361000"),
        ("association", "360700", "360700"),
        ("social", "36GJXQ", "36GJXQ"),
        ("provincial-unit", "360102", "360000"),
        ("vocational-college", "360981", "360000"),
        ("hr-approved", "36GJXQ", "360000"),
    ],
)
def test_an_institution_is_verified_by_whom_the_policy_names(
    category: str, division: str, code: str, at: datetime
) -> None:
    assert authorities.authority_for(category, division, at).code == code


@pytest.mark.parametrize(
    ("category", "division"), [("social", "369999"), ("magic", "360102"), ("social", "360000"), ("social", "")]
)
def test_what_cannot_be_routed_is_refused(category: str, division: str, at: datetime) -> None:
    with pytest.raises(pack_queries.UnknownKey):
        authorities.authority_for(category, division, at)


def test_authorities_are_listed_by_level_and_parent(asked: Any) -> None:
    with asked(1):
        cities = authorities.authorities("city", "new_area")
    assert len(cities) == 12
    assert [a.code for a in authorities.authorities("county", parent="360500")] == ["360502", "360521"]
    assert authorities.authority("360100").office == "南昌市住房和城乡建设局"


def test_loading_again_corrects_a_name_and_removes_nothing(at: datetime) -> None:
    Authority.objects.filter(code="360102").update(name="旧名")
    assert packs.load_authorities(at=at) == 113 + 117
    assert authorities.authority("360102").name == "东湖区"
    assert (len(authorities.authorities()), Authority.objects.count()) == (113, 113 + 117)
