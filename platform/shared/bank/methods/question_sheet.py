"""The sheet of questions: its columns, its template, and how its rows become items.

A question is one row. A case is one row with its text, and below it one row for each of its questions, which name it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kernel import sheets, spreadsheets
from kernel.cells import Cell, CellError, identifier, text
from kernel.folding import half_width
from kernel.sheets import Column, Fault, Row, SheetFormat

from ..states import FALSE, LETTERS, TRUE, Kind
from .items import ItemDraft, PartDraft, faults, question_faults

COMMON = ("公共", "通用")
KINDS = {"单选题": Kind.SINGLE, "多选题": Kind.MULTIPLE, "判断题": Kind.JUDGEMENT, "案例题": Kind.CASE}
ANSWERS = {"对": TRUE, "正确": TRUE, "√": TRUE, "T": TRUE, "错": FALSE, "错误": FALSE, "×": FALSE, "F": FALSE}
_SEPARATORS = str.maketrans("", "", " ,、;.")
_EXAMPLES = (
    ("DX-0001", "单选题", "", "土建施工员", "法律法规", "", "（题干）", "（A）", "（B）", "（C）", "（D）", "B"),
    ("DD-0001", "多选题", "", "公共", "法律法规", "", "（题干）", "（A）", "（B）", "（C）", "（D）", "ACD"),
    ("PD-0001", "判断题", "", "公共", "法律法规", "", "（题干）", "", "", "", "", "对"),
    ("AL-0001", "案例题", "", "土建施工员", "施工管理", "", "（案例背景）"),
)
_EXAMPLE_ANSWERS = {Kind.SINGLE: "A", Kind.MULTIPLE: "ABD", Kind.JUDGEMENT: "错"}


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """A file of questions, read: its items, the line of each by its code, and all that cannot be right."""

    items: tuple[ItemDraft, ...]
    lines: Mapping[str, int]
    faults: tuple[Fault, ...]


def _kind(cell: Cell) -> str:
    if cell.text in KINDS:
        return str(KINDS[cell.text])
    if cell.text in Kind.values:
        return cell.text
    raise CellError(_("One of the kinds: %(kinds)s.") % {"kinds": "、".join(KINDS)})


def _answer(cell: Cell) -> str:
    if cell.text in ANSWERS:
        return ANSWERS[cell.text]
    key = half_width(cell.text).upper().translate(_SEPARATORS)
    if key in ANSWERS:
        return ANSWERS[key]
    if not key or set(key) - set(LETTERS):
        raise CellError(
            _("Letters of the right options, such as B or ACD; %(true)s or %(false)s for a judgement.")
            % {"true": "对", "false": "错"}
        )
    return "".join(sorted(set(key)))


def _difficulty(cell: Cell) -> int:
    number = half_width(cell.text)
    if number not in {"1", "2", "3", "4", "5"}:
        raise CellError(_("A whole number from 1 to 5."))
    return int(number)


def _position(positions: Mapping[str, str]) -> Callable[[Cell], str]:
    """Return the reader of a position by its name or its key; "" for a question that is asked at every one."""

    def read(cell: Cell) -> str:
        name = "".join(cell.text.split()).replace("(", "（").replace(")", "）")
        if name in COMMON:
            return ""
        for key, known in positions.items():
            if cell.text == key or name == known:
                return key
        raise CellError(
            _("No position of this name is certified; %(common)s is asked at every one.") % {"common": COMMON[0]}
        )

    return read


def sheet_format(positions: Mapping[str, str]) -> SheetFormat:
    """Return the columns, given the names of the certified positions by their keys."""
    option = text(2000)
    return SheetFormat(
        columns=(
            Column("题号", "code", identifier(40)),
            Column("题型", "kind", _kind),
            Column("所属案例", "case", identifier(40), required=False),
            Column("岗位", "position", _position(positions), required=False, empty=None),
            Column("知识板块", "block_name", text(40), required=False),
            Column("板块英文名", "block_name_en", text(80), required=False),
            Column("题干", "stem", text(20_000)),
            *(Column(f"选项{letter}", f"option_{letter}", option, required=False) for letter in LETTERS),
            Column("答案", "key", _answer, required=False),
            Column("知识点", "topic", text(80), required=False),
            Column("解析", "reason", text(20_000), required=False),
            Column("难度", "difficulty", _difficulty, required=False, empty=1),
        )
    )


def kind_names(kinds: Sequence[str]) -> str:
    """Return kinds of questions as a file names them, in their order."""
    names = {str(kind): name for name, kind in KINDS.items()}
    return "、".join(names[kind] for kind in kinds)


def template(positions: Mapping[str, str], case_parts: Sequence[str]) -> bytes:
    """Return the empty sheet, with a second one of examples, whose case has the questions that the policy marks, and a
    third with what may stand under 岗位.
    """
    head = sheet_format(positions).headings
    wide = {"A": 14, "D": 18, "G": 50}
    return spreadsheets.xlsx_file(
        spreadsheets.Sheet(head, [], "试题", wide),
        spreadsheets.Sheet(
            head, [_example(row, len(head)) for row in (*_EXAMPLES, *_example_parts(case_parts))], "示例", wide
        ),
        spreadsheets.Sheet(
            ["岗位", "代码"], [["公共", ""], *([n, k] for k, n in positions.items())], "岗位", {"A": 24}
        ),
    )


def _example_parts(case_parts: Sequence[str]) -> Iterator[Sequence[str]]:
    for number, kind in enumerate(case_parts or (Kind.SINGLE,), 1):
        options = ("",) * 4 if kind == Kind.JUDGEMENT else ("（A）", "（B）", "（C）", "（D）")
        answer = _EXAMPLE_ANSWERS[Kind(kind)]
        yield (f"AL-0001-{number}", kind_names([kind]), "AL-0001", "", "", "", f"（第{number}小题）", *options, answer)


def _example(row: Sequence[str], width: int) -> list[str]:
    options = list(row[7:11]) + [""] * (4 - len(row[7:11]))
    cells = [*row[:7], *options, *[""] * (len(LETTERS) - 4), row[11] if len(row) > 11 else ""]
    return cells + [""] * (width - len(cells))


def read(raw: bytes, positions: Mapping[str, str], case_parts: Sequence[str]) -> QuestionFile:
    """Return a file's items, and all its faults at once. `case_parts` are the kinds that a case's questions must have,
    in order.
    """
    rows = sheets.read(sheet_format(positions), raw)
    parts: dict[str, list[Row]] = {}
    for row in rows:
        if row.values.get("case"):
            parts.setdefault(row.values["case"], []).append(row)
    found = [fault for row in rows for fault in row.faults]
    for row in rows:
        if not row.faults:  # of a cell that cannot be read nothing more is said
            found += _row_faults(row)
            found += _relation_faults(row, rows, parts, case_parts)
    if any(row.faults for row in rows):
        return QuestionFile((), {}, tuple(sorted(found, key=lambda fault: fault.line)))
    whole = [row for row in rows if not row.values["case"]]
    items = tuple(_item(row, parts.get(row.values["code"], ())) for row in whole)
    lines = {row.values["code"]: row.line for row in whole}
    if not found:
        found = [Fault(lines[f.code], "", "", f.what) for item in items for f in faults(item)]
    return QuestionFile(items, lines, tuple(sorted(found, key=lambda fault: fault.line)))


def _fault(row: Row, heading: str, why: str) -> Fault:
    return Fault(row.line, "", heading, why)


def _options(row: Row) -> tuple[str, ...]:
    """Return the options up to the last that is there: an empty one between others is a fault."""
    options = [row.values[f"option_{letter}"] for letter in LETTERS]
    while options and not options[-1]:
        options.pop()
    return tuple(options)


def _row_faults(row: Row) -> Iterator[Fault]:
    """Yield what is wrong with a row by itself."""
    values = row.values
    if values["case"] and values["kind"] == Kind.CASE:
        yield _fault(row, "题型", _("A question of a case is no case itself."))
    elif values["kind"] != Kind.CASE:
        for what in question_faults(values["kind"], values["stem"], _options(row), values["key"]):
            yield _fault(row, "", what)
    elif values["key"] or _options(row):
        yield _fault(row, "", _("A case has no answer and no options of its own: its questions do."))
    if values["case"]:
        return
    for heading, empty in (("岗位", values["position"] is None), ("知识板块", not values["block_name"])):
        if empty:
            yield _fault(row, heading, _("Nothing is said here."))


def _relation_faults(
    row: Row, rows: Sequence[Row], parts: Mapping[str, Sequence[Row]], wanted: Sequence[str]
) -> Iterator[Fault]:
    """Yield what is wrong between a row and others; a row whose kind cannot be read may be any."""
    values = row.values
    if values["case"]:
        if not any(other.values.get("code") == values["case"] and _may_be_case(other) for other in rows):
            yield _fault(row, "所属案例", _("No case of this number stands in the file."))
    elif values["kind"] == Kind.CASE:
        yield from _case_faults(row, parts.get(values["code"], ()), wanted)


def _may_be_case(row: Row) -> bool:
    return row.values.get("kind", Kind.CASE) == Kind.CASE and not row.values.get("case")


def _case_faults(row: Row, parts: Sequence[Row], wanted: Sequence[str]) -> Iterator[Fault]:
    kinds = [part.values.get("kind") for part in parts]
    if wanted and kinds != list(wanted) and None not in kinds:
        words = _("Under the policy in force a case has these questions, in this order: %(kinds)s.")
        yield _fault(row, "", words % {"kinds": kind_names(wanted)})


def _item(row: Row, parts: Sequence[Row]) -> ItemDraft:
    values = row.values
    return ItemDraft(
        code=values["code"],
        position=values["position"] or "",
        block=values["block_name"],
        block_name=values["block_name"],
        block_name_en=values["block_name_en"],
        kind=values["kind"],
        stem=values["stem"],
        key=values["key"],
        options=_options(row),
        topic=values["topic"],
        reason=values["reason"],
        difficulty=values["difficulty"],
        parts=tuple(_part(letter, part) for letter, part in zip("abcdefghijklmnopqrstuvwxyz", parts, strict=False)),
    )


def _part(code: str, row: Row) -> PartDraft:
    values = row.values
    return PartDraft(code, values["kind"], values["stem"], values["key"], _options(row), values["reason"])
