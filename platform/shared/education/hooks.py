"""The file of hours by which the existing education platform hands over its records."""

from django.utils.translation import gettext_lazy as _

from kernel.cells import company_code, day, hours, identifier, moment, text
from kernel.sheets import Column, SheetFormat
from shared.exchange.states import EDUCATION
from shared.exchange.values import FileKind, file_kinds

from . import operations, queries

SHEET = SheetFormat(
    columns=(
        Column("记录编号", "number", identifier(60)),
        Column("证书编号", "certificate_number", identifier(32)),
        Column("姓名", "holder", text(60)),
        Column("企业统一社会信用代码", "employer_code", company_code),
        Column("企业名称", "employer_name", text(120)),
        Column("学时", "hours", hours),
        Column("开始日期", "began_on", day),
        Column("结束日期", "ended_on", day),
        Column("学习内容", "topic", text(200), required=False),
        Column("更新时间", "as_of", moment),
    ),
    periods=(("began_on", "ended_on"),),
)


@file_kinds.connect("hours")
def hours_file() -> FileKind:
    """Return the kind of file that holds hours. Its columns are ours until the existing platform's are known."""
    return FileKind(
        label=_("Hours of continuing education"),
        system=EDUCATION,
        sheet=SHEET,
        keep=operations.import_hours,
        known=queries.hours_by_number,
        all=queries.employers_hours,
    )
