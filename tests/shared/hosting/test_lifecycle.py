"""An institution's own life: carried away, brought back beside it, retired, and deleted by four eyes after its time."""

import uuid
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from kernel import access, audit, later, seals, tasks, tenancy
from kernel.access import Actor
from kernel.db import roles
from kernel.db.schemas import archives, building
from kernel.errors import Invalid, Refusal
from kernel.states import WrongState
from shared.hosting import methods as hosting_methods
from shared.hosting import queries as hosting_queries
from shared.hosting.models import Archive, Deletion, RestoredCopy
from shared.hosting.operations import archives as hosting_archives
from shared.hosting.operations import deletions
from shared.institutions.models import Institution
from shared.institutions.operations import lifecycle, standing
from shared.institutions.queries import listing as institution_listing_queries
from shared.institutions.queries import schemas as schema_queries
from shared.records import queries as record_queries
from shared.records.queries import ChainReport
from support import tampering
from support.permission_cases import paths
from tenants.records.models import AuditEntry
from tenants.sittings.models.sittings import Room

THIRTY_YEARS = timedelta(days=365 * 31)
GROUNDS = {"document_no": "演建罚〔2026〕1号", "reason": "不再符合条件"}


@pytest.fixture
def operator(as_actor: Callable[..., Actor]) -> Actor:
    """An operator."""
    return as_actor("platform_operator", name="演示运维甲")


@pytest.fixture
def another(as_actor: Callable[..., Actor]) -> Actor:
    """Another operator."""
    return as_actor("platform_operator", name="演示运维乙")


@pytest.fixture
def removed(list_it: Any, as_actor: Any, at: datetime) -> Institution:
    """An institution with a schema that is no longer on the list."""
    row = list_it()
    later.drain()
    officer = as_actor("city_officer", scope="360100")
    standing.remove(organisation_id=row.organisation_id, **GROUNDS, by=officer, at=at)
    return Institution.objects.get(pk=row.pk)


def _room(institution: Institution) -> None:
    with tenancy.open_institution(institution):
        Room.objects.create(name=uuid.uuid4().hex[:8], place="-", seats=3)


def test_who_is_on_the_list_does_not_retire(list_it: Any, operator: Actor, at: datetime) -> None:
    row = list_it()
    later.drain()
    with pytest.raises(lifecycle.StillListed):
        lifecycle.retire(institution_id=row.pk, reason="演示", by=operator, at=at)
    row.refresh_from_db()
    assert (row.lifecycle, roles.is_retired(row.schema_name)) == ("working", False)


@pytest.mark.parametrize("role", ["province_officer", "city_officer", "principal", "inspector"])
def test_only_operators_retire(removed: Institution, as_actor: Any, at: datetime, role: str) -> None:
    with pytest.raises(access.Denied):
        lifecycle.retire(institution_id=removed.pk, reason="演示", by=as_actor(role), at=at)
    weak = as_actor("platform_operator", level=1)
    with pytest.raises(access.SecondFactorNeeded):
        lifecycle.retire(institution_id=removed.pk, reason="演示", by=weak, at=at)
    removed.refresh_from_db()
    assert removed.lifecycle == "working"


def test_a_retired_institution_is_read_and_not_written_and_can_be_opened_again(
    removed: Institution, operator: Actor, at: datetime, settings: Any, visit: Any
) -> None:
    settings.NUOXING_ROLES = True
    _room(removed)
    with pytest.raises(Invalid):
        lifecycle.retire(institution_id=removed.pk, reason=" ", by=operator, at=at)
    lifecycle.retire(institution_id=removed.pk, reason="业务终止", by=operator, at=at)
    removed.refresh_from_db()
    assert (removed.lifecycle, removed.read_only, removed.retired_at) == ("retired", True, at)
    with tenancy.open_institution(removed):
        assert Room.objects.count() == 1
        for write in (lambda: Room.objects.update(seats=9), lambda: Room.objects.all().delete()):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                write()
        note_count = AuditEntry.objects.count()
        audit.note("x.read", Room.objects.get(), by=operator, at=at)
        assert AuditEntry.objects.count() == note_count + 1
    tenancy.enter(None)
    assert visit(removed.slug).get("/healthz").status_code == 200
    assert removed.schema_name not in tenancy.schemas()
    assert removed.schema_name in tenancy.schemas(retired=True)
    roles.grant_schema(removed.schema_name)  # what builds the walls again does not open it
    with tenancy.open_institution(removed), pytest.raises(ProgrammingError), transaction.atomic():
        Room.objects.update(seats=9)
    tenancy.enter(None)
    lifecycle.reopen(institution_id=removed.pk, reason="更正", by=operator, at=at)
    _room(removed)
    tenancy.enter(None)
    assert [note.verb for note in audit.history(removed)][-2:] == [
        "institution_lifecycle.retire",
        "institution_lifecycle.reopen",
    ]


def test_what_would_change_a_retired_institutions_records_is_refused_in_words(
    removed: Institution, operator: Actor, as_actor: Any, acting: Any, at: datetime
) -> None:
    lifecycle.retire(institution_id=removed.pk, reason="业务终止", by=operator, at=at)
    principal = acting(as_actor("principal", scope=str(removed.organisation_id)))
    host = f"{removed.slug}.nuoxing.localhost"
    principal.defaults |= {"SERVER_NAME": host, "HTTP_HOST": f"{host}:8000"}
    answer = principal.post("/staff/rooms/", {"name": "x", "place": "-", "seats": 3})
    assert answer.status_code == 409
    assert "该机构已停用" in answer.content.decode()
    assert principal.get("/staff/rooms/").status_code == 200


def _archived(row: Institution, at: datetime, tmp_path: Path) -> Archive:
    """A file as the task would have taken it, of what is committed (nothing here): so written by hand."""
    file = tmp_path / "archive.zip"
    manifest = archives.export_schema("t_alpha", file, about={"name": "x"})
    with file.open("rb") as stream:
        path = storages["default"].save("archives/x.zip", stream)  # type: ignore[arg-type]  # it is read like one
    return Archive.objects.create(
        institution=row, asked_at=at, taken_at=at, path=path, digest=manifest.digest, rows=manifest.rows, size=1
    )


def test_nothing_is_deleted_before_its_time_nor_without_a_file(
    removed: Institution, operator: Actor, at: datetime, tmp_path: Path
) -> None:
    ask = {"institution_id": removed.pk, "reason": "保存期满", "by": operator}
    with pytest.raises(WrongState):
        deletions.ask_deletion(**ask, at=at)
    lifecycle.retire(institution_id=removed.pk, reason="业务终止", by=operator, at=at)
    retention = hosting_queries.retention(at, at)
    assert retention.until == date(2056, 3, 2)
    with pytest.raises(deletions.Retained, match="2056-03-02"):
        deletions.ask_deletion(**ask, at=at + timedelta(days=365 * 30))
    with pytest.raises(deletions.ArchiveNeeded):
        deletions.ask_deletion(**ask, at=at + THIRTY_YEARS)
    _archived(removed, at - timedelta(days=1), tmp_path)  # what was taken before it retired is not what is deleted
    with pytest.raises(deletions.ArchiveNeeded):
        deletions.ask_deletion(**ask, at=at + THIRTY_YEARS)
    removed.refresh_from_db()
    assert (removed.lifecycle, Deletion.objects.count(), building.exists(removed.schema_name)) == ("retired", 0, True)


@pytest.fixture
def leaving(removed: Institution, operator: Actor, at: datetime, tmp_path: Path) -> Institution:
    """A retired institution whose deletion an operator has asked for, its time being over."""
    lifecycle.retire(institution_id=removed.pk, reason="业务终止", by=operator, at=at)
    _archived(removed, at + timedelta(days=1), tmp_path)
    deletions.ask_deletion(institution_id=removed.pk, reason="保存期满", by=operator, at=at + THIRTY_YEARS)
    return Institution.objects.get(pk=removed.pk)


def test_one_person_deletes_nothing_along_any_grant_path(leaving: Institution, operator: Actor, at: datetime) -> None:
    assert operator.account_id is not None
    for one in paths(operator.account_id, "", "360000", "360100", str(leaving.organisation_id)):
        with pytest.raises(Refusal):
            deletions.approve_deletion(institution_id=leaving.pk, by=one, at=at + THIRTY_YEARS)
    assert building.exists(leaving.schema_name)


def test_four_eyes_delete_and_what_it_told_stays(
    leaving: Institution, operator: Actor, another: Actor, at: datetime, visit: Any
) -> None:
    approve = {"institution_id": leaving.pk, "at": at + THIRTY_YEARS}
    with pytest.raises(deletions.FourEyes):
        deletions.approve_deletion(**approve, by=operator)
    assert building.exists(leaving.schema_name)
    deletions.approve_deletion(**approve, by=another)
    leaving.refresh_from_db()
    assert (leaving.lifecycle, leaving.is_deleted, building.exists(leaving.schema_name)) == ("deleted", True, False)
    assert roles.exists(roles.role_of(leaving.schema_name)) is False
    deletion = Deletion.objects.get(institution=leaving)
    assert (deletion.asked_by, deletion.approved_by) == (operator.account_id, another.account_id)
    note = audit.history(leaving)[-1]
    assert (note.verb, note.after["digest"]) == ("institution.schema_deleted", deletion.archive.digest)
    answer = visit(leaving.slug).get("/")
    assert answer.status_code == 410
    assert "保存期满后已删除" in answer.content.decode()
    assert institution_listing_queries.institution(leaving.pk).state == "removed"
    assert leaving.schema_name not in hosting_queries.all_schemas()
    assert institution_listing_queries.without_schema() == []
    with pytest.raises(WrongState):
        lifecycle.reopen(institution_id=leaving.pk, reason="演示", by=operator, at=at)


def test_a_deletion_is_withdrawn_and_asked_for_again(leaving: Institution, operator: Actor, at: datetime) -> None:
    deletions.withdraw_deletion(institution_id=leaving.pk, by=operator, at=at + THIRTY_YEARS)
    leaving.refresh_from_db()
    assert leaving.lifecycle == "retired"
    deletions.ask_deletion(institution_id=leaving.pk, reason="再次", by=operator, at=at + THIRTY_YEARS)
    assert Deletion.objects.filter(withdrawn_at=None, approved_at=None).count() == 1


def test_a_file_that_was_changed_stops_the_deletion(leaving: Institution, another: Actor, at: datetime) -> None:
    storages["default"].delete(leaving.archives.get().path)
    with pytest.raises(deletions.ArchiveChanged):
        deletions.approve_deletion(institution_id=leaving.pk, by=another, at=at + THIRTY_YEARS)
    leaving.refresh_from_db()
    assert (leaving.lifecycle, building.exists(leaving.schema_name)) == ("leaving", True)


def test_the_database_itself_wants_two_persons_and_one_open_wish(leaving: Institution, at: datetime) -> None:
    deletion = Deletion.objects.get()
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        Deletion.objects.update(approved_at=at, approved_by=deletion.asked_by)
    deletion.pk = uuid.uuid4()
    with pytest.raises(IntegrityError, match="deletion_once"), transaction.atomic():
        deletion.save(force_insert=True)
    with pytest.raises(IntegrityError, match="from leaving to working"), transaction.atomic():
        Institution.objects.filter(pk=leaving.pk).update(lifecycle="working")


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 60), st.integers(0, 400), st.integers(0, 400))
def test_a_longer_term_ends_later_and_a_year_later_lies_a_year_on(day: date, years: int, days: int, more: int) -> None:
    end = hosting_methods.term_end(day, years, days)
    assert hosting_methods.term_end(day, years, days + more) - end == timedelta(days=more)
    assert 0 <= (hosting_methods.term_end(day, years + 1, 0) - hosting_methods.term_end(day, years, 0)).days - 365 <= 1
    assert end >= day or years == days == 0


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[Institution]:
    """The first institution outside any transaction; copies of it are gone afterwards."""
    with django_db_blocker.unblock():
        tenancy.enter(None)
        row = Institution.objects.get(slug="alpha")
        try:
            yield row
        finally:
            tenancy.enter(None)
            for copy in RestoredCopy.objects.all():
                building.drop_schema(copy.schema_name)
                copy.delete()
            own = f"{row.schema_name}.tenant_records_auditentry"
            audited = ("kernel_auditentry", "kernel_audithead", own)
            with tampering.without_triggers(*audited), connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {', '.join(audited)}")
                cursor.execute(f"TRUNCATE {row.schema_name}.sittings_room CASCADE")
            connection.close()


def test_a_copy_stands_beside_its_institution_and_can_take_its_place(
    committed: Institution, operator: Actor, at: datetime, tmp_path: Path
) -> None:
    _room(committed)
    call_command("export_institution", "alpha", str(tmp_path / "a.zip"))
    _room(committed)
    tenancy.enter(None)
    call_command("restore_institution", str(tmp_path), "--as", "alpha-yesterday")
    copy = RestoredCopy.objects.get()
    assert (copy.schema_name, copy.institution, copy.rows) == ("c_alpha_yesterday", committed, copy.rows)
    assert copy.schema_name in hosting_queries.all_schemas()
    before = (archives.table_digests(committed.schema_name), archives.table_digests(copy.schema_name))
    hosting_archives.swap_copy(copy_id=copy.pk, institution_id=committed.pk, reason="误删", by=operator, at=at)
    assert (archives.table_digests(copy.schema_name), archives.table_digests(committed.schema_name)) == before
    with tenancy.open_institution(committed):
        assert Room.objects.count() == 1
    tenancy.enter(None)
    hosting_archives.swap_copy(copy_id=copy.pk, institution_id=committed.pk, reason="退回", by=operator, at=at)
    with tenancy.open_institution(committed):
        assert Room.objects.count() == 2
    tenancy.enter(None)
    beta = Institution.objects.get(slug="beta")
    with pytest.raises(hosting_archives.OtherInstitution):
        hosting_archives.swap_copy(copy_id=copy.pk, institution_id=beta.pk, reason="演示", by=operator, at=at)
    hosting_archives.drop_copy(copy_id=copy.pk, by=operator, at=at)
    assert (building.exists("c_alpha_yesterday"), RestoredCopy.objects.count()) == (False, 0)


@pytest.mark.parametrize("left", ["nothing", "an empty schema"])
def test_a_copy_that_nobody_could_work_in_takes_no_place(
    left: str, institutions: tuple[Institution, Institution], operator: Actor, at: datetime
) -> None:
    alpha, _beta = institutions
    copy = RestoredCopy.objects.create(
        schema_name="c_alpha_gone",
        institution=alpha,
        source_name=alpha.name,
        credit_code=alpha.organisation.credit_code,
        taken_at=at,
        digest="0" * 64,
        rows=1,
        restored_at=at,
    )
    if left == "an empty schema":
        with tenancy.as_owner(), connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA c_alpha_gone")
    notes = audit.table_of("kernel").objects.count()
    with pytest.raises(hosting_archives.CopyUnusable):
        hosting_archives.swap_copy(copy_id=copy.pk, institution_id=alpha.pk, reason="误删", by=operator, at=at)
    copy.refresh_from_db()
    assert (copy.digest, audit.table_of("kernel").objects.count()) == ("0" * 64, notes)
    with tenancy.open_institution(alpha):
        assert Room.objects.count() == 0


def _sealed_rooms(institution: Institution, count: int, at: datetime) -> None:
    with tenancy.open_institution(institution):
        for _n in range(count):
            with transaction.atomic():
                room = Room.objects.create(name=uuid.uuid4().hex[:8], place="-", seats=3)
                audit.note("x.room", room, by=access.SYSTEM, at=at)
            tasks.seal_audit(side="tenant_records", at=at)


def _chain(institution: Institution) -> ChainReport:
    with tenancy.open_institution(institution):
        return record_queries.chain_report("tenant_records")


def test_a_copys_chain_ends_where_one_was_filed_and_goes_on_from_there_in_its_institutions_place(
    committed: Institution, operator: Actor, at: datetime, tmp_path: Path
) -> None:
    _sealed_rooms(committed, 2, at)
    call_command("export_institution", "alpha", str(tmp_path / "a.zip"))
    _sealed_rooms(committed, 2, at)
    call_command("restore_institution", str(tmp_path), "--as", "alpha-yesterday")
    copy = RestoredCopy.objects.get()
    report = record_queries.copy_report(copy.schema_name)
    assert (report.sealed, report.faults, report.head and report.head.schema) == (2, (), "t_alpha")
    hosting_archives.swap_copy(copy_id=copy.pk, institution_id=committed.pk, reason="误删", by=operator, at=at)
    assert (_chain(committed).sealed, _chain(committed).faults) == (2, ())
    assert (record_queries.copy_report(copy.schema_name).sealed, record_queries.missing_chains()) == (4, [])
    _sealed_rooms(committed, 1, at)
    assert (_chain(committed).sealed, _chain(committed).faults) == (3, ())
    hosting_archives.swap_copy(copy_id=copy.pk, institution_id=committed.pk, reason="退回", by=operator, at=at)
    _sealed_rooms(committed, 1, at)
    assert (_chain(committed).sealed, _chain(committed).faults) == (5, ())
    assert list(seals.verify_heads()) == []
    call_command("verify_audit", "--schema", "t_alpha", "--schema", copy.schema_name)
    tampering.run(
        f"DELETE FROM {copy.schema_name}.tenant_records_auditentry WHERE seal_no = 3",
        f"{copy.schema_name}.tenant_records_auditentry",
    )
    assert (
        record_queries.copy_report(copy.schema_name).faults == ()
    )  # a sealing ended here once: a copy may be that old


def test_a_copy_shortened_to_where_nothing_was_filed_is_named(
    committed: Institution, at: datetime, tmp_path: Path
) -> None:
    _sealed_rooms(committed, 1, at)
    with tenancy.open_institution(committed), transaction.atomic():
        for _n in range(2):
            audit.note("x.together", Room.objects.first(), by=access.SYSTEM, at=at)
    with tenancy.open_institution(committed):
        tasks.seal_audit(side="tenant_records", at=at)
    call_command("export_institution", "alpha", str(tmp_path / "a.zip"))
    call_command("restore_institution", str(tmp_path), "--as", "short")
    notes = "c_short.tenant_records_auditentry"
    tampering.run(f"DELETE FROM {notes} WHERE seal_no = 3", notes)
    assert record_queries.copy_report("c_short").faults == (seals.Fault(1, None, "not filed", 2),)


def test_of_a_folder_the_last_file_until_a_time_is_restored(
    committed: Institution, tmp_path: Path, at: datetime
) -> None:
    for days in (0, 2):
        schema = schema_queries.schema_of(committed.pk)
        hosting_archives.export(institution=schema, file=tmp_path / f"{days}.zip", at=at + timedelta(days=days))
    until = (at + timedelta(days=1)).isoformat()
    call_command("restore_institution", str(tmp_path), "--as", "then", "--at", until)
    assert RestoredCopy.objects.get().taken_at == at
    with pytest.raises(CommandError, match="no file"):
        call_command("restore_institution", str(tmp_path), "--as", "x", "--at", "2020-01-01T00:00:00+08:00")
    with pytest.raises(CommandError, match=r"小写字母|small letters"):
        call_command("restore_institution", str(tmp_path / "0.zip"), "--as", "Not Good")
    with pytest.raises(CommandError, match="already"):
        call_command("restore_institution", str(tmp_path / "0.zip"), "--as", "then")


def test_a_file_that_was_asked_for_is_taken_once_after_commit(
    removed: Institution, operator: Actor, at: datetime
) -> None:
    removed.schema_name = "t_beta"  # what a connection of its own can see here
    with tenancy.as_owner():
        Institution.objects.filter(slug="beta").update(schema_name="t_elsewhere")
        removed.save(update_fields=["schema_name"])
    archive = hosting_archives.ask_archive(institution_id=removed.pk, by=operator, at=at)
    later.drain()
    archive.refresh_from_db()
    assert (archive.taken_at is not None, len(archive.digest), archive.size > 0) == (True, 64, True)
    with storages["default"].open(archive.path) as stream:
        assert archives.read_manifest(stream, whole=True).digest == archive.digest
    assert hosting_archives.take_archive(archive_id=archive.pk, at=at).digest == archive.digest
    with pytest.raises(access.SignInNeeded):
        hosting_archives.ask_archive(institution_id=removed.pk, by=access.ANONYMOUS, at=at)
