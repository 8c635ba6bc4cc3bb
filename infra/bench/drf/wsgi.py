"""The baseline as granian loads it: without the product's middleware, which a page needs and a save does not."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infra.bench.drf.settings")
django.setup(set_prefix=False)
# only now: allauth refuses to be set up without its own
settings.MIDDLEWARE = ["kernel.web.middleware.HostMiddleware", "django.middleware.common.CommonMiddleware"]

application = WSGIHandler()
