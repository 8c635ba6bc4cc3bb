"""What is settled stays as it was, whichever role writes: tried as the role that serves, and as the login."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel import access, clock, later, tenancy
from kernel.db import roles
from kernel.models import Outbox
from shared.records.models import File
from shared.records.operations import store_file
from support.tampering import refused


def test_a_file_lies_in_the_folder_of_its_own_schema(alpha: Any, at: Any) -> None:
    with tenancy.open_public():
        stored = store_file(content=b"%PDF-1.4 x", name="x.pdf", by=access.SYSTEM, at=at)
    key = stored.path.removeprefix("public/")
    facts = {"name": "x", "size": 1, "kind": "application/pdf", "retention": "x", "stored_at": at}
    for path in (f"public/{key}", f"public//{key}", f"t_alpha/../public/{key}", "../secrets.env", f"t_beta/{key}"):
        with pytest.raises(IntegrityError, match=r"records_file_folder|records_file_path"), transaction.atomic():
            File.objects.create(path=path, owner_schema="t_alpha", **facts)
    assert File.objects.filter(owner_schema="t_alpha").count() == 0


def test_a_task_that_was_asked_for_is_removed_only_once_it_is_done(public_db: None) -> None:
    later.later("records.remove_content", path="x")
    row = Outbox.objects.get()
    assert refused("DELETE FROM kernel_outbox", role=roles.platform_role())
    Outbox.objects.filter(pk=row.pk).update(done_at=clock.real_now())
    assert refused("UPDATE kernel_outbox SET done_at = NULL", role=roles.platform_role())
    Outbox.objects.filter(pk=row.pk).delete()
    assert Outbox.objects.count() == 0
