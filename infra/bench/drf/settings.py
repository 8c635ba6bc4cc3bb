"""The product's settings, with the baseline's one URL."""

# a settings module is its names
from config.settings import DATABASES

DATABASES = {"default": DATABASES["default"] | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False, "OPTIONS": {}}}
TENANT_LIMIT_SET_CALLS = True
NUOXING_ROLES = False  # it appends answers itself, which no institution's role may
ROOT_URLCONF = PUBLIC_SCHEMA_URLCONF = "infra.bench.drf.urls"
