"""Kinds of items and the letters of their options."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What is asked, and how it is answered."""

    SINGLE = "single", _("Single choice")
    MULTIPLE = "multiple", _("Multiple choice")
    JUDGEMENT = "judgement", _("True or false")
    CASE = "case", _("Case")


TRUE, FALSE = "T", "F"
LETTERS = "ABCDEFGH"
