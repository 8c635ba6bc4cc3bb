"""One institution's own schema after ten years: classes, enrolments, orders; and the people who come in."""

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction

from infra.bench import fixtures  # sets Django up, which what follows needs
from infra.bench.decade.province import YEARS, Province
from kernel import tenancy
from kernel.money import Money
from kernel.roles import Role
from kernel.web.sessions import SessionStore
from shared.identity.models.accounts import Account, RoleGrant
from tenants.billing.models import Order, OrderLine, Payment, Price, ReceiptCounter
from tenants.billing.states import Method, OrderState
from tenants.courses.models import Participant, Programme, TrainingClass
from tenants.courses.states import ClassState
from tenants.rosters.models import Enrolment
from tenants.rosters.states import Channel, EnrolmentState

CLASSES = 200
OPEN = 4  # classes that take enrolments
SEATS = 40
ENROLMENTS = 6_000  # thirty to a class, nearly all of them long since completed
WAITING = 12  # of them, with an order to be paid


@dataclass(frozen=True, slots=True)
class People:
    """Cookies of those who come in: an officer at the platform, staff and a trainee at the institution."""

    officer: str
    staff: str
    trainee: str


@tenancy.as_owner()  # as in the province
def fill(province: Province, chance: random.Random) -> People:
    """Generate the first institution's ten years in its schema, which stands."""
    one, person = province.institutions[0], province.people[0]
    officer = _account("officer", grants=[(Role.PROVINCE_OFFICER, fixtures.PROVINCE)])
    scope = str(one.organisation_id)
    staff = _account("staff", grants=[(Role.PRINCIPAL, scope), (Role.REGISTRAR, scope), (Role.CASHIER, scope)])
    trainee = _account("trainee", person=person.pk)
    at_platform = _session(officer, house_host(), level=2)
    with tenancy.open_institution(one):
        _classes(province, chance)
        host = f"{one.slug}.{house_host()}"
        return People(at_platform, _session(staff, host, level=2), _session(trainee, host, level=1))


def house_host() -> str:
    """Return the platform's host, as settings have it."""
    from django.conf import settings

    return str(settings.NUOXING_HOST)


def _account(name: str, *, grants: Sequence[tuple[str, str]] = (), person: uuid.UUID | None = None) -> Account:
    account = Account.objects.create(name=name, email=f"{name}@bench.invalid", person_id=person)
    account.set_unusable_password()
    account.save()
    RoleGrant.objects.bulk_create(
        [RoleGrant(account=account, role=role, scope=scope, granted_at=fixtures.now()) for role, scope in grants]
    )
    return account


def _session(account: Account, host: str, *, level: int) -> str:
    """Have somebody come in at a host, in the schema that is open; return the cookie."""
    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store["host"], store["level"] = host, level
    store.create()
    return f"nx_session={store.session_key}"


def _classes(province: Province, chance: random.Random) -> None:
    programme = Programme.objects.create(
        position="SGY-TJ", title="Programme", class_hours=100, seconds_per_class_hour=2700, policy=province.policy,
        opened_at=fixtures.now(),
    )  # fmt: skip
    classes = [_class(programme, n, chance) for n in range(CLASSES)]
    TrainingClass.objects.bulk_create(classes)
    prices = [_price(province, group) for group in classes]
    Price.objects.bulk_create(prices)
    priced = dict(zip(classes, prices, strict=True))
    enrolments = [_enrolment(province, classes, n, chance) for n in range(ENROLMENTS)]
    Enrolment.objects.bulk_create(enrolments, batch_size=1000)
    Participant.objects.bulk_create(
        [
            Participant(
                training_class=e.training_class, enrolment_id=e.pk, person_id=e.person_id, name=e.person_name,
                seated_at=e.applied_at, admitted_at=e.applied_at,
            )
            for e in enrolments
        ],
        batch_size=1000,
    )  # fmt: skip
    _orders(province, enrolments, priced)


@transaction.atomic()
def _orders(province: Province, enrolments: Sequence[Enrolment], priced: Mapping[TrainingClass, Price]) -> None:
    """Orders in the steps that the database lets them take: open with their lines, then money, then paid."""
    orders = [_order(province, enrolment, n) for n, enrolment in enumerate(enrolments)]
    Order.objects.bulk_create(orders, batch_size=1000)
    lines = [_line(order, priced[order.enrolment.training_class]) for order in orders]
    OrderLine.objects.bulk_create(lines, batch_size=1000)
    paid = orders[WAITING:]
    Payment.objects.bulk_create([_payment(order, n) for n, order in enumerate(paid, 1)], batch_size=1000)
    ReceiptCounter.objects.create(year=fixtures.now().year, last=len(paid))
    Order.objects.filter(pk__in=[order.pk for order in paid]).update(state=OrderState.PAID)


def _class(programme: Programme, n: int, chance: random.Random) -> TrainingClass:
    runs = n < OPEN
    begins = fixtures.now().date() + timedelta(days=30 if runs else -chance.randrange(60, 365 * YEARS))
    return TrainingClass(
        programme=programme, position=programme.position, class_hours=100, name=f"Class {n:03d}", starts_on=begins,
        ends_on=begins + timedelta(days=20), capacity=SEATS, place="Room 1",
        state=ClassState.OPEN if runs else ClassState.CLOSED, state_since=fixtures.now(),
    )  # fmt: skip


def _price(province: Province, group: TrainingClass) -> Price:
    return Price(
        training_class=group, position=group.position, class_hours=group.class_hours, fee_item=province.cap.fee_item,
        base=Money(60_000), addons=Money(0), quantity=1, unit=province.cap.unit, cap_id=province.cap.pk,
        cap_position="", max_amount=Money(100_000), cap_kind=province.cap.kind, cap_document="bench", cap_in_force=True,
        policy=province.policy, published_at=fixtures.now(), published_by=province.cap.pk,
    )  # fmt: skip


def _enrolment(province: Province, classes: Sequence[TrainingClass], n: int, chance: random.Random) -> Enrolment:
    group = classes[n % len(classes)]
    many = len(province.people)
    person = province.people[(n * 37 + n // many) % many]  # nobody twice in a class
    at = fixtures.now() - timedelta(days=chance.randrange(1, 365 * YEARS))
    state = EnrolmentState.ENROLLED if n < WAITING else EnrolmentState.COMPLETED
    return Enrolment(
        number=f"E{n:07d}", training_class=group, position=group.position, person_id=person.pk,
        person_name=person.name, person_masked="B****1", channel=chance.choice(Channel.values), education="college",
        major="related", practice_years=3, rule="-", policy=province.policy, applied_at=at,
        applied_by=province.cap.pk, papers_seen_at=at, papers_seen_by=province.cap.pk, state=state, state_since=at,
    )  # fmt: skip


def _order(province: Province, enrolment: Enrolment, n: int) -> Order:
    return Order(
        number=f"O{n:07d}", enrolment=enrolment, person_id=enrolment.person_id, payer=enrolment.person_name,
        placed_at=enrolment.applied_at, placed_by=province.cap.pk, policy=province.policy,
        state_since=enrolment.applied_at,
    )  # fmt: skip


def _line(order: Order, price: Price) -> OrderLine:
    same = ("position", "fee_item", "base", "addons", "quantity", "unit", "cap_id", "cap_position", "max_amount")
    copied = {name: getattr(price, name) for name in (*same, "cap_kind", "cap_document")}
    return OrderLine(order=order, price=price, **copied)


def _payment(order: Order, n: int) -> Payment:
    return Payment(
        order=order, method=Method.CASH, amount=Money(60_000), reference=f"slip {n}",
        receipt_year=fixtures.now().year, receipt_n=n, received_at=order.placed_at,
    )  # fmt: skip
