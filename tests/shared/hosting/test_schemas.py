"""From listing to a place of work: a task that may be repeated builds the schema, and the host says so until then."""

from datetime import datetime
from typing import Any

from django.db import connection

from kernel import later, tenancy
from shared.hosting.operations import listing as hosting_listing
from shared.institutions.queries import listing as institution_listing_queries
from shared.notices.models import Notice
from tenants.records.models import AuditEntry


def _schemas() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\\_%' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def test_the_schema_is_built_through_the_outbox_and_opens_the_host(list_it: Any, visit: Any) -> None:
    row = list_it()
    waiting = visit("nanchangganjiang").get("/healthz")
    assert (waiting.status_code, waiting["Retry-After"]) == (503, "20")
    assert "南昌赣江职业培训学校" in waiting.content.decode()
    later.drain()
    row.refresh_from_db()
    assert (row.ready, _schemas()) == (True, ["t_alpha", "t_beta", "t_nanchangganjiang"])
    with tenancy.open_institution(row):
        assert AuditEntry.objects.count() == 0
    tenancy.enter(None)
    assert visit("nanchangganjiang").get("/healthz").status_code == 200
    assert [n.template for n in Notice.objects.all()] == ["hosting.ready"]


def test_a_machine_is_told_when_to_come_back(list_it: Any, visit: Any) -> None:
    list_it()
    answer = visit("nanchangganjiang").get("/api/v1/openapi.json")
    assert (answer.status_code, answer.json()["code"]) == (503, "being-set-up")


def test_a_half_built_schema_is_finished_and_building_again_does_nothing(list_it: Any, at: datetime) -> None:
    row = list_it()
    assert institution_listing_queries.without_schema() == [row.pk]
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {row.schema_name}")
    assert hosting_listing.build_schema(institution_id=row.pk, at=at) is True
    assert hosting_listing.build_schema(institution_id=row.pk, at=at) is False
    assert institution_listing_queries.without_schema() == []
    with tenancy.open_institution(row):
        assert AuditEntry.objects.count() == 0
    tenancy.enter(None)
