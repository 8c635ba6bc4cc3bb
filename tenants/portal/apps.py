"""Homes of trainees and staff at an institution's host."""

from django.apps import AppConfig


class TenantPortalConfig(AppConfig):
    """Home pages and to-do lists, which import every other app."""

    name = "tenants.portal"
    label = "tenant_portal"
    verbose_name = "Portal"
