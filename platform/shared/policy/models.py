"""Packs as loaded and as drafted, overrides of the calendar, authorities, the ceilings that the authority entered."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, Coalesce

from kernel.fields import Model, MoneyField
from kernel.languages import localized
from kernel.money import Money

from .states import CapKind, Day, Level, Unit

NO_CEILING = Money(2**63 - 1)  # what `max_amount` holds where there is no ceiling: more than anybody can ask


class PolicyPack(Model):
    """One version of the law of a jurisdiction, as its file said. Never changed (a trigger holds it): a new version is
    a new row, and the one that begins last is in force."""

    jurisdiction = models.CharField(max_length=6)
    version = models.CharField(max_length=60, unique=True, help_text="what decisions are stamped with: ID@REVISION")
    revision = models.GeneratedField(
        expression=Cast(Func(F("version"), Value("@"), Value(2), function="split_part"), models.IntegerField()),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    digest = models.CharField(max_length=64, help_text="SHA-256 of what the file says")
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, help_text="the last day")
    body = models.JSONField(help_text="the file's values, each with its source")
    loaded_at = models.DateTimeField()
    loaded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")), name="policy_pack_period"
            ),
            ExclusionConstraint(
                name="policy_pack_one_province",
                expressions=[
                    (Func(F("version"), Value("@"), Value(1), function="split_part"), RangeOperators.EQUAL),
                    (F("jurisdiction"), RangeOperators.NOT_EQUAL),
                ],
            ),
        ]
        indexes = [models.Index(fields=["jurisdiction", "-effective_from"], name="policy_pack_in_force")]


class CalendarPlan(Model):
    """A year's official arrangement of days off and of working weekends, as the authority entered it from its document.
    With it the year is certain. A later plan of the same year takes its place; both stay.
    """

    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=120, help_text="the document that says so")
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField(null=True)

    class Meta:
        ordering = ["-year", "-entered_at"]


class CalendarDay(Model):
    """A day that is off or worked against what the calendar package says, and the document that says so.

    In force from `entered_at` until `superseded_at`, so that a term can be explained by what was known when it was
    counted. Nothing else of a row ever changes (a trigger holds it).
    """

    date = models.DateField()
    kind = models.CharField(max_length=4, choices=Day.choices)
    source = models.CharField(max_length=120)
    plan = models.ForeignKey(CalendarPlan, on_delete=models.PROTECT, null=True, related_name="days")
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField(null=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Day.values), name="policy_day_kind"),
            models.UniqueConstraint(fields=["date"], condition=Q(superseded_at=None), name="policy_day_in_force"),
        ]
        indexes = [models.Index(fields=["date", "entered_at"], name="policy_day_history")]


class Authority(Model):
    """A housing and construction authority with its division; a county is a division without an authority."""

    code = models.CharField(max_length=6, unique=True, help_text="division code; of a pseudo one the letters are ours")
    level = models.CharField(max_length=8, choices=Level.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    office = models.CharField(max_length=60, blank=True)
    office_en = models.CharField(max_length=120, blank=True)
    enrolment_centre = models.CharField(max_length=60, blank=True, help_text="of a province: who sends enrolments on")
    enrolment_centre_en = models.CharField(max_length=120, blank=True)
    pseudo = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level=Level.PROVINCE, parent=None)
                | (~Q(level=Level.PROVINCE) & Q(level__in=Level.values) & Q(parent__isnull=False)),
                name="policy_authority_parent",
            ),
            models.CheckConstraint(
                condition=Q(level=Level.COUNTY, office="") | (~Q(level=Level.COUNTY) & ~Q(office="")),
                name="policy_authority_office",
            ),
        ]

    def __str__(self) -> str:
        """Return the division's name in the active language."""
        return localized(self.name, self.name_en)


class FeeCap(Model):
    """What may be asked at most for a fee item, on which document's ground, from when to when; or the recorded decision
    that there is no ceiling. Immutable but for its end: prices and order lines keep what they were priced under.

    Other tables refer to it by all of (id, fee_item, position, unit, max_amount), all NOT NULL, so that no price can
    name the ceiling of another item or position, or a ceiling that is not its own; with `in_force` as well where
    only a live one will do (ON UPDATE CASCADE).
    """

    jurisdiction = models.CharField(max_length=6)
    document_no = models.CharField(max_length=60)
    fee_item = models.CharField(max_length=40, help_text="key of a fee item of the pack")
    position = models.CharField(max_length=40, blank=True, help_text='key of a position; "" is every position')
    unit = models.CharField(max_length=10, choices=Unit.choices)
    kind = models.CharField(max_length=20, choices=CapKind.choices)
    ceiling = MoneyField(null=True)
    max_amount = models.GeneratedField(
        expression=Coalesce("ceiling", Value(NO_CEILING.fen, output_field=models.BigIntegerField())),
        output_field=MoneyField(),
        db_persist=True,
    )
    decision_note = models.CharField(max_length=300, blank=True)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, help_text="the last day")
    in_force = models.BooleanField(default=True, help_text="new prices may be published under it")
    demo = models.BooleanField(default=False)
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField(null=True)

    class Meta:
        ordering = ["fee_item", "position", "unit", "effective_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=CapKind.CAPPED, ceiling__isnull=False, ceiling__gte=0)
                | (Q(kind=CapKind.UNCAPPED_DECISION, ceiling=None) & ~Q(decision_note="")),
                name="policy_cap_kind",
            ),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="policy_cap_unit"),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")), name="policy_cap_period"
            ),
            models.CheckConstraint(condition=Q(in_force=True) | Q(effective_to__isnull=False), name="policy_cap_ended"),
            ExclusionConstraint(
                name="policy_cap_overlap",
                expressions=[
                    (F("jurisdiction"), RangeOperators.EQUAL),
                    (F("fee_item"), RangeOperators.EQUAL),
                    (F("position"), RangeOperators.EQUAL),
                    (F("unit"), RangeOperators.EQUAL),
                    (
                        Func(F("effective_from"), F("effective_to"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.UniqueConstraint(fields=["id", "fee_item", "position", "unit", "max_amount"], name="policy_cap_key"),
            models.UniqueConstraint(
                fields=["id", "fee_item", "position", "unit", "max_amount", "in_force"], name="policy_cap_key_in_force"
            ),
        ]
