"""The authorities, and which of them answers for an institution."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel import editions
from kernel.languages import localized

from ..models import Authority
from ..states import Level
from .packs import UnknownKey, pack_at


class DivisionUnknown(UnknownKey):
    """No division of this province has that code."""

    code = "division-unknown"
    message = _("There is no county, city or new area with the code %(division)s in this province.")


@dataclass(frozen=True, slots=True)
class AuthorityValue:
    """An authority or division. Counties have no `office`."""

    code: str
    level: str
    parent: str
    name: str
    name_en: str
    office: str
    office_en: str
    pseudo: bool
    enrolment_centre: str
    enrolment_centre_en: str

    @property
    def label(self) -> str:
        """Return the division's name in the active language."""
        return localized(self.name, self.name_en)

    @property
    def office_label(self) -> str:
        """Return the authority's name in the active language."""
        return localized(self.office, self.office_en)

    @property
    def enrolment_centre_label(self) -> str:
        """Return the name of the province's training centre in the active language; "" where it is not known."""
        return localized(self.enrolment_centre, self.enrolment_centre_en)


def _authority(row: Authority) -> AuthorityValue:
    above = row.parent.code if row.parent else ""
    return AuthorityValue(
        row.code, row.level, above, row.name, row.name_en, row.office, row.office_en, row.pseudo,
        row.enrolment_centre, row.enrolment_centre_en,
    )  # fmt: skip


def _here(jurisdiction: str | None) -> QuerySet[Authority]:
    """Return the authorities and divisions of one province; others may be loaded, and hold nothing here."""
    root = jurisdiction or settings.NUOXING_JURISDICTION
    of_it = Q(code=root) | Q(parent__code=root) | Q(parent__parent__code=root)
    return Authority.objects.filter(of_it).select_related("parent__parent")


def authority(code: str, jurisdiction: str | None = None) -> AuthorityValue:
    """Return the authority or division of a code; refuses (UnknownKey) one that is not of this platform's province."""
    row = _here(jurisdiction).filter(code=code).first()
    if row is None:
        raise UnknownKey(key=code)
    return _authority(row)


def authorities(*levels: str, parent: str = "", jurisdiction: str | None = None) -> list[AuthorityValue]:
    """Return the authorities and divisions of these levels (or of all) by code; only those under `parent` if given."""
    known = _known(jurisdiction or settings.NUOXING_JURISDICTION, editions.of(editions.Rows(Authority)))
    return [a for a in known if (not levels or a.level in levels) and (not parent or a.parent == parent)]


@lru_cache(maxsize=4)
def _known(jurisdiction: str, edition: tuple[str, ...]) -> tuple[AuthorityValue, ...]:
    """Return the whole province: a hundred rows that change once in years, built once for each edition of them."""
    return tuple(_authority(row) for row in _here(jurisdiction))


def office_of(division: str, jurisdiction: str | None = None) -> AuthorityValue:
    """Return the authority on whose land a division lies: of a county its prefecture's, of any other its own. Refuses
    (DivisionUnknown) a code that the province does not have.
    """
    row = _here(jurisdiction).filter(code=division).first()
    if row is None:
        raise DivisionUnknown(division=division, field="division_code")
    return _authority(row if row.office or row.parent is None else row.parent)


def authority_for(
    category: str, division: str, when: datetime | date, jurisdiction: str | None = None
) -> AuthorityValue:
    """Return the authority that verifies an institution: the province for the categories that the pack names, else the
    prefecture (or new area) of its division (implementation opinion, part 2(1)).

    `division` is that of the address that the pack says (the test site's, where it says nothing): a county's, city's or
    new area's code. Refuses an unknown division (DivisionUnknown), an unknown category, and the province itself as the
    division of an institution that a prefecture verifies (UnknownKey).
    """
    office = office_of(division, jurisdiction)
    root = jurisdiction or settings.NUOXING_JURISDICTION
    try:
        kind = pack_at(when, root).institutions.category(category)
    except KeyError:
        raise UnknownKey(key=category) from None
    if kind.verified_by == "province":
        return authority(root, root)
    if office.level == Level.PROVINCE:
        raise UnknownKey(key=division)
    return office
