"""Records of an institution as an installed app."""

from django.apps import AppConfig


class TenantRecordsConfig(AppConfig):
    """This institution's audit and files."""

    name = "tenants.records"
    label = "tenant_records"
    verbose_name = "Institution records"
