"""The receipt on paper: typst sets receipt.typ, which lies beside this file. The same payment gives the same bytes,
until something of it goes back: then every print says so.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from kernel import clock, paper
from kernel.languages import in_english

if TYPE_CHECKING:
    from ..queries.receipts import ReceiptValue

SHEET = Path(__file__).with_name("receipt.typ")


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
        "refunds": [
            {
                "amount": str(refund.amount),
                "at": f"{refund.at.astimezone(clock.CHINA):%Y-%m-%d %H:%M}",
                "done": refund.done,
            }
            for refund in receipt.refunds
        ],
        "refunded": str(receipt.refunded_amount),
        "in_full": receipt.refunded_in_full,
        "chinese": not in_english(),
        "qr": paper.qr_svg(address, error="m"),
    }
    return paper.pdf(SHEET, data, at=receipt.received_at)
