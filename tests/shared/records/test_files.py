"""A file is what its content says, and is handed out by a link that lives as long as it is meant to."""

import hashlib
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile

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


MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"


def _video(at, size, kinds=("video",)):
    content = SimpleUploadedFile("lesson.mp4", MP4 + b"\0" * (size - len(MP4)))
    return _store(at, content=content, name="lesson.mp4", kinds=kinds)


def test_a_video_may_be_larger_than_other_files_and_is_sent_in_parts(public_db, visit, at):
    row = _video(at, records.MAX_FILE_BYTES + 1)
    assert (row.kind, row.size) == ("video/mp4", records.MAX_FILE_BYTES + 1)
    link = record_queries.signed_path(row.id)
    answer = visit().get(link, headers={"range": "bytes=4-11"})
    assert (answer.status_code, answer.content) == (206, b"ftypmp42")
    assert answer["Content-Range"] == f"bytes 4-11/{row.size}"
    whole = visit().get(link)
    assert sum(len(piece) for piece in whole.streaming_content) == row.size
    assert hashlib.sha256(record_queries.content(row.id)).hexdigest() == row.sha256


def test_what_is_no_video_alone_is_at_most_20_mb_and_a_video_has_its_own_ceiling(public_db, at, monkeypatch):
    with pytest.raises(records.FileRefused):
        _video(at, records.MAX_FILE_BYTES + 1, kinds=("image", "video"))
    monkeypatch.setattr(records, "MAX_VIDEO_BYTES", 1000)
    with pytest.raises(records.FileRefused):
        _video(at, 1001)
    assert File.objects.count() == 0


def test_a_link_lives_as_long_as_it_says_and_its_life_is_signed_too(public_db, at):
    row = _store(at)
    link = record_queries.signed_path(row.id, life=timedelta(hours=2)).split("/")[2]
    with time_machine(minutes=119):
        row_again, stream = record_queries.open_signed_file(link)
    stream.close()
    assert row_again.pk == row.id
    with time_machine(minutes=121), pytest.raises(record_queries.LinkExpired):
        record_queries.open_signed_file(link)
    with pytest.raises(record_queries.LinkExpired):
        record_queries.open_signed_file(link.replace(".7200:", ".72000:"))
    short = record_queries.signed_path(row.id).split("/")[2]
    with time_machine(minutes=6), pytest.raises(record_queries.LinkExpired):
        record_queries.open_signed_file(short)


@contextmanager
def time_machine(*, minutes):
    """Let the signer's clock be so much later."""
    now = time.time()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signing.time, "time", lambda: now + 60 * minutes)
        yield
