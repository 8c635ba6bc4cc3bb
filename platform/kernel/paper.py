"""Papers: typst sets a sheet with what it is told. The same sheet with the same words gives the same bytes for ever."""

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import typst

_lock = threading.Lock()
"""A compiler sets one paper at a time."""


@cache
def _compiler() -> "typst.Compiler":
    """Return the one compiler of this process: each reads the fonts anew, 30 MB of them."""
    import typst  # 7 MB: only a process that sets papers has it
    from noto_cjk_sans_otc import FONT_PATH  # as above

    return typst.Compiler(font_paths=[str(Path(str(FONT_PATH)).parent)], ignore_system_fonts=True)


def get_ready() -> None:
    """Read the fonts now: for a process that forks, so that each of its children finds them."""
    _compiler()
    import segno  # noqa: F401  # as in qr_svg


def pdf(sheet: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return a sheet as PDF with `data` as its JSON and `at` as the time in the file; no system font is used."""
    words = {"data": json.dumps(data, ensure_ascii=False)}
    with _lock:
        made = _compiler().compile(
            input=str(sheet), root=str(sheet.parent), format="pdf", sys_inputs=words, timestamp=int(at.timestamp())
        )
    assert isinstance(made, bytes)
    return made


def qr_svg(address: str, *, error: str) -> str:
    """Return the QR code of an address as an SVG; `error` says how much of it may be worn away (segno's letters)."""
    import segno  # 4 MB: as above

    return str(segno.make(address, error=error, micro=False).svg_inline(border=0))
