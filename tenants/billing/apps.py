"""Billing as an installed app: prices under their ceilings, orders and payments."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Prices, orders, payments, refunds, receipts."""

    name = "tenants.billing"
    label = "billing"
    verbose_name = "Billing"
