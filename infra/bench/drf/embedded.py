"""A bare DRF retrieve in the embedded shape, the baseline of `pages`: what one row costs over HTTP, and no more.

The institution is cached by host, the search path set once, no middleware but the host's; a generic view, a model's
serializer, one query. The same server and the same pool of connections as the pages have.
"""

import os
from typing import Any

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from rest_framework import serializers  # noqa: E402  # Django is set up first
from rest_framework.generics import RetrieveAPIView  # noqa: E402  # as above

from config import pages  # noqa: E402  # as above
from tenants.rosters.models import Enrolment  # noqa: E402  # as above


class EnrolmentOut(serializers.ModelSerializer[Enrolment]):
    """An enrolment as the staff's list shows it."""

    class Meta:
        model = Enrolment
        fields = ("id", "number", "person_name", "person_masked", "training_class", "channel", "applied_at", "state")


class Retrieve(RetrieveAPIView[Enrolment]):
    """One enrolment by its number."""

    authentication_classes = ()
    permission_classes = ()
    queryset = Enrolment.objects.all()
    serializer_class = EnrolmentOut
    lookup_field = "number"


class _Urls:
    """This baseline's URLs, as a module would hold them."""

    urlpatterns = (path("healthz", pages.health), path("enrolments/<str:number>/", Retrieve.as_view()))


# only now: allauth refuses to be set up without its own
settings.MIDDLEWARE = ["kernel.web.middleware.HostMiddleware", "django.middleware.common.CommonMiddleware"]
urls: Any = _Urls
settings.ROOT_URLCONF = settings.PUBLIC_SCHEMA_URLCONF = urls

application = ASGIHandler()
