"""What is taught, in which classes, and the hours that count."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Programmes, classes, lessons, the hour ledger."""

    name = "tenants.courses"
    label = "courses"
    verbose_name = "Courses"
