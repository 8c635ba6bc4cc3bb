"""What a test needs before anybody can sit in it: people, staff, paid and learnt enrolments, a bank."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from kernel import tenancy
from kernel.access import Actor, Grant
from kernel.fields import uuid7
from shared.bank.models import Item, ItemVersion
from shared.identity.models.accounts import Account, RoleGrant
from shared.identity.models.people import Person
from support import clients, holders
from tenants.attempts.models.attempts import Attempt
from tenants.attempts.operations import attempts, conduct, interventions
from tenants.courses.models import Attendance, HourEntry, Participant, Programme, TrainingClass
from tenants.rosters.models import Enrolment
from tenants.sittings.models.sittings import Candidacy, Room, Sitting
from tenants.sittings.operations import candidates, sittings

PARTS = (("a", "single"), ("b", "single"), ("c", "multiple"), ("d", "judgement"))
LETTERS = {"single": "one two three four", "multiple": "one two three four five", "judgement": ""}
KEYS = {"single": "B", "multiple": "ACE", "judgement": "F", "case": ""}
COUNTS = {"single": 40, "multiple": 10, "judgement": 20, "case": 4}
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"


def _texts(kind: str) -> list[str]:
    return LETTERS.get(kind, "").split()


@tenancy.open_public()
def fill_bank(at: datetime) -> None:
    """Let the bank hold exactly one paper's worth of items (written directly: the import has tests of its own)."""
    parts = [
        {"code": code, "kind": kind, "stem": f"part {code}", "key": KEYS[kind], "options": _texts(kind), "reason": ""}
        for code, kind in PARTS
    ]
    items, versions = [], []
    for kind, count in COUNTS.items():
        for n in range(count):
            block = f"b{n % 5}"
            item = Item(
                code=f"T-{kind}-{n}", position="SGY-TJ", kind=kind, block=block, block_name=block, entered_at=at
            )
            version = ItemVersion(
                item=item,
                number=1,
                stem=f"{kind} {n}",
                key=KEYS[kind],
                options=_texts(kind),
                parts=parts if kind == "case" else [],
                digest="-",
                made_at=at,
            )
            items.append(item)
            versions.append(version)
    Item.objects.bulk_create(items)
    ItemVersion.objects.bulk_create(versions)
    for item, version in zip(items, versions, strict=True):
        item.current = version
    Item.objects.bulk_update(items, ["current"])


def staff(name: str, role: str, scope: str, at: datetime) -> Actor:
    """Make an account with one role and return it as it acts."""
    with tenancy.as_owner():
        account = Account.objects.create(name=name, email=f"{uuid7().hex}@example.invalid", made_at=at)
        RoleGrant.objects.create(account=account, role=role, scope=scope, granted_at=at - timedelta(days=30))
    return Actor(account.pk, None, name, 2, frozenset({Grant(role, scope)}))


def training_class(at: datetime, teacher: UUID | None = None) -> TrainingClass:
    programme = Programme.objects.create(
        position="SGY-TJ",
        title="土建施工员",
        class_hours=1,
        seconds_per_class_hour=60,
        policy="jiangxi-2020@5",
        opened_at=at,
    )
    return TrainingClass.objects.create(
        programme=programme,
        position="SGY-TJ",
        class_hours=1,
        name="一班",
        starts_on=at.date(),
        ends_on=at.date(),
        capacity=60,
        teacher=teacher,
        state="running",
        state_since=at,
    )


def enrolment(room: TrainingClass, who: Person, at: datetime, *, paid: bool = True, learnt: bool = True) -> Enrolment:
    """Make somebody's enrolment in a class, paid and with all hours unless said otherwise."""
    row = Enrolment.objects.create(
        number=uuid7().hex[-12:],
        training_class=room,
        position="SGY-TJ",
        person_id=who.pk,
        person_name=who.name,
        person_masked="360***",
        channel="online",
        education="college",
        major="core",
        practice_years=3,
        policy="jiangxi-2020@5",
        applied_at=at,
        applied_by=uuid7(),
        state="confirmed" if paid else "enrolled",
        state_since=at,
    )
    seat = Participant.objects.create(
        training_class=room, enrolment_id=row.pk, person_id=who.pk, name=who.name, seated_at=at, admitted_at=at
    )
    if learnt:
        raw = Attendance.objects.create(
            participant=seat, day=at.date(), seconds=60, why="当面授课", by_id=uuid7(), by_name="师", at=at
        )
        HourEntry.objects.create(
            participant=seat, person_id=who.pk, kind="onsite", day=at.date(), seconds=60, at=at, attendance=raw
        )
    return row


@dataclass
class World:
    """One institution on the day of a test."""

    institution: Any
    at: datetime
    registrar: Actor
    chief: Actor
    proctor: Actor
    room: Room
    training_class: TrainingClass
    people: list[Person] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)

    @property
    def starts_at(self) -> datetime:
        return self.at + timedelta(days=1)

    def trainee(self, n: int) -> Actor:
        """Return the n-th trainee as they act."""
        return Actor(uuid7(), self.people[n].pk, self.people[n].name, 1)

    def signed_in(self, client: Any, who: Actor | int, *, level: int = 2) -> Any:
        """Give a client the session of one of the staff, or of the n-th trainee, at this institution's host."""
        if isinstance(who, int):
            known = self.people[who]
            with tenancy.as_owner():
                account = Account.objects.filter(person=known).first() or Account.objects.create(
                    name=known.name, email=f"{uuid7().hex}@example.invalid", person=known, made_at=self.at
                )
            level = 1
        else:
            account = Account.objects.get(pk=who.account_id)
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        session["level"], session["host"] = level, f"{self.institution.slug}.nuoxing.localhost"
        session.save()
        return clients.staying(client)

    def enrol(self, number: int, **how: bool) -> list[Enrolment]:
        """Add so many enrolled people."""
        first = len(self.people)
        for n in range(first, first + number):
            slug = self.institution.slug
            name = f"{SURNAMES[n % len(SURNAMES)]}{slug}{n}"
            who = holders.person(name, f"{slug}-{n:06d}", self.at, born=date(1990, 1, 1))
            self.people.append(who)
            self.enrolments.append(enrolment(self.training_class, who, self.at, **how))
        return self.enrolments[first:]

    def schedule(self, **changed: Any) -> Sitting:
        values: dict[str, Any] = {
            "position": "SGY-TJ",
            "room_id": self.room.pk,
            "starts_at": self.starts_at,
            "chief_id": self.chief.account_id,
            "proctor_ids": [self.proctor.account_id],
            "by": self.registrar,
            "at": self.at,
        }
        return sittings.schedule_sitting(**(values | changed))

    def filed(self, rows: list[Enrolment], **changed: Any) -> Sitting:
        """Return a filed sitting of these people."""
        sitting = self.schedule(**changed)
        keys = [row.pk for row in rows]
        candidates.add_candidates(sitting_id=sitting.pk, enrolment_ids=keys, by=self.registrar, at=self.at)
        return sittings.file_sitting(sitting_id=sitting.pk, by=self.registrar, at=self.at)

    def running(self, rows: list[Enrolment], *, checked_in: bool = True, **changed: Any) -> Sitting:
        """Return a sitting that has begun, everybody checked in."""
        sitting = self.filed(rows, **changed)
        conduct.open_checkin(sitting_id=sitting.pk, by=self.proctor, at=sitting.starts_at - timedelta(minutes=10))
        if checked_in:
            for row in sitting.candidacies.all():
                conduct.check_in(candidacy_id=row.pk, by=self.proctor, at=sitting.starts_at - timedelta(minutes=5))
        conduct.begin(sitting_id=sitting.pk, by=self.chief, at=sitting.starts_at)
        sitting.refresh_from_db()
        return sitting

    def attempt_of(self, sitting: Sitting, n: int = 0) -> Attempt:
        """Return the attempt of the n-th person."""
        return Attempt.objects.select_related("candidacy").get(sitting=sitting, candidacy__person_id=self.people[n].pk)

    def carry_out_endings(self, sitting: Sitting) -> None:
        """Let the time pass in which the chief could take back what was ordered for tests of a sitting."""
        for attempt in Attempt.objects.filter(sitting=sitting).exclude(ending_at=None):
            assert attempt.ending_at is not None
            interventions.carry_out_ending(attempt_id=attempt.pk, at=attempt.ending_at)

    def candidacy_of(self, sitting: Sitting, n: int = 0) -> Candidacy:
        return Candidacy.objects.get(sitting=sitting, person_id=self.people[n].pk)

    def lease(self, sitting: Sitting, n: int = 0, *, device: str = "one", at: datetime | None = None) -> int | None:
        """Open the n-th person's test page; return its epoch."""
        attempt = self.attempt_of(sitting, n)
        lease = attempts.take_lease(
            attempt_id=attempt.pk, person_id=self.people[n].pk, device=device, at=at or sitting.starts_at
        )
        return lease.epoch

    def start(self, sitting: Sitting, n: int = 0, *, at: datetime | None = None) -> Attempt:
        """Let the n-th person open the page and start."""
        epoch = self.lease(sitting, n, at=at)
        attempt = self.attempt_of(sitting, n)
        assert epoch is not None
        attempts.start_attempt(attempt_id=attempt.pk, epoch=epoch, by=self.trainee(n), at=at or sitting.starts_at)
        return self.attempt_of(sitting, n)


def build(institution: Any, at: datetime, *, people: int = 1, seats: int = 30) -> World:
    """Fill the open institution's schema."""
    scope = str(institution.organisation_id)
    room = Room.objects.create(name="第一考场", place="教学楼三层", seats=seats)
    world = World(
        institution,
        at,
        staff("登记员", "registrar", scope, at),
        staff("主监考", "chief_proctor", scope, at),
        staff("监考员", "proctor", scope, at),
        room,
        training_class(at),
    )
    world.enrol(people)
    return world
