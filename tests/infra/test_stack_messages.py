"""One catalogue from the parts, and no contradiction in it."""

import gettext
import json
from pathlib import Path

import pytest

from infra.stack import messages, paths

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


def _part(root: Path, name: str, *pairs: tuple[str, str]) -> Path:
    path = root / "locale" / "zh_Hans" / "parts" / f"{name}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    body = "".join(f"msgid {json.dumps(one)}\nmsgstr {json.dumps(two, ensure_ascii=False)}\n\n" for one, two in pairs)
    path.write_text(HEAD + body, encoding="utf-8")
    return path


def test_parts_become_one_catalogue_for_both_sides(tmp_path: Path) -> None:
    _part(tmp_path, "registry", ("Commitment", "承诺书"), ("Pay %(sum)s", "支付%(sum)s"))
    _part(tmp_path, "exams", ("Time is up", "时间到"), ("It's over", "已结束"), ("Commitment", "承诺书"))

    summary = messages.build(tmp_path)

    with (tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo").open("rb") as compiled:
        chinese = gettext.GNUTranslations(compiled)
    assert chinese.gettext("Commitment") == "承诺书"
    assert chinese.gettext("Pay %(sum)s") % {"sum": 3} == "支付3"
    words = (tmp_path / "frontend" / "src" / "locale" / "zh-Hans.json").read_text(encoding="utf-8")
    assert json.loads(words) == {
        "Commitment": "承诺书", "It's over": "已结束", "Pay %(sum)s": "支付%(sum)s", "Time is up": "时间到",
    }  # fmt: skip
    assert summary == "4 messages from 2 files"


def test_two_parts_that_disagree_are_refused_by_name(tmp_path: Path) -> None:
    files = [_part(tmp_path, "one", ("Seat", "座位")), _part(tmp_path, "two", ("Seat", "席位"))]

    with pytest.raises(messages.CatalogueError, match=r"'Seat' is '座位' in .*one\.po and '席位' in .*two\.po"):
        messages.merge(files)


def test_a_part_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(messages.CatalogueError, match="stands twice"):
        messages.merge([_part(tmp_path, "one", ("Seat", "座位"), ("Seat", "席位"))])


def test_a_placeholder_that_the_english_lacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(messages.CatalogueError, match=r"%\(nmae\)s, which the English has not"):
        messages.merge([_part(tmp_path, "one", ("Hello %(name)s", "%(nmae)s你好"))])


def test_an_untranslated_message_falls_back_to_english(tmp_path: Path) -> None:
    assert len(messages.merge([_part(tmp_path, "one", ("Seat", ""))])) == 0


@pytest.mark.parametrize("line", ['msgid "a', 'msgid "say "hello""', "nonsense", "msgid 'a'"])
def test_a_line_that_is_no_line_of_a_catalogue_is_refused(tmp_path: Path, line: str) -> None:
    path = _part(tmp_path, "one", ("Seat", "座位"))
    path.write_text(f'{path.read_text(encoding="utf-8")}{line}\nmsgstr "b"\n', encoding="utf-8")

    with pytest.raises(messages.CatalogueError, match=r"one\.po:7 is no line"):
        messages.merge([path])


def test_an_unchanged_catalogue_is_not_written_again(tmp_path: Path) -> None:
    _part(tmp_path, "one", ("Seat", "座位"))
    messages.build(tmp_path)
    compiled = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
    before = compiled.stat().st_mtime_ns

    messages.build(tmp_path)

    assert compiled.stat().st_mtime_ns == before


def test_the_parts_of_this_house_agree() -> None:
    messages.merge(messages.parts(paths.ROOT))
