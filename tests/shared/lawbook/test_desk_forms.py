"""The form over the schema: it has a field for everything, loses nothing, and reads back what is typed."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.lawbook.forms.sections import Act, act_of, apply_act, section_of
from shared.lawbook.methods import labels
from shared.lawbook.methods.differences import differences
from shared.lawbook.methods.outline import SIMPLE, Spec, outline, places, section
from shared.lawbook.methods.sheet import Cell, sheet
from shared.policy.methods.files import SHIPPED as SHIPPED_FOLDER
from shared.policy.values.problems import PackFileError
from shared.policy.values.reading import leaves, read, read_body
from shared.policy.values.writing import toml_of

Filled = Callable[..., QueryDict]
SHIPPED = sorted(SHIPPED_FOLDER.glob("*.toml"))
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in SHIPPED}
JIANGXI = read(TEXTS["jiangxi-2020"]).body


def cells(body: Mapping[str, Any]) -> dict[str, Cell]:
    return {cell.path: cell for spec in outline() for cell in sheet(spec, body).walk() if cell.path}


MADE: dict[str, QueryDict] = {}


def once(spec: Spec, filled: Filled) -> QueryDict:
    """What a browser would send for a section of JIANGXI: made once, copied each time."""
    if spec.name not in MADE:
        MADE[spec.name] = filled(spec, JIANGXI)
    return MADE[spec.name].copy()


def saved(body: Mapping[str, Any], post: QueryDict, spec: Spec) -> dict[str, Any]:
    names = {field.name for field in spec.fields} if spec.name == "about" else {spec.name}
    return {name: node for name, node in body.items() if name not in names} | section_of(spec, post, body)


def test_every_field_and_choice_has_words_in_both_languages() -> None:
    assert labels.unlabelled() == []
    for spec in (place for top in outline() for place in places(top)):
        said = []
        for language in ("en", "zh-hans"):
            with translation.override(language):
                said.append([labels.name_of(spec), *(labels.choice_label(spec, word) for word in spec.choices)])
        assert all(english != chinese for english, chinese in zip(*said, strict=True)), spec


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("spec", outline(), ids=lambda spec: spec.name)
def test_what_is_saved_untouched_says_what_it_said(name: str, spec: Spec, filled: Filled) -> None:
    body = read(TEXTS[name]).body
    again = saved(body, filled(spec, body), spec)
    assert differences(body, again) == ()
    assert leaves(again) == leaves(body)
    assert read_body(again).pack.sources == read_body(body).pack.sources


@pytest.mark.parametrize("name", TEXTS)
def test_every_value_of_a_pack_has_its_cell(name: str) -> None:
    body = read(TEXTS[name]).body
    known = {cell.canonical_path for cell in cells(body).values() if cell.simple or cell.has_annotated_value}
    assert set(leaves(body)) - known == set()


NUMBERS = sorted(path for path, cell in cells(JIANGXI).items() if cell.kind == "number" and not cell.fixed)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(NUMBERS), number=st.integers(0, 10**6))
def test_any_number_that_is_typed_comes_back_through_the_form_and_the_file(
    path: str, number: int, filled: Filled
) -> None:
    spec = section(path.partition(".")[0])
    post = once(spec, filled)
    post[f"v:{path}"] = str(number)
    body = saved(JIANGXI, post, spec)
    cell = cells(JIANGXI)[path]
    assert cells(body)[path].text == str(number)
    place = (
        cell.canonical_path.rpartition(".parts.")[0] + ".parts"
        if ".parts." in cell.canonical_path
        else cell.canonical_path
    )
    result = differences(JIANGXI, body)
    assert [difference.path for difference in result] == ([] if cell.text == str(number) else [place])
    try:
        valid = read_body(body)
    except PackFileError:
        return
    again = read(toml_of(body))
    assert (again.digest, again.pack) == (valid.digest, valid.pack)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spec=st.sampled_from(outline()), typed=st.dictionaries(st.integers(0, 400), st.text(max_size=12), max_size=4))
def test_whatever_is_typed_is_kept_or_called_wrong_and_never_breaks(
    spec: Spec, typed: dict[int, str], filled: Filled
) -> None:
    post = once(spec, filled)
    names = sorted(post)
    for place, text in typed.items():
        post[names[place % len(names)]] = text
    body = saved(JIANGXI, post, spec)
    filled(spec, body)
    toml_of(body)
    differences(JIANGXI, body)
    with suppress(PackFileError):
        read_body(body)


def test_what_cannot_be_right_stands_at_its_field_with_words(filled: Filled) -> None:
    spec = section("clocks")
    post = filled(spec, JIANGXI)
    post["v:clocks.notice_days"] = "五天"
    post["v:clocks.verification_days"] = "0"
    post["v:clocks.publication_days"] = ""
    body = saved(JIANGXI, post, spec)
    with pytest.raises(PackFileError) as fault:
        read_body(body)
    with translation.override("en"):
        built = sheet(spec, body, fault.value.problems)
    shown = {cell.path: (cell.text, cell.faults) for cell in built.cells}
    assert shown["clocks.notice_days"] == ("五天", ["Give a whole number."])
    assert shown["clocks.verification_days"] == ("0", ["Not less than 1."])
    assert shown["clocks.publication_days"] == ("", ["Give a whole number."])
    assert built.fault_count == 3


def test_a_value_without_a_source_is_called_so(filled: Filled) -> None:
    spec = section("clocks")
    post = filled(spec, JIANGXI)
    for prefix in "slned":
        post.pop(f"{prefix}:clocks.notice_days", None)
    with pytest.raises(PackFileError) as fault, translation.override("en"):
        read_body(saved(JIANGXI, post, spec))
    assert [problem.key for problem in fault.value.problems] == ["clocks.notice_days"]


@pytest.mark.parametrize("spec", outline(), ids=lambda spec: spec.name)
def test_every_list_grows_and_shrinks(spec: Spec, filled: Filled) -> None:
    lists = [cell for cell in sheet(spec, JIANGXI).walk() if cell.kind == "entries" and cell.cells]
    for cell in lists:
        grown = apply_act(section_of(spec, filled(spec, JIANGXI), JIANGXI), Act("add", cell.path))
        body = JIANGXI | grown
        assert len(cells(body)[cell.path].cells) == len(cell.cells) + 1
        smaller = apply_act(section_of(spec, filled(spec, body), body), Act("drop", cell.path, str(len(cell.cells))))
        assert differences(JIANGXI, JIANGXI | smaller) == ()


def test_an_entry_moves_up_and_a_key_is_added_and_dropped(filled: Filled) -> None:
    spec = section("positions")
    moved = apply_act(section_of(spec, filled(spec, JIANGXI), JIANGXI), Act("raise", "positions", "1"))
    assert [entry["key"] for entry in moved["positions"][:2]] == ["SGY-ZS", "SGY-TJ"]
    learning = section("learning")
    post = filled(learning, JIANGXI)
    post["add:learning.hours"], post["do"] = "AQY", "add|learning.hours"
    act = act_of(post)
    assert act == Act("add", "learning.hours", "AQY")
    grown = JIANGXI | apply_act(section_of(learning, post, JIANGXI), act)
    assert cells(grown)["learning.hours"].cells[-1].key == "AQY"
    gone = apply_act(section_of(learning, filled(learning, grown), grown), Act("drop", "learning.hours", "AQY"))
    assert differences(JIANGXI, JIANGXI | gone) == ()


def test_a_value_in_a_row_gets_a_source_of_its_own(filled: Filled) -> None:
    spec = section("positions")
    own = apply_act(section_of(spec, filled(spec, JIANGXI), JIANGXI), Act("own", "positions.0", "group"))
    result = differences(JIANGXI, JIANGXI | own)
    assert [(one.path, one.kind) for one in result] == [("positions.SGY-TJ.group", "source_changed")]
    assert result[0].source is not None
    assert not result[0].source.from_policy
    again = saved(JIANGXI | own, filled(spec, JIANGXI | own), spec)
    assert differences(JIANGXI | own, again) == ()


def test_an_optional_part_is_left_out_and_put_back(filled: Filled) -> None:
    optional = [spec for spec in outline() if spec.optional]
    assert optional
    for spec in optional:
        with_it = {**JIANGXI, **apply_act({}, Act("begin", "", spec.name))}
        without = {name: node for name, node in with_it.items() if name != spec.name}
        assert sheet(spec, without).is_missing_part
        assert section_of(spec, filled(spec, without), without) == {}
        assert not sheet(spec, with_it).is_missing_part
        kept = section_of(spec, filled(spec, with_it), with_it)
        assert spec.name in kept
        assert apply_act(kept, Act("drop", "", spec.name)) == {}


@pytest.mark.parametrize(
    "do", ["drop|positions|99", "drop|positions|x", "raise|clocks|1", "own|nowhere|x", "add|", "x|y|z"]
)
def test_an_act_that_fits_nothing_changes_nothing(do: str, filled: Filled) -> None:
    spec = section("positions")
    post = filled(spec, JIANGXI)
    post["do"] = do
    act = act_of(post)
    section_ = section_of(spec, post, JIANGXI)
    again = apply_act(section_, act) if act else section_
    assert differences(JIANGXI, JIANGXI | again) == ()


def test_a_stranger_in_the_file_is_shown_kept_and_removed(filled: Filled) -> None:
    spec = section("clocks")
    body = JIANGXI | {"clocks": {**JIANGXI["clocks"], "lunch_days": 3}}
    kept = section_of(spec, filled(spec, body), body)
    assert kept["clocks"]["lunch_days"] == 3
    assert "lunch_days" not in apply_act(kept, Act("drop", "clocks", "lunch_days"))["clocks"]


def test_the_outline_has_a_kind_for_everything() -> None:
    kinds = {spec.kind for top in outline() for spec in places(top)}
    assert "raw" not in kinds
    assert kinds & SIMPLE
