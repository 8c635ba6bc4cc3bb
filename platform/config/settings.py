"""One settings file; everything that differs between places comes from the environment (config.env)."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env as environment
from config import limits

env = environment.read()
ROOT: Path = environment.ROOT

SECRET_KEY = env.NUOXING_SECRET_KEY
DEBUG = env.NUOXING_DEBUG
NUOXING_DATA_KEYS = env.NUOXING_DATA_KEYS
NUOXING_SEAL_WITH = env.NUOXING_SEAL_WITH
NUOXING_BLIND_KEY = env.NUOXING_BLIND_KEY
NUOXING_AUDIT_KEYS = env.NUOXING_AUDIT_KEYS
NUOXING_HOST = env.NUOXING_HOST
# Whose X-Forwarded-For is believed (kernel.web.callers): the address of a caller is read in this one place.
NUOXING_TRUSTED_PROXIES = env.trusted_proxies
NUOXING_PORT = env.NUOXING_PORT
NUOXING_SCHEME = env.NUOXING_SCHEME
NUOXING_PLATFORM_HOSTS = frozenset({env.NUOXING_HOST, "127.0.0.1", "localhost"})
NUOXING_DEMO = env.NUOXING_DEMO
NUOXING_DEMO_CLOCK = env.NUOXING_DEMO_CLOCK
NUOXING_FAKES_URL = env.NUOXING_FAKES_URL
# The outside systems by key (shared.exchange.states): where each is found, and what signs the messages between us.
NUOXING_SYSTEMS = env.NUOXING_SYSTEMS
NUOXING_SYSTEM_SECRETS = env.NUOXING_SYSTEM_SECRETS
# Whether this platform itself answers for the ministry's system, for trying out; every page then says so.
NUOXING_STAND_IN_MINISTRY = env.NUOXING_STAND_IN_MINISTRY != "off"
# How long to wait after each fault in a row; at its end a person is asked. How far back both lists are compared.
NUOXING_EXCHANGE_RETRY_SCHEDULE = env.NUOXING_EXCHANGE_RETRY_SCHEDULE.split(",")
NUOXING_EXCHANGE_RECONCILE_DAYS = 7
NUOXING_JURISDICTION = env.NUOXING_JURISDICTION
NUOXING_POLICY_PACKS = env.NUOXING_POLICY_PACKS
NUOXING_FONTS = env.NUOXING_FONTS
NUOXING_ROLES = env.NUOXING_ROLES
NUOXING_GRANTS = "config.grants"
NUOXING_TENANT_GRANTS = "config.tenant_grants"
NUOXING_FUNCTION_GRANTS = "config.function_grants"
NUOXING_ACTOR_LOADER = "shared.identity.queries.actors.actor_of"
NUOXING_PUBLISH = "config.celery.wake"
# Views of packages, which cannot declare a rule of ours: sign-in is open by its nature, the rest checks for itself.
NUOXING_OPEN_MODULES = (
    "allauth.",
    "django.views.i18n",
    "django.views.static",
    "django.contrib.staticfiles",
    "drf_spectacular.",
)
# Foreseen faults of packages, by the refusal that says them.
NUOXING_REFUSALS = {"allauth.core.exceptions.RateLimited": "kernel.web.plain_answers.TooManyAttempts"}
# Ceilings of messages that anybody may ask for (shared.identity.adapters.messages).
NUOXING_MESSAGES_TO_ONE = env.NUOXING_MESSAGES_TO_ONE
NUOXING_MESSAGES_FROM_ONE = env.NUOXING_MESSAGES_FROM_ONE
NUOXING_MESSAGES_TO_ALL = env.NUOXING_MESSAGES_TO_ALL
NUOXING_SPARES = env.NUOXING_SPARES
NUOXING_LONG_TASKS = env.NUOXING_LONG_TASKS
NUOXING_STAFF_IDLE_MINUTES = env.NUOXING_STAFF_IDLE_MINUTES
DATABASE_DSN = environment.libpq(env.DATABASE_URL)

# Hosts are decided by the Domain table alone (kernel.web.middleware.HostMiddleware); own domains force this to be wide.
ALLOWED_HOSTS = ["*"]

SHARED_APPS = [
    "kernel",  # before django_tenants: its migrate commands act as the owner
    "django_tenants",
    "shared.records",
    "shared.policy",
    "shared.identity",
    "shared.notices",
    "shared.lawbook",
    "shared.privacy",
    "shared.institutions",
    "shared.filings",
    "shared.employers",
    "shared.hosting",
    "shared.exchange",
    "shared.bank",
    "shared.registry",
    "shared.certificates",
    "shared.education",
    "shared.rankings",
    "shared.oversight",
    "shared.portal",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.forms",  # its templates, so that ours may stand before them (FORM_RENDERER)
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_tables2",
    "django_htmx",
    "django_vite",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
]
TENANT_APPS = [
    "tenants.records",
    "tenants.courses",
    "tenants.rosters",
    "tenants.billing",
    "tenants.sittings",
    "tenants.attempts",
    "tenants.proctoring",
    "tenants.portal",
]
if env.NUOXING_DEMO:
    SHARED_APPS.append("infra.demo")
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS]

TENANT_MODEL = "institutions.Institution"
TENANT_DOMAIN_MODEL = "institutions.Domain"
PUBLIC_SCHEMA_NAME = "public"
ROOT_URLCONF = "config.urls_tenant"
PUBLIC_SCHEMA_URLCONF = "config.urls_public"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kernel.web.middleware.RequestIdMiddleware",
    "kernel.web.middleware.HostMiddleware",
    "kernel.web.middleware.ClockMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "csp.middleware.CSPMiddleware",
    "kernel.web.middleware.ActorMiddleware",
    "kernel.web.middleware.BodyMiddleware",
    "kernel.web.middleware.AccessMiddleware",
]

# What a request may bring (config.limits), and what of it may lie in memory: all that is no file.
NUOXING_BODY_LIMIT = limits.FORM
NUOXING_BODY_LIMITS = limits.BY_ADDRESS
DATA_UPLOAD_MAX_MEMORY_SIZE = limits.FORM

DATABASES = {
    "default": {
        "ENGINE": "kernel.db.postgres",
        **environment.database(env.DATABASE_URL),
        **environment.connections(env.NUOXING_SHAPE),
        "TEST": {"NAME": env.NUOXING_TEST_DB},
    }
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "frontend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.page_context",
            ],
            "builtins": ["kernel.templatetags.nuoxing"],
            "libraries": {"django_tables2": "kernel.templatetags.tables"},
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "components/table.html"
FILTERS_EMPTY_CHOICE_LABEL = _("Any")

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["kernel.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = env.NUOXING_STATE / "static"
STATICFILES_DIRS = [p for p in [ROOT / "frontend" / "dist", ROOT / "frontend" / "public"] if p.exists()]
MEDIA_ROOT = env.NUOXING_STATE / "files"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT / "private"},
    },
    "public": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT / "public"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+[.-][0-9a-zA-Z_-]{8,}\..+$"
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": ROOT / "frontend" / "dist" / "manifest.json",
        "static_url_prefix": "",
    }
}

AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Addresses that a lower app leads up to, by name: the kind of host and the URL's name there (kernel.web.http.address).
ADDRESSES = {
    "front-page": ("platform", "portal:home"),
    "home": ("platform", "portal:account-home"),
    "authority": ("platform", "portal:authority"),
    "operator": ("platform", "portal:operator"),
    "employer": ("platform", "portal:employer"),
    "centre": ("platform", "exchange:centre"),
    "institutions": ("platform", "institutions:list"),
    "sign-in": ("platform", "identity:sign-in"),
    "privacy-notice": ("platform", "privacy:notice"),
    "inbox": ("platform", "notices:inbox"),
    "demo-outbox": ("platform", "notices:demo-outbox"),
    "staff": ("institution", "tenant_portal:staff"),
    "my": ("institution", "tenant_portal:my"),
    "class": ("institution", "billing:class"),
}
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/account/home/"

SECURE = env.NUOXING_SCHEME == "https"
SESSION_ENGINE = "kernel.web.sessions"
SESSION_COOKIE_NAME = "nx_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_NAME = "nx_csrf"
CSRF_FAILURE_VIEW = "config.pages.csrf_failure"
CSRF_COOKIE_SECURE = SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]
SILENCED_SYSTEM_CHECKS += ["templates.W003"]  # our tags of tables take the place of the package's: see TEMPLATES

PAYMENT_FORM_HOSTS = ["https://checkout.stripe.com", *([env.NUOXING_FAKES_URL] if env.NUOXING_FAKES_URL else [])]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        # A sign-in goes from an institution's host to the platform's and back by redirects after a form.
        "form-action": [
            SELF,
            f"{env.NUOXING_SCHEME}://{env.NUOXING_HOST}:*",
            f"{env.NUOXING_SCHEME}://*.{env.NUOXING_HOST}:*",
            *PAYMENT_FORM_HOSTS,
        ],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["kernel.web.authentication.ActorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.AllowAny"
    ],  # the rule is declared on the view, kernel.access
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["kernel.web.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_PAGINATION_CLASS": "kernel.web.rest.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "kernel.web.operation_schema.Description",
    "EXCEPTION_HANDLER": "kernel.web.rest.handle_exception",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Nuoxing API",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": True,  # an institution's host has no other address of the API
    "DISABLE_ERRORS_AND_WARNINGS": True,  # they would be written anew whenever somebody reads the description
}

if env.REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.REDIS_URL}}
    CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [env.REDIS_URL]}}
    }
else:
    CACHES = {"default": {"BACKEND": "kernel.db.cache.PostgresCache"}}
    CHANNEL_LAYERS = {
        "default": {"BACKEND": "kernel.web.channel_layer.PostgresChannelLayer", "CONFIG": {"dsn": DATABASE_DSN}}
    }

STRIPE_SECRET_KEY = env.STRIPE_SECRET_KEY
STRIPE_WEBHOOK_SECRET = env.STRIPE_WEBHOOK_SECRET
STRIPE_API_BASE = env.STRIPE_API_BASE
STRIPE_PAYMENT_METHODS = [name.strip() for name in env.STRIPE_PAYMENT_METHODS.split(",") if name.strip()]

# Sign-up and sign-in stand at the platform's host only (config.urls_public); an institution's host gets a ticket.
ACCOUNT_ADAPTER = "shared.identity.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
# One field takes either (shared.identity.forms); allauth only wants to know that an e-mail address is always proven.
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone", "password1*"]
ACCOUNT_FORMS = {
    "login": "shared.identity.forms.entrance.SignInForm",
    "signup": "shared.identity.forms.entrance.SignUpForm",
    "reset_password": "shared.identity.forms.entrance.ResetForm",
    "request_login_code": "shared.identity.forms.entrance.CodeForm",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# Whole classes sign up behind one address: the limits that count are those per account and per number.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/300s/key",
    "signup": "60/m/ip",
    "verify_phone": "1/30s/key,60/m/ip",
    "recovery": "10/h/ip",
}
MFA_ADAPTER = "shared.identity.adapters.MfaAdapter"
MFA_FORMS = {
    "activate_totp": "shared.identity.forms.entrance.ActivateForm",
    "authenticate": "shared.identity.forms.entrance.SecondStepForm",
    "reauthenticate": "shared.identity.forms.entrance.SecondStepAgainForm",
    "add_webauthn": "shared.identity.forms.passkeys.AddPasskeyForm",
    "authenticate_webauthn": "shared.identity.forms.passkeys.PasskeyForm",
    "login_webauthn": "shared.identity.forms.passkeys.PasskeyLoginForm",
    "reauthenticate_webauthn": "shared.identity.forms.passkeys.PasskeyReauthenticationForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = False
EMAIL_URL = env.EMAIL_URL
# For trying out on a machine that nobody else reaches: what is sent is read in the outbox.
NUOXING_SHOW_MESSAGES = env.NUOXING_SHOW_MESSAGES
# Who carries SMS, and what of ours it has approved (shared.notices.adapters.aliyun).
NUOXING_SMS = env.NUOXING_SMS
NUOXING_SMS_SIGN = env.NUOXING_SMS_SIGN
NUOXING_SMS_TEMPLATES = env.NUOXING_SMS_TEMPLATES
ALIYUN_ACCESS_KEY_ID = env.ALIYUN_ACCESS_KEY_ID
ALIYUN_ACCESS_KEY_SECRET = env.ALIYUN_ACCESS_KEY_SECRET
ALIYUN_SMS_ENDPOINT = env.ALIYUN_SMS_ENDPOINT

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # it warns once a process that pgmq:// names no host: the database is named beside it
    "loggers": {"kombu.connection": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
