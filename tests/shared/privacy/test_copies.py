"""The copy to take along: collected by one task a schema, whole for its person, closed to all others."""

import io
import json
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest

from kernel import later, tenancy
from kernel.errors import NotFound
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import people as people_queries
from shared.privacy.models.rights import Copy, CopyPart
from shared.privacy.operations import copies
from shared.privacy.queries import register as privacy_register
from shared.privacy.queries import subject_data
from shared.records import operations as records

HOST = "nuoxing.localhost"


def _unpacked(content: bytes) -> tuple[dict[str, Any], str]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return json.loads(packed.read("data.json")), packed.read("index.html").decode()


def test_a_copy_holds_what_both_sides_keep_and_nothing_of_anybody_else(
    person: Any, settle: Any, institutions: Any, at: datetime
) -> None:
    me, other = person(), person("王他人")
    copy_id = copies.ask_copy(by=me, at=at)
    assert Copy.objects.get(pk=copy_id).expected == 1 + len(tenancy.schemas())
    settle()
    token = copies.make_link(copy_id=copy_id, password="correct-horse-9", host=HOST, by=me, at=at)
    _name, content = copies.fetch(token=token, host=HOST, by=me, at=at, real=at)
    data, readable = _unpacked(content)
    tables = {table["table"] for part in data["held_by"] for table in part["tables"]}
    assert {"identity.person", "identity.account", "identity.consent"} <= tables
    assert me.name in readable
    assert other.name not in json.dumps(data, ensure_ascii=False) + readable
    assert CopyPart.objects.count() == 0


def test_the_copy_is_whole_while_the_page_is_masked(person: Any, at: datetime) -> None:
    me = person()
    number = people_queries.person(me.person_id).masked_id
    masked = subject_data.subject_rows(
        account_id=me.account_id, person_id=me.person_id, whole=False, side="shared", at=at
    )
    whole = subject_data.subject_rows(
        account_id=me.account_id, person_id=me.person_id, whole=True, side="shared", at=at
    )
    text = {True: str([t.rows for t in whole]), False: str([t.rows for t in masked])}
    assert number in text[False]
    assert number not in text[True]
    assert "*" not in next(row[2] for t in whole if t.label == "identity.person" for row in t.rows)


def test_a_link_works_once_in_its_own_account_and_wants_the_password_or_a_second_factor(
    person: Any, settle: Any, at: datetime
) -> None:
    me, other = person(), person("王他人")
    copy_id = copies.ask_copy(by=me, at=at)
    settle()
    with pytest.raises(copies.ReauthenticationRequired):
        copies.make_link(copy_id=copy_id, password="wrong", host=HOST, by=me, at=at)
    with pytest.raises(NotFound):
        copies.make_link(copy_id=copy_id, password="correct-horse-9", host=HOST, by=other, at=at)
    token = copies.make_link(copy_id=copy_id, password="correct-horse-9", host=HOST, by=me, at=at)
    with pytest.raises(records.TicketInvalid):
        copies.fetch(token=token, host=HOST, by=other, at=at, real=at)
    copies.fetch(token=token, host=HOST, by=me, at=at, real=at)
    with pytest.raises(records.TicketInvalid):
        copies.fetch(token=token, host=HOST, by=me, at=at, real=at)


def test_one_copy_is_collected_at_a_time(person: Any, at: datetime) -> None:
    me = person()
    copies.ask_copy(by=me, at=at)
    with pytest.raises(copies.CopyUnderWay):
        copies.ask_copy(by=me, at=at)
    assert Copy.objects.count() == 1


def test_a_task_delivered_twice_gives_one_part(person: Any, at: datetime) -> None:
    me = person()
    copy_id = copies.ask_copy(by=me, at=at)
    arguments = {"copy_id": copy_id, "account_id": me.account_id, "person_id": me.person_id, "language": "en", "at": at}
    copies.collect(**arguments)
    copies.collect(**arguments)
    assert CopyPart.objects.filter(institution_id=None).count() == 1
    assert copies.pack_copies(at=at) == 0


def test_after_its_days_the_content_is_gone_and_the_row_says_so(person: Any, settle: Any, at: datetime) -> None:
    me = person()
    copy_id = copies.ask_copy(by=me, at=at)
    settle()
    days = privacy_register.setting("copy_days")
    assert copies.expire_copies(at=at + timedelta(days=days) - timedelta(seconds=1)) == 0
    assert copies.expire_copies(at=at + timedelta(days=days)) == 1
    assert Copy.objects.values_list("state", "content").get(pk=copy_id) == ("expired", None)
    with pytest.raises(copies.CopyUnavailable):
        copies.make_link(copy_id=copy_id, password="correct-horse-9", host=HOST, by=me, at=at)


def test_the_whole_way_in_the_browser(person: Any, settle: Any, at: datetime, visit: Any) -> None:
    me = person()
    client = visit()
    mobile = account_queries.contact_of(account_queries.account(me.account_id)).mobile
    client.post("/account/login/", {"login": mobile, "password": "correct-horse-9"})
    for path in ("", "consents/", "copies/", "corrections/", "closing/", "reveals/"):
        assert client.get(f"/account/privacy/{path}").status_code == 200
    client.post("/account/privacy/copies/")
    settle()
    copy = Copy.objects.get()
    refusal = client.post(f"/account/privacy/copies/{copy.pk}/link/", {"password": "nonsense"})
    assert refusal.status_code == 422
    redirect = client.post(f"/account/privacy/copies/{copy.pk}/link/", {"password": "correct-horse-9"})
    download = client.get(redirect["Location"])
    assert (download.status_code, download["Content-Type"]) == (200, "application/zip")
    assert client.get(redirect["Location"]).status_code == 403
    assert later.drain() >= 0
