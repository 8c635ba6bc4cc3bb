"""A commitment at each step of its life, brought there by the operations themselves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from kernel import access
from shared.identity.operations import accounts
from shared.policy.queries import packs as pack_queries
from shared.registry.models.commitments import Commitment
from shared.registry.operations import drafts as registry_drafts
from shared.registry.operations import signing, verifications
from shared.registry.queries import notices as registry_notices

FORM = {
    "name": "南昌赣江职业培训学校",
    "credit_code": "12360000000000019J",
    "category": "social",
    "division_code": "360111",
    "address": "青山湖区演示大道8号",
    "legal_rep": "演示丙",
    "contact": "演示丁",
    "mobile": "13900000001",
}


SAMPLE = {"number": "120", "yes-no": "yes", "text": "双线路接入，备案号演示0001", "date": "2026-01-05"}


class Life:
    """Brings one commitment through its life, as its principal and as Nanchang's officer."""

    def __init__(self, at: datetime, as_actor: Callable[..., access.Actor]) -> None:
        """Make the account that will be the principal."""
        self.at = at
        self.as_actor = as_actor
        self.account = accounts.register_account(
            identifier="principal@nuoxing.example", password="long-enough-word-7", name="演示丁", at=at
        )
        self.officer = as_actor("city_officer", scope="360100", name="演示科长")
        self.person = access.Actor(self.account.id, None, "演示丁", 1)

    form = FORM

    def values(self, row: Commitment) -> dict[str, str]:
        """Return a value for every line of its form."""
        return {line.key: SAMPLE[line.kind] for line in pack_queries.pack(row.policy).commitment.lines}

    def apply(self, **changes: Any) -> Commitment:
        """Register the organisation; its form is begun."""
        return registry_drafts.apply(**(FORM | changes), by=self.person, at=self.at)

    def principal(self, commitment: Commitment) -> access.Actor:
        """Return the principal as an actor with a second factor."""
        return self.as_actor(
            "principal", scope=str(commitment.organisation_id), account_id=self.account.id, name="演示丁"
        )

    def filled(self, commitment: Commitment | None = None) -> Commitment:
        """Return a commitment whose form is complete."""
        row = commitment or self.apply()
        by = self.principal(row)
        values = self.values(row)
        registry_drafts.save_draft(commitment_id=row.pk, values=values, positions=["SGY-TJ", "CLY"], by=by, at=self.at)
        row.refresh_from_db()
        return row

    def submit(self, row: Commitment, at: datetime | None = None) -> Commitment:
        """Sign and submit it."""
        clauses = [c.key for c in pack_queries.pack(row.policy).commitment.clauses]
        signing.submit(
            commitment_id=row.pk, accepted=clauses, signed_name="演示丁", by=self.principal(row), at=at or self.at
        )
        row.refresh_from_db()
        return row

    def check(self, row: Commitment, **findings: str) -> None:
        """Write down what is found on site: true, but for the lines named (with - for _)."""
        keys = [line.key for line in pack_queries.pack(row.policy).commitment.lines]
        false = {key.replace("_", "-") for key in findings}
        found = {
            key: verifications.LineFinding("false" if key in false else "true", findings.get(key.replace("-", "_"), ""))
            for key in keys
        }
        verifications.save_checks(
            commitment_id=row.pk, version=row.version, findings=found, by=self.officer, at=self.at
        )

    def sign(self, row: Commitment, opinion: str = "true", remark: str = "", **over: Any) -> Any:
        """Sign the opinion."""
        at = over.pop("at", self.at)
        facts: dict[str, Any] = {"version": row.version, "visited_on": at.date(), "by": self.officer} | over
        return verifications.sign_verification(commitment_id=row.pk, opinion=opinion, remark=remark, at=at, **facts)

    def submitted(self) -> Commitment:
        """Return a commitment that waits for verification."""
        return self.submit(self.filled())

    def under_notice_of(self, **changes: Any) -> Commitment:
        """Return another organisation's commitment whose public notice runs."""
        return self._found_true(self.submit(self.filled(self.apply(**changes))))

    def under_notice(self) -> Commitment:
        """Return a commitment whose public notice runs: posted Monday 2 March 2026, due Monday 9 March."""
        return self._found_true(self.submitted())

    def _found_true(self, row: Commitment) -> Commitment:
        self.check(row)
        self.sign(row)
        row.refresh_from_db()
        return row

    def notice(self, row: Commitment) -> Any:
        """Return its public notice."""
        return registry_notices.open_notices().get(commitment=row)

    def after(self, days: int) -> datetime:
        """Return the same hour so many days later."""
        return self.at + timedelta(days=days)
