"""Items in versions, papers drawn from them, and the keys of those papers in a table of their own."""

from django.db import models

from kernel.fields import Model

from .states import Kind


class Item(Model):
    """One item of the bank under its code; what it asks lies in its versions."""

    code = models.CharField(max_length=40, unique=True)
    position = models.CharField(max_length=40, blank=True, help_text="key of a position; empty for a common item")
    common = models.BooleanField(default=False, help_text="asked at every position: one item, not a copy for each")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    block = models.CharField(max_length=40, help_text="block of knowledge that the draw spreads over")
    block_name = models.CharField(max_length=80)
    block_name_en = models.CharField(max_length=80, blank=True)
    current = models.ForeignKey("ItemVersion", on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="bank_item_kind"),
            models.CheckConstraint(
                condition=models.Q(common=True, position="") | models.Q(common=False) & ~models.Q(position=""),
                name="bank_item_common_or_of_a_position",
            ),
        ]
        indexes = [models.Index(fields=["position", "kind"], name="bank_item_pool")]

    def __str__(self) -> str:
        """Return its code."""
        return self.code


class ItemVersion(Model):
    """What an item asked from some moment on, with its key. Never changed: a correction is a new version."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    stem = models.TextField(max_length=20_000)
    options = models.JSONField(default=list, help_text="texts; the first is A")
    key = models.CharField(max_length=8, blank=True)
    parts = models.JSONField(default=list, help_text="a case's questions: code, kind, stem, options, key, reason")
    topic = models.CharField(max_length=80, blank=True)
    reason = models.TextField(max_length=20_000, blank=True)
    difficulty = models.PositiveSmallIntegerField(default=1)
    demo = models.BooleanField(default=False, help_text="made for demonstrations, flagged wherever it is shown")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="bank_version_once")]


class Paper(Model):
    """One drawn paper: which versions in which order, options in which order. Holds no text and no key."""

    position = models.CharField(max_length=40)
    seed = models.CharField(max_length=120)
    policy = models.CharField(max_length=60, help_text="version of the policy pack whose structure it has")
    slots = models.JSONField(help_text="list of no, kind, version, orders by part code")
    avoided_papers = models.JSONField(default=list, help_text="papers whose items were taken only where others ran out")
    drawn_at = models.DateTimeField()


class PaperKey(models.Model):
    """The answers to one paper, in the letters it shows. Never leaves this schema."""

    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, primary_key=True, related_name="answer_key")
    rule = models.JSONField(help_text="the structure and the marking it was drawn under")
    question_keys = models.JSONField(help_text="list of name, section, kind, key, points")
