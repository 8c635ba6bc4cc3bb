"""Areas: which offices answer for a person, and for whom an office answers (policy, part 5: 属地).

A person belongs to every authority that answers for an institution where they are or were enrolled, hold a certificate,
or work; to the office in which they hold a role; and, with all of these, to the province. Whoever belongs nowhere is
the province's alone. See docs/privacy.md.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from kernel import tenancy
from kernel.access import Actor
from kernel.hooks import Hook
from kernel.roles import AUTHORITY_ROLES, STAFF_ROLES
from shared.policy.queries import authorities

from .. import rules
from ..models.accounts import Account, RoleGrant
from ..models.claims import ActiveEnrolment

OfficeSource = Callable[[], QuerySet[Any, Any]]
office_source: Hook[OfficeSource] = Hook(
    "identity.offices",
    "Returns a query, to be narrowed, of id, institution (key or None) and authority_code of every organisation.",
    single=True,
)
membership_sources: Hook[OfficeSource] = Hook(
    "identity.memberships",
    "Returns a query, to be narrowed, of pairs of person_id and institution_id that bind a person to an institution.",
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is asked about: a person, an account, or both."""

    person_id: uuid.UUID | None = None
    account_id: uuid.UUID | None = None


def province() -> str:
    """Return the code of the office above all others here."""
    return settings.NUOXING_JURISDICTION


def covered(by: Actor) -> frozenset[str] | None:
    """Return the codes of the offices in which `by` answers for people; None where that is the whole province."""
    if rules.operator(by, scope="") or rules.answers_for(by, scope=province()):
        return None
    return rules.answers_for.scopes(by) if by.is_strong else frozenset()


def area_of(person_id: uuid.UUID) -> frozenset[str]:
    """Return the codes of the offices that answer for a person, asked with all rows in sight."""
    with tenancy.open_public():
        account_id = Account.objects.filter(person_id=person_id).values_list("pk", flat=True).first()
        subject = Subject(person_id, account_id)
        return areas([subject])[subject]


def areas(subjects: Collection[Subject]) -> Mapping[Subject, frozenset[str]]:
    """Return the offices that answer for each, in a number of queries that does not grow. The public schema is open."""
    people = {s.person_id for s in subjects if s.person_id}
    accounts = {s.account_id for s in subjects if s.account_id}
    places: dict[uuid.UUID, set[str]] = defaultdict(set)  # of a person or account: organisations and institutions
    codes: dict[uuid.UUID, set[str]] = defaultdict(set)
    for pairs in _memberships():
        rows = pairs.filter(person_id__in=people) if people else pairs.none()
        for row in rows:
            places[row["person_id"]].add(str(row["institution_id"]))
    roles = (*STAFF_ROLES, *AUTHORITY_ROLES)
    grants = RoleGrant.objects.filter(account_id__in=accounts, role__in=roles, ended_at=None)
    for account_id, role, scope in grants.values_list("account_id", "role", "scope") if accounts else ():
        (codes if role in AUTHORITY_ROLES else places)[account_id].add(scope)
    offices = _offices({key for keys in places.values() for key in keys})
    above = {a.code: a.parent for a in authorities.authorities()}
    found = {}
    for subject in subjects:
        keys = [key for key in (subject.person_id, subject.account_id) if key]
        own = {offices[place] for key in keys for place in places[key] if place in offices}
        own |= {code for key in keys for code in codes[key]}
        found[subject] = frozenset(own | {above.get(code, "") for code in own} | {province()}) - {""}
    return found


def belonging(codes: frozenset[str], *, person: str = "person_id", account: str = "account_id") -> Q:
    """Return who belongs to one of these offices, for a table with these columns of a person and an account."""
    institutions = institutions_in(codes)
    organisations = _office_rows().filter(authority_code__in=codes)
    scopes = organisations.annotate(scope=Cast("id", CharField())).values("scope")
    at_work = Q(role__in=STAFF_ROLES, scope__in=scopes) | Q(role__in=AUTHORITY_ROLES, scope__in=codes)
    grants = RoleGrant.objects.filter(at_work, ended_at=None)
    here = Q(**{f"{account}__in": grants.values("account_id")})
    for pairs in _memberships():
        here |= Q(**{f"{person}__in": pairs.filter(institution_id__in=institutions).values("person_id")})
    return here


def institutions_in(codes: frozenset[str]) -> QuerySet[Any, Any]:
    """Return the keys of the institutions for which one of these offices answers, as a query."""
    return _office_rows().filter(authority_code__in=codes, institution__isnull=False).values("institution")


def area_of_institution(institution_id: uuid.UUID) -> frozenset[str]:
    """Return the codes of the offices that answer for an institution."""
    code = _offices({str(institution_id)}).get(str(institution_id), "")
    above = {a.code: a.parent for a in authorities.authorities()}
    return frozenset({code, above.get(code, ""), province()}) - {""}


def _memberships() -> Iterable[QuerySet[Any, Any]]:
    yield ActiveEnrolment.objects.order_by().values("person_id", "institution_id")
    for source in membership_sources.functions():
        yield source()


def _office_rows() -> QuerySet[Any, Any]:
    source = office_source.get()
    assert source is not None  # shared.institutions answers
    return source()


def _offices(places: Collection[str]) -> dict[str, str]:
    """Return the authority of each place, which is an organisation or an institution."""
    if not places:
        return {}
    keys = [uuid.UUID(place) for place in places]
    rows = _office_rows().filter(Q(id__in=keys) | Q(institution__in=keys))
    by_place: dict[str, str] = {}
    for row in rows:
        by_place |= {str(row["id"]): row["authority_code"], str(row["institution"]): row["authority_code"]}
    return by_place
