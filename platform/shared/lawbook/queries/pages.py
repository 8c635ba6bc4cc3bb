"""Contexts of the policy desk's pages, each in one call."""

import uuid
from collections.abc import Mapping
from copy import copy
from datetime import datetime
from typing import Any

from kernel.access import Actor
from kernel.errors import NotFound
from shared.policy.queries.packs import PackVersion, body, versions
from shared.policy.values.writing import toml_of

from .. import rules
from ..methods.outline import outline
from ..models import PolicyDraft
from ..states import OPEN_DRAFTS
from . import drafts as lawbook_drafts

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
    place = lawbook_drafts.home_province(by)
    return {
        "standings": lawbook_drafts.standings(place, at),
        "drafts": lawbook_drafts.drafts(by),
        "may_draft": rules.drafts_packs(by, scope=place),
    }


def version_page(version: PackVersion, at: datetime) -> Context:
    """Return a version: every value with its source, what it changed, and where it stands."""
    content = body(version.version)
    previous = lawbook_drafts.before_version(version)
    return {
        "version": version,
        "badge": next(s for s in lawbook_drafts.standings(version.jurisdiction, at) if s.version == version).badge,
        "previous": previous,
        "changes": lawbook_drafts.changes(body(previous), content) if previous else [],
        "cells": [lawbook_drafts.section_sheet(spec, content) for spec in outline()],
    }


def draft_page(by: Actor, draft_id: uuid.UUID, at: datetime) -> Context:
    """Return a draft as a whole: where it stands, what it lacks, what it changes, whom it touches, its life."""
    row = lawbook_drafts.draft(by, draft_id)
    open_ = row.state in OPEN_DRAFTS
    base = lawbook_drafts.base_of(row, at)
    changes = lawbook_drafts.changes(body(base), row.body)
    problems = lawbook_drafts.draft_problems(row, at) if open_ else ()
    return _common(by, row) | {
        "base": base,
        "begins": lawbook_drafts.begins(row.body),
        "sections": lawbook_drafts.sections(problems, changes),
        "lacking": lawbook_drafts.problem_labels(problems, row.body),
        "changes": changes,
        "impacts": lawbook_drafts.draft_impacts(row, changes, at) if open_ else [],
        "history": lawbook_drafts.draft_life(row),
        "decidable": lawbook_drafts.decidable(by, row),
        "withdrawable": lawbook_drafts.withdrawable(by, row),
    }


def _common(by: Actor, row: PolicyDraft) -> Context:
    is_author = by.account_id in row.authors
    return {
        "draft": row,
        "editable": lawbook_drafts.editable(by, row),
        "mine": is_author,
        "open": row.state in OPEN_DRAFTS,
    }


def section_page(
    by: Actor, draft_id: uuid.UUID, name: str, at: datetime, typed: Mapping[str, Any] | None = None, edition: int = 0
) -> Context:
    """Return a section of a draft as a form; with `typed`, as somebody wants it who read `edition` and could not save:
    what others saved meanwhile stands where he typed nothing.
    """
    spec, row = lawbook_drafts.section(name), lawbook_drafts.draft(by, draft_id)
    draft_copy = copy(row)
    if typed is not None:
        names = {field.name for field in spec.fields} if name == lawbook_drafts.HEADER else {name}
        was, now = lawbook_drafts.as_at(row, edition), row.body
        merged = {n: lawbook_drafts.merge(was.get(n), typed.get(n), now.get(n)) for n in names if n in {**now, **typed}}
        rest = {n: below for n, below in now.items() if n not in names}
        draft_copy.body = rest | {n: below for n, below in merged.items() if below is not None}
    problems = lawbook_drafts.draft_problems(draft_copy, at) if row.state in OPEN_DRAFTS else ()
    changes = lawbook_drafts.changes(body(lawbook_drafts.base_of(draft_copy, at)), draft_copy.body)
    sections = lawbook_drafts.sections(problems, changes)
    place = [section.name for section in sections].index(name)
    cell = lawbook_drafts.section_sheet(spec, draft_copy.body, problems)
    return _common(by, row) | {
        "spec": spec,
        "cell": cell,
        "sections": sections,
        "before": sections[place - 1] if place else None,
        "after": sections[place + 1] if place + 1 < len(sections) else None,
        "changed": {change.path for change in changes},
        "document_choices": lawbook_drafts.document_choices(draft_copy.body),
    }
