"""The receipt on paper: typst sets receipt.typ, which lies beside this file. The same payment gives the same bytes."""

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import segno
import typst
from django.utils import translation
from noto_cjk_sans_otc import FONT_PATH

from kernel import clock

if TYPE_CHECKING:
    from ..queries import ReceiptValue

SHEET = Path(__file__).with_name("receipt.typ")
FONTS = Path(str(FONT_PATH)).parent


@cache
def _compiler() -> typst.Compiler:
    """Return the one compiler of this process: reading the fonts is the dear part."""
    return typst.Compiler(str(SHEET), root=str(SHEET.parent), font_paths=[str(FONTS)], ignore_system_fonts=True)


def receipt_pdf(receipt: "ReceiptValue", *, address: str) -> bytes:
    """Return a receipt as A4; `address` is where its QR code leads."""
    data = {
        "number": receipt.number,
        "institution": receipt.institution,
        "credit_code": receipt.credit_code,
        "address": receipt.address,
        "payer": receipt.payer,
        "order": receipt.order,
        "what": receipt.what,
        "lines": [
            {
                "label": line.label,
                "amount": str(line.amount),
                "quantity": line.quantity,
                "total": str(line.total),
                "ceiling": str(line.ceiling) if line.ceiling is not None else "",
                "unit": line.unit,
                "basis": line.basis,
            }
            for line in receipt.lines
        ],
        "amount": str(receipt.amount),
        "words": receipt.amount_words,
        "method": receipt.method,
        "reference": receipt.reference,
        "received": f"{receipt.received_at.astimezone(clock.CHINA):%Y-%m-%d %H:%M}",
        "received_by": receipt.received_by,
        "authority": receipt.authority,
        "demo": receipt.demo,
        "chinese": (translation.get_language() or "zh").startswith("zh"),
        "qr": str(segno.make(address, error="m", micro=False).svg_inline(border=0)),
    }
    moment = int(receipt.received_at.timestamp())
    pdf = _compiler().compile(format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, timestamp=moment)
    assert isinstance(pdf, bytes)
    return pdf
