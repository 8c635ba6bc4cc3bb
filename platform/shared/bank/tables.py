"""Tables of the bank's stock and of the papers it makes."""

from collections.abc import Mapping, Sequence
from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.columns import PartColumn
from kernel.tables import RowsTable

from . import queries
from .methods.items import ItemDraft
from .methods.question_sheet import QuestionFile
from .states import Kind

NUMBER = {"td": {"class": "nx-num"}, "th": {"class": "nx-num"}}


class FeasibilityTable(tables.Table):
    """Each position: does the bank make papers for it, how many without a common item, what is missing."""

    position = tables.Column(verbose_name=_("Position"), linkify=("bank:position", {"key": tables.A("position")}))
    status = PartColumn(
        verbose_name=_("Question bank"), template_name="bank/parts/status_cell.html", accessor="possible"
    )
    disjoint = tables.Column(verbose_name=_("Papers without a common item"), attrs=NUMBER)
    share = tables.Column(verbose_name=_("Two papers share at least"), accessor="overlap", attrs=NUMBER)
    missing = tables.Column(verbose_name=_("Missing for a paper"), attrs={"td": {"class": "nx-sentences"}})

    class Meta:
        empty_text = _("No position is certified under the policy in force.")
        orderable = False

    def __init__(self, reports: Sequence[queries.Feasibility], *, names: Mapping[str, str], **kwargs: Any) -> None:
        """Take the names of the positions."""
        super().__init__(reports, **kwargs)
        self.names = names

    def render_position(self, value: str) -> str:
        """Return the position's name."""
        return self.names.get(value, value)

    def render_share(self, record: queries.Feasibility) -> str:
        """Return the least number of shared items, where papers can be drawn at all."""
        if not record.possible:
            return "—"
        return gettext("%(shared)s of %(items)s") % {"shared": record.overlap, "items": record.rule.items}


class KindTable(tables.Table):
    """Each kind of item: needed for a paper, held of the position's own and in common."""

    label = tables.Column(verbose_name=_("Kind of item"))
    needed = tables.Column(verbose_name=_("A paper needs"), attrs=NUMBER)
    own = tables.Column(verbose_name=_("Of the position's own"), attrs=NUMBER)
    common = tables.Column(verbose_name=_("Common to every position"), attrs=NUMBER)

    class Meta:
        orderable = False


class BlockTable(tables.Table):
    """Each block of knowledge: whose it is and what it holds."""

    name = tables.Column(verbose_name=_("Block of knowledge"))
    common = tables.Column(verbose_name=_("Asked at"))
    single = tables.Column(verbose_name=Kind.SINGLE.label, accessor="counts__single", attrs=NUMBER)
    multiple = tables.Column(verbose_name=Kind.MULTIPLE.label, accessor="counts__multiple", attrs=NUMBER)
    judgement = tables.Column(verbose_name=Kind.JUDGEMENT.label, accessor="counts__judgement", attrs=NUMBER)
    case = tables.Column(verbose_name=Kind.CASE.label, accessor="counts__case", attrs=NUMBER)

    class Meta:
        empty_text = _("The bank holds nothing for this position.")
        orderable = False

    def render_common(self, value: bool) -> str:
        """Return whom the block is for."""
        return gettext("Every position") if value else gettext("This position")


OUTCOMES = {
    "new": _("New question"),
    "revised": _("New version"),
    "same": _("No change"),
    "taken": _("This number belongs to a question of another position or kind"),
}


class FaultTable(RowsTable):
    """What is wrong with a file of questions, row by row."""

    line = tables.Column(verbose_name=_("Row no."), attrs=NUMBER)
    heading = tables.Column(verbose_name=_("Column"))
    why = tables.Column(verbose_name=_("Why"))


class ImportedItemTable(RowsTable):
    """The items of a file with what taking them in would do. No key stands here."""

    line = tables.Column(verbose_name=_("Row no."), attrs=NUMBER)
    code = tables.Column(verbose_name=_("Question no."))
    kind = tables.Column(verbose_name=_("Kind of item"))
    position = tables.Column(verbose_name=_("Asked at"))
    outcome = tables.Column(verbose_name=_("What would happen"))

    def __init__(self, file: QuestionFile, outcomes: Mapping[str, str], names: Mapping[str, str]) -> None:
        """Take the file, the outcomes and the names of the positions."""
        super().__init__([self._row(item, file.lines[item.code], outcomes, names) for item in file.items])

    @staticmethod
    def _row(item: ItemDraft, line: int, outcomes: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Any]:
        return {
            "line": line,
            "code": item.code,
            "kind": Kind(item.kind).label,
            "position": names.get(item.position, gettext("Every position")),
            "outcome": OUTCOMES[outcomes[item.code]],
        }
