"""Tie every price and order line to its ceiling in the shared schema, and every price to its class, by composite keys."""

from django.db import migrations

# A price on sale follows whether its ceiling is in force; an order line keeps the ceiling of its own day.
TIES = {
    "billing_price": {
        "billing_price_cap": (
            "(cap_id, fee_item, cap_position, unit, max_amount, cap_in_force) REFERENCES public.policy_feecap"
            " (id, fee_item, position, unit, max_amount, in_force) ON UPDATE CASCADE"
        ),
        "billing_price_class": (
            "(training_class_id, position, class_hours) REFERENCES courses_trainingclass (id, position, class_hours)"
        ),
    },
    "billing_orderline": {
        "billing_line_cap": (
            "(cap_id, fee_item, cap_position, unit, max_amount) REFERENCES public.policy_feecap"
            " (id, fee_item, position, unit, max_amount)"
        ),
        "billing_line_price": (
            "(price_id, position, fee_item, quantity, unit) REFERENCES billing_price (id, position, fee_item, quantity, unit)"
        ),
    },
}


class Migration(migrations.Migration):
    """Composite foreign keys, which Django's models cannot say."""

    dependencies = [("billing", "0001_initial"), ("policy", "0001_initial"), ("courses", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY {key}",
            reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
        )
        for table, keys in TIES.items()
        for name, key in keys.items()
    ]
