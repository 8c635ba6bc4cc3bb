"""Print the demonstration's sign-ins and addresses, for the table under `./nuoxing up --demo`."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from infra.demo.accounts import PASSWORD, PLATFORM, STAFF, TRAINEE, SignIn
from infra.demo.institutions import LISTED
from shared.institutions.models import Institution

STARTS = {
    "platform_operator": "/operator/",
    "province_officer": "/authority/",
    "city_officer": "/authority/",
    "inspector": "/authority/",
    "employer_clerk": "/employer/",
    "trainee": "/my/",
}
SIGN_INS = f"Sign-ins, all with the password {PASSWORD} (staff: code by ./nuoxing code ACCOUNT)"


class Command(BaseCommand):
    """manage.py demo_table."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Print JSON: a title each with its rows; no line is wider than 100 columns as a table."""
        if not settings.NUOXING_DEMO:
            raise CommandError("Sign-ins are shown in a demonstration only (NUOXING_DEMO=1).")
        listed = Institution.objects.filter(organisation__credit_code=LISTED.credit_code).first()
        slug = listed.slug if listed else ""
        people = [*PLATFORM, *(STAFF if slug else ()), *([TRAINEE] if slug else ())]
        tables = {
            SIGN_INS: [_row(person, slug) for person in people],
            "Addresses": [{"what": what, "address": address} for what, address in _addresses(slug)],
        }
        self.stdout.write(json.dumps(tables, ensure_ascii=False))


def _row(person: SignIn, slug: str) -> dict[str, str]:
    here = "" if person in PLATFORM else slug
    start = _url(STARTS.get(person.role, "/staff/"), here)
    return {"role": f"{person.label} {person.label_en}", "account": person.identifier, "starts at": start}


def _addresses(slug: str) -> list[tuple[str, str]]:
    found = [("平台首页 Platform", _url("/")), ("公示名单 Listed institutions", _url("/institutions/"))]
    if slug:
        found.append(("培训机构 An institution", _url("/", slug)))
    return [
        *found,
        ("星级榜 Rankings", _url("/rankings/")),
        ("证书查验 Verify a certificate", _url("/verify/")),
        ("短信邮件 Codes and mail sent", _url("/demo/outbox/")),
    ]


def _url(path: str, slug: str = "") -> str:
    host = f"{slug}.{settings.NUOXING_HOST}" if slug else settings.NUOXING_HOST
    return f"{settings.NUOXING_SCHEME}://{host}:{settings.NUOXING_PORT}{path}"
