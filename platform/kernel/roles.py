"""Roles: what an account may be granted, within a scope."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What an account may be granted; the scope is an authority's code, an organisation's or employer's id, or ""."""

    PLATFORM_OPERATOR = "platform_operator", _("Platform operator")
    PROVINCE_OFFICER = "province_officer", _("Provincial officer")
    CITY_OFFICER = "city_officer", _("Municipal officer")
    INSPECTOR = "inspector", _("Inspector")
    EMPLOYER_CLERK = "employer_clerk", _("Employer's clerk")
    PRINCIPAL = "principal", _("Principal")
    REGISTRAR = "registrar", _("Registrar")
    TEACHER = "teacher", _("Teacher")
    PROCTOR = "proctor", _("Proctor")
    CHIEF_PROCTOR = "chief_proctor", _("Chief proctor")
    CASHIER = "cashier", _("Cashier")
    TRAINING_CENTRE = "training_centre", _("Provincial training centre")


OFFICERS = (Role.PROVINCE_OFFICER, Role.CITY_OFFICER)
UNSCOPED_ROLES = (Role.PLATFORM_OPERATOR, Role.TRAINING_CENTRE)
AUTHORITY_ROLES = (*OFFICERS, Role.INSPECTOR)
STAFF_ROLES = (Role.PRINCIPAL, Role.REGISTRAR, Role.TEACHER, Role.PROCTOR, Role.CHIEF_PROCTOR, Role.CASHIER)
