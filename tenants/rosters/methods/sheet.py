"""The sheet of people who are to be enrolled in a class: its columns, and its template with what each cell may hold."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kernel import folding, idnumbers, names, sheets, spreadsheets
from kernel.cells import Cell, CellError, Words, day, identifier, text
from kernel.errors import Invalid
from kernel.folding import half_width
from kernel.languages import enumeration
from kernel.sheets import Column, Fault, Row, SheetFormat
from shared.identity.states import DocumentType, Sex
from shared.policy.values.pack import Pack

RESULT = "结果"
"""Heading of the column of words in the file that is given back."""
_YEARS = range(81)


def sheet_format(pack: Pack) -> SheetFormat:
    """Return the columns, with the educations and majors of a policy pack."""
    educations = {entry.key: entry.name for entry in pack.eligibility.educations}
    majors = {entry.key: entry.name for entry in pack.eligibility.majors}
    return SheetFormat(
        columns=(
            Column("证件号码", "id_number", identifier(40)),
            Column("姓名", "name", _name),
            Column("手机号码", "mobile", _mobile),
            Column("最高学历", "education", _one_of(educations)),
            Column("专业", "major_kind", _one_of(majors)),
            Column("施工现场工作年限", "practice_years", _years),
            Column("证件类型", "id_type", _one_of(_documents()), required=False, empty=str(DocumentType.RESIDENT)),
            Column("出生日期", "born", day, required=False, empty=None),
            Column("性别", "sex", _one_of(_sexes()), required=False),
        )
    )


def _documents() -> dict[str, str]:
    with override("zh-hans"):
        return {kind.value: str(kind.label) for kind in DocumentType}


def _sexes() -> dict[str, str]:
    with override("zh-hans"):
        return {sex.value: str(sex.label) for sex in Sex}


def _one_of(known: Mapping[str, str]) -> Callable[[Cell], str]:
    """Return the reader of one of several things, by its Chinese name or its key."""
    keys = {folding.name(name): key for key, name in known.items()} | {folding.name(key): key for key in known}

    def read(cell: Cell) -> str:
        key = keys.get(folding.name(cell.text))
        if key is None:
            raise CellError(format_lazy(_("One of: {names}."), names=lazy(lambda: enumeration(known.values()), str)()))
        return key

    return read


def _name(cell: Cell) -> str:
    return _read(names.person_name, text(60)(cell))


def _mobile(cell: Cell) -> str:
    return _read(idnumbers.mobile, text(20)(cell))


def _read(parse: Callable[[str], str], words: str) -> str:
    try:
        return parse(words)
    except Invalid as refusal:
        raise CellError(in_the_readers_words(refusal)) from None


def _years(cell: Cell) -> int:
    words = half_width(cell.text).removesuffix("年").strip()
    if not words.isdecimal() or not words.isascii() or int(words[:4]) not in _YEARS:
        raise CellError(_("Full years of practice on site, 0 to 80."))
    return int(words)


def in_the_readers_words(refusal: Invalid) -> Words:
    """Return what a refusal says, in the language of whoever reads it later."""
    return lazy(refusal.__str__, str)()


def read(raw: bytes, pack: Pack, on: date) -> list[Row]:
    """Return the rows of a file, each with birthday and sex, those of an identity card as its number says them."""
    return [row if row.faults else _with_birthday(row, on) for row in sheets.read(sheet_format(pack), raw)]


def _with_birthday(row: Row, on: date) -> Row:
    if row.values["id_type"] not in (DocumentType.RESIDENT, DocumentType.PERMANENT_RESIDENCE):
        if row.values["born"] is not None and row.values["born"] < on:
            return row
        why = _("Enter the date of birth as it stands in the document.")
        return replace(row, faults=(Fault(row.line, "", "出生日期", why),))
    try:
        resident = idnumbers.resident_id(row.values["id_number"], on=on)
    except Invalid as refusal:
        return replace(row, faults=(Fault(row.line, "", "证件号码", in_the_readers_words(refusal)),))
    facts = {"id_number": resident.number, "born": resident.born, "sex": resident.sex}
    return replace(row, values={**row.values, **facts})


def template(pack: Pack) -> bytes:
    """Return the empty sheet as xlsx, with a second one that says what each column may hold."""
    columns = sheet_format(pack).columns
    choices = {
        "education": [entry.name for entry in pack.eligibility.educations],
        "major_kind": [entry.name for entry in pack.eligibility.majors],
        "id_type": list(_documents().values()),
        "sex": list(_sexes().values()),
        "born": ["2001-09-30"],
        "practice_years": ["0 … 80"],
    }
    rows = []
    for column in columns:
        first = (column.heading, "必填" if column.required else "选填")
        for n, choice in enumerate(choices.get(column.name, [""])):
            rows.append((*(first if n == 0 else ("", "")), choice))
    widths = {"A": 24, "B": 14, "C": 16, "D": 16, "E": 16, "F": 18, "G": 18, "H": 14}
    return spreadsheets.xlsx_file(
        spreadsheets.Sheet([column.heading for column in columns], [], title="名册", widths=widths),
        spreadsheets.Sheet(("列", "", "可填内容"), rows, title="填写说明", widths={"A": 24, "B": 14, "C": 60}),
    )
