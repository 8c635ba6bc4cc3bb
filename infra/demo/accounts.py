"""The demonstration's sign-ins: for each role, with a second factor made from this installation's own secret."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

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


PLATFORM = (
    SignIn("operator", "operator@nuoxing.example", "罗运维", Role.PLATFORM_OPERATOR, "", "平台运营", "Operator"),
    SignIn("province", "province@nuoxing.example", "熊厅员", Role.PROVINCE_OFFICER, "360000", "省厅经办", "Province"),
    SignIn("province2", "province2@nuoxing.example", "邓复核", Role.PROVINCE_OFFICER, "360000", "省厅复核", "Reviewer"),
    SignIn("city", "city@nuoxing.example", "万市员", Role.CITY_OFFICER, "360100", "南昌市局经办", "Nanchang"),
    SignIn("inspector", "inspector@nuoxing.example", "涂检查", Role.INSPECTOR, "360100", "南昌检查员", "Inspector"),
    SignIn("employer", "employer@nuoxing.example", "龚人事", Role.EMPLOYER_CLERK, "", "企业经办", "Employer"),
)
OFFICES = (
    SignIn(
        "jingdezhen", "jingdezhen@nuoxing.example", "瓷经办", Role.CITY_OFFICER, "360200", "景德镇市局", "Jingdezhen"
    ),
    SignIn("jiujiang", "jiujiang@nuoxing.example", "浔经办", Role.CITY_OFFICER, "360400", "九江市局", "Jiujiang"),
    SignIn("ganzhou", "ganzhou@nuoxing.example", "赣经办", Role.CITY_OFFICER, "360700", "赣州市局", "Ganzhou"),
    SignIn("jian", "jian@nuoxing.example", "庐经办", Role.CITY_OFFICER, "360800", "吉安市局", "Ji'an"),
    SignIn("shangrao", "shangrao@nuoxing.example", "信经办", Role.CITY_OFFICER, "361100", "上饶市局", "Shangrao"),
    SignIn("inspector2", "inspector2@nuoxing.example", "巡检查", Role.INSPECTOR, "360000", "省厅检查员", "Inspector"),
    SignIn("inspector3", "inspector3@nuoxing.example", "饶检查", Role.INSPECTOR, "361100", "上饶检查员", "Inspector"),
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
