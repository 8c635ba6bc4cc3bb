"""Environment variables, typed and checked once; the program does not start on missing or unsafe ones."""

import base64
import binascii
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from kernel import rates
from kernel.web import proxies

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ("localhost", "127.0.0.1", "::1")
NUMBERED = ("NUOXING_DATA_KEYS", "NUOXING_AUDIT_KEYS")
CONNECT_SECONDS = 5  # for a server that does not even refuse
Shape = Literal["embedded", "web", "live"]


class UnsafeEnvironment(SystemExit):
    """The environment lacks something required, or holds something unsafe."""


class Env(BaseSettings):
    """Everything that may be set from outside."""

    model_config = SettingsConfigDict(extra="ignore", case_sensitive=True)

    DATABASE_URL: str = Field(description="postgresql://user@/name?host=/socket, or a server")
    REDIS_URL: str = ""
    NUOXING_SECRET_KEY: str = Field(min_length=32)
    NUOXING_DATA_KEYS: Annotated[dict[int, str], NoDecode]
    NUOXING_SEAL_WITH: int | None = None
    NUOXING_BLIND_KEY: str
    NUOXING_AUDIT_KEYS: Annotated[dict[int, str], NoDecode]
    NUOXING_HOST: str = "nuoxing.localhost"
    NUOXING_PORT: int = 8000
    NUOXING_SCHEME: str = "http"
    NUOXING_STATE: Path = ROOT / ".nuoxing" / "state"
    NUOXING_SHAPE: Shape = Field(
        default="embedded", description="embedded: one process; web: WSGI pages, and workers; live: ASGI beside them"
    )
    NUOXING_TRUSTED_PROXIES: Annotated[list[str] | None, NoDecode] = Field(
        default=None,
        description="whose X-Forwarded-For is believed: addresses, networks and unix (a local socket), by comma;"
        " default: unix where pages and answers are processes of their own, nobody in one process",
    )
    NUOXING_MESSAGES_TO_ONE: str = Field(default="6/h,15/d", description="codes and links to one number or address")
    NUOXING_MESSAGES_FROM_ONE: str = Field(default="200/h,600/d", description="the same, asked for from one address")
    NUOXING_MESSAGES_TO_ALL: str = Field(default="20000/d", description="the same, altogether; empty: no ceiling")
    NUOXING_ROLES: bool = Field(default=True, description="off only to measure what the database's roles cost")
    NUOXING_DEBUG: bool = False
    NUOXING_DEMO: bool = False
    NUOXING_DEMO_CLOCK: bool = False
    NUOXING_FAKES_URL: str = ""
    NUOXING_SYSTEMS: dict[str, str] = Field(default={}, description='{"ministry": "https://…"}: outside systems')
    NUOXING_SYSTEM_SECRETS: dict[str, str] = Field(default={}, description='{"ministry": "…"}: what signs messages')
    NUOXING_STAND_IN_MINISTRY: Literal["off", "on", "on-a-public-host"] = Field(
        default="off", description="for trying out: this platform answers for the ministry, with invented numbers"
    )
    NUOXING_EXCHANGE_RETRY_SCHEDULE: str = "1m,5m,30m,2h,12h"
    NUOXING_STAFF_IDLE_MINUTES: int = Field(
        default=30, ge=5, description="after so long without a request a sign-in of an account with a role ends"
    )
    NUOXING_SPARES: int = Field(default=5, ge=0, description="schemas kept ready for institutions to be listed")
    NUOXING_LONG_TASKS: int = Field(default=1, ge=1, description="archives, schemas: how many workers make at once")
    NUOXING_JURISDICTION: str = Field(
        pattern=r"^[1-9][0-9]0000$", description="whose law holds here: no province is ours"
    )
    NUOXING_POLICY_PACKS: Path | None = Field(default=None, description="packs beside those that are shipped")
    NUOXING_FONTS: Path | None = Field(default=None, description="fonts for papers beside the one that is shipped")
    NUOXING_TEST_DB: str = "test_nuoxing"
    STRIPE_SECRET_KEY: str = ""
    STRIPE_WEBHOOK_SECRET: str = ""
    STRIPE_API_BASE: str = ""
    STRIPE_PAYMENT_METHODS: str = "card,alipay,wechat_pay"
    EMAIL_URL: str = Field(
        default="", description="smtp[s]://user:password@host:port/?from=address; port 587: STARTTLS"
    )
    NUOXING_SHOW_MESSAGES: bool = Field(
        default=False,
        description="for trying out: the operator's outbox shows what nobody carries, links and codes too",
    )
    NUOXING_SMS: Literal["", "aliyun"] = Field(default="", description="who carries SMS; empty: nobody")
    NUOXING_SMS_SIGN: str = Field(default="", description="the approved signature (签名), without its brackets")
    NUOXING_SMS_TEMPLATES: dict[str, str] = Field(
        default={}, description='{"SMS_123": "您的验证码 ${code}……"}: approved templates, by their codes'
    )
    ALIYUN_ACCESS_KEY_ID: str = ""
    ALIYUN_ACCESS_KEY_SECRET: str = ""
    ALIYUN_SMS_ENDPOINT: str = "https://dysmsapi.aliyuncs.com"

    @field_validator("NUOXING_DATA_KEYS", "NUOXING_AUDIT_KEYS", mode="before")
    @classmethod
    def _read_keys(cls, value: object) -> object:
        """Read "1:base64,2:base64"."""
        if not isinstance(value, str):
            return value
        pairs = (part.split(":", 1) for part in value.split(",") if part)
        return {int(version): key for version, key in pairs}

    @field_validator("NUOXING_TRUSTED_PROXIES", mode="before")
    @classmethod
    def _read_proxies(cls, value: object) -> object:
        """Read "unix,10.0.0.0/8"."""
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("NUOXING_TRUSTED_PROXIES")
    @classmethod
    def _known_proxies(cls, value: list[str] | None) -> list[str] | None:
        proxies.check(value or ())
        return value

    @field_validator("NUOXING_MESSAGES_TO_ONE", "NUOXING_MESSAGES_FROM_ONE", "NUOXING_MESSAGES_TO_ALL")
    @classmethod
    def _known_rates(cls, value: str) -> str:
        rates.read_all(value)
        return value

    @property
    def trusted_proxies(self) -> list[str]:
        """Return whose X-Forwarded-For is believed."""
        if self.NUOXING_TRUSTED_PROXIES is not None:
            return self.NUOXING_TRUSTED_PROXIES
        return [] if self.NUOXING_SHAPE == "embedded" else [proxies.UNIX]

    @model_validator(mode="after")
    def _safe(self) -> Self:
        """Refuse what would be unsafe on a host that others can reach."""
        for name, key in [("NUOXING_BLIND_KEY", self.NUOXING_BLIND_KEY), *self._numbered_keys()]:
            try:
                length = len(base64.b64decode(key, validate=True))
            except binascii.Error:
                length = 0
            if length != 32:
                raise ValueError(f"{name} must be 32 bytes in base64")
        for name in NUMBERED:
            if not getattr(self, name) or not all(0 < number < 1 << 16 for number in getattr(self, name)):
                raise ValueError(f"{name} must hold at least one key, as 1:base64")
        public = not (self.NUOXING_HOST in LOCAL or self.NUOXING_HOST.endswith(".localhost"))
        for flag in ("NUOXING_DEBUG", "NUOXING_DEMO", "NUOXING_DEMO_CLOCK", "NUOXING_SHOW_MESSAGES"):
            if public and getattr(self, flag):
                raise ValueError(f"{flag} must not be set for the public host {self.NUOXING_HOST}")
        if public and self.NUOXING_STAND_IN_MINISTRY == "on":
            raise ValueError(
                f"NUOXING_STAND_IN_MINISTRY=on must not be set for the public host {self.NUOXING_HOST}: its receipts "
                "and certificate numbers are invented; for a trial that others may see, say on-a-public-host"
            )
        if self.NUOXING_STAND_IN_MINISTRY != "off" and self.NUOXING_SYSTEMS.get("ministry"):
            raise ValueError("NUOXING_STAND_IN_MINISTRY and a ministry in NUOXING_SYSTEMS exclude each other")
        needed = ("NUOXING_SMS_SIGN", "NUOXING_SMS_TEMPLATES", "ALIYUN_ACCESS_KEY_ID", "ALIYUN_ACCESS_KEY_SECRET")
        if missing := [name for name in needed if self.NUOXING_SMS == "aliyun" and not getattr(self, name)]:
            raise ValueError(f"NUOXING_SMS=aliyun needs {', '.join(missing)}")
        if public and not self.NUOXING_ROLES:
            raise ValueError("NUOXING_ROLES must not be switched off for a public host")
        if public and self.NUOXING_SCHEME != "https":
            raise ValueError("a public host needs NUOXING_SCHEME=https")
        return self

    def _numbered_keys(self) -> list[tuple[str, str]]:
        return [(f"{name}[{number}]", key) for name in NUMBERED for number, key in getattr(self, name).items()]


def read() -> Env:
    """Return the checked environment, or end the program with one sentence per fault."""
    try:
        return Env()  # type: ignore[call-arg]  # filled from the environment
    except ValidationError as fault:
        lines = [f"  {'.'.join(map(str, e['loc'])) or 'environment'}: {e['msg']}" for e in fault.errors()]
        raise UnsafeEnvironment(
            "Nuoxing does not start; the environment is not as it should be:\n" + "\n".join(lines)
        ) from None


def database(url: str) -> dict[str, str]:
    """Return Django's database parts of a libpq URL (`?host=` may name a socket's folder)."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or query.get("port", [""])[0]),
    }


def connections(shape: Shape) -> dict[str, Any]:
    """Return how Django holds its connections in a process of this shape.

    A synchronous process keeps one a thread (CONN_MAX_AGE=0 costs 3-5 times the requests). Under ASGI every request has
    a thread of its own and would leak a kept connection, so there a pool holds them.
    """
    if shape == "web":
        return {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "OPTIONS": {"connect_timeout": CONNECT_SECONDS}}
    most = 12 if shape == "embedded" else 8
    pool = {"min_size": 1, "max_size": most, "timeout": 20, "max_lifetime": 900}
    return {
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {"connect_timeout": CONNECT_SECONDS, "pool": pool},
    }


def libpq(url: str) -> str:
    """Return the same as a libpq keyword string, which pgmq reads where it would ignore `?host=`."""
    parts = database(url)
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return " ".join(f"{names[key]}={value}" for key, value in parts.items() if value)
