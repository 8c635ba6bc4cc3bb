"""Cases of the rules that depend on more than a role: what each is given, by the names of expected.toml."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kernel.access import Actor, Grant
from kernel.roles import AUTHORITY_ROLES, Role

ME, ANOTHER = uuid.UUID(int=1), uuid.UUID(int=2)
HERE, ELSEWHERE = str(uuid.UUID(int=3)), str(uuid.UUID(int=4))
PROVINCE, CITY, FAR = "360000", "360100", "990000"
IN_THE_CITY = frozenset({CITY, PROVINCE})
IN_ANOTHER = frozenset({"360400", PROVINCE})
IN_BOTH = IN_THE_CITY | IN_ANOTHER
OF_THE_PROVINCE = frozenset({PROVINCE})  # at an institution that the province verifies, and of no institution
TEACHES_HERE, TEACHES_ELSEWHERE = Grant(Role.TEACHER, HERE), Grant(Role.TEACHER, ELSEWHERE)


def scope_of(role: str) -> str:
    """Return the scope in which the cases let a role be held."""
    if role in (Role.PLATFORM_OPERATOR, Role.TRAINING_CENTRE):
        return ""
    if role in AUTHORITY_ROLES:
        return PROVINCE if role == Role.PROVINCE_OFFICER else CITY
    return HERE


def _grants(role: str, scope: str) -> dict[str, Any]:
    return {"role": role, "scope": scope}


def _recovery(
    *grants: Grant, learns: bool = False, account: uuid.UUID = ANOTHER, area: frozenset[str] = IN_THE_CITY
) -> dict[str, Any]:
    return {"account_id": account, "grants": grants, "learns_here": learns, "organisation": HERE, "area": area}


def _opening(*grants: Grant, learns: bool = False, at: str = HERE) -> dict[str, Any]:
    return {"grants": grants, "learns_here": learns, "organisation": at}


def _reveal(*, learns: bool = False, area: frozenset[str] = IN_THE_CITY) -> dict[str, Any]:
    return {"learns_here": learns, "organisation": HERE, "area": area}


def _correction(area: frozenset[str], *, at: str = "", account: uuid.UUID = ANOTHER) -> dict[str, Any]:
    return {"account_id": account, "area": area, "organisation": at}


def _registration(authority: str, *, applied_by: uuid.UUID = ANOTHER) -> dict[str, Any]:
    return {"authority_code": authority, "covered": {PROVINCE, CITY}, "applied_by": applied_by}


CASES: Mapping[str, Mapping[str, Any]] = {
    "shared.certificates.is_holder: of one's own certificate": {"person_id": ME},
    "shared.certificates.is_holder: of somebody else's certificate": {"person_id": ANOTHER},
    "shared.employers.may_decide: an employer with its seat in one's offices": _registration(CITY),
    "shared.employers.may_decide: an employer beyond them": _registration(FAR),
    "shared.employers.may_decide: one's own registration": _registration(CITY, applied_by=ME),
    "shared.employers.may_vouch: at one's own institution": {"organisation": HERE, "applied_by": ANOTHER},
    "shared.employers.may_vouch: at another institution": {"organisation": ELSEWHERE, "applied_by": ANOTHER},
    "shared.employers.may_vouch: for one's own registration": {"organisation": HERE, "applied_by": ME},
    "shared.employers.may_vouch: away from any institution": {"organisation": "", "applied_by": ANOTHER},
    "shared.hosting.may_approve: asked for by somebody else": {"asked_by": ANOTHER},
    "shared.hosting.may_approve: asked for by oneself": {"asked_by": ME},
    "shared.identity.may_complete: one's own account": {"account_id": ME},
    "shared.identity.may_complete: somebody else's account": {"account_id": ANOTHER},
    "shared.identity.may_grant: a role at one's own institution": _grants(Role.TEACHER, HERE),
    "shared.identity.may_grant: a role at another institution": _grants(Role.TEACHER, ELSEWHERE),
    "shared.identity.may_grant: an authority's role": _grants(Role.CITY_OFFICER, CITY),
    "shared.identity.may_grant: a clerk's role at one's own employer": _grants(Role.EMPLOYER_CLERK, HERE),
    "shared.identity.may_grant: a clerk's role at another employer": _grants(Role.EMPLOYER_CLERK, ELSEWHERE),
    "shared.identity.may_grant: the operator's role": _grants(Role.PLATFORM_OPERATOR, ""),
    "shared.identity.may_end: a role at one's own institution": _grants(Role.PRINCIPAL, HERE),
    "shared.identity.may_end: a role at another institution": _grants(Role.PRINCIPAL, ELSEWHERE),
    "shared.identity.may_end: an authority's role": _grants(Role.INSPECTOR, CITY),
    "shared.identity.may_end: a clerk's role at one's own employer": _grants(Role.EMPLOYER_CLERK, HERE),
    "shared.identity.may_end: a clerk's role at another employer": _grants(Role.EMPLOYER_CLERK, ELSEWHERE),
    "shared.identity.may_open: who learns here": _opening(learns=True),
    "shared.identity.may_open: a teacher of this institution": _opening(TEACHES_HERE),
    "shared.identity.may_open: an officer who learns here": _opening(Grant(Role.CITY_OFFICER, CITY), learns=True),
    "shared.identity.may_open: who neither learns nor works here": _opening(TEACHES_ELSEWHERE),
    "shared.identity.may_open: away from any institution": _opening(learns=True, at=""),
    "shared.identity.may_settle: one's own account": _recovery(learns=True, account=ME),
    "shared.identity.may_settle: who learns here": _recovery(learns=True),
    "shared.identity.may_settle: who learns in another city": _recovery(area=IN_ANOTHER),
    "shared.identity.may_settle: who learns in this city and another": _recovery(area=IN_BOTH),
    "shared.identity.may_settle: who learns at a provincially verified institution": _recovery(area=OF_THE_PROVINCE),
    "shared.identity.may_settle: who belongs to no institution": _recovery(area=OF_THE_PROVINCE),
    "shared.identity.may_settle: a teacher in another city": _recovery(TEACHES_ELSEWHERE, area=IN_ANOTHER),
    "shared.identity.may_settle: an operator": _recovery(Grant(Role.PLATFORM_OPERATOR), area=OF_THE_PROVINCE),
    "shared.identity.may_check: one's own account": _recovery(learns=True, account=ME),
    "shared.identity.may_check: a teacher of this institution": _recovery(TEACHES_HERE),
    "shared.identity.may_check: a teacher in another city": _recovery(TEACHES_ELSEWHERE, area=IN_ANOTHER),
    "shared.identity.may_check: an officer": _recovery(Grant(Role.CITY_OFFICER, CITY), learns=True),
    "shared.identity.may_check: an operator": _recovery(Grant(Role.PLATFORM_OPERATOR), area=OF_THE_PROVINCE),
    "shared.identity.may_settle: a teacher of this institution": _recovery(TEACHES_HERE),
    "shared.identity.may_settle: the principal of this institution": _recovery(
        Grant(Role.PRINCIPAL, HERE), learns=True
    ),
    "shared.identity.may_settle: who learns here and teaches elsewhere": _recovery(TEACHES_ELSEWHERE, learns=True),
    "shared.identity.may_settle: an officer": _recovery(Grant(Role.CITY_OFFICER, CITY), learns=True),
    "shared.identity.may_reveal: who learns here": _reveal(learns=True),
    "shared.identity.may_reveal: who learns in another city": _reveal(area=IN_ANOTHER),
    "shared.identity.may_reveal: who learns in this city and another": _reveal(area=IN_BOTH),
    "shared.identity.may_reveal: who learns at a provincially verified institution": _reveal(area=OF_THE_PROVINCE),
    "shared.identity.may_reveal: who belongs to no institution": _reveal(area=OF_THE_PROVINCE),
    "shared.institutions.may_decide: an organisation within one's offices": {
        "authority_code": CITY,
        "covered": {PROVINCE, CITY},
    },
    "shared.institutions.may_decide: an organisation beyond them": {"authority_code": FAR, "covered": {PROVINCE, CITY}},
    "shared.lawbook.may_decide: a draft of others in one's own province": {
        "jurisdiction": PROVINCE,
        "authors": [ANOTHER],
    },
    "shared.lawbook.may_decide: a draft in which one wrote": {"jurisdiction": PROVINCE, "authors": [ANOTHER, ME]},
    "shared.lawbook.may_decide: a draft of another province": {"jurisdiction": FAR, "authors": [ANOTHER]},
    "shared.lawbook.is_author: of a draft in which one wrote": {"authors": [ANOTHER, ME]},
    "shared.lawbook.is_author: of a draft of others": {"authors": [ANOTHER]},
    "shared.privacy.may_close_breach: classified by somebody else": {"handled_by": ANOTHER},
    "shared.privacy.may_close_breach: classified by oneself": {"handled_by": ME},
    "shared.privacy.may_decide_correction: at the counter that was asked": _correction(IN_THE_CITY, at=HERE),
    "shared.privacy.may_decide_correction: of somebody in the city": _correction(IN_THE_CITY),
    "shared.privacy.may_decide_correction: of somebody in another city": _correction(IN_ANOTHER),
    "shared.privacy.may_decide_correction: of somebody in this city and another": _correction(IN_BOTH),
    "shared.privacy.may_decide_correction: of somebody at a provincially verified institution": _correction(
        OF_THE_PROVINCE
    ),
    "shared.privacy.may_decide_correction: of somebody of no institution": _correction(OF_THE_PROVINCE),
    "shared.privacy.may_decide_correction: asked for by oneself": _correction(IN_BOTH, at=HERE, account=ME),
    "shared.rankings.may_publish: prepared by somebody else": {"prepared_by": ANOTHER},
    "shared.rankings.may_publish: prepared by oneself": {"prepared_by": ME},
    "tenants.courses.may_teach: one's own class": {"teacher": ME},
    "tenants.courses.may_teach: somebody else's class": {"teacher": ANOTHER},
    "tenants.courses.may_decide_correction: proposed by somebody else": {"proposed_by": ANOTHER},
    "tenants.courses.may_decide_correction: proposed by oneself": {"proposed_by": ME},
}

Rule = Callable[..., bool]


def somebody(*grants: Grant, level: int = 2) -> Actor:
    """Return the person of the cases with these grants."""
    return Actor(ME, ME, "演示员", level, frozenset(grants))


def holder(role: str, *, scope: str | None = None, level: int = 2) -> Actor:
    """Return somebody who holds this role alone."""
    return somebody(Grant(role, scope_of(role) if scope is None else scope), level=level)


def paths(account_id: uuid.UUID, *scopes: str) -> Iterator[Actor]:
    """Yield one person along every grant path: with each role in each scope alone, and with all of them at once."""
    grants = [Grant(role, scope) for role in Role.values for scope in scopes]
    for held in (*([grant] for grant in grants), grants):
        yield Actor(account_id, None, "演示一人", 2, frozenset(held))
