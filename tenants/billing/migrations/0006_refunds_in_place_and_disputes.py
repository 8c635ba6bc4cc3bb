"""Refunds that take another way in place of one that failed, disputes, faults of the payment service, one open checkout.

Of several checkouts of an order that were started, the newest stays; Stripe ends the pages of the others within a day.
"""

import django.db.models.deletion
import kernel.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0005_held_moves'),
        ('rosters', '0002_held_moves'),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE billing_checkout c SET state = 'expired' WHERE state = 'started' AND EXISTS (SELECT"
            " FROM billing_checkout d WHERE d.order_id = c.order_id AND d.state = 'started' AND d.id > c.id)",
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.UUIDField(default=kernel.fields.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(help_text="Stripe's number", max_length=120, unique=True)),
                ('amount', kernel.fields.MoneyField()),
                ('reason', models.CharField(blank=True, help_text="Stripe's word for it", max_length=60)),
                ('opened_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'Under dispute'), ('won', 'Dispute won, the money stays'), ('lost', 'Dispute lost, the money went back')], default='open', max_length=10)),
                ('state_since', models.DateTimeField()),
            ],
            options={
                'ordering': ['opened_at', 'id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='order',
            name='billing_order_state',
        ),
        migrations.AddField(
            model_name='checkout',
            name='fault',
            field=models.CharField(blank=True, db_default='', max_length=300),
        ),
        migrations.AddField(
            model_name='checkout',
            name='faults',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='refund',
            name='dismissed_at',
            field=models.DateTimeField(help_text='when it failed and nothing is to go back in its place', null=True),
        ),
        migrations.AddField(
            model_name='refund',
            name='fault',
            field=models.CharField(blank=True, db_default='', max_length=300),
        ),
        migrations.AddField(
            model_name='refund',
            name='faults',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='refund',
            name='instead_of',
            field=models.OneToOneField(help_text='the refund that failed', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replacement', to='billing.refund'),
        ),
        migrations.AddField(
            model_name='refund',
            name='other_method',
            field=models.CharField(blank=True, choices=[('cash', 'Cash'), ('transfer', 'Bank transfer'), ('stripe', 'Online payment')], db_default='', help_text='where it did not go as it came', max_length=10),
        ),
        migrations.AlterField(
            model_name='order',
            name='state',
            field=models.CharField(choices=[('open', 'To be paid'), ('paid', 'Paid'), ('refunded', 'Refunded'), ('closed', 'Closed, a part was kept'), ('cancelled', 'Cancelled')], default='open', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='checkout',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'started')), fields=('order',), name='billing_checkout_once'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'paid', 'refunded', 'closed', 'cancelled'])), name='billing_order_state'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('other_method', ''), models.Q(('instead_of__isnull', False), ('other_method__in', ['cash', 'transfer'])), _connector='OR'), name='billing_refund_other'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='payment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='billing.payment'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'won', 'lost'])), name='billing_dispute_state'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='billing_dispute_amount'),
        ),
    ]
