"""The policy desk in the browser's hands: what its pages show, what they take, whom they refuse."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils import translation

from kernel import later
from kernel.access import SYSTEM, Actor
from shared.identity.operations import accounts
from shared.identity.operations import roles as identity_roles
from shared.lawbook.methods.outline import outline
from shared.lawbook.models import PolicyDraft
from shared.lawbook.operations import drafts as lawbook
from shared.lawbook.queries import pages as lawbook_pages
from shared.lawbook.queries import todos as lawbook_todos
from shared.notices.models import Notice
from shared.policy.models import PolicyPack
from shared.policy.queries import impact as policy_impact
from shared.policy.queries import packs as pack_queries

pytestmark = pytest.mark.usefixtures("public_db")

Acting = Callable[[Actor], Any]
Make = Callable[..., Actor]
Asked = Callable[[int], AbstractContextManager[None]]
FormOf = Callable[[str], QueryDict]
DESK = "/authority/policy/"


@pytest.fixture
def second(as_actor: Make) -> Actor:
    """Another officer of the province."""
    return as_actor("province_officer", scope="360000", name="演示二处")


@pytest.fixture
def begun(acting: Acting, officer: Actor) -> str:
    """The address of a draft that was begun in the browser."""
    return str(acting(officer).post(f"{DESK}drafts/")["Location"])


def english(client: Any) -> Any:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def typed(client: Any, form_of: FormOf, address: str, **values: str) -> QueryDict:
    """What a browser sends for a section in which somebody typed: `v__clocks__notice_days` is v:clocks.notice_days."""
    post = form_of(client.get(address).content.decode())
    for name, value in values.items():
        post[name.replace("__", ":", 1).replace("__", ".")] = value
    return post


def set_day(client: Any, form_of: FormOf, begun: str, day: str = "2026-06-01") -> None:
    address = f"{begun}sections/about/"
    assert client.post(address, typed(client, form_of, address, v__effective_from=day)).status_code == 302


def edition(begun: str) -> int:
    return PolicyDraft.objects.get(pk=begun.rstrip("/").rpartition("/")[2]).edition


def test_two_officers_bring_a_change_into_force(
    acting: Acting, officer: Actor, second: Actor, begun: str, form_of: FormOf, at: datetime
) -> None:
    one, other = acting(officer), english(acting(second))
    set_day(one, form_of, begun)
    clocks = f"{begun}sections/clocks/"
    saved = one.post(clocks, typed(one, form_of, clocks, v__clocks__verification_days="8"))
    assert (saved.status_code, saved["Location"]) == (302, clocks)
    page = one.get(begun).content.decode()
    assert "提交审批" in page
    assert one.post(f"{begun}submission/", {"edition": edition(begun)}).status_code == 302
    seen = other.get(begun).content.decode()
    for words in (
        "Verification on site",
        "<del>",
        "Who is affected",
        "Commitments waiting for verification",
        "Approve",
    ):
        assert words in seen
    assert "Approve the version</button>" not in english(acting(officer)).get(begun).content.decode()
    assert other.post(f"{begun}approval/", {"edition": edition(begun)}).status_code == 302
    pack = PolicyDraft.objects.get().pack
    assert pack is not None
    assert pack_queries.pack_at(date(2026, 6, 1)).version == pack.version
    assert "takes effect by itself" in other.get(begun).content.decode()


def test_what_is_incomplete_is_saved_and_says_what_is_missing(
    acting: Acting, officer: Actor, begun: str, form_of: FormOf
) -> None:
    client = english(acting(officer))
    clocks = f"{begun}sections/clocks/"
    assert client.post(clocks, typed(client, form_of, clocks, v__clocks__notice_days="five")).status_code == 302
    page = client.get(clocks).content.decode()
    assert "Give a whole number." in page
    assert 'value="five"' in page
    whole = client.get(begun).content.decode()
    assert "2 things are missing or cannot be right" in whole
    refused = client.post(f"{begun}submission/", {"edition": edition(begun)}, follow=True).content.decode()
    assert "They are listed on the draft" in refused
    assert PolicyDraft.objects.get().state == "draft"


def test_of_two_savings_the_second_is_shown_what_changed_and_keeps_what_was_typed(
    acting: Acting, officer: Actor, second: Actor, begun: str, form_of: FormOf
) -> None:
    one, other = acting(officer), english(acting(second))
    clocks = f"{begun}sections/clocks/"
    mine = typed(other, form_of, clocks, v__clocks__notice_days="9")
    one.post(clocks, typed(one, form_of, clocks, v__clocks__verification_days="8"))
    refused = other.post(clocks, mine)
    page = refused.content.decode()
    assert refused.status_code == 409
    for words in ("演示处长 has saved this draft", "<del>", "10</del>", "8</ins>"):
        assert words in page
    again = form_of(page)
    assert (again["v:clocks.notice_days"], again["v:clocks.verification_days"]) == ("9", "8")
    assert PolicyDraft.objects.get().body["clocks"]["notice_days"]["value"] == 5
    assert other.post(clocks, again).status_code == 302
    stands = PolicyDraft.objects.get().body["clocks"]
    assert (stands["notice_days"]["value"], stands["verification_days"]["value"]) == (9, 8)


def test_every_section_shows_to_write_and_to_read(acting: Acting, officer: Actor, as_actor: Make, begun: str) -> None:
    writer, reader = acting(officer), acting(as_actor("city_officer", scope="360100"))
    for spec in outline():
        address = f"{begun}sections/{spec.name}/"
        assert "nx-section-form" in writer.get(address).content.decode()
        assert "nx-section-form" not in reader.get(address).content.decode()
    assert writer.get(f"{begun}sections/lunch/").status_code == 404


def test_a_row_is_added_and_removed_by_its_buttons(acting: Acting, officer: Actor, begun: str, form_of: FormOf) -> None:
    client = acting(officer)
    address = f"{begun}sections/positions/"
    before = len(PolicyDraft.objects.get().body["positions"])
    added = client.post(address, typed(client, form_of, address, do="add|positions"))
    assert added["Location"] == f"{address}#at-positions"
    assert len(PolicyDraft.objects.get().body["positions"]) == before + 1
    client.post(address, typed(client, form_of, address, do=f"drop|positions|{before}"))
    assert len(PolicyDraft.objects.get().body["positions"]) == before


def test_a_draft_is_exported_and_replaced_by_a_file(acting: Acting, officer: Actor, begun: str) -> None:
    client = english(acting(officer))
    text = client.get(f"{begun}file/").content.decode()
    changed = text.replace("notice_days = { value = 5", "notice_days = { value = 6")
    assert changed != text

    def sent(content: str, number: int) -> Any:
        file = SimpleUploadedFile("a.toml", content.encode())
        return client.post(f"{begun}file/", {"file": file, "edition": number})

    assert sent("[clocks", edition(begun)).status_code == 422
    assert sent(changed, 0).status_code == 422
    assert sent(changed, edition(begun)).status_code == 302
    assert PolicyDraft.objects.get().body["clocks"]["notice_days"]["value"] == 6
    page = client.get(begun).content.decode()
    assert "Public notice" in page


def test_a_file_becomes_a_draft_and_a_bad_one_is_refused_at_its_field(acting: Acting, officer: Actor) -> None:
    client = english(acting(officer))
    address = f"{DESK}imports/"
    assert client.get(address).status_code == 200
    text = lawbook_pages.text(pack_queries.pack_at(date(2026, 3, 2)).version)
    for content, name in (
        (b"\xff\xfe", "a.toml"),
        (b"x = [", "a.toml"),
        (text.encode(), "a.exe"),
        (b" " * 500_000, "a.toml"),
    ):
        answer = client.post(address, {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422
        assert "Please correct this" in answer.content.decode()
    assert PolicyDraft.objects.count() == 0
    assert client.post(address, {"file": SimpleUploadedFile("a.toml", text.encode())}).status_code == 302
    assert PolicyDraft.objects.count() == 1


def test_returned_with_a_reason_and_withdrawn(
    acting: Acting, officer: Actor, second: Actor, begun: str, form_of: FormOf
) -> None:
    one, other = acting(officer), english(acting(second))
    set_day(one, form_of, begun)
    clocks = f"{begun}sections/clocks/"
    one.post(clocks, typed(one, form_of, clocks, v__clocks__verification_days="8"))
    one.post(f"{begun}submission/", {"edition": edition(begun)})
    empty = other.post(f"{begun}return/", {"edition": edition(begun), "why": ""})
    assert (empty.status_code, PolicyDraft.objects.get().state) == (422, "submitted")
    assert other.post(f"{begun}return/", {"edition": edition(begun), "why": "依据不足"}).status_code == 302
    assert "依据不足" in one.get(begun).content.decode()
    assert other.post(f"{begun}withdrawal/").status_code == 403
    assert one.post(f"{begun}withdrawal/").status_code == 302
    assert PolicyDraft.objects.get().state == "withdrawn"


def test_a_city_reads_and_another_province_sees_nothing(
    acting: Acting, as_actor: Make, begun: str, officer: Actor
) -> None:
    pages = [
        DESK,
        begun,
        f"{begun}sections/clocks/",
        f"{begun}file/",
        f"{DESK}versions/{pack_queries.pack_at(date(2026, 3, 2)).version}/",
    ]
    writes = [f"{DESK}drafts/", f"{begun}submission/", f"{begun}approval/", f"{begun}return/", f"{begun}withdrawal/"]
    before = list(PolicyDraft.objects.values())
    for actor in (as_actor("city_officer", scope="360100"), as_actor("inspector", scope="360100")):
        client = acting(actor)
        assert [client.get(page).status_code for page in pages] == [200] * 5
        assert [client.post(page).status_code for page in writes] == [403] * 5
        assert client.post(f"{begun}sections/clocks/", {"edition": "1"}).status_code == 403
        assert client.post(f"{begun}file/", {"edition": "1"}).status_code == 422
        assert client.get(f"{DESK}imports/").status_code == 403
    elsewhere = acting(as_actor("province_officer", scope="420000"))
    assert [elsewhere.get(page).status_code for page in pages] == [200, 404, 404, 404, 404]
    assert [elsewhere.post(page).status_code for page in writes[1:]] == [404] * 4
    for stranger in (as_actor("registrar", scope="x"), as_actor()):
        assert [acting(stranger).get(page).status_code for page in pages] == [403] * 5
    weak = acting(as_actor("province_officer", scope="360000", level=1))
    assert [weak.get(page).status_code for page in pages] == [302] * 5
    assert list(PolicyDraft.objects.values()) == before


@pytest.mark.parametrize("size", [1, 3])
def test_the_desk_asks_the_database_as_often_for_three_drafts_as_for_one(
    size: int, acting: Acting, officer: Actor, at: datetime, asked: Asked
) -> None:
    for number in range(size):
        later_ = at + timedelta(minutes=number)
        lawbook.begin_draft(by=officer, at=later_)
    client = acting(officer)
    with asked(4):
        assert client.get(DESK).status_code == 200


def test_everybody_reads_each_version_and_what_it_changes(
    visit: Callable[..., Any], officer: Actor, second: Actor, at: datetime, acting: Acting, begun: str, form_of: FormOf
) -> None:
    one = acting(officer)
    set_day(one, form_of, begun)
    clocks = f"{begun}sections/clocks/"
    one.post(clocks, typed(one, form_of, clocks, v__clocks__verification_days="8"))
    row = PolicyDraft.objects.get()
    lawbook.submit_draft(draft_id=row.pk, edition=row.edition, by=officer, at=at)
    version = lawbook.approve_draft(draft_id=row.pk, edition=row.edition, by=second, at=at)
    public = english(visit())
    pack = public.get("/policy/").content.decode()
    assert version in pack
    assert "to come" in pack
    page = public.get(f"/policy/versions/{version}/").content.decode()
    for words in ("to come", "What it says otherwise than", "<del>", "Terms in working days"):
        assert words in page
    file = public.get(f"/policy/versions/{version}/file/")
    assert file["Content-Disposition"] == f'attachment; filename="{version}.toml"'
    assert file.content.decode() == lawbook_pages.text(version)
    assert public.get("/policy/versions/nowhere@1/").status_code == 404
    assert visit("alpha").get(f"/policy/versions/{version}/").status_code == 200


def test_the_other_officers_are_told_and_then_the_author(
    visit: Callable[..., Any], as_actor: Make, at: datetime
) -> None:
    officers = [
        accounts.register_account(identifier=f"1380000000{n}", password="correct-horse-9", name=f"演示{n}", at=at)
        for n in range(3)
    ]
    for account in officers:
        identity_roles.grant_role(account_id=account.id, role="province_officer", scope="360000", by=SYSTEM, at=at)
    one, two, three = (as_actor("province_officer", scope="360000", account_id=account.id) for account in officers)
    draft_id = lawbook.import_draft(text=changed_text(at), by=one, at=at)
    lawbook.submit_draft(draft_id=draft_id, edition=1, by=one, at=at)
    later.drain()
    notices = Notice.objects.filter(template="lawbook.draft_submitted")
    assert set(notices.values_list("account_id", flat=True)) == {two.account_id, three.account_id}
    lawbook.approve_draft(draft_id=draft_id, edition=1, by=two, at=at)
    later.drain()
    notices = Notice.objects.filter(template="lawbook.draft_approved")
    assert [(row.account_id, row.path) for row in notices] == [(one.account_id, f"{DESK}drafts/{draft_id}/")]


def changed_text(at: datetime) -> str:
    """The file of the version in force with another term, from a day to come."""
    version = pack_queries.pack_at(at)
    day = version.effective_from.isoformat()
    text = lawbook_pages.text(version.version).replace(f"value = {day}", "value = 2026-06-01")
    return text.replace("notice_days = { value = 5", "notice_days = { value = 6")


def test_every_registered_count_is_asked_in_a_fixed_number_of_questions(
    officer: Actor, at: datetime, asked: Asked
) -> None:
    paths = sorted({path for known, _function in policy_impact.impact_counters.connected for path in known})
    assert {path.partition(".")[0] for path in paths} <= {spec.name for spec in outline()}
    with translation.override("en"), asked(12):
        impacts = policy_impact.impacts_of(paths, jurisdiction="360000", on=date(2026, 6, 1), at=at)
    assert len(impacts) == len({str(one.item.what) for one in impacts}) == 11
    assert all(one.item.count >= 0 and str(one.item.how) for one in impacts)


def test_the_officer_s_landing_page_says_what_waits(
    acting: Acting, officer: Actor, second: Actor, at: datetime, begun: str, form_of: FormOf
) -> None:
    one = acting(officer)
    set_day(one, form_of, begun)
    clocks = f"{begun}sections/clocks/"
    one.post(clocks, typed(one, form_of, clocks, v__clocks__verification_days="8"))
    row = PolicyDraft.objects.get()
    lawbook.submit_draft(draft_id=row.pk, edition=row.edition, by=officer, at=at)
    assert [todo.url for todo in lawbook_todos.drafts_to_decide(second, at)] == [begun]
    assert list(lawbook_todos.drafts_to_decide(officer, at)) == []
    lawbook.return_draft(draft_id=row.pk, edition=row.edition, why="演示", by=second, at=at)
    assert [todo.url for todo in lawbook_todos.drafts_to_decide(officer, at)] == [begun]
    assert PolicyPack.objects.filter(jurisdiction="360000").count() >= 1
