"""A file is what its content says, and is handed out by a link that lives five minutes."""

from datetime import timedelta

import pytest
from django.core import signing

from kernel import access
from shared.records import operations as records
from shared.records import queries as record_queries
from shared.records.models import File

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff03000006"
    "000557bfabd40000000049454e44ae426082"
)


def _store(at, content=PNG, name="photo.png", **more):
    return records.store_file(content=content, name=name, by=access.SYSTEM, at=at, **more)


def test_a_stored_file_is_named_by_us_and_known_by_its_digest(alpha, at):
    row = _store(at, name="../../etc/passwd.png")
    assert row.path.startswith("t_alpha/")
    assert (row.kind, row.size) == ("image/png", len(PNG))
    assert record_queries.content(row.id) == PNG


@pytest.mark.parametrize("content", [b"", b"<script>alert(1)</script>", b"MZ\x90\x00" + b"0" * 100])
def test_what_is_empty_or_of_a_foreign_kind_is_refused_whatever_it_is_called(public_db, at, content):
    with pytest.raises(records.FileRefused):
        _store(at, content=content)
    assert File.objects.count() == 0


def test_a_file_is_sent_by_its_signed_link_and_by_no_other(public_db, visit, at):
    row = _store(at)
    link = record_queries.signed_path(row.id)
    answer = visit().get(link)
    assert answer.status_code == 200
    assert answer.content == PNG
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert visit().get(f"/files/{row.id}/").status_code == 403


def test_a_link_does_not_outlive_five_minutes(public_db, at, monkeypatch):
    row = _store(at)
    link = record_queries.signed_path(row.id).split("/")[2]
    monkeypatch.setattr(record_queries, "LINK_LIFE", timedelta(seconds=-1))
    with pytest.raises(record_queries.LinkExpired):
        record_queries.open_signed_file(link)


def test_a_link_signed_for_another_use_is_refused(public_db, at):
    row = _store(at)
    with pytest.raises(record_queries.LinkExpired):
        record_queries.open_signed_file(signing.TimestampSigner(salt="other").sign(str(row.id)))
