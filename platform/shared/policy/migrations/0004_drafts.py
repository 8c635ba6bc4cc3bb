"""Drafts of the next version: what lies before the second officer, or is settled, never changes."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.lookups
import kernel.fields
from django.db import migrations, models


FREEZE = """
CREATE FUNCTION policy_keep_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a draft of the law is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state IN ('approved', 'withdrawn') THEN
        RAISE EXCEPTION 'a settled draft never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state = 'submitted' AND (NEW.jurisdiction, NEW.base, NEW.body, NEW.edition, NEW.authors)
        IS DISTINCT FROM (OLD.jurisdiction, OLD.base, OLD.body, OLD.edition, OLD.authors) THEN
        RAISE EXCEPTION 'what is submitted does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER policy_draft_keep AFTER UPDATE OR DELETE ON policy_policydraft
    FOR EACH ROW EXECUTE FUNCTION policy_keep_draft();
"""
THAW = """
DROP TRIGGER policy_draft_keep ON policy_policydraft;
DROP FUNCTION policy_keep_draft();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('policy', '0003_revisions'),
    ]

    operations = [
        migrations.CreateModel(
            name='PolicyDraft',
            fields=[
                ('id', models.UUIDField(default=kernel.fields.uuid7, editable=False, primary_key=True, serialize=False)),
                ('jurisdiction', models.CharField(max_length=6)),
                ('base', models.CharField(help_text='the version that it was begun from', max_length=60)),
                ('body', models.JSONField()),
                ('edition', models.PositiveIntegerField(default=1, help_text='counts the savings; who saves names the one he read')),
                ('authors', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), help_text='the accounts that wrote in it', size=None)),
                ('last_author', models.CharField(max_length=80)),
                ('begun_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('submitted_by', models.UUIDField(null=True)),
                ('decided_by', models.UUIDField(null=True)),
                ('state', models.CharField(choices=[('draft', 'Being drafted'), ('submitted', 'Waits for a second officer'), ('returned', 'Returned with a reason'), ('approved', 'Approved'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10)),
                ('state_since', models.DateTimeField()),
                ('pack', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policy.policypack')),
            ],
            options={
                'ordering': ['-saved_at', '-id'],
                'indexes': [models.Index(fields=['jurisdiction', '-saved_at'], name='policy_draft_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'returned', 'approved', 'withdrawn'])), name='policy_draft_state'), models.CheckConstraint(condition=django.db.models.lookups.IsNull(models.Func(models.F('authors'), models.F('decided_by'), function='array_position', output_field=models.IntegerField()), True), name='policy_draft_four_eyes'), models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', False), ('pack__isnull', False), ('state', 'approved')), models.Q(models.Q(('state', 'approved'), _negated=True), ('pack', None)), _connector='OR'), name='policy_draft_approved'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'submitted'), _negated=True), ('submitted_by__isnull', False), _connector='OR'), name='policy_draft_submitted'), models.CheckConstraint(condition=models.Q(('authors__len__gt', 0)), name='policy_draft_has_author')],
            },
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
