"""Print the demonstration's sign-ins and addresses, for the table under `./nuoxing up --demo`."""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from infra.demo.accounts import OFFICES, PASSWORD, PLATFORM, STAFF, TRAINEE, SignIn
from infra.demo.institutions import ALL, EXISTING, LISTED, SUSPENDED, Spec
from infra.demo.people import person
from infra.demo.province import COMPANIES
from kernel.roles import Role
from shared.institutions.models import Institution

STARTS = {
    Role.PLATFORM_OPERATOR: "/operator/",
    Role.PROVINCE_OFFICER: "/authority/",
    Role.CITY_OFFICER: "/authority/",
    Role.INSPECTOR: "/authority/",
    Role.EMPLOYER_CLERK: "/employer/",
    "trainee": "/my/",
}
SIGN_INS = f"演示数据 Sign-ins, all with the password {PASSWORD}; code: ./nuoxing code ACCOUNT"
AT_ONE = f"{LISTED.name}: staff 员工（其他机构同样 the same at the others: registrar.KEY@…）"
OTHERS = "The eight institutions 八家机构: http://AT.{host}:{port}"
EMPLOYERS = "Employers 企业"
TRAINEES = "Trainees 学员 (without a code; all 300 sign in by their mobile numbers), AT as above"
# Who is worth a look, by number: what stands with them, and where.
SOME = (
    ("在训，学时未满 hours open", LISTED, 57),
    ("待缴费 to be paid", LISTED, 80),
    ("不符合条件 refused", LISTED, 84),
    ("持证人 holds a certificate", LISTED, 1),
    ("正在测试 writing now", EXISTING, 261),
    ("机构责令整改中 of the suspended", SUSPENDED, 213),
)

Rows = list[dict[str, str]]


class Command(BaseCommand):
    """manage.py demo_table."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Print JSON: a title each with its rows; no line is wider than 100 columns as a table."""
        if not settings.NUOXING_DEMO:
            raise CommandError("Sign-ins are shown in a demonstration only (NUOXING_DEMO=1).")
        slug_rows = Institution.objects.values_list("organisation__credit_code", "slug")
        slugs = dict(slug_rows)
        slug = slugs.get(LISTED.credit_code, "")
        tables: dict[str, Rows] = {SIGN_INS: _rows((*PLATFORM[:-1], *OFFICES)), EMPLOYERS: _rows(_clerks())}
        if slug:
            tables |= {
                AT_ONE: _rows(STAFF[1:], slug),
                OTHERS.format(host=settings.NUOXING_HOST, port=settings.NUOXING_PORT): [
                    _principal(spec, slugs.get(spec.credit_code, "")) for spec in ALL
                ],
                TRAINEES: _trainees(slugs),
            }
        tables["Addresses 地址"] = [{"what": what, "address": address} for what, address in _addresses(slug)]
        self.stdout.write(json.dumps(tables, ensure_ascii=False))


def _rows(people: Iterable[SignIn], slug: str = "") -> Rows:
    return [
        _row(f"{one.label} {one.label_en}", one.identifier, STARTS.get(one.role, "/staff/"), slug) for one in people
    ]


def _row(role: str, account: str, path: str, slug: str) -> dict[str, str]:
    return {"role": role, "account": account, "starts at": _url(path, slug)}


def _clerks() -> list[SignIn]:
    return [company.clerk for company in COMPANIES]


def _principal(spec: Spec, slug: str) -> dict[str, str]:
    """Return the row of a principal: what is listed works at its own host, the others at their commitment."""
    at = f"{slug}/staff/" if slug else "平台 platform /commitment/"
    return {"state": spec.state, "account": spec.principal.identifier, "at": at}


def _trainees(slugs: dict[str, str]) -> Rows:
    first = ("在考场 in the test room", TRAINEE.identifier, LISTED)
    others = ((words, person(number).mobile, spec) for words, spec, number in SOME)
    return [
        {"who": words, "account": account, "at": f"{slugs.get(spec.credit_code, '')}/my/"}
        for words, account, spec in (first, *others)
    ]


def _addresses(slug: str) -> list[tuple[str, str]]:
    addresses = [("平台首页 Platform", _url("/")), ("公示名单 Listed institutions", _url("/institutions/"))]
    if slug:
        addresses.append(("培训机构 An institution", _url("/", slug)))
    return [
        *addresses,
        ("星级榜 Rankings", _url("/rankings/")),
        ("证书查验 Verify a certificate", _url("/verify/")),
        ("短信邮件 Codes and mail sent", _url("/demo/outbox/")),
    ]


def _url(path: str, slug: str = "") -> str:
    host = f"{slug}.{settings.NUOXING_HOST}" if slug else settings.NUOXING_HOST
    return f"{settings.NUOXING_SCHEME}://{host}:{settings.NUOXING_PORT}{path}"
