"""Tables of employers: registrations, and the people whom a proven employer names."""

from django.db import models
from django.db.models import F, Q

from kernel.fields import BlindIndexField, EncryptedTextField, Model, Personal, personal
from shared.identity.states import DocumentType

from .states import EMPLOYEE, HOLDING, LIVE, REGISTRATION, EmployeeState, Side, State, Way

APPLYING = Personal("know who asks for a company", "performance of the service (PIPL 13.2)", "3 years", "name")
NAMED = "consent; asked of the person first (PIPL 23, 29)"
LIFE = "180 days after the end"


class Registration(Model):
    """Somebody asks that an employer be known here and be its clerk; proven by a letter or by an institution."""

    name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18)
    division_code = models.CharField(max_length=6, help_text="of the employer's seat")
    authority_code = models.CharField(max_length=6, help_text="whose officers decide")
    telephone = EncryptedTextField(
        personal=Personal("reach who asks for a company", APPLYING.basis, APPLYING.retention, "mobile")
    )
    code_digest = models.BinaryField(max_length=32)
    code_expires_at = models.DateTimeField()
    code_tries = models.PositiveSmallIntegerField(default=0)
    proven_at = models.DateTimeField(null=True, help_text="the code that was sent to the telephone was entered")
    letter = models.ForeignKey("records.File", on_delete=models.PROTECT, null=True, related_name="+")
    applied_by = models.UUIDField(help_text="account")
    applied_name = personal(models.CharField(max_length=80), APPLYING)
    applied_at = models.DateTimeField()
    stands_until = models.DateField(help_text="the last day on which it waits")
    policy = models.CharField(max_length=60, help_text="version of the pack that says which ways are open")
    way = models.CharField(max_length=10, choices=Way.choices, blank=True)
    institution_id = models.UUIDField(null=True, help_text="that vouched")
    seen = models.CharField(max_length=300, blank=True, help_text="what was looked at where an institution vouched")
    decided_by = models.UUIDField(null=True, help_text="account")
    decided_name = personal(
        models.CharField(max_length=80, blank=True),
        Personal("show which officer answers for it", "statutory duty of the authority", "3 years", "name"),
    )
    reason = models.CharField(max_length=300, blank=True)
    employer = models.ForeignKey("identity.Employer", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.BEGUN)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            REGISTRATION.constraint("employers_registration_state"),
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=Q(state__in=[s.value for s in HOLDING]),
                name="employers_one_registration",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.ASKED, State.PROVED, State.REFUSED, State.ENDED])
                | Q(proven_at__isnull=False),
                name="employers_telephone_proven",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=[State.PROVED, State.ENDED], employer__isnull=False, way__in=Way.values)
                    & Q(decided_by__isnull=False)
                )
                | (~Q(state__in=[State.PROVED, State.ENDED]) & Q(employer=None, way="")),
                name="employers_registration_proven",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.REFUSED, State.ENDED]) | ~Q(reason=""), name="employers_reason_said"
            ),
            models.CheckConstraint(
                condition=(Q(way=Way.VOUCHING, institution_id__isnull=False) & ~Q(seen=""))
                | (~Q(way=Way.VOUCHING) & Q(institution_id=None, seen="")),
                name="employers_vouched",
            ),
            models.CheckConstraint(
                condition=~Q(way=Way.LETTER) | Q(letter__isnull=False), name="employers_letter_seen"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("applied_by")), name="employers_by_two"
            ),
        ]
        indexes = [
            models.Index(fields=["applied_by"], name="employers_applied_by"),
            models.Index(fields=["authority_code"], name="employers_waiting", condition=Q(state=State.ASKED)),
            models.Index(fields=["employer"], name="employers_of", condition=Q(state=State.PROVED)),
        ]
        ordering = ["-applied_at", "-id"]

    badge = property(REGISTRATION.badge)
    is_begun = REGISTRATION.among(State.BEGUN)
    is_asked = REGISTRATION.among(State.ASKED)
    is_proved = REGISTRATION.among(State.PROVED)
    is_waiting = REGISTRATION.allows("withdraw")

    @property
    def has_letter(self) -> bool:
        """Say whether a letter was uploaded."""
        return self.letter_id is not None

    def __str__(self) -> str:
        """Return the employer's name."""
        return self.name


class Employee(Model):
    """A person whom an employer names, and what the person said to it; nothing of them is shown before they agreed.

    Name and number are as the employer wrote them. `person` is who has this number and this name here, found by the
    platform, and never shown to the employer before the consent stands.
    """

    employer = models.ForeignKey("identity.Employer", on_delete=models.PROTECT, related_name="+")
    name = personal(
        models.CharField(max_length=60), Personal("ask the person whom an employer names", NAMED, LIFE, "name")
    )
    id_type = models.CharField(max_length=20, choices=DocumentType.choices)
    id_number = EncryptedTextField(personal=Personal("ask the person whom an employer names", NAMED, LIFE, "id"))
    id_blind = BlindIndexField()
    added_by = models.UUIDField(help_text="account of a clerk")
    added_at = models.DateTimeField()
    stands_until = models.DateField(help_text="the last day on which the person is asked")
    person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True, help_text="the person was sent a notice")
    consent = models.ForeignKey("identity.Consent", on_delete=models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_side = models.CharField(max_length=10, choices=Side.choices, blank=True)
    state = models.CharField(max_length=10, choices=EmployeeState.choices, default=EmployeeState.ASKED)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            EMPLOYEE.constraint("employers_employee_state"),
            models.CheckConstraint(condition=Q(id_type__in=DocumentType.values), name="employers_employee_id_type"),
            models.UniqueConstraint(
                fields=["employer", "id_blind"],
                condition=Q(state__in=[s.value for s in LIVE]),
                name="employers_employee_once",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=[EmployeeState.AGREED, EmployeeState.ENDED])
                    & Q(person__isnull=False, consent__isnull=False, agreed_at__isnull=False)
                )
                | (
                    ~Q(state__in=[EmployeeState.AGREED, EmployeeState.ENDED])
                    & Q(consent=None, agreed_at=None, ended_at=None)
                ),
                name="employers_employee_agreed",
            ),
            models.CheckConstraint(
                condition=(Q(state=EmployeeState.ENDED, ended_side__in=Side.values) & Q(ended_at__gte=F("agreed_at")))
                | (~Q(state=EmployeeState.ENDED) & Q(ended_at=None, ended_side="")),
                name="employers_employee_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["employer", "-id"], name="employers_employees"),
            models.Index(fields=["person"], name="employers_employee_of"),
            models.Index(
                fields=["id_blind"], name="employers_to_ask", condition=Q(state=EmployeeState.ASKED, asked_at=None)
            ),
        ]
        ordering = ["-id"]

    badge = property(EMPLOYEE.badge)
    is_asked = EMPLOYEE.among(EmployeeState.ASKED)
    is_agreed = EMPLOYEE.among(EmployeeState.AGREED)
    is_live = EMPLOYEE.among(*LIVE)
    may_be_agreed = EMPLOYEE.allows("agree")
