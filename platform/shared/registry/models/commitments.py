"""Commitments: the draft, its evidence, and each version as it was signed."""

from django.db import models
from django.db.models import F, Q

from kernel.fields import Model, Personal, personal
from shared.institutions.states import Standing

from ..states import COMMITMENT, OPEN, Kind, State

SIGNATURE = Personal(
    "show who committed the institution", "statutory publicity (policy part 2.1)", "life of the entry", "name"
)


DECLARED = Personal(
    "verify what an institution declares, its staff included",
    "statutory verification of institutions (policy part 2.1)",
    "life of the entry",
    "none",
)


def applicant_columns(path: str = "") -> dict[str, F]:
    """Return what a query needs to bring along of the organisation that applies; `path` leads to the commitment."""
    names = ("name", "credit_code", "category", "division_code", "authority_code", "address", "state")
    columns = {f"applicant_{name}": F(f"{path}organisation__{name}") for name in names}
    return columns | {"applicant_slug": F(f"{path}organisation__institution__slug")}


class Applicant(models.Model):
    """Rows that a query brought with `applicant_columns`: columns of an organisation, not its row."""

    applicant_name: str
    applicant_credit_code: str
    applicant_category: str
    applicant_division_code: str
    applicant_authority_code: str
    applicant_address: str
    applicant_state: str
    applicant_slug: str | None

    class Meta:
        abstract = True

    @property
    def applicant_registered(self) -> bool:
        """Say whether the organisation was never listed."""
        return self.applicant_state == Standing.REGISTERED


class Commitment(Applicant, Model):
    """An organisation's way onto the list; at most one open at a time.

    Of the kind "self_check" it is an existing institution's examination of itself (policy part 2.1): its authority
    confirms on which earlier list it stood and since when, and it trains on while it fills in the form. Nobody visits
    it for this, so that there is no day on which a verification is due.
    """

    organisation = models.ForeignKey("institutions.Organisation", on_delete=models.PROTECT, related_name="+")
    authority_code = models.CharField(max_length=10, help_text="who verifies it; decided by routing when submitted")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.NEW)
    existing_since = models.DateField(null=True, help_text="since when it trained, as the authority confirmed it")
    existing_document = models.CharField(max_length=60, blank=True, help_text="the earlier list on which it stood")
    policy = models.CharField(max_length=60, help_text="version of the pack whose form it fills in")
    positions = models.JSONField(default=list, help_text="keys of the positions it would train for")
    version = models.PositiveSmallIntegerField(default=0, help_text="number of times it was submitted")
    submitted_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True, help_text="the day at whose end the verification is due")
    provisional = models.BooleanField(default=False, help_text="the due day rests on a calendar not yet published")
    created_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            COMMITMENT.constraint("registry_commitment_state"),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(state__in=[s.value for s in OPEN]), name="registry_one_open"
            ),
            models.CheckConstraint(
                condition=Q(version=0, submitted_at=None, due_on=None)
                | Q(version__gt=0, submitted_at__isnull=False, due_on__isnull=False, kind=Kind.NEW)
                | Q(version__gt=0, submitted_at__isnull=False, due_on=None, kind=Kind.SELF_CHECK),
                name="registry_commitment_submitted",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="registry_commitment_kind"),
            models.CheckConstraint(
                condition=Q(existing_since=None, existing_document="")
                | (Q(kind=Kind.SELF_CHECK, existing_since__isnull=False) & ~Q(existing_document="")),
                name="registry_commitment_existing",
            ),
        ]
        indexes = [
            models.Index(
                fields=["authority_code", "due_on"], name="registry_to_verify", condition=Q(state="submitted")
            ),
        ]
        ordering = ["-id"]

    badge = property(COMMITMENT.badge)
    is_submitted = COMMITMENT.among(State.SUBMITTED)
    is_found_false = COMMITMENT.among(State.FALSE)
    is_under_notice = COMMITMENT.among(State.NOTICE)
    is_returned = COMMITMENT.among(State.RETURNED)
    is_uploading = COMMITMENT.among(State.UPLOADING)
    is_listed = COMMITMENT.among(State.RECEIPTED, State.LISTED)
    is_self_checked = COMMITMENT.among(State.SELF_CHECKED)
    is_withdrawn = COMMITMENT.among(State.WITHDRAWN)
    may_be_withdrawn = COMMITMENT.allows("withdraw")


class Line(Model):
    """What is declared in one line of the form, as text; the form's own lines are the pack's."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="lines")
    key = models.CharField(max_length=40)
    value = personal(models.CharField(max_length=500), DECLARED)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commitment", "key"], name="registry_line_once")]


class Evidence(Model):
    """A file that proves a line. Removed from the draft it stays with the versions that were signed with it."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="evidence")
    key = models.CharField(max_length=40, help_text="the line's key")
    file = models.ForeignKey("records.File", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]


class Submission(Model):
    """One signed version: everything declared, the text committed to, who signed and when. Never changed."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="submissions")
    version = models.PositiveSmallIntegerField()
    content = personal(
        models.JSONField(help_text="organisation, positions, lines and evidence as they were signed"), DECLARED
    )
    text = models.JSONField(help_text="the clauses committed to, in the language of the law")
    signed_name = personal(models.CharField(max_length=60), SIGNATURE)
    signed_by = models.UUIDField()
    signed_at = models.DateTimeField()
    policy = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commitment", "version"], name="registry_version_once")]
        ordering = ["version"]
