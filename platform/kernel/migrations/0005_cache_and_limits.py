from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0004_task_priorities'),
    ]

    operations = [
        migrations.CreateModel(
            name='CacheEntry',
            fields=[
                ('key', models.BinaryField(help_text='keyed hash of what is counted', max_length=32, primary_key=True, serialize=False)),
                ('value', models.JSONField()),
                ('expires_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ReachedLimit',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40)),
                ('day', models.DateField(help_text='in China')),
                ('refusals', models.PositiveIntegerField(default=1)),
                ('last_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('name', 'day'), name='kernel_limit_once_a_day')],
            },
        ),
        # counts of attempts need no log: after a crash everybody counts anew
        migrations.RunSQL('ALTER TABLE kernel_cacheentry SET UNLOGGED', 'ALTER TABLE kernel_cacheentry SET LOGGED'),
    ]
