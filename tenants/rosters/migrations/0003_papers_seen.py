"""When a person first looked at the papers that prove what was declared, and who: set once."""

from django.db import migrations, models

from kernel.db.moves import SetOnce


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0001_initial'),
        ('rosters', '0002_held_moves'),
    ]

    operations = [
        migrations.AddField(
            model_name='enrolment',
            name='papers_seen_at',
            field=models.DateTimeField(help_text='when a person of the institution first looked at them', null=True),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='papers_seen_by',
            field=models.UUIDField(null=True),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('papers_seen_at', None), ('papers_seen_by', None)), models.Q(('papers_seen_at__isnull', False), ('papers_seen_by__isnull', False)), _connector='OR'), name='rosters_enrolment_papers'),
        ),
        SetOnce("rosters_enrolment", "papers_seen_at", "papers_seen_by"),
    ]
