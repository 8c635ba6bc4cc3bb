"""A filed sitting whose end was taken back runs again."""

from django.db import migrations

BEFORE = (
    "'filed>checkin_open', 'filed>cancelled', 'checkin_open>running', 'checkin_open>closed', 'checkin_open>cancelled',"
    " 'running>closed', 'closed>minutes_signed', 'minutes_signed>finalised'"
)
TRIGGER = """
DROP TRIGGER filings_sitting_hold ON public.filings_sittingversion;
CREATE TRIGGER filings_sitting_hold AFTER INSERT ON public.filings_sittingversion
    FOR EACH ROW WHEN (NEW.version > 1) EXECUTE FUNCTION public.filings_hold_sitting({});
"""


class Migration(migrations.Migration):
    dependencies = [("filings", "0006_bounds")]
    operations = [
        migrations.RunSQL(TRIGGER.format(f"{BEFORE}, 'closed>running'"), TRIGGER.format(BEFORE)),
    ]
