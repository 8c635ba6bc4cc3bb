"""The pack in force, its positions, and who may enrol by it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import CharField, Max
from django.utils.translation import gettext_lazy as _

from kernel.clock import legal_day
from kernel.db.statements import Bind, Statement
from kernel.errors import Invalid, NotFound
from kernel.unchanging import asked_once

from ..methods import eligibility as admission
from ..methods import numbering as numbering_methods
from ..methods.files import Head, head_of, pack_conflicts
from ..models import PolicyPack
from ..values.eligibility import Eligible, NotEligible, Person
from ..values.formats import upgraded
from ..values.pack import Pack
from ..values.problems import Problem
from ..values.reading import PackFile, pack_of
from ..values.shapes.admission import Position


class NoPolicy(NotFound):
    """No pack is in force then and there."""

    code = "no-policy"
    message = _("No policy is in force in %(jurisdiction)s on %(day)s.")


class UnknownKey(Invalid):
    """The policy knows no such position, category, education or major."""

    code = "unknown-key"
    message = _("The policy in force knows no “%(key)s”.")


_IN_FORCE = ("-effective_from", "-revision", "-id")  # the one that begins last, and of those the latest revision


def day_of(when: datetime | date) -> date:
    """Return the legal day of a moment, or the day itself."""
    return legal_day(when) if isinstance(when, datetime) else when


@lru_cache(maxsize=32)
def _build_pack(digest: str, version: str) -> Pack:
    """Return a pack from its row; rows never change, so a pack is built once per process."""
    return pack_of(PolicyPack.objects.values_list("body", flat=True).get(version=version, digest=digest))


def pack_at(when: datetime | date, jurisdiction: str | None = None) -> Pack:
    """Return the pack in force at a moment (on its legal day) or on a day; refuses (NoPolicy) where there is none."""
    day, place = day_of(when), jurisdiction or settings.NUOXING_JURISDICTION
    for begins, ends, digest, version in _packs_of(place):
        if begins <= day and (ends is None or ends >= day):
            return _build_pack(digest, version)
    raise NoPolicy(jurisdiction=place, day=day.isoformat())


_OF_PLACE: Statement[tuple[date, date | None, str, str]] = Statement(
    lambda: (
        PolicyPack.objects.filter(jurisdiction=Bind("place", CharField()))
        .order_by(*_IN_FORCE)
        .values_list("effective_from", "effective_to", "digest", "version")
    )
)


@asked_once
def _packs_of(place: str) -> list[tuple[date, date | None, str, str]]:
    """Return when each pack of a jurisdiction is in force, and which it is; that in force last first."""
    return _OF_PLACE.fetch(place=place)


def pack_of_year(when: datetime | date, jurisdiction: str | None = None) -> Pack:
    """Return the pack by which a calendar year is counted as a whole: the one in force on its first day, or the first
    that began in it. So what is counted over a year is not asked in two ways in it. Refuses (NoPolicy) where there is
    none by the day of `when`.
    """
    day, place = day_of(when), jurisdiction or settings.NUOXING_JURISDICTION
    try:
        return pack_at(date(day.year, 1, 1), place)
    except NoPolicy:
        rows = PolicyPack.objects.filter(jurisdiction=place, effective_from__year=day.year, effective_from__lte=day)
        row = rows.order_by("effective_from", "-revision", "-id").values("digest", "version").first()
        if row is None:
            raise
        return _build_pack(**row)


@asked_once
def pack(version: str) -> Pack:
    """Return the pack of a version that a decision is stamped with; refuses (NotFound) an unknown one."""
    row = PolicyPack.objects.filter(version=version).values("digest", "version").first()
    if row is None:
        raise NotFound
    return _build_pack(**row)


def pack_id(version: str) -> uuid.UUID:
    """Return the key of a loaded version's row; refuses (NotFound) an unknown one."""
    key: uuid.UUID | None = PolicyPack.objects.filter(version=version).values_list("pk", flat=True).first()
    if key is None:
        raise NotFound
    return key


@dataclass(frozen=True, slots=True)
class PackVersion:
    """One loaded version of a jurisdiction's law, without its content."""

    version: str
    jurisdiction: str
    digest: str
    effective_from: date
    effective_to: date | None
    loaded_at: datetime


def versions(jurisdiction: str | None = None) -> list[PackVersion]:
    """Return the loaded versions of a jurisdiction (of this platform's, if none is given), that in force last first."""
    rows = PolicyPack.objects.filter(jurisdiction=jurisdiction or settings.NUOXING_JURISDICTION)
    return [PackVersion(*row) for row in rows.order_by(*_IN_FORCE).values_list(*PackVersion.__dataclass_fields__)]


def last_revision(pack_id: str) -> int:
    """Return the highest revision loaded of a pack; 0 where none is."""
    return PolicyPack.objects.filter(version__startswith=f"{pack_id}@").aggregate(last=Max("revision"))["last"] or 0


def heads() -> list[Head]:
    """Return whose each loaded pack is and when it is in force."""
    names = ("version", "revision", "jurisdiction", "effective_from", "effective_to", "digest")
    rows = PolicyPack.objects.order_by("version").values_list(*names)
    return [Head(version.partition("@")[0], *rest) for version, *rest in rows]


def conflicts_of(reading: PackFile) -> list[Problem]:
    """Return why what was read cannot become the next revision beside the packs that are loaded."""
    head = head_of(reading)
    others = [other for other in heads() if other.version != head.version]
    return [Problem(None, key, what) for key, what in pack_conflicts(head, others)]


def body(version: str) -> Mapping[str, Any]:
    """Return the body of a version in today's format, as `methods.writing.toml_of` writes it; refuses (NotFound) an
    unknown one.
    """
    stored: Mapping[str, Any] | None = PolicyPack.objects.filter(version=version).values_list("body", flat=True).first()
    if stored is None:
        raise NotFound
    return upgraded(stored)


def own_number(version: str, *, issued: date, position: str, institution: str, sequence: int) -> str | None:
    """Return the certificate number that a version's own template gives; None where the number comes from outside."""
    template = pack(version).certificates.template
    if template is None:
        return None
    return numbering_methods.certificate_number(
        template, issued=issued, position=position, institution=institution, sequence=sequence
    )


def position(key: str, when: datetime | date) -> Position:
    """Return a position of the pack in force; refuses (UnknownKey) one that it does not have."""
    try:
        return pack_at(when).position(key)
    except KeyError:
        raise UnknownKey(key=key) from None


def positions(when: datetime | date, *, legacy: bool = False) -> tuple[Position, ...]:
    """Return the positions that can be certified then, with those of old certificates if `legacy`."""
    pack = pack_at(when)
    return pack.positions if legacy else pack.certifiable


def eligibility(
    *,
    position: str,
    education: str,
    major: str,
    years: int,
    born: date,
    when: datetime | date,
    sex: str = "",
) -> Eligible | NotEligible:
    """Return whether a person may enrol then, or every reason why not.

    `education` and `major` are keys of `pack.eligibility`, `years` completed years of practice on site. `sex` is male,
    female or "", with which the higher age limit holds. Refuses (UnknownKey) keys that are not the pack's.
    """
    return eligibility_under(
        pack_at(when), position=position, education=education, major=major, years=years, born=born, when=when, sex=sex
    )


def eligibility_under(
    pack: Pack,
    *,
    position: str,
    education: str,
    major: str,
    years: int,
    born: date,
    when: datetime | date,
    sex: str = "",
) -> Eligible | NotEligible:
    """Return what `eligibility` returns, under a pack that was read: for many at once."""
    try:
        return admission.eligibility(
            pack,
            pack.position(position),
            education=education,
            major=major,
            years=years,
            person=Person(born, day_of(when), sex),
        )
    except KeyError as unknown:
        raise UnknownKey(key=unknown.args[0]) from None
