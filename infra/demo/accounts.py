"""The demonstration's sign-ins: for each role, with a second factor made from this installation's own secret."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from infra.demo.land import land
from kernel.roles import Role

PASSWORD = "nuoxing-demo-2026"  # noqa: S105  # of demonstration accounts, which no public host loads


@dataclass(frozen=True, slots=True)
class SignIn:
    """One account of the demonstration: who it is, as what it works, and where it starts."""

    key: str
    identifier: str
    name: str
    role: str
    scope: str
    label: str
    label_en: str


LAND = land()
_FIRST = LAND.places[0]


def _officer(n: int) -> SignIn:
    """Return the sign-in of the officer of the n-th place."""
    place = LAND.places[n]
    name, label = LAND.officers[n], f"{place.name}局{'经办' if n == 0 else ''}"
    return SignIn(place.key, f"{place.key}@nuoxing.example", name, Role.CITY_OFFICER, place.code, label, place.name_en)


def _inspector(key: str, name: str, code: str, place: str) -> SignIn:
    return SignIn(key, f"{key}@nuoxing.example", name, Role.INSPECTOR, code, f"{place}检查员", "Inspector")


_PROVINCE = Role.PROVINCE_OFFICER
PLATFORM = (
    SignIn("operator", "operator@nuoxing.example", "罗运维", Role.PLATFORM_OPERATOR, "", "平台运营", "Operator"),
    SignIn("province", "province@nuoxing.example", "熊厅员", _PROVINCE, LAND.jurisdiction, "省厅经办", "Province"),
    SignIn("province2", "province2@nuoxing.example", "邓复核", _PROVINCE, LAND.jurisdiction, "省厅复核", "Reviewer"),
    _officer(0),
    _inspector("inspector", LAND.inspectors[0], _FIRST.code, _FIRST.short),
    SignIn("employer", "employer@nuoxing.example", "龚人事", Role.EMPLOYER_CLERK, "", "企业经办", "Employer"),
)
OFFICES = (
    *(_officer(n) for n in range(1, len(LAND.places))),
    _inspector("inspector2", "巡检查", LAND.jurisdiction, "省厅"),
    _inspector("inspector3", LAND.inspectors[1], LAND.places[-1].code, LAND.places[-1].short),
)
STAFF = (
    SignIn("principal", "principal@nuoxing.example", "胡校长", Role.PRINCIPAL, "", "校长", "Principal"),
    SignIn("registrar", "registrar@nuoxing.example", "彭教务", Role.REGISTRAR, "", "教务", "Registrar"),
    SignIn("teacher", "teacher@nuoxing.example", "谢老师", Role.TEACHER, "", "教师", "Teacher"),
    SignIn("chief", "chief@nuoxing.example", "曾主考", Role.CHIEF_PROCTOR, "", "主监考", "Chief"),
    SignIn("proctor", "proctor@nuoxing.example", "肖监考", Role.PROCTOR, "", "监考", "Proctor"),
    SignIn("cashier", "cashier@nuoxing.example", "叶出纳", Role.CASHIER, "", "出纳", "Cashier"),
)
TRAINEE = SignIn("trainee", "trainee@nuoxing.example", "汪学员", "trainee", "", "学员", "Trainee")
TRAINEE_NUMBER = 60  # among the invented people


# Of the staff of the other institutions, whose names are a surname and what they do.
SURNAMES = {
    "paused": "程",
    "notice": "钟",
    "overdue": "余",
    "suspended": "廖",
    "removed": "邹",
    "existing": "龙",
    "applying": "赖",
}


def staff_of(key: str) -> tuple[SignIn, ...]:
    """Return the sign-ins of an institution's staff; those of the one that is listed have short names."""
    if key == "listed":
        return STAFF
    surname = SURNAMES[key]
    return tuple(
        SignIn(
            f"{one.key}-{key}",
            one.identifier.replace("@", f".{key}@"),
            f"{surname}{one.name[1:]}",
            one.role,
            "",
            one.label,
            one.label_en,
        )
        for one in STAFF
    )


def totp_secret(identifier: str, *, installation: str) -> str:
    """Return the base32 secret of an account's second factor, different in every installation."""
    raw = hmac.new(installation.encode(), f"demo-totp:{identifier}".encode(), hashlib.sha256).digest()
    return base64.b32encode(raw[:20]).decode()
