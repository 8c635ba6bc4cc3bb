"""With people, too, an institution adds only consents that were signed at its counter, and says who took them: a consent
that names nobody is read as the person's own.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("shared.identity.migrations.0011_adding_functions").PEOPLE
SAYS_WHO = "WHERE c.given_by = c.account_id\n"
AT_THE_COUNTER = "WHERE c.channel <> 'counter' OR c.given_by IS NULL OR c.given_by = c.account_id\n"


def _again(sql: str) -> str:
    return sql.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("identity", "0012_kept_consents")]
    operations = [migrations.RunSQL(_again(BEFORE.replace(SAYS_WHO, AT_THE_COUNTER)), _again(BEFORE))]
