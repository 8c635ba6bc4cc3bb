"""The certificate on paper: typst sets certificate.typ, which lies beside this file, with what a snapshot says.

The same snapshot gives the same bytes for ever: no system fonts, and the version's own time in the file.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from kernel import paper

SHEET = Path(__file__).with_name("certificate.typ")


def qr_svg(address: str) -> str:
    """Return the QR code of an address as an SVG, readable with a quarter of it worn away."""
    return paper.qr_svg(address, error="q")


def certificate_pdf(snapshot: Mapping[str, Any], *, id_number: str) -> bytes:
    """Return the A4 sheet of a snapshot; `id_number` is printed as given, hidden or whole."""
    data = {**snapshot, "id_number": id_number, "qr": qr_svg(snapshot["verify_url"])}
    return paper.pdf(SHEET, data, at=datetime.fromisoformat(snapshot["made_at"]))
