"""A school at work: what most tests of an institution's apps begin with, made by the apps' own operations."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from kernel import idnumbers, tenancy
from kernel.access import SYSTEM, Actor
from kernel.fields import uuid7
from kernel.money import Money
from shared.identity.operations import accounts, people
from shared.policy.operations import caps
from shared.policy.queries.caps import FeeCapValue
from tenants.billing.operations import orders, payments, prices
from tenants.courses.operations import classes, programmes
from tenants.rosters.operations import applications
from tenants.rosters.operations import privacy as roster_privacy

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
        account = accounts.register_account(identifier=mobile, password="a-long-password", name=name, at=self.at)
        person_id = people.complete_person(
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
        return caps.enter_cap(
            fee_item=fee_item, unit=unit, ceiling=ceiling, proposed_by=uuid7(), by=self.officer, at=self.at, **facts
        )

    def training_class(self, *, capacity: int = 30, position: str = "SGY-TJ", **more: Any) -> Any:
        """A planned class of a programme with one reading lesson and one on site, taught by the teacher."""
        programme = programmes.open_programme(position=position, title="演示培训", by=self.registrar, at=self.at)
        lessons = (("安全生产", "document", 3600, "正文"), ("测量放线实训", "onsite", 7200, ""))
        for title, kind, seconds, body in lessons:
            programmes.add_lesson(
                programme_id=programme.pk,
                title=title,
                kind=kind,
                seconds=seconds,
                body=body,
                by=self.registrar,
                at=self.at,
            )
        days = {"starts_on": self.day, "ends_on": self.day + timedelta(days=30)} | more
        return classes.plan_class(
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
        group = self.training_class(**more)
        try:
            self.price(group.pk, amount)
        except prices.NoCap:
            self.cap()
            self.price(group.pk, amount)
        orders.open_enrolment(class_id=group.pk, by=self.registrar, at=self.at)
        group.refresh_from_db()
        return group

    def price(self, class_id: uuid.UUID, amount: Money, *, fee_item: str = "training", **more: Any) -> Any:
        """A published price."""
        return prices.publish_price(
            class_id=class_id, fee_item=fee_item, amount=amount, by=self.principal, at=self.at, **more
        )

    def applied(self, class_id: uuid.UUID, person: Actor, **declared: Any) -> Any:
        """An application; by default of somebody eligible."""
        assert person.person_id is not None
        facts = {"education": "college", "major_kind": "core", "practice_years": 3} | declared
        return applications.apply(class_id=class_id, person_id=person.person_id, by=person, at=self.at, **facts)

    def ordered(self, class_id: uuid.UUID, person: Actor) -> tuple[Any, Any]:
        """An enrolment with its seat and its unpaid order, whose papers the desk has looked at."""
        enrolment = self.applied(class_id, person)
        roster_privacy.note_evidence_seen(enrolment_id=enrolment.pk, what="毕业证", by=self.registrar, at=self.at)
        order = orders.place_order(enrolment_id=enrolment.pk, by=person, at=self.at)
        enrolment.refresh_from_db()
        return enrolment, order

    def paid(self, class_id: uuid.UUID, person: Actor) -> tuple[Any, Any, Any]:
        """An enrolment paid in cash."""
        enrolment, order = self.ordered(class_id, person)
        amount = Money(sum(line.total.fen for line in order.lines.all()))
        payment = payments.pay_at_counter(order_id=order.pk, method="cash", amount=amount, by=self.cashier, at=self.at)
        enrolment.refresh_from_db()
        order.refresh_from_db()
        return enrolment, order, payment
