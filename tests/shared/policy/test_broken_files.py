"""Broken files: every kind of fault is told with its line and key, and nothing of the file is loaded."""

from collections.abc import Callable
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import example, given
from hypothesis import strategies as st

from kernel.access import SYSTEM
from shared.policy import operations as policy
from shared.policy.methods.authorities import read_authorities
from shared.policy.models import Authority, PolicyPack
from shared.policy.operations import packs
from shared.policy.values.lines import key_lines
from shared.policy.values.problems import PackFileError
from shared.policy.values.reading import read

PACKS = Path(policy.__file__).parents[1] / "packs"
TEXT = (PACKS / "jiangxi-2020.toml").read_text()
CITIES = (PACKS / "authorities/360000.toml").read_text()
NEW = TEXT.replace('id = "jiangxi-2020"', 'id = "broken"')

BLUEPRINT = '[[paper.blueprints]]\nkey = "{key}"\n[paper.blueprints.blocks]\nbasics = {weight}\nown = 60\n\n[retest]'
SECOND_ROW = 'key = "college-related"\neducation = "college"\nmajor = "related"'
OVERLAP = 'key = "again"\neducation = "college"\nmajor = "core"'
STATUTORY = 'strategy = "statutory-retirement"\nmen_under = 60\nwomen_under = 53'
NO_CEILING = 'strategy = "none"\nmen_under = "none"\nwomen_under = "none"'
CLOSED = 'closed_book = { value = true, source = "implementation-opinion:1.2" }'
AUTHORITY = "authority_percent = { value = 30"

# what is changed, into what, on which line of the changed text it is told, under which key, in which words
FAULTS = [
    # no TOML at all
    ("subjects = {", "subjects = [", "subjects = [", "subjects", "Invalid value"),
    ("pass_mark = 60", "pass_mark = 60\npass_mark = 61", "pass_mark = 61", "paper.pass_mark", "twice"),
    ("[retest]", "[paper]\n[retest]", "[paper]\n[retest]", "paper", "twice"),
    # keys
    ("pass_mark = 60", "pass_mark = 60\npas_mark = 60", "pas_mark", "paper.pas_mark", "not permitted"),
    ("pass_mark = 60\n", "", "[paper]", "paper.pass_mark", "required"),
    ("[retest]", "[retests]", "[retests]", "retests", "not permitted"),
    ("[draw]\n", "[drawing]\n", "[drawing]", "drawing", "not permitted"),
    ("publication_days = {", "publication_days = { hint = 1,", "publication_days", "clocks.publication_days", "hint"),
    # types and bounds
    ("notice_days = { value = 5", 'notice_days = { value = "5"', "notice_days", "clocks.notice_days", "integer"),
    ("notice_days = { value = 5", "notice_days = { value = 5.5", "notice_days", "clocks.notice_days", "integer"),
    ("notice_days = { value = 5", "notice_days = { value = -5", "notice_days", "clocks.notice_days", "greater than"),
    (CLOSED, CLOSED.replace("true", "1"), "closed_book", "test.closed_book", "boolean"),
    ("until = { value = 2021-12-31", 'until = { value = "soon"', "until = {", "conversion.until", "date"),
    ('jurisdiction = "360000"', 'jurisdiction = "Jiangxi"', "jurisdiction", "jurisdiction", "pattern"),
    ("run_month = { value = 1", "run_month = { value = 13", "run_month", "stars.run_month", "less than"),
    ("count = 40\npoints = 1", "count = 40\npoints = 0.3", "points = 0.3", "paper.sections.single.points", "half"),
    ('kind = "judgement", points = 1', 'kind = "essay", points = 1', "parts = {", "paper.sections.case.parts.3.kind",
     "'single'"),
    ('method = { value = "JX2020"', 'method = { value = "JX2021"', "[education]", "education", "JX2021"),
    # sources
    (CLOSED, "closed_book = true", "closed_book", "test.closed_book", "names no source"),
    (CLOSED, "closed_book = { value = true, source = 7 }", "closed_book", "test.closed_book", "texts"),
    ('"implementation-opinion:2.2"', '"letter:2.2"', "document = {", "fees.document", "unknown source: letter:2.2"),
    ('{ value = "fee-letter"', '{ value = "fee-order"', "document = {", "fees.document", "not listed: fee-order"),
    # what is named and not there
    ('group = "labour"\nadmission = "clerical"', 'group = "labour"\nadmission = "clerk"', 'admission = "clerk"',
     "positions.LWY.admission", "not listed: clerk"),
    ('counts_as = "none"', 'counts_as = "nothing"', 'counts_as = "nothing"',
     "eligibility.educations.junior-high.counts_as", "not listed: nothing"),
    (SECOND_ROW, SECOND_ROW.replace("related\"", "akin\""), 'major = "akin"', "eligibility.rows.college-akin.major",
     "not listed: akin"),
    ("SGY-SZ = 40\n", "", "[learning.hours]", "learning.hours", "SGY-SZ"),
    ("SGY-SZ = 40\n", "SGY-SZ = 40\nAQY = 40\n", "AQY = 40", "learning.hours.AQY", "no position that is certified"),
    ("[retest]", BLUEPRINT.format(key="XXX", weight=40), 'key = "XXX"', "paper.blueprints.XXX.key", "no position"),
    ('groups = ["construction", "quality"]', 'groups = ["stars"]', "[[conversion.substitutes]]",
     "conversion.substitutes.AQY", "stars"),
    (NO_CEILING, STATUTORY, "women_under = 53", "eligibility.ceiling.women_under", "no class of [retirement]"),
    (NO_CEILING, NO_CEILING.replace('"none"', '"fixed"', 1), 'strategy = "fixed"', "eligibility.ceiling.strategy",
     "needs an age"),
    # what does not add up
    ("count = 20", "count = 21", "full_mark = 100", "paper.full_mark", "worth 101"),
    ("pass_mark = 60", "pass_mark = 101", "pass_mark = 101", "paper.pass_mark", "above the full mark"),
    ('kind = "judgement", points = 1', 'kind = "judgement", points = 2', "parts = {", "paper.sections.case.parts",
     "do not add up"),
    ("[retest]", BLUEPRINT.format(key="CLY", weight=50), "[paper.blueprints.blocks]", "paper.blueprints.CLY.blocks",
     "add up to 110"),
    ("weight = { value = 20", "weight = { value = 25", "weight = { value = 25", "stars.items.hardware.weight", "105"),
    (AUTHORITY, AUTHORITY.replace("30", "40"), "learner_percent", "stars.learner_percent", "add up to 100"),
    ("at_least = 80", "at_least = 95", 'key = "four"', "stars.cuts.four", "must fall"),
    ("at_least = 0", "at_least = 10", 'key = "one"', "stars.cuts.one", "begin at 0"),
    ("total_hours = { value = 64", "total_hours = { value = 65", "total_hours", "education.total_hours", "add up"),
    # what is there twice
    ('key = "ZLY-TJ"', 'key = "SGY-TJ"', "", "positions.SGY-TJ", "named twice: SGY-TJ"),
    ('key = "fee-letter"', 'key = "guiding-opinion"', "", "documents.guiding-opinion", "named twice"),
    ('key = "classroom-seats"', 'key = "classroom-area"', "", "commitment.sections.premises.lines.classroom-area",
     "named twice"),
    (SECOND_ROW, OVERLAP, 'key = "again"', "eligibility.rows.again", "overlaps with the row college-core"),
    ("notice_days = { value = 5", "effective_to = 1\nnotice_days = { value = 5", "effective_to", "clocks.effective_to",
     "not permitted"),
    ('id = "broken"', 'id = "broken"\neffective_to = { value = 2019-01-01, source = "not-from-policy" }',
     "effective_to = {", "effective_to", "before effective_from"),
    ("{seq6}", "{number}", "demo_template", "certificates.demo_template", "needs {seq6}"),
    ("format = 2", "# no format", "", "format", "missing"),
    ("format = 2", "format = 3", "format = 3", "format", "Input should be 2"),
]  # fmt: skip


def problems_in(text: str) -> list[tuple[int | None, str, str]]:
    with pytest.raises(PackFileError) as refusal:
        read(text)
    return [(problem.line, problem.key, problem.what) for problem in refusal.value.problems]


@pytest.mark.parametrize(("old", "new", "at", "key", "words"), FAULTS)
def test_a_fault_is_told_with_its_line_and_key(old: str, new: str, at: str, key: str, words: str) -> None:
    assert old in NEW
    text = NEW.replace(old, new, 1)
    fitting = [(line, named) for line, named, what in problems_in(text) if words in what]
    begin = text.index(new)
    expected = text.index(at, begin) if at and at in text[begin:] else text.index(at) if at else None
    assert [named for _line, named in fitting] == [key], problems_in(text)
    lines = {text.count("\n", 0, place) + 1 for place in (expected, text.find(at)) if place is not None}
    # an entry of a list begins with its header, one line above its key
    assert fitting[0][0] in (lines | {line - 1 for line in lines} if at else {fitting[0][0]}), fitting
    assert fitting[0][0] is not None


def test_all_faults_are_told_at_once() -> None:
    text = NEW.replace("pass_mark = 60", 'pass_mark = "60"').replace(
        "minimum_sample = { value = 5", "minimum_sample = { value = -1"
    )
    assert [key for _line, key, _what in problems_in(text)] == ["paper.pass_mark", "stars.minimum_sample"]


@pytest.mark.usefixtures("public_db")
@pytest.mark.parametrize("fault", [FAULTS[0], FAULTS[3], FAULTS[8], FAULTS[18]], ids=lambda fault: fault[3] or "toml")
def test_nothing_of_a_broken_file_is_loaded(fault: tuple[str, ...], at: datetime) -> None:
    before = list(PolicyPack.objects.values_list("version", flat=True))
    with pytest.raises(packs.FileUnreadable):
        packs.load_pack(text=NEW.replace(fault[0], fault[1], 1), by=SYSTEM, at=at)
    assert list(PolicyPack.objects.values_list("version", flat=True)) == before


@pytest.mark.parametrize(
    ("change", "line", "key", "words"),
    [
        (lambda text: text.replace("36GJXQ", "369900"), '\ncode = "369900"', "cities.11.code", "pseudo code"),
        (lambda text: text.replace('"360281"', '"360102"'), '["360102", "乐平市"', "cities.1.counties.3", "twice"),
        (lambda text: text.replace('"360281"', '"3602"'), '["3602"', "cities.1.counties.3.0", "pattern"),
        (lambda text: text.replace('office = "南昌', 'ofice = "南昌'), "\nofice", "cities.0.ofice", "not permitted"),
    ],
)
def test_a_broken_list_of_authorities_is_told_the_same_way(
    change: Callable[[str], str], line: str, key: str, words: str
) -> None:
    text = change(CITIES)
    with pytest.raises(PackFileError) as refusal:
        read_authorities(text)
    places = [(problem.line, problem.key) for problem in refusal.value.problems if words in problem.what]
    assert places == [(text.count("\n", 0, text.index(line.strip("\n"))) + 1, key)]


@given(st.text(max_size=200))
@example("'\x1f'")
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(PackFileError):
        read(text)


@given(st.integers(0, TEXT.count("\n") - 1))
def test_a_pack_that_lost_a_line_is_read_or_refused_with_words(lost: int) -> None:
    lines = TEXT.splitlines(keepends=True)
    try:
        read("".join(lines[:lost] + lines[lost + 1 :]))
    except PackFileError as refusal:
        assert str(refusal)  # noqa: PT017  # either outcome is right, and this one must have words


def test_lines_of_nested_tables_are_found() -> None:
    text = '[[a]]\nkey = "one"\n[[a.b]]\nx = 1\n[[a]]\n[[a.b]]\nx = 2\ny = """\nz = 1\n"""\n[c.d]\ne.f = 1\n'
    assert key_lines(text) == {
        ("a", 0): 1, ("a", 0, "key"): 2, ("a", 0, "b", 0): 3, ("a", 0, "b", 0, "x"): 4, ("a", 1): 5,
        ("a", 1, "b", 0): 6, ("a", 1, "b", 0, "x"): 7, ("a", 1, "b", 0, "y"): 8, ("c", "d"): 11,
        ("c", "d", "e", "f"): 12,
    }  # fmt: skip


def test_lines_of_entries_within_a_value_are_found() -> None:
    text = 'x = { value = [\n  1, # ]\n  { k = "]" },\n], source = "s" }\ny = 2020-01-01 00:00:00Z\nz = \'}\' # [\n'
    lines = key_lines(text)
    assert [lines[path] for path in (("x", 0), ("x", 1), ("x", 1, "k"), ("x", "source"), ("y",), ("z",))] == [
        2, 3, 3, 4, 5, 6,
    ]  # fmt: skip


def test_the_shipped_files_name_every_value_at_its_own_line() -> None:
    lines = TEXT.splitlines()
    for path, line in key_lines(TEXT).items():
        last = path[-1]
        assert isinstance(last, int) or last in lines[line - 1], (path, line)


# --- The command that checks a file ---------------------------------------------------------------


def test_a_file_can_be_checked_without_loading_it(tmp_path: Path) -> None:
    good = tmp_path / "good.toml"
    good.write_text(NEW.replace("effective_from = { value = 2020-01-01", "effective_from = { value = 2021-01-01"))
    out = StringIO()
    call_command("check_policy_pack", str(good), stdout=out)
    assert out.getvalue() == f"{good}: broken@5 for 360000, in force from 2021-01-01, is as it should be\n"


def test_a_checked_file_with_faults_ends_with_each_line_and_key(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(NEW.replace("pass_mark = 60", "pass_mark = 600").replace("count = 20", "count = 21"))
    with pytest.raises(CommandError) as refusal:
        call_command("check_policy_pack", str(bad))
    full, least = (NEW.count("\n", 0, NEW.index(key)) + 1 for key in ("full_mark =", "pass_mark ="))
    assert str(refusal.value).splitlines() == [
        f"{bad}:",
        f"line {full}, paper.full_mark: the sections are worth 101, the full mark is 100",
        f"line {least}, paper.pass_mark: the pass mark lies above the full mark",
    ]
    assert refusal.value.returncode == 1
    with pytest.raises(CommandError, match="No such file"):
        call_command("check_policy_pack", str(tmp_path / "none.toml"))


def test_a_list_of_authorities_is_checked_too(tmp_path: Path) -> None:
    file = tmp_path / "360000.toml"
    file.write_text(CITIES)
    out = StringIO()
    call_command("check_policy_pack", str(file), stdout=out)
    assert out.getvalue() == f"{file}: 113 authorities and divisions of 360000, as it should be\n"


@pytest.mark.usefixtures("public_db")
def test_a_folder_is_loaded_whole_or_not_at_all(tmp_path: Path, at: datetime) -> None:
    folder = tmp_path / "elsewhere"
    (folder / "authorities").mkdir(parents=True)
    third = NEW.replace('"360000"', '"990000"')
    (folder / "a.toml").write_text(third)
    (folder / "b.toml").write_text(third.replace('id = "broken"', 'id = "other"').replace("count = 20", "count = 21"))
    cities = '[[cities]]\ncode = "990100"\nname = "甲市"\nname_en = "A"\noffice = "甲"\noffice_en = "A"\n'
    cities += "counties = []\n"
    province = 'jurisdiction = "990000"\nname = "演示省"\nname_en = "Demo"\noffice = "厅"\noffice_en = "Dept"\n'
    (folder / "authorities/990000.toml").write_text(province + cities)
    with pytest.raises(CommandError) as refusal:
        call_command("load_policy_packs", "--from", str(folder))
    assert "b.toml" in str(refusal.value)
    assert not PolicyPack.objects.filter(version="broken@5").exists()
    assert not Authority.objects.filter(code="990100").exists()
    (folder / "b.toml").unlink()
    out = StringIO()
    call_command("load_policy_packs", "--from", str(folder), stdout=out)
    assert out.getvalue() == "policy packs: broken@5\n"
    assert Authority.objects.filter(code="990100").exists()
