"""Second readings of the demonstration's questions by another person: when, and with what verdict.

    python -m infra.demo.readings show --folder cly                  items without keys, to answer blind
    python -m infra.demo.readings record --folder cly --answers FILE --on 2026-11-30
    python -m infra.demo.readings register --on 2026-11-30           take note of new and changed items
    python -m infra.demo.readings status

Each folder of the bank has a `readings.toml`: per item the digest of its text, when it was written, when it was read
again, and the verdict. An item counts as read only where the digest is that of its text now. `unread.txt` beside the
folders lists the items that are not; the commands keep it.

An answers file has a line per item, `CODE ANSWER`, or per part of a case, `CODE.a ANSWER`; what follows `#` is kept as
the reader's remark.
"""

import argparse
import hashlib
import json
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

BANK = Path(__file__).parent / "bank"
RECORD = "readings.toml"
UNREAD = "unread.txt"
AGREED, UPHELD, DISPUTED = "agreed", "upheld", "disputed"
SETTLED = (AGREED, UPHELD)


@dataclass(frozen=True, slots=True)
class Reading:
    """The readings of one item; `read` is None before the second one.

    A verdict is "agreed" (the reader answered as the key says), "disputed" (otherwise; `answer` says what), or "upheld"
    (disputed, then agreed on the same text).
    """

    digest: str
    written: date
    read: date | None = None
    verdict: str = ""
    answer: str = ""
    remark: str = ""


def folders() -> list[Path]:
    """Return the folders of the bank: one of common items and one for each position."""
    return sorted(path for path in BANK.iterdir() if path.is_dir())


def sheets(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the files of a folder as they are, each with all its entries under "items", cases with their kind."""
    for path in sorted(folder.glob("*.toml")):
        if path.name == RECORD:
            continue
        sheet = tomllib.loads(path.read_text(encoding="utf-8"))
        cases = ({"kind": "case", **case} for case in sheet.get("case", []))
        yield sheet | {"items": [*sheet.get("item", []), *cases]}


def items(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the items of a folder by code."""
    return {item["code"]: item for sheet in sheets(folder) for item in sheet["items"]}


def digest(item: Mapping[str, Any]) -> str:
    """Return the digest of what an item asks, its key and its reason; topic and difficulty may change without it."""
    content = [[q.get(name, "") for name in ("kind", "stem", "options", "key", "reason")] for q in _questions(item)]
    raw = json.dumps([item["stem"], content], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(raw.encode()).hexdigest()[:20]


def _questions(item: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return item.get("part") or [item]


def keys(item: Mapping[str, Any]) -> dict[str, str]:
    """Return the key of each question of an item under the name by which it is answered."""
    if "part" in item:
        return {f"{item['code']}.{part['code']}": part["key"] for part in item["part"]}
    return {item["code"]: item["key"]}


def read_record(folder: Path) -> dict[str, Reading]:
    """Return the record of a folder by code."""
    path = folder / RECORD
    rows = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {code: Reading(**row) for code, row in rows.items()}


def unread(folder: Path) -> list[str]:
    """Return the codes of the items that nobody has read a second time as they are now, or whose key is disputed."""
    record_by_code = read_record(folder)
    return sorted(code for code, item in items(folder).items() if not _settled(item, record_by_code.get(code)))


def _settled(item: Mapping[str, Any], reading: Reading | None) -> bool:
    if reading is None or reading.read is None:
        return False
    return reading.verdict in SETTLED and reading.digest == digest(item)


def _write(folder: Path, readings: Mapping[str, Reading]) -> None:
    lines = []
    for code, reading in sorted(readings.items()):
        values = {name: value for name, value in asdict(reading).items() if value not in (None, "")}
        rendered = [
            f"{name} = {value if isinstance(value, date) else json.dumps(value, ensure_ascii=False)}"
            for name, value in values.items()
        ]
        lines += [f"[{code}]", *rendered, ""]
    (folder / RECORD).write_text("\n".join(lines), encoding="utf-8")
    codes = [code for each in folders() for code in unread(each)]
    (BANK / UNREAD).write_text("".join(f"{code}\n" for code in codes), encoding="utf-8")


def show(folder: Path) -> str:
    """Return the items of a folder as a reader answers them: no key, no reason."""
    lines: list[str] = []
    for sheet in sheets(folder):
        lines += [f"== {sheet['block_name']} ({sheet['block']})", ""]
        for item in sheet["items"]:
            lines.append(f"{item['code']} [{item['kind']}] {item['stem']}")
            for part in item.get("part", ()):
                lines += [f"  {item['code']}.{part['code']} [{part['kind']}] {part['stem']}", *_options(part)]
            lines += [*_options(item), ""]
    return "\n".join(lines)


def _options(question: Mapping[str, Any]) -> list[str]:
    return [f"    {letter}. {text}" for letter, text in zip("ABCDE", question.get("options", ()), strict=False)]


def register(folder: Path, on: date) -> list[str]:
    """Take note of items that are new or changed since they were noted, as unread; return their codes."""
    record_by_code, now = read_record(folder), items(folder)
    changed = {
        code: Reading(digest(item), record_by_code[code].written if code in record_by_code else on)
        for code, item in now.items()
        if code not in record_by_code or record_by_code[code].digest != digest(item)
    }
    current = {code: reading for code, reading in record_by_code.items() if code in now}
    _write(folder, current | changed)
    return sorted(changed)


def answers_in(text: str) -> dict[str, tuple[str, str]]:
    """Return the answers of a file: question name to letters and remark."""
    answers = {}
    for line in text.splitlines():
        answer, _, remark = line.partition("#")
        if words := answer.split():
            answers[words[0]] = ("".join(sorted("".join(words[1:]).upper())), remark.strip())
    return answers


def record(folder: Path, answers: Mapping[str, tuple[str, str]], on: date) -> list[str]:
    """Compare answers with keys and write the verdicts; return a line for each disagreement.

    An item is read when all its questions were answered; others are left as they were.
    """
    record_by_code, now = read_record(folder), items(folder)
    disagreements = []
    for code, item in now.items():
        right = keys(item)
        if not right.keys() <= answers.keys():
            continue
        wrong = {name: answers[name][0] for name in right if answers[name][0] != right[name]}
        disagreements += [
            f"{name}: answered {answer or '-'}, the key is {right[name]}" for name, answer in wrong.items()
        ]
        before = record_by_code.get(code, Reading(digest(item), on))
        again = before.verdict == DISPUTED and before.digest == digest(item)
        remarks = [answers[name][1] for name in right if answers[name][1]]
        record_by_code[code] = replace(
            before,
            digest=digest(item),
            read=on,
            verdict=DISPUTED if wrong else UPHELD if again or before.verdict == UPHELD else AGREED,
            answer=" ".join(f"{name} {answer}" for name, answer in wrong.items()),
            remark="; ".join(remarks) or before.remark,
        )
    _write(folder, record_by_code)
    unknown_names = sorted(answers.keys() - {name for item in now.values() for name in keys(item)})
    return [*disagreements, *(f"{name}: no such question in {folder.name}" for name in unknown_names)]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 1 where answers and keys differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["show", "record", "register", "status"])
    parser.add_argument("--folder", choices=[folder.name for folder in folders()])
    parser.add_argument("--answers", type=Path)
    parser.add_argument("--on", type=date.fromisoformat, help="the day of the reading or writing")
    options = parser.parse_args(argv)
    selected = [BANK / options.folder] if options.folder else folders()
    if options.command in ("record", "register") and options.on is None:
        parser.error("say the day: --on YYYY-MM-DD")
    if options.command == "record" and (options.answers is None or options.folder is None):
        parser.error("record needs --folder and --answers")
    lines: list[str] = []
    for folder in selected:
        match options.command:
            case "show":
                lines.append(show(folder))
            case "register":
                lines.append(f"{folder.name}: {len(register(folder, options.on))} new or changed")
            case "record":
                lines += record(folder, answers_in(options.answers.read_text(encoding="utf-8")), options.on)
            case _:
                lines.append(f"{folder.name}: {len(unread(folder))} of {len(items(folder))} unread")
    sys.stdout.write("\n".join([*lines, ""]))
    return 1 if options.command == "record" and lines else 0


if __name__ == "__main__":
    sys.exit(main())
