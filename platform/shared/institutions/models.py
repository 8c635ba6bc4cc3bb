"""Organisation (from registration on) with its standings and the decisions on it; Institution (the tenant, from listing
on) and its Domain."""

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

from kernel.fields import EncryptedTextField, Model, Personal, personal, uuid7
from kernel.pinyin import PinyinKey

from .states import LIFECYCLE, STANDING, Decision, Lifecycle, SchemaOrigin, Standing


class Organisation(Model):
    """The legal entity that applies, commits itself and answers for its training (policy part 2)."""

    name = models.CharField(max_length=120)
    name_key = models.GeneratedField(expression=PinyinKey("name"), output_field=models.BinaryField(), db_persist=True)
    credit_code = models.CharField(max_length=18, unique=True, help_text="unified social credit code, GB 32100-2015")
    category = models.CharField(max_length=40, help_text="key of an institution category in the policy pack")
    division_code = models.CharField(max_length=6, help_text="division of the test site, which decides jurisdiction")
    authority_code = models.CharField(
        max_length=10, help_text="the authority that answers for it, by the pack's routing"
    )
    address = models.CharField(max_length=200)
    legal_rep = personal(
        models.CharField(max_length=60),
        Personal(
            "name the person responsible", "statutory publicity of committed institutions", "life of the entry", "name"
        ),
    )
    contact = personal(
        models.CharField(max_length=60),
        Personal("reach the institution", "performance of the service", "life of the entry", "name"),
    )
    contact_mobile = EncryptedTextField(
        personal=Personal("reach the institution", "performance of the service", "life of the entry", "mobile")
    )
    registered_at = models.DateTimeField()
    registered_by = models.UUIDField()
    state = models.CharField(max_length=20, choices=Standing.choices, default=Standing.REGISTERED)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [STANDING.constraint("institutions_organisation_state")]
        ordering = ["name_key", "id"]

    is_registered = STANDING.among(Standing.REGISTERED)
    chooses_to_enrol = STANDING.among(Standing.LISTED, Standing.NOT_ENROLLING)

    def __str__(self) -> str:
        """Return its name."""
        return self.name

    @property
    def badge(self) -> dict[str, object]:
        """Return its standing now as components/standing_badge.html shows it."""
        badge = STANDING.badge(self)
        return {"tone": badge.tone, "label": badge.label, "since": self.state_since}


class Ruling(Model):
    """An authority's decision about a listed organisation, published with its reason (policy part 5)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="rulings")
    kind = models.CharField(max_length=20, choices=Decision.choices)
    document_no = models.CharField(max_length=60, help_text="the reference of the decision")
    reason = models.TextField(max_length=4000)
    authority_code = models.CharField(max_length=10)
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()
    policy = models.CharField(max_length=60, help_text="version of the pack under which it was taken")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=Decision.values), name="institutions_ruling_kind"),
            models.CheckConstraint(
                condition=~models.Q(document_no="") & ~models.Q(reason=""), name="institutions_ruling_grounds"
            ),
        ]
        ordering = ["-id"]


class StandingEntry(models.Model):
    """One line of an organisation's standing: from when it stood where, and by which ruling. Append-only."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="standings")
    state = models.CharField(max_length=20, choices=Standing.choices)
    since = models.DateTimeField()
    ruling = models.OneToOneField(Ruling, on_delete=models.PROTECT, null=True, related_name="entry")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=Standing.values), name="institutions_entry_standing")
        ]
        indexes = [models.Index(fields=["organisation", "-since"], name="institutions_standing_at")]
        ordering = ["id"]


class Institution(TenantMixin):  # type: ignore[misc]  # django-tenants is untyped
    """A listed organisation's place of work: one schema. Made in one transaction with its domain."""

    auto_create_schema = False
    auto_drop_schema = False

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="institution")
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    name_key = models.GeneratedField(expression=PinyinKey("name"), output_field=models.BinaryField(), db_persist=True)
    listed_at = models.DateTimeField()
    ready = models.BooleanField(default=False, help_text="its schema stands")
    schema_origin = models.CharField(
        max_length=10, choices=SchemaOrigin.choices, blank=True, help_text="how its schema came to be"
    )
    lifecycle = models.CharField(max_length=20, choices=Lifecycle.choices, default=Lifecycle.WORKING)
    lifecycle_since = models.DateTimeField(null=True, help_text="since when it is not as it was listed")
    retired_at = models.DateTimeField(null=True, help_text="from when on its records could only be read")
    cell = models.CharField(max_length=20, default="one", help_text="the database cluster that holds its schema")
    positions = models.JSONField(default=list, help_text="keys of the positions it committed to")
    stars = models.PositiveSmallIntegerField(null=True)
    star_year = models.PositiveSmallIntegerField(null=True)
    star_score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    star_count = models.PositiveIntegerField(default=0, help_text="ratings that the stars of `star_year` rest on")

    class Meta:
        ordering = ["name_key", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stars=None, star_year=None) | models.Q(stars__range=(1, 5), star_year__isnull=False),
                name="institutions_stars",
            ),
            LIFECYCLE.constraint("institutions_institution_lifecycle"),
            models.CheckConstraint(
                condition=models.Q(lifecycle=Lifecycle.WORKING, retired_at=None)
                | (
                    ~models.Q(lifecycle=Lifecycle.WORKING)
                    & models.Q(lifecycle_since__isnull=False, retired_at__isnull=False)
                ),
                name="institutions_lifecycle_since",
            ),
        ]

    @property
    def standing(self) -> str:
        """Return where its organisation stands."""
        return str(self.organisation.state)

    def __str__(self) -> str:
        """Return its name."""
        return self.name

    @property
    def badge(self) -> dict[str, object]:
        """Return its organisation's standing now."""
        badge: dict[str, object] = self.organisation.badge
        return badge

    @property
    def has_schema(self) -> bool:
        """Say whether its data is here."""
        return self.ready and self.lifecycle != Lifecycle.DELETED

    @property
    def read_only(self) -> bool:
        """Say whether its records may only be read."""
        return self.lifecycle in (Lifecycle.RETIRED, Lifecycle.LEAVING)

    @property
    def is_deleted(self) -> bool:
        """Say whether its data was deleted."""
        return self.lifecycle == Lifecycle.DELETED

    @property
    def star_badge(self) -> dict[str, object]:
        """Return its stars as components/stars.html shows them; "not rated yet" where there are none."""
        value = {"value": self.stars, "n": self.star_count, "year": self.star_year, "score": self.star_score}
        return value | {"response_rate": None, "method": "", "distribution": []}


class Domain(DomainMixin):  # type: ignore[misc]  # as above
    """A host at which an institution is found."""
