"""The certificate on paper: typst sets certificate.typ, which lies beside this file, with what a snapshot says.

The same snapshot gives the same bytes for ever: no system fonts, and the version's own time in the file.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst
from noto_cjk_sans_otc import FONT_PATH

SHEET = Path(__file__).with_name("certificate.typ")
FONTS = Path(str(FONT_PATH)).parent


@cache
def _compiler() -> typst.Compiler:
    """Return the one compiler of this process: reading the fonts is the dear part."""
    return typst.Compiler(str(SHEET), root=str(SHEET.parent), font_paths=[str(FONTS)], ignore_system_fonts=True)


def qr_svg(address: str) -> str:
    """Return the QR code of an address as an SVG, readable with a quarter of it worn away."""
    return str(segno.make(address, error="q", micro=False).svg_inline(border=0))


def certificate_pdf(snapshot: Mapping[str, Any], *, id_number: str) -> bytes:
    """Return the A4 sheet of a snapshot; `id_number` is printed as given, hidden or whole."""
    data = {**snapshot, "id_number": id_number, "qr": qr_svg(snapshot["verify_url"])}
    pdf = _compiler().compile(
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(datetime.fromisoformat(snapshot["made_at"]).timestamp()),
    )
    assert isinstance(pdf, bytes)
    return pdf
