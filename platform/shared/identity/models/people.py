"""People as their documents tell it, and employers."""

from django.db import models
from django.db.models import Q

from kernel.fields import BlindIndexField, EncryptedTextField, Model, Personal, personal
from kernel.pinyin import PinyinKey

from ..states import DocumentType, Sex

BASIS = "statutory duty of training and certification (PIPL 13.3), separate consent (PIPL 29)"
LIFE = "life of the certificate and 3 years"


class Person(Model):
    """One human being in the province; the number of the document is encrypted and unique by its blind index."""

    name = personal(
        models.CharField(max_length=60),
        Personal("name the person on test papers and certificates", BASIS, LIFE, "name"),
    )
    id_type = models.CharField(max_length=20, choices=DocumentType.choices)
    id_number = EncryptedTextField(personal=Personal("tell people apart and report results", BASIS, LIFE, "id"))
    id_blind = BlindIndexField(unique=True)
    born = personal(models.DateField(null=True), Personal("age conditions of the policy", BASIS, LIFE, "all"))
    sex = personal(
        models.CharField(max_length=6, choices=Sex.choices, blank=True),
        Personal("certificate and test", BASIS, LIFE, "all"),
    )
    mobile = EncryptedTextField(
        null=True, personal=Personal("reach the trainee", "performance of the service", LIFE, "mobile")
    )
    mobile_blind = BlindIndexField(null=True, db_index=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id_type__in=DocumentType.values), name="identity_person_id_type"),
            models.CheckConstraint(condition=Q(sex__in=[*Sex.values, ""]), name="identity_person_sex"),
        ]


class Employer(Model):
    """A company that sends people to be trained and looks after their certificates."""

    name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18, unique=True)
    registered_at = models.DateTimeField()

    class Meta:
        ordering = [PinyinKey("name"), "id"]

    def __str__(self) -> str:
        """Return its name."""
        return self.name
