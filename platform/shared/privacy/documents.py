"""Documents: the copy of one's data (a file for machines, one for people), and the register as a workbook."""

import base64
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel import clock, spreadsheets
from kernel.spreadsheets import Sheet

FORMAT = "nuoxing.personal-data.1"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def packed_copy(parts: Sequence[Mapping[str, Any]], *, at: datetime, language: str) -> bytes:
    """Return a zip with data.json and index.html. `parts`: {"holder": name, "tables": [...]}, one a schema."""
    whole = {"format": FORMAT, "made_at": at.isoformat(), "held_by": list(parts)}
    with translation.override(language):
        readable = render_to_string("privacy/copy.html", {"parts": [_readable(part) for part in parts], "at": at})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("data.json", json.dumps(whole, ensure_ascii=False, indent=1)), ("index.html", readable)):
            stamp = zipfile.ZipInfo(name, at.timetuple()[:6])
            stamp.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(stamp, text)
    return buffer.getvalue()


def _readable(part: Mapping[str, Any]) -> dict[str, Any]:
    """Return a part whose moments are said as people say them, in China's time."""
    tables = [
        table | {"rows": [{name: _readable_value(value) for name, value in row.items()} for row in table["rows"]]}
        for table in part["tables"]
    ]
    return dict(part) | {"tables": tables}


def _readable_value(value: Any) -> Any:
    if isinstance(value, str) and MOMENT.match(value):
        return date_format(datetime.fromisoformat(value).astimezone(clock.CHINA), "DATETIME_FORMAT")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def as_text(packed: bytes) -> str:
    """Return a packed copy as the text that is sealed in its row."""
    return base64.b64encode(packed).decode()


def from_text(text: str) -> bytes:
    """Return the packed copy again."""
    return base64.b64decode(text)


def register_sheet(
    holdings: Sequence[Any], recipients: Sequence[Any], entrustings: Sequence[Any], assessments: Sequence[Any]
) -> bytes:
    """Return the records of processing as a workbook: fields, recipients, entrusted parties, assessments."""
    heads = [_("Table"), _("Field"), _("Called"), _("Purpose"), _("Basis"), _("Kept for"), _("Shown as"), _("Held by")]
    fields = [
        [table.title, h.name, h.label, h.purpose, h.basis, h.retention, h.mask, table.holder]
        for table in holdings
        for h in table.holdings
    ]
    who = [[p.who, p.what, p.basis] for p in recipients]
    party_heads = [
        _("Party"), _("Purpose"), _("Kinds of data"), _("Protection"), _("Contract"),
        pgettext("first day", "From"), pgettext("last day", "Until"),
    ]  # fmt: skip
    parties = [[e.party, e.purpose, e.kinds, e.protection, e.contract_no, e.begins_on, e.ends_on] for e in entrustings]
    study_heads = [_("Title"), _("What was assessed"), _("Made on"), _("Valid until"), _("Kept until")]
    studies = [[a.title, a.get_kind_display(), a.made_on, a.valid_until, a.keep_until] for a in assessments]
    return spreadsheets.xlsx_file(
        Sheet(heads, fields, _("Fields")),
        Sheet(
            [pgettext("recipient of data", "Who"), pgettext("data passed on", "What"), _("Basis")], who, _("Recipients")
        ),
        Sheet(party_heads, parties, _("Entrusted parties")),
        Sheet(study_heads, studies, _("Impact assessments")),
    )
