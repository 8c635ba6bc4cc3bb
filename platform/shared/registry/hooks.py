"""Answers to hooks of lower apps: the file of announced institutions, and what a change of the law touches."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.cells import Cell, CellError, company_code, day, division, moment, names, text
from kernel.languages import enumeration
from kernel.sheets import Column, SheetFormat
from shared.exchange.states import COMMITMENTS
from shared.exchange.values import FileKind, file_kinds

from .operations import announcements as registry_announcements
from .queries import announced_institutions, impact
from .queries import announcements as announcement_queries

__all__ = ["SHEET", "impact", "institutions_file"]

OPINIONS = {"实地核查属实": "true", "实地核查不符": "false", "true": "true", "false": "false"}


def _read_opinion(cell: Cell) -> str:
    if cell.text not in OPINIONS:
        raise CellError(_("One of the two opinions: %(opinions)s") % {"opinions": enumeration(list(OPINIONS)[:2])})
    return OPINIONS[cell.text]


def _write_opinion(value: Any) -> str:
    if value is None:
        return ""
    return "实地核查属实" if value == "true" else "实地核查不符"


SHEET = SheetFormat(
    columns=(
        Column("统一社会信用代码", "credit_code", company_code),
        Column("机构名称", "name", text(120)),
        Column("机构类别", "category", text(40)),
        Column("测试地点区划代码", "division_code", division),
        Column("地址", "address", text(200), required=False),
        Column("培训岗位", "positions", names),
        Column("核查意见", "opinion", _read_opinion, write=_write_opinion),
        Column("签署日期", "signed_on", day),
        Column("公示开始", "notice_from", day, required=False, empty=None),
        Column("公示结束", "notice_to", day, required=False, empty=None),
        Column("更新时间", "as_of", moment),
    ),
    periods=(("notice_from", "notice_to"),),
)


@file_kinds.connect("institutions")
def institutions_file() -> FileKind:
    """Return the kind of file that holds announced institutions. The columns are ours for now."""
    return FileKind(
        label=_("Announced institutions with their opinions"),
        system=COMMITMENTS,
        sheet=SHEET,
        keep=registry_announcements.import_announcement,
        known=announcement_queries.announcements_by_code,
        all=announced_institutions.announced_institutions,
    )
