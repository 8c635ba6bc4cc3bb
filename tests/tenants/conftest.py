"""A school at work: what most tests of an institution's apps begin with, made by the apps' own operations."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.http import HttpRequest

from kernel import idnumbers, tenancy
from kernel.access import ANONYMOUS, SYSTEM, Actor
from kernel.money import Money
from shared.identity import operations as identity_operations
from shared.policy import operations as policy_operations
from shared.policy.queries import FeeCapValue
from tenants.billing import operations as billing_operations
from tenants.courses import operations as courses_operations
from tenants.rosters import operations as rosters_operations

_serial = count(1)
CEILING, FEE = Money(100_000), Money(88_000)


class School:
    """One institution, its staff, and short ways to everything up to a paid enrolment. Its schema is open."""

    def __init__(self, institution: Any, at: datetime, make: Callable[..., Actor]) -> None:
        scope = str(institution.organisation_id)
        self.institution, self.at, self.day = institution, at, at.date()
        self.principal = make("principal", scope=scope, name="演示校长")
        self.registrar = make("registrar", scope=scope, name="演示教务")
        self.teacher = make("teacher", scope=scope, name="演示教师")
        self.cashier = make("cashier", scope=scope, name="演示出纳")
        self.officer = make("province_officer", scope="360000", name="演示省厅")

    def person(self, name: str = "演示甲", *, born: date = date(1990, 3, 7), serial: int | None = None) -> Actor:
        """Somebody with an account and a complete person, as signed in."""
        n = next(_serial) if serial is None else serial
        mobile = f"138{n:08d}"
        account = identity_operations.register_account(
            identifier=mobile, password="a-long-password", name=name, at=self.at
        )
        person_id = identity_operations.complete_person(
            account_id=account.id,
            name=name,
            id_type="resident",
            id_number=idnumbers.make_resident_id(f"3601{n // 1000 % 90 + 10}", born, n % 1000),
            mobile=mobile,
            by=SYSTEM,
            at=self.at,
        )
        return Actor(account.id, person_id, name, 1, frozenset())

    @tenancy.open_public()
    def cap(
        self, fee_item: str = "training", unit: str = "person", *, ceiling: Money | None = CEILING, **more: Any
    ) -> FeeCapValue:
        """A ceiling entered by the province; None is the decision that there is none."""
        if ceiling is None:
            more.setdefault("decision_note", "演示：会议决定不设上限")
        facts = {"document_no": "演示〔2026〕1号", "effective_from": self.day - timedelta(days=30), "demo": True} | more
        return policy_operations.enter_cap(
            fee_item=fee_item, unit=unit, ceiling=ceiling, by=self.officer, at=self.at, **facts
        )

    def training_class(self, *, capacity: int = 30, position: str = "SGY-TJ", **more: Any) -> Any:
        """A planned class of a programme with one reading lesson and one on site, taught by the teacher."""
        programme = courses_operations.open_programme(
            position=position, title="演示培训", by=self.registrar, at=self.at
        )
        lessons = (("安全生产", "document", 3600, "正文"), ("测量放线实训", "onsite", 7200, ""))
        for title, kind, seconds, body in lessons:
            courses_operations.add_lesson(
                programme_id=programme.pk,
                title=title,
                kind=kind,
                seconds=seconds,
                body=body,
                by=self.registrar,
                at=self.at,
            )
        days = {"starts_on": self.day, "ends_on": self.day + timedelta(days=30)} | more
        return courses_operations.plan_class(
            programme_id=programme.pk,
            name="演示一班",
            capacity=capacity,
            teacher=self.teacher.account_id,
            teacher_name=self.teacher.name,
            by=self.registrar,
            at=self.at,
            **days,
        )

    def open_class(self, *, amount: Money = FEE, **more: Any) -> Any:
        """A class open for enrolment at a price under the ceiling (entered if there is none)."""
        training_class = self.training_class(**more)
        try:
            self.price(training_class.pk, amount)
        except billing_operations.NoCap:
            self.cap()
            self.price(training_class.pk, amount)
        billing_operations.open_enrolment(class_id=training_class.pk, by=self.registrar, at=self.at)
        training_class.refresh_from_db()
        return training_class

    def price(self, class_id: uuid.UUID, amount: Money, *, fee_item: str = "training", **more: Any) -> Any:
        """A published price."""
        return billing_operations.publish_price(
            class_id=class_id, fee_item=fee_item, amount=amount, by=self.principal, at=self.at, **more
        )

    def applied(self, class_id: uuid.UUID, person: Actor, **declared: Any) -> Any:
        """An application; by default of somebody eligible."""
        assert person.person_id is not None
        facts = {"education": "college", "major_kind": "core", "practice_years": 3} | declared
        return rosters_operations.apply(class_id=class_id, person_id=person.person_id, by=person, at=self.at, **facts)

    def ordered(self, class_id: uuid.UUID, person: Actor) -> tuple[Any, Any]:
        """An enrolment with its seat and its unpaid order."""
        enrolment = self.applied(class_id, person)
        order = billing_operations.place_order(enrolment_id=enrolment.pk, by=person, at=self.at)
        enrolment.refresh_from_db()
        return enrolment, order

    def paid(self, class_id: uuid.UUID, person: Actor) -> tuple[Any, Any, Any]:
        """An enrolment paid in cash."""
        enrolment, order = self.ordered(class_id, person)
        amount = Money(sum(line.total.fen for line in order.lines.all()))
        payment = billing_operations.pay_at_counter(
            order_id=order.pk, method="cash", amount=amount, by=self.cashier, at=self.at
        )
        enrolment.refresh_from_db()
        order.refresh_from_db()
        return enrolment, order, payment


@pytest.fixture
def school(alpha: Any, as_actor: Callable[..., Actor], at: datetime) -> School:
    """The first institution at work, its schema open."""
    return School(alpha, at, as_actor)


@pytest.fixture
def acting(monkeypatch: pytest.MonkeyPatch, visit: Callable[..., Any], school: School) -> Callable[..., Any]:
    """Return a client at the school's host that acts as the given person; the school's schema is open again after
    each request. Signing in is identity's own story.
    """

    def load(request: HttpRequest) -> Actor:
        actor: Actor = request.META.get("nuoxing.actor", ANONYMOUS)
        return actor

    monkeypatch.setattr("kernel.middleware.import_string", lambda _path: load)

    def make(actor: Actor = ANONYMOUS, moment: datetime | None = None) -> Any:
        client = visit("alpha", moment) if moment else visit("alpha")
        client.defaults["nuoxing.actor"] = actor
        ask = client.request

        def request(**asked: Any) -> Any:
            with tenancy.open_public():
                return ask(**asked)

        monkeypatch.setattr(client, "request", request)
        return client

    return make


@pytest.fixture
def other_school(alpha: Any, beta: Any, as_actor: Callable[..., Actor], at: datetime) -> School:
    """The second institution; open its schema with `tenancy.open_institution(other_school.institution)`."""
    assert tenancy.current_schema() == alpha.schema_name
    return School(beta, at, as_actor)


@pytest.fixture
def school_class() -> type[School]:
    """The class itself, for tests that commit what they do."""
    return School
