"""The authorities, and which of them answers for an institution."""

from dataclasses import dataclass
from datetime import date, datetime

from ..methods.shapes.base import told
from ..models import Authority
from ..states import Level
from .packs import UnknownKey, pack_at


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

    @property
    def label(self) -> str:
        """Return the division's name in the active language."""
        return told(self.name, self.name_en)

    @property
    def office_label(self) -> str:
        """Return the authority's name in the active language."""
        return told(self.office, self.office_en)


def _authority(row: Authority) -> AuthorityValue:
    above = row.parent.code if row.parent else ""
    return AuthorityValue(row.code, row.level, above, row.name, row.name_en, row.office, row.office_en, row.pseudo)


def authority(code: str) -> AuthorityValue:
    """Return the authority or division of a code; refuses (UnknownKey) an unknown one."""
    row = Authority.objects.select_related("parent").filter(code=code).first()
    if row is None:
        raise UnknownKey(key=code)
    return _authority(row)


def authorities(*levels: str, parent: str = "") -> list[AuthorityValue]:
    """Return the authorities and divisions of these levels (or of all) by code; only those under `parent` if given."""
    rows = Authority.objects.select_related("parent")
    if levels:
        rows = rows.filter(level__in=levels)
    if parent:
        rows = rows.filter(parent__code=parent)
    return [_authority(row) for row in rows]


def authority_for(category: str, division: str, when: datetime | date) -> AuthorityValue:
    """Return the authority that verifies an institution: the province for the categories that the pack names, else the
    prefecture (or new area) of its division (implementation opinion, part 2(1)).

    `division` is a county's, city's or new area's code. Refuses (UnknownKey) an unknown category or division.
    """
    rows = Authority.objects.select_related("parent__parent", "parent")
    row = rows.filter(code=division).first()
    if row is None:
        raise UnknownKey(key=division)
    line = [row]
    while line[-1].parent is not None:
        line.append(line[-1].parent)
    try:
        kind = pack_at(when, line[-1].code).institutions.category(category)
    except KeyError:
        raise UnknownKey(key=category) from None
    prefecture = next((a for a in line if a.level in (Level.CITY, Level.NEW_AREA)), None)
    if kind.verified_by == "prefecture" and prefecture is None:
        raise UnknownKey(key=division)
    return _authority(line[-1] if kind.verified_by == "province" or prefecture is None else prefecture)
