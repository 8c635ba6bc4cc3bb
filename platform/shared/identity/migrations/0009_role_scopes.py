"""A role's scope is of the role's kind: none, an authority's code, or the key of an organisation or employer."""

from django.db import migrations, models
from django.db.models import Q

NOWHERE = ["platform_operator", "training_centre"]
AT_AN_AUTHORITY = ["province_officer", "city_officer", "inspector"]
AT_AN_ORGANISATION = ["principal", "registrar", "teacher", "proctor", "chief_proctor", "cashier", "employer_clerk"]
CODE = "^[0-9A-Z]{6}$"
KEY = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


class Migration(migrations.Migration):
    dependencies = [("identity", "0008_bounds")]
    operations = [
        migrations.AddConstraint(
            "rolegrant",
            models.CheckConstraint(
                condition=Q(role__in=NOWHERE, scope="")
                | Q(role__in=AT_AN_AUTHORITY, scope__regex=CODE)
                | Q(role__in=AT_AN_ORGANISATION, scope__regex=KEY),
                name="identity_grant_role_scope",
            ),
        ),
    ]
