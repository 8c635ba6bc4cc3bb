"""Papers: typst sets a sheet with what it is told. The same sheet with the same words gives the same bytes for ever.

They are PDF/A-2u, made to be kept: every character can be seen and copied. One that no font here holds is refused by
name, where an ordinary PDF would show an empty box.
"""

import json
import re
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel.errors import Invalid

if TYPE_CHECKING:
    import typst

STANDARD: Final = "a-2u"
_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_lock = threading.Lock()
"""A compiler sets one paper at a time."""


class Unprintable(Invalid):
    """The paper holds a character that no font here has."""

    code = "unprintable-character"
    message = _(
        "Nothing was printed: no font of this platform has the character %(character)s (%(code)s). The operator can "
        "add one that has it (NUOXING_FONTS)."
    )

    @classmethod
    def of(cls, text: str) -> "Unprintable":
        """Return the refusal of a text's first character."""
        character = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)[0]
        return cls(character=character if character.isprintable() else "", code=f"U+{ord(character):04X}")


@cache
def _compiler() -> "typst.Compiler":
    """Return the one compiler of this process: each reads the fonts anew, 30 MB of them."""
    import typst  # 7 MB: only a process that sets papers has it
    from noto_cjk_sans_otc import FONT_PATH  # as above

    folders = [Path(str(FONT_PATH)).parent, *([settings.NUOXING_FONTS] if settings.NUOXING_FONTS else [])]
    return typst.Compiler(font_paths=[str(folder) for folder in folders], ignore_system_fonts=True)


def get_ready() -> None:
    """Read the fonts now: for a process that forks, so that each of its children finds them."""
    _compiler()
    import segno  # noqa: F401  # as in qr_svg


def pdf(sheet: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return a sheet as PDF with `data` as its JSON and `at` as the time in the file; no system font is used.

    Refuses (Unprintable) a character that neither the shipped font nor those in NUOXING_FONTS have.
    """
    import typst  # as above

    words = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        with _lock:
            document = _compiler().compile(
                input=str(sheet),
                root=str(sheet.parent),
                format="pdf",
                sys_inputs=words,
                timestamp=int(at.timestamp()),
                pdf_standards=STANDARD,
            )
    except typst.TypstError as error:
        missing = _MISSING.search(error.message)
        if missing is None:
            raise
        raise Unprintable.of(missing[1]) from None
    assert isinstance(document, bytes)
    return document


def qr_svg(address: str, *, error: str, scale: int = 1) -> str:
    """Return the QR code of an address as an SVG; `error` says how much of it may be worn away (segno's letters).

    A module is `scale` pixels wide: on a page, where nothing else gives it a size, five or more.
    """
    import segno  # 4 MB: as above

    return str(segno.make(address, error=error, micro=False).svg_inline(border=0, scale=scale))
