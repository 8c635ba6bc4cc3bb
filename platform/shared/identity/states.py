"""States and choices of identity: document types, roles, kinds of consent, recovery requests."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.roles import Role
from kernel.states import Move, StateChart


class DocumentType(models.TextChoices):
    """What a person proves who they are with."""

    RESIDENT = "resident", _("Resident identity card")
    HONG_KONG_MACAO = "hong_kong_macao", _("Mainland travel permit for Hong Kong and Macao residents")
    TAIWAN = "taiwan", _("Mainland travel permit for Taiwan residents")
    PASSPORT = "passport", _("Passport")
    PERMANENT_RESIDENCE = "permanent_residence", _("Foreign permanent resident identity card")


class Sex(models.TextChoices):
    """As the identity number tells it."""

    MALE = "male", _("Male")
    FEMALE = "female", _("Female")


class ConsentKind(models.TextChoices):
    """What a person agreed to."""

    PRIVACY_NOTICE = "privacy_notice", _("The privacy notice")
    ID_NUMBER = "id_number", _("Processing of the identity number")
    ID_SCAN = "id_scan", _("Keeping a picture of identity papers")
    FACE = "face", _("Comparing the face by machine")
    HEALTH = "health", _("A statement on health")
    PASSING_ON = "passing_on", _("Passing on to somebody else")


SEPARATE_CONSENTS = (ConsentKind.ID_SCAN, ConsentKind.FACE, ConsentKind.HEALTH, ConsentKind.PASSING_ON)
"""What is asked for on its own, may be refused and taken back, and has a way that does without (PIPL 29)."""


class ConsentChannel(models.TextChoices):
    """By what way a consent was given or taken back."""

    ONLINE = "online", _("Online")
    COUNTER = "counter", _("On paper, at the counter")


class RecoveryState(models.TextChoices):
    """Where a request to recover an account stands."""

    OPEN = "open", _("Waiting for the counter")
    CHECKED = "checked", _("Checked, waits for a second person")
    SETTLED = "settled", _("Settled at the counter")
    REFUSED = "refused", _("Request refused")


UNSETTLED = (RecoveryState.OPEN, RecoveryState.CHECKED)
COUNTER = (Role.REGISTRAR, Role.PRINCIPAL, Role.CITY_OFFICER, Role.PROVINCE_OFFICER, Role.PLATFORM_OPERATOR)

RECOVERY = StateChart(
    name="recovery",
    states=RecoveryState,
    initial=RecoveryState.OPEN,
    moves=[
        Move("check", [RecoveryState.OPEN], RecoveryState.CHECKED, COUNTER, _("Document checked")),
        Move("settle", UNSETTLED, RecoveryState.SETTLED, COUNTER, _("Confirm at the counter")),
        Move("refuse", UNSETTLED, RecoveryState.REFUSED, COUNTER, _("Refuse the request")),
    ],
)
