"""Values for a page about one commitment or one notice: for the institution, the authority, the public."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from kernel.states import LifeStep, Move
from shared.policy.queries import calendar as calendar_queries
from shared.policy.queries import packs as pack_queries

from .. import methods
from ..models.commitments import Commitment
from ..models.publicity import Objection, PublicNotice, Upload
from ..models.verifications import Verification
from . import commitments, sheets
from . import notices as registry_notices
from .commitments import Step, Version
from .sheets import SectionView

Facts = list[tuple[str | Promise, str | Promise]]


@dataclass(frozen=True)
class Overview:
    """Where a commitment stands, what it says, and what comes next."""

    row: Commitment
    facts: Facts
    sheet: tuple[SectionView, ...]
    positions: list[str]
    steps: list[Step]
    clock: calendar_queries.Term | None
    life: list[LifeStep]
    moves: list[Move]
    versions: list[Version]
    editable: bool
    upload: Upload | None
    trouble: str
    notice: PublicNotice | None
    objections: list[Objection]


def overview(row: Commitment, at: datetime, *, officer: bool = False) -> Overview:
    """Return what the pages about a commitment show; an officer also sees what was found and every objection."""
    upload, notice = commitments.upload_of(row), commitments.newest_notice(row)
    objections = (
        registry_notices.objections_of(notice)
        if officer
        else registry_notices.decided_objections(notice)
        if notice
        else []
    )
    return Overview(
        row=row,
        facts=commitments.organisation_facts(row, row.organisation_id, at),
        sheet=sheets.signed_sheet(row, row.version, officer=True) if officer else sheets.sheet(row),
        positions=sheets.signed_positions(row, row.version) if officer else sheets.position_names(row),
        steps=commitments.steps(row),
        clock=commitments.clock(row, at),
        life=commitments.life(row),
        moves=commitments.next_moves(row),
        versions=commitments.versions(row),
        editable=commitments.editable(row),
        upload=upload,
        trouble=commitments.trouble(upload),
        notice=notice,
        objections=list(objections),
    )


@dataclass(frozen=True)
class SelfCheck:
    """An existing institution's self-check for its authority: of a draft how far it is, what was signed whole."""

    row: Commitment
    facts: Facts
    positions: list[str]
    steps: list[Step]
    life: list[LifeStep]
    moves: list[Move]
    filled: int
    lines: int
    unmet: list[str]
    sheet: tuple[SectionView, ...]


def self_check(row: Commitment, at: datetime) -> SelfCheck:
    """Return what an officer sees of a self-check."""
    pack = pack_queries.pack(row.policy)
    values, lines = sheets.values_of(row), pack.commitment.lines
    unmet = set(methods.unmet(lines, values))
    return SelfCheck(
        row=row,
        facts=commitments.organisation_facts(row, row.organisation_id, at),
        positions=sheets.position_names(row),
        steps=commitments.steps(row),
        life=commitments.life(row),
        moves=commitments.next_moves(row),
        filled=len(lines) - len(methods.missing(lines, values)),
        lines=len(lines),
        unmet=[line.label for line in lines if line.key in unmet],
        sheet=sheets.signed_sheet(row, row.version, officer=True) if row.version else (),
    )


@dataclass(frozen=True)
class NoticePage:
    """A public notice as everybody may see it."""

    row: PublicNotice
    commitment: Commitment
    facts: Facts
    positions: list[str]
    sheet: tuple[SectionView, ...]
    clock: calendar_queries.Term
    verification: Verification
    objections: list[Objection]
    open: bool


def notice_page(row: PublicNotice, at: datetime) -> NoticePage:
    """Return what the page of a notice shows: what was signed, not what may have been changed since."""
    return NoticePage(
        row=row,
        commitment=row.commitment,
        facts=commitments.organisation_facts(row, row.commitment.organisation_id, at),
        positions=sheets.signed_positions(row.commitment, row.version),
        sheet=sheets.signed_sheet(row.commitment, row.version),
        clock=registry_notices.notice_clock(row, at),
        verification=registry_notices.verification_behind(row),
        objections=registry_notices.decided_objections(row),
        open=registry_notices.takes_objections(row, at),
    )
