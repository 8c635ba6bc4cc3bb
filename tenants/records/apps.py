"""An institution's own tables of the kernel's verbs."""

from django.apps import AppConfig


class TenantRecordsConfig(AppConfig):
    """This institution's audit and files."""

    name = "tenants.records"
    label = "tenant_records"
    verbose_name = "Institution records"
