"""The table in which an employer names many people at once."""

from django.utils.translation import gettext_lazy as _

from kernel.cells import Cell, CellError, identifier, text
from kernel.languages import enumeration
from kernel.sheets import Column, SheetFormat
from shared.identity.states import DocumentType

DOCUMENTS = {
    "居民身份证": DocumentType.RESIDENT,
    "港澳居民来往内地通行证": DocumentType.HONG_KONG_MACAO,
    "台湾居民来往大陆通行证": DocumentType.TAIWAN,
    "护照": DocumentType.PASSPORT,
    "外国人永久居留身份证": DocumentType.PERMANENT_RESIDENCE,
}


def _read_document(cell: Cell) -> str:
    known = DOCUMENTS | {value: DocumentType(value) for value in DocumentType.values}
    if cell.text not in known:
        raise CellError(_("One of: %(documents)s") % {"documents": enumeration(DOCUMENTS)})
    return str(known[cell.text])


SHEET = SheetFormat(
    columns=(
        Column("证件号码", "id_number", identifier(40)),
        Column("姓名", "name", text(60)),
        Column("证件类型", "id_type", _read_document, required=False, empty=str(DocumentType.RESIDENT)),
    )
)
"""Without a kind of document it is the resident identity card."""


def heading(name: str) -> str:
    """Return the heading of a column, "" for what is none."""
    return next((column.heading for column in SHEET.columns if column.name == name), "")
