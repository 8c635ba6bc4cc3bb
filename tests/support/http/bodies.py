"""What a plausible visitor sends: a filled form for each URL that takes one, so that nobody is turned away for what is
missing before it is asked whether he may. Where nothing stands here, a button is pressed and nothing is sent.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from shared.policy.methods.files import SHIPPED
from support.http.institution_rows import Rows
from support.http.questions_file import questions_file
from support.http.visitors import PASSWORD

WHY = "核对过原件，情况属实"
DAY = "2026-03-02"
MOMENT = "2026-03-02T08:00"
ITEMS = ("hardware", "quality", "attitude", "fees", "teachers")
SEEN = {"seen": "on", "reason": "身份证原件，人证一致"}
Body = Mapping[str, Any]

# Not here: hosting:place, whose copy would have to be built. Without a reason it is refused as a form.
PLATFORM: Mapping[str, Body | Callable[[Rows], Body]] = {
    "bank:import": {"act": "drop"},
    "bank:imports": lambda rows: {"file": SimpleUploadedFile("questions.xlsx", questions_file())},
    "certificates:verify": {"number": "演示-JX-26-000001", "name": "演示某人"},
    "certificates:correction": {"holder": "演示人", "institution": "演示机构", "issued_on": DAY, "reason": WHY},
    "certificates:revocation": {"ground": "mistake", "remark": WHY},
    "certificates:report": {"remark": WHY},
    "employers:apply": {
        "name": "演示新建工有限公司",
        "credit_code": "91360100MA9009990X",
        "division_code": "360111",
        "telephone": "13900000078",
    },
    "employers:own": {"code": "none"},
    "employers:answer": {"agree": "yes"},
    "employers:clerks": {"identifier": "clerk-new@example.invalid", "name": "演示新人"},
    "employers:clerk-ending": {"reason": WHY},
    "employers:people": {"name": "演示新人", "id_number": "36010219900101001X"},
    "employers:people-file": lambda rows: {"file": SimpleUploadedFile("p.csv", "证件号码,姓名\r\n1,某".encode())},
    "employers:registration": {"prove": "no", "reason": WHY},
    "employers:ending": {"reason": WHY},
    "employers-api:registrations": {
        "name": "演示新建工有限公司",
        "credit_code": "91360100MA9009990X",
        "division_code": "360111",
        "telephone": "13900000078",
    },
    "employers-api:code": {"code": "none"},
    "employers-api:answer": {"agree": True},
    "employers-api:clerks": {"identifier": "clerk-new@example.invalid", "name": "演示新人"},
    "employers-api:clerk-ending": {"reason": WHY},
    "employers-api:people": {"name": "演示新人", "id_number": "36010219900101001X"},
    "employers-api:decision": {"prove": False, "reason": WHY},
    "exchange:resend": {"why": WHY},
    "exchange:give-up": {"why": WHY},
    "exchange:resolution": {"why": WHY},
    "exchange-api:enrolments": {"id": "K-2", "as_of": "2026-03-02T08:00:00+08:00", "body": {}},
    "hosting:retirement": {"reason": WHY},
    "hosting:reopening": {"reason": WHY},
    "hosting:deletion": {"reason": WHY},
    "identity:invitation": {"password": "another-long-password-1"},
    "identity:officers": {"identifier": "new@example.invalid", "name": "演示新官", "role": "platform_operator"},
    "identity:officer-ending": {"why": WHY},
    "identity:recovery-case": {"act": "settle"} | SEEN,
    "identity:number": {"reason": WHY},
    "identity:tokens": {"name": "演示", "scopes": ["read"], "days": "30"},
    "institutions:ruling": {"kind": "suspend", "document_no": "演示〔2026〕2号", "reason": WHY},
    "lawbook:cap-ending": {"last_day": DAY, "why": WHY},
    "lawbook:caps": {"document_no": "演示〔2026〕3号", "fee_item": "training", "unit": "hour", "ceiling": "10"},
    "lawbook:calendar-clearing": {"why": WHY},
    "lawbook:calendar-days": {"day": "2026-05-06", "kind": "off", "source": "演示〔2026〕4号"},
    "lawbook:calendar-plans": {"source": "演示〔2026〕5号", "text": "2026-05-01 off"},
    "lawbook:draft-file": lambda rows: {"file": _pack_file(), "edition": "1"},
    "lawbook:imports": lambda rows: {"file": _pack_file()},
    "lawbook:draft-return": {"why": WHY, "edition": "1"},
    "lawbook:draft-section": {"edition": "1"},
    "lawbook:draft-submission": {"edition": "1"},
    "lawbook:draft-approval": {"edition": "1"},
    "lawbook:draft-withdrawal": {"why": WHY},
    "privacy:consents": {"kind": "passing_on", "recipient": "演示公司"},
    "privacy:copy-link": {"password": PASSWORD},
    "privacy:corrections": {"field": "other", "wanted": "演示更正"},
    "privacy:correction": {"act": "refuse", "reason": WHY},
    "privacy:closing": {"act": "ask"},
    "privacy:report": {"title": "演示事件", "words": "名单发错了群", "noticed_at": MOMENT},
    "privacy:holds": lambda rows: {"person_id": str(rows.keys["person_id"]), "why": WHY},
    "privacy:breach": {"act": "dismiss", "dismiss-why": WHY},
    "rankings:score": {f"score_{item}": "80" for item in ITEMS} | {f"reason_{item}": WHY for item in ITEMS},
    "rankings:preparation": {"year": "2025", "reason": WHY},
    "records-api:periodic-tasks": {"name": "registry.close_notices"},
    "registry:upload": {"receipt_no": "建〔2026〕收 0012", "received_on": DAY},
    "registry-api:upload": {"receipt_no": "建〔2026〕收 0012", "received_on": DAY},
    "registry:opinion": {"version": "1", "visited_on": DAY, "opinion": "false", "remark": WHY},
    "registry:checks": {"version": "1", "finding-tenure": "true"},
    "registry:self-check": {"since": "2015-06-01", "document": "演示名单〔2016〕3号", "positions": ["SGY-TJ"]},
    "registry:objection": {"upheld": "no", "reason": WHY},
    "registry:notice": {"text": "他们的场地不是自己的，我就住在楼上。"},
    "registry:withdrawal": {"why": WHY},
    "registry:lines": {"positions": ["SGY-TJ"]},
}
INSTITUTION: Mapping[str, Body | Callable[[Rows], Body]] = {
    "attempts:rating": dict.fromkeys(ITEMS, "5"),
    "billing:payments": {"method": "cash", "amount": "880.00"},
    "billing:refunds": {"amount": "1.00", "why": WHY},
    "billing:prices": {"fee_item": "training", "unit": "person", "base": "100.00", "addons": ""},
    "billing:staff-withdrawal": {"why": WHY},
    "courses:programme-new": {"position": "CLY", "title": "演示新课程"},
    "courses:lessons": {"title": "演示一课", "kind": "document", "minutes": "10", "body": "正文"},
    "courses:lesson-place": {"place": "1"},
    "courses-api:lesson-place": {"place": 1},
    "courses:class-new": lambda rows: {
        "programme": str(rows.keys["programme_id"]),
        "name": "演示二班",
        "starts_on": DAY,
        "ends_on": "2026-04-01",
        "capacity": "30",
    },
    "courses:attendance": lambda rows: {
        "day": DAY,
        "class_hours": "1",
        "why": WHY,
        "people": [str(rows.keys["participant_id"])],
    },
    "courses:corrections": {"day": DAY, "minutes": "10", "why": WHY},
    "courses:correction": {"decision": "approve", "why": WHY},
    "courses:heartbeats": {"nonce": "none", "seconds": 1},
    "employers:vouching": {"credit_code": "91360100MA9009990X", "applied_name": "演示某人", "seen": WHY},
    "identity:staff": {"identifier": "new@example.invalid", "name": "演示新人", "role": "teacher"},
    "identity:staff-ending": {"why": WHY},
    "identity:recovery-case": {"act": "settle"} | SEEN,
    "identity:number": {"reason": WHY},
    "privacy:correction": {"act": "refuse", "reason": WHY},
    "privacy:consents-desk": {"kind": "passing_on", "recipient": "演示公司"},
    "privacy:report": {"title": "演示事件", "words": "名单发错了群", "noticed_at": MOMENT},
    "rosters:roster-taking": {"signed": "on", "leave_out": "on"},
    "rosters-api:roster-taking": {"signed": True},
    "rosters-api:rosters": lambda rows: {
        "training_class": str(rows.keys["rosters:apply class_id"]),
        "people": [
            {
                "id_number": "360102199003071099",
                "name": "演示新人",
                "mobile": "13900000302",
                "education": "college",
                "major_kind": "core",
                "practice_years": 3,
            }
        ],
    },
    "proctoring:commands": lambda rows: {"candidacy": str(rows.keys["candidacy_id"]), "verb": "check-in"},
    "proctoring:incidents": {"kind": "network", "words": "又断了一次网"},
    "proctoring:incident": {"outcome": "网络已经恢复"},
    "proctoring:minutes": {"text": "测试按规程进行，没有异常。", "signed": "on"},
    "proctoring:cancellation": {"reason": WHY},
    "proctoring:closing": {"absent": "0"},
    "proctoring:reopening": {"reason": WHY},
    "rosters:apply": {"education": "college", "major_kind": "core", "practice_years": "3", "truthful": "on"},
    "rosters:decision": {"why": WHY},
    "rosters:originals": {"what": "毕业证书"},
    "sittings:rooms": {"name": "演示新考场", "place": "四层", "seats": "20"},
}
QUERIES = {
    "identity:sso-ticket": f"?host=alpha.nuoxing.localhost&nonce={'0' * 64}&next=/",
}
"""What an address needs behind its path to be asked at all."""


def _pack_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("pack.toml", (SHIPPED / "jiangxi-2020.toml").read_bytes())


def body_of(host: str, url: str, rows: Rows) -> Body:
    """Return what is sent to a URL of a kind of host."""
    body = (PLATFORM if host == "platform" else INSTITUTION).get(url, {})
    return body(rows) if callable(body) else body
