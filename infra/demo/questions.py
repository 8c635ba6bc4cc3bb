"""The demonstration's question bank, read from its TOML files."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from infra.demo import readings
from kernel.access import SYSTEM
from shared.bank import operations as bank
from shared.bank.methods.items import ItemDraft, PartDraft


def _part(part: dict[str, Any]) -> PartDraft:
    return PartDraft(
        code=part["code"],
        kind=part["kind"],
        stem=part["stem"],
        options=tuple(part.get("options", ())),
        key=part["key"],
        reason=part["reason"],
    )


def items() -> Iterator[ItemDraft]:
    """Yield every item of every folder, as the bank takes them; the common ones are of no position."""
    for sheet in (sheet for folder in readings.folders() for sheet in readings.sheets(folder)):
        common = {
            "position": sheet["position"],
            "block": sheet["block"],
            "block_name": sheet["block_name"],
            "block_name_en": sheet["block_name_en"],
            "demo": True,
        }
        for item in sheet["items"]:
            yield ItemDraft(
                code=item["code"],
                kind=item["kind"],
                stem=item["stem"],
                key=item.get("key", ""),
                options=tuple(item.get("options", ())),
                topic=item["topic"],
                reason=item.get("reason", ""),
                difficulty=item["difficulty"],
                parts=tuple(_part(part) for part in item.get("part", ())),
                **common,
            )


def load(*, at: datetime) -> bank.ImportResult:
    """Take the demonstration's items into the provincial bank, marked as such."""
    return bank.import_items(items=items(), by=SYSTEM, at=at)
