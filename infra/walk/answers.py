"""Right answers to the questions of the demonstration's bank, looked up by their text.

The server never tells a key, and it shuffles the options of every paper; so an answer is looked up by what it says.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from infra.walk.browser import Unexpected

BANK = Path(__file__).parents[1] / "demo" / "bank"


@cache
def _bank_questions() -> dict[str, dict[str, Any]]:
    """Return every question by its stem."""
    questions: dict[str, dict[str, Any]] = {}
    for path in BANK.rglob("*.toml"):
        sheet = tomllib.loads(path.read_text(encoding="utf-8"))
        questions |= {item["stem"]: item for item in sheet.get("item", [])}
        for case in sheet.get("case", []):
            questions |= {case["stem"] + part["stem"]: part for part in case["part"]}
    return questions


def _letters(question: dict[str, Any], stem: str) -> str:
    """Return the letters under which this paper shows the right answer."""
    item = _bank_questions().get(stem)
    if item is None:
        raise Unexpected(f"the paper asks what the demonstration's bank does not hold: {stem[:60]}")
    if question["kind"] == "judgement":
        return str(item["key"])
    right = {item["options"]["ABCDE".index(letter)] for letter in item["key"]}
    return "".join(sorted(o["key"] for o in question["options"] if o["text"] in right))


def right_answers(paper: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return each question's name on the paper ("12", "71.a") with its right letters."""
    answers = []
    for item in paper:
        if item["kind"] == "case":
            for part in item["parts"]:
                answers.append((f"{item['no']}.{part['code']}", _letters(part, item["stem"] + part["stem"])))
        else:
            answers.append((str(item["no"]), _letters(item, item["stem"])))
    return answers
