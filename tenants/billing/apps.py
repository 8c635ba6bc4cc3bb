"""What training costs under the caps, and who has paid what."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Prices, orders, payments, refunds, receipts."""

    name = "tenants.billing"
    label = "billing"
    verbose_name = "Billing"
