"""Priorities of tasks, what they wait for, and how often their worker died; the outside systems that do not answer."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0003_kept_notes'),
    ]

    operations = [
        migrations.CreateModel(
            name='OutsideSystem',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('faults', models.PositiveSmallIntegerField(default=0, help_text='in a row')),
                ('failing_since', models.DateTimeField(null=True)),
                ('probe_at', models.DateTimeField(help_text='when the next task tries again', null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'verbose_name': 'outside system',
            },
        ),
        migrations.AddField(
            model_name='outbox',
            name='priority',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, help_text='0 urgent, 1 normal, 2 one of many, 3 takes long'),
        ),
        migrations.AddField(
            model_name='outbox',
            name='waits_for',
            field=models.CharField(blank=True, db_default='', help_text='an outside system that does not answer, or an operator', max_length=40),
        ),
        migrations.AddField(
            model_name='outbox',
            name='taken_at',
            field=models.DateTimeField(help_text='by a worker, last', null=True),
        ),
        migrations.AddField(
            model_name='outbox',
            name='lost_attempts',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='whose worker died'),
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('done_at', None), ('not_before', None), ('waits_for', '')), fields=['priority', 'id'], name='kernel_outbox_ready'),
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('done_at', None), ('not_before__isnull', False), ('waits_for', '')), fields=['not_before'], name='kernel_outbox_timed'),
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('done_at', None), models.Q(('waits_for', ''), _negated=True)), fields=['waits_for'], name='kernel_outbox_waiting'),
        ),
        migrations.AddConstraint(
            model_name='outbox',
            constraint=models.CheckConstraint(condition=models.Q(('priority__in', [0, 1, 2, 3])), name='kernel_outbox_priority'),
        ),
    ]
