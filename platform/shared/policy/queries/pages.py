"""Contexts of the policy desk's pages, each in one call."""

import uuid
from collections.abc import Mapping
from copy import copy
from datetime import datetime
from typing import Any

from kernel.access import Actor
from kernel.errors import NotFound

from .. import rules
from ..methods.outline import outline
from ..methods.writing import toml_of
from ..models import PolicyDraft
from ..states import DRAFT_TONES, OPEN_DRAFTS, DraftState
from . import desk as at_desk
from .packs import PackVersion, body, versions

Context = dict[str, Any]


def version_in(jurisdiction: str, version: str) -> PackVersion:
    """Return a version of a jurisdiction; refuses (NotFound) every other."""
    match = next((row for row in versions(jurisdiction) if row.version == version), None)
    if match is None:
        raise NotFound
    return match


def text(version: str) -> str:
    """Return a version as a pack file."""
    return toml_of(body(version))


def draft_text(row: PolicyDraft) -> str:
    """Return a draft as a pack file, with its faults."""
    return toml_of(row.body)


def desk_page(by: Actor, at: datetime) -> Context:
    """Return the versions and drafts of the reader's province."""
    place = at_desk.home_province(by)
    return {
        "standings": at_desk.standings(place, at),
        "drafts": at_desk.drafts(by),
        "may_draft": rules.may_draft(by, place),
    }


def version_page(version: PackVersion, at: datetime) -> Context:
    """Return a version: every value with its source, what it changed, and where it stands."""
    content = body(version.version)
    previous = at_desk.before_version(version)
    return {
        "version": version,
        "standing": next(s for s in at_desk.standings(version.jurisdiction, at) if s.version == version).standing,
        "previous": previous,
        "changes": at_desk.changes(body(previous), content) if previous else [],
        "cells": [at_desk.section_sheet(spec, content) for spec in outline()],
    }


def draft_page(by: Actor, draft_id: uuid.UUID, at: datetime) -> Context:
    """Return a draft as a whole: where it stands, what it lacks, what it changes, whom it touches, its life."""
    row = at_desk.draft(by, draft_id)
    open_ = row.state in OPEN_DRAFTS
    base = at_desk.base_of(row, at)
    changes = at_desk.changes(body(base), row.body)
    problems = at_desk.draft_problems(row, at) if open_ else ()
    return _common(by, row) | {
        "base": base,
        "begins": at_desk.begins(row.body),
        "sections": at_desk.sections(problems, changes),
        "lacking": at_desk.problem_labels(problems, row.body),
        "changes": changes,
        "impacts": at_desk.draft_impacts(row, changes, at) if open_ else [],
        "history": at_desk.draft_life(row),
        "decidable": at_desk.decidable(by, row),
        "withdrawable": at_desk.withdrawable(by, row),
    }


def _common(by: Actor, row: PolicyDraft) -> Context:
    is_author = by.account_id in row.authors
    return {
        "draft": row,
        "tone": DRAFT_TONES[DraftState(row.state)],
        "editable": at_desk.editable(by, row),
        "mine": is_author,
        "open": row.state in OPEN_DRAFTS,
    }


def section_page(
    by: Actor, draft_id: uuid.UUID, name: str, at: datetime, typed: Mapping[str, Any] | None = None, edition: int = 0
) -> Context:
    """Return a section of a draft as a form; with `typed`, as somebody wants it who read `edition` and could not save:
    what others saved meanwhile stands where he typed nothing.
    """
    spec, row = at_desk.section(name), at_desk.draft(by, draft_id)
    draft_copy = copy(row)
    if typed is not None:
        names = {field.name for field in spec.fields} if name == at_desk.HEADER else {name}
        was, now = at_desk.as_at(row, edition), row.body
        merged = {n: at_desk.merge(was.get(n), typed.get(n), now.get(n)) for n in names if n in {**now, **typed}}
        rest = {n: below for n, below in now.items() if n not in names}
        draft_copy.body = rest | {n: below for n, below in merged.items() if below is not None}
    problems = at_desk.draft_problems(draft_copy, at) if row.state in OPEN_DRAFTS else ()
    changes = at_desk.changes(body(at_desk.base_of(draft_copy, at)), draft_copy.body)
    sections = at_desk.sections(problems, changes)
    place = [section.name for section in sections].index(name)
    cell = at_desk.section_sheet(spec, draft_copy.body, problems)
    return _common(by, row) | {
        "spec": spec,
        "cell": cell,
        "sections": sections,
        "before": sections[place - 1] if place else None,
        "after": sections[place + 1] if place + 1 < len(sections) else None,
        "changed": {change.path for change in changes},
        "document_choices": at_desk.document_choices(draft_copy.body),
    }
