"""The moment until which an order may be paid. Orders of before had none: the open ones get a fortnight from this
migration on, one time, so that nobody loses a seat on the day of an upgrade. Later ones are given the term of the law in
force. The triggers that keep an order as it was placed stand back for that one statement.
"""

from django.db import migrations, models

FORTNIGHT = """
ALTER TABLE billing_order DISABLE TRIGGER USER;
UPDATE billing_order SET pay_by = now() + interval '14 days' WHERE state = 'open';
ALTER TABLE billing_order ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0007_refunds_held")]
    operations = [
        migrations.AddField(
            "order", "pay_by",
            models.DateTimeField(null=True, help_text="until when it may be paid; none: no term was set"),
        ),
        migrations.RunSQL(FORTNIGHT, migrations.RunSQL.noop),
    ]
