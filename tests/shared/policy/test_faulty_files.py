"""Files with faults that were once accepted: each is told with file, line, key and cause, and nothing is loaded."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import translation

from kernel import access, tenancy
from kernel.access import SYSTEM
from shared.lawbook.forms.desk import ImportForm
from shared.lawbook.methods.labels import fault_message
from shared.lawbook.operations import drafts as lawbook
from shared.policy.methods.authorities import read_authorities
from shared.policy.methods.files import SHIPPED
from shared.policy.models import Authority, PolicyPack
from shared.policy.operations import packs
from shared.policy.values.files import text_of
from shared.policy.values.problems import PackFileError
from shared.policy.values.reading import read

TEXT = (SHIPPED / "jiangxi-2020.toml").read_text()
CITIES = (SHIPPED / "authorities/360000.toml").read_text()
NEW = TEXT.replace('id = "jiangxi-2020"', 'id = "broken"')
BILLION = "1_000_000_000"
FEBRUARY = 'fixed_holidays = { value = ["01-01"'
EDUCATION = "eligibility.educations"

# What is changed, into what, on which line of the changed text it is told, under which key, in which words.
FAULTS = [
    # bounds
    ("notice_days = { value = 5", f"notice_days = {{ value = {BILLION}", "notice_days", "clocks.notice_days", "366"),
    ("minutes = 120", f"minutes = {BILLION}", "minutes = 1_", "paper.minutes", "1440"),
    ("SGY-TJ = 40", f"SGY-TJ = {BILLION}", "SGY-TJ = 1_", "learning.hours.SGY-TJ", "10000"),
    ("count = 40", f"count = {10**30}", "count = 10", "paper.sections.single.count", "too large to be kept"),
    ("count = 40\npoints = 1", "count = 40\npoints = inf", "points = inf", "paper.sections.single.points", "kept"),
    ("effective_from = { value = 2020-01-01", "effective_from = { value = 0001-01-01", "effective_from =",
     "effective_from", "lies outside the years"),
    # days
    (FEBRUARY, FEBRUARY.replace("01-01", "02-30"), "fixed_holidays", "calendar.fixed_holidays.0", "no such day"),
    ("until = { value = 2021-12-31", "until = { value = 2021-02-30", "until = {", "until", "no such day"),
    ("until = { value = 2021-12-31", 'until = { value = "2021-02-30"', "until = {", "conversion.until", "no such day"),
    ("until = { value = 2021-12-31", "until = { value = 0", "until = {", "conversion.until", "valid date"),
    ("until = { value = 2021-12-31", "until = { value = 2021-12-31T08:00:00", "until = {", "conversion.until", "date"),
    ("2027-02-06, 2027-02-07", "2027-02-06, 2027-02-06", "dated_holidays", "calendar.dated_holidays.2", "named twice"),
    # circles and steps of educations
    ('name = "专科"\nname_en = "Junior college"\ncounts_as = "college"',
     'name = "专科"\nname_en = "Junior college"\ncounts_as = "bachelor"', 'counts_as = "bachelor"',
     f"{EDUCATION}.college.counts_as", "circle: college -> bachelor -> college"),
    ('counts_as = "none"', 'counts_as = "bachelor"', 'counts_as = "bachelor"', f"{EDUCATION}.junior-high.counts_as",
     "name college itself"),
    # what is named twice
    ('name = "装饰装修施工员"', 'name = "土建施工员"', 'name = "土建施工员"', "positions.SGY-ZS.name", "named twice"),
    ('name_en = "Materials Officer"', 'name_en = "machinery officer "', "", "positions.JXY.name_en", "named twice"),
    ('"装饰质检员"', '"土建质检员"', "legacy_names", "positions.ZLY-ZS.legacy_names.0", "earlier name of ZLY-TJ"),
    ('units = ["person"', 'units = ["person", "person"', "units", "fees.items.training.units.1", "units named twice"),
    ('admissions = ["clerical"]', 'admissions = ["clerical", "clerical"]', "", "eligibility.rows.other.admissions.1",
     "named twice"),
    # what nobody sees
    ('name = "材料员"', 'name = "材\\u0000料员"', "name = ", "positions.CLY.name", "U+0000"),
    ('name = "材料员"', 'name = "材\\u202e料员"', "name = ", "positions.CLY.name", "U+202E"),
    ('name = "材料员"', 'name = "材\\n料员"', "name = ", "positions.CLY.name", "U+000A"),
    ("pass_mark = 60", '"pass\\u0007" = 1\npass_mark = 60', '"pass', "paper.pass\ufffd", "U+0007"),
    ('name = "材料员"', 'name = "   "', "name = ", "positions.CLY.name", "at least 1 character"),
    # keys that are nearly right
    ("pass_mark = 60", "pas_mark = 60", "pas_mark", "paper.pas_mark", "did you mean pass_mark?"),
    ("[draw]\n", "[drew]\n", "[drew]", "drew", "did you mean draw?"),
    ('counts_as = "none"', 'counts_as = "colege"', "counts_as", f"{EDUCATION}.junior-high.counts_as",
     "did you mean college?"),
    # keys given twice
    ("pass_mark = 60", "pass_mark = 60\npass_mark = 61", "pass_mark = 61", "paper.pass_mark", "first stands on line"),
    ("[retest]\n", "[paper]\nminutes = 5\n\n[retest]\n", "[paper]\nminutes = 5", "paper", "the first stands on line"),
    # no province
    ('jurisdiction = "360000"', 'jurisdiction = "360100"', "jurisdiction", "jurisdiction", "pattern"),
]  # fmt: skip


def problems_in(text: str, reader: Callable[[str], object] = read) -> list[tuple[int | None, str, str]]:
    with pytest.raises(PackFileError) as refusal:
        reader(text)
    return [(problem.line, problem.key, problem.what) for problem in refusal.value.problems]


def changed(old: str, new: str) -> str:
    assert old in NEW
    return NEW.replace(old, new, 1)


@pytest.mark.parametrize(("old", "new", "at", "key", "words"), FAULTS)
def test_what_was_accepted_is_told_with_line_key_and_cause(old: str, new: str, at: str, key: str, words: str) -> None:
    text = changed(old, new)
    fitting = [(line, named) for line, named, what in problems_in(text) if words in what]
    assert [named for _line, named in fitting] == [key], problems_in(text)
    line = fitting[0][0]
    assert line is not None
    if at:
        begins = NEW.rindex("\n", 0, NEW.index(old) + 1)
        assert line == text.count("\n", 0, text.index(at, begins)) + 1


@pytest.mark.parametrize(("old", "new", "at", "key", "words"), FAULTS)
def test_an_officer_reads_it_in_both_languages(old: str, new: str, at: str, key: str, words: str) -> None:
    for _line, _key, what in problems_in(changed(old, new)):
        for language in ("en", "zh-hans"):
            with translation.override(language):
                assert fault_message(what) != what


def test_all_that_is_wrong_is_told_at_once_even_beside_a_section_that_cannot_be_read() -> None:
    text = NEW.replace("minimum_age = { value = 18", 'minimum_age = { value = "18"')  # its section cannot be built
    text = text.replace('counts_as = "none"', 'counts_as = "bachelor"').replace("count = 20", "count = 21")
    text = text.replace("SGY-SZ = 40\n", "").replace('source = "guiding-opinion"', 'source = "opinion"', 1)
    text = text.replace("pass_mark = 60", "pass_mark = 60\npass_mark = 70")
    assert [(key, what.split(";")[0][:30]) for _line, key, what in problems_in(text)] == [
        ("positions.SGY-TJ.name", "names an unknown source: opini"),
        ("positions.SGY-TJ.name_en", "names an unknown source: opini"),
        ("positions.SGY-TJ.group", "names an unknown source: opini"),
        ("positions.SGY-TJ.admission", "names an unknown source: opini"),
        ("positions.SGY-TJ.certifiable", "names an unknown source: opini"),
        ("eligibility.minimum_age", "Input should be a valid intege"),
        ("eligibility.educations.junior-high.counts_as", "counts as bachelor, which coun"),
        ("learning.hours", "names no hours for: SGY-SZ"),
        ("paper.full_mark", "the sections are worth 101, th"),
        ("paper.pass_mark", "given twice: the first stands "),
    ]


@pytest.mark.parametrize(
    ("raw", "line", "words"),
    [
        (b"", 1, "the file is empty"),
        (b" \n\n", 1, "the file is empty"),
        ("# 只有注释\n".encode(), 1, "all of it is comments"),
        (TEXT.encode("utf-16"), 1, "UTF-16"),
        (TEXT.encode("utf-16-le"), 1, "UTF-16"),
        (b"a = 1\nb = \xff\xff\xff\n", 2, "is no text in UTF-8: save it as UTF-8"),
        (b"a = 1\n" + "名称 = 2\n".encode("gb18030"), 2, "looks like GB18030"),
        (b"a = " + b"[" * 5000, None, "nested too deep"),
        (b".".join([b"a"] * 500) + b" = 1", None, "nested too deep"),
        (b"a = 1\nb = " + b"9" * 5000, 2, "digits"),
        (b"a = 1\nb = \x00\n", 2, "Invalid"),
        (b"\x00" * 3_000_000, None, "longer than 2 MB"),
        (b'format = 1\nid = "x"\n', 1, "that of old packs"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_text_of_ours_is_told_so(raw: bytes, line: int | None, words: str) -> None:
    told = problems_in("", lambda _text: read(text_of(raw)))
    assert [(at, words in what) for at, _key, what in told] == [(line, True)], told


def test_the_mark_of_utf_8_at_the_beginning_is_read_over() -> None:
    assert read(text_of(TEXT.encode("utf-8-sig"))).digest == read(TEXT).digest


@pytest.mark.parametrize(
    ("old", "new", "at", "key", "words"),
    [
        ('code = "360200"', 'code = "420200"', 'code = "420200"', "cities.1.code", "another province's"),
        ('["360281", "乐平市"', '["420281", "乐平市"', '["420281"', "cities.1.counties.3", "another province's"),
        ('["360281", "乐平市"', '["360381", "乐平市"', '["360381"', "cities.1.counties.3", "no county of 360200"),
        ('["360281", "乐平市"', '["360281", "浮梁县"', '["360281"', "cities.1.counties.3", "named twice: 浮梁县"),
        ('["360281", "乐平市"', '["360200", "乐平市"', '["360200"', "cities.1.counties.3", "named twice: 360200"),
        ('name = "景德镇市"', 'name = "南昌市"', 'name = "南昌市"', "cities.1.name", "named twice: 南昌市"),
        ('office = "景德镇市', 'office = "南昌市', 'office = "南昌市', "cities.1.office", "named twice"),
        ('name = "景德镇市"', 'name = "景\\u0000德镇市"', "name = ", "cities.1.name", "U+0000"),
        ('name = "景德镇市"', f'name = "{"景" * 41}"', "name = ", "cities.1.name", "at most 40 characters"),
        ('jurisdiction = "360000"', 'jurisdiction = "36000"', "jurisdiction", "jurisdiction", "pattern"),
        ('name = "景德镇市"', 'nam = "景德镇市"', "nam = ", "cities.1.nam", "did you mean name?"),
    ],
)
def test_a_list_of_authorities_names_its_own_land_only_and_each_once(
    old: str, new: str, at: str, key: str, words: str
) -> None:
    text = CITIES.replace(old, new, 1)
    told = problems_in(text, read_authorities)
    fitting = [(line, named) for line, named, what in told if words in what]
    begins = text.index(at, CITIES.index(old))
    assert fitting == [(text.count("\n", 0, begins) + 1, key)], told


# --- Files beside each other, and beside what is loaded ---------------------------------------------------------------


def folder_of(tmp_path: Path, lists: dict[str, str], files: dict[str, str | bytes]) -> Path:
    (tmp_path / "authorities").mkdir()
    for name, text in lists.items():
        (tmp_path / "authorities" / name).write_text(text)
    for file, content in files.items():
        (tmp_path / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path


def refusal_of(command: str, *arguments: str) -> list[str]:
    with pytest.raises(CommandError) as refusal:
        call_command(command, *arguments)
    assert refusal.value.returncode == 1
    return str(refusal.value).splitlines()


def line_of(text: str, words: str) -> int:
    return text.count("\n", 0, text.index(words)) + 1


THIRD = NEW.replace('jurisdiction = "360000"', 'jurisdiction = "990000"').replace('id = "broken"', 'id = "elsewhere"')
THIRD_LIST = """jurisdiction = "990000"
name = "虚构省"
name_en = "Invented"
office = "虚构省建设厅"
office_en = "Invented department"
[[cities]]
code = "990100"
name = "虚构市"
name_en = "Invented city"
office = "虚构市建设局"
office_en = "Invented bureau"
counties = [["990101", "虚构县", "Invented county"]]
"""


@pytest.mark.usefixtures("public_db")
def test_every_fault_of_every_file_is_told_and_nothing_is_loaded(tmp_path: Path) -> None:
    stolen = TEXT.replace('jurisdiction = "360000"', 'jurisdiction = "990000"').replace("revision = 5", "revision = 9")
    folder = folder_of(
        tmp_path,
        {"990000.toml": THIRD_LIST.replace("虚构省建设厅", "江西省住房和城乡建设厅"), "990000-b.toml": THIRD_LIST},
        {
            "a.toml": stolen,
            "b.toml": THIRD.replace("pass_mark = 60", "pass_mark = 600"),
            "c.toml": "名 = 1".encode("gb18030"),
            "d.toml": THIRD,
            "e.toml": THIRD.replace('id = "elsewhere"', 'id = "other"'),
            "f.toml": THIRD.replace("notice_days = { value = 5", "notice_days = { value = 6"),
        },
    )
    (folder / "g.toml").mkdir()
    before = (PolicyPack.objects.count(), Authority.objects.count())
    told = refusal_of("load_policy_packs", "--from", str(folder))[1:]  # under a heading
    at = {name: line_of(stolen, name) for name in ("id = ", "revision = ", "effective_from = ", "pass_mark")}
    first = "effective_from: {} begins on the same day: which of them is in force is not said"
    assert told == [
        f"{folder}/b.toml:",
        f"line {at['pass_mark']}, paper.pass_mark: the pass mark lies above the full mark",
        f"{folder}/c.toml:",
        "line 1, the file looks like GB18030 (GBK, ANSI), not UTF-8: save it as UTF-8 (in Notepad and WPS: Save as,"
        " encoding UTF-8)",
        f"{folder}/g.toml:",
        "is a folder, not a file",
        f"{folder}/authorities/990000.toml:",
        "line 1, jurisdiction: 990000 is listed by 990000-b.toml, too: give one list of a province",
        "line 4, office: 江西省住房和城乡建设厅 is the name of another province's (360000)",
        f"{folder}/a.toml:",
        f"line {at['id = ']}, id: jiangxi-2020 is the pack of another province (360000): give this one its own",
        f"{folder}/d.toml:",
        f"line {at['effective_from = ']}, {first.format('jiangxi-2020@9')}",
        f"{folder}/e.toml:",
        f"line {at['effective_from = ']}, {first.format('jiangxi-2020@9')}",
        f"line {at['effective_from = ']}, {first.format('elsewhere@5')}",
        f"{folder}/f.toml:",
        f"line {at['revision = ']}, revision: elsewhere@5 is there already with other content: give the changed file a"
        " new revision",
        f"line {at['effective_from = ']}, {first.format('jiangxi-2020@9')}",
        f"line {at['effective_from = ']}, {first.format('other@5')}",
    ]
    assert (PolicyPack.objects.count(), Authority.objects.count()) == before
    assert refusal_of("check_policy_pack", str(folder)) == told


@pytest.mark.usefixtures("public_db")
def test_a_pack_that_ends_does_not_reach_into_another(tmp_path: Path) -> None:
    ends = 'id = "ended"\neffective_to = { value = 2025-12-31, source = "not-from-policy" }'
    later = THIRD.replace("effective_from = { value = 2020-01-01", "effective_from = { value = 2025-06-01")
    folder = folder_of(
        tmp_path, {"990000.toml": THIRD_LIST}, {"a.toml": THIRD.replace('id = "elsewhere"', ends), "b.toml": later}
    )
    assert refusal_of("load_policy_packs", "--from", str(folder))[1:] == [
        f"{folder}/b.toml:",
        f"line {line_of(later, 'effective_from =')}, effective_from: overlaps with ended@5, which says that it is in"
        " force at that time",
    ]
    (folder / "b.toml").write_text(later.replace("value = 2025-06-01", "value = 2026-01-01"))
    call_command("load_policy_packs", "--from", str(folder))


def test_an_empty_folder_and_a_file_that_is_not_there_are_told(tmp_path: Path) -> None:
    assert refusal_of("check_policy_pack", str(tmp_path)) == [
        f"{tmp_path}: there is no file *.toml in this folder, nor in its folder authorities/"
    ]
    missing = tmp_path / "none.toml"
    assert refusal_of("check_policy_pack", str(missing)) == [
        f"{missing}:", "cannot be read: No such file or directory",
    ]  # fmt: skip


@pytest.mark.usefixtures("public_db")
def test_the_law_of_one_province_cannot_be_loaded_under_the_identifier_of_another(at: datetime) -> None:
    text = TEXT.replace('jurisdiction = "360000"', 'jurisdiction = "420000"').replace("revision = 5", "revision = 6")
    with pytest.raises(packs.PackMisplaced, match="another province"):
        packs.load_pack(text=text, by=SYSTEM, at=at)
    assert not PolicyPack.objects.filter(version="jiangxi-2020@6").exists()
    row = PolicyPack.objects.get(version="jiangxi-2020@5")
    row.pk, row.version, row.jurisdiction = None, "jiangxi-2020@6", "420000"
    with tenancy.as_owner(), transaction.atomic(), pytest.raises(IntegrityError, match="policy_pack_one_province"):
        row.save(force_insert=True)


@pytest.mark.usefixtures("public_db")
def test_no_list_renames_the_office_of_another_province_or_takes_its_code(at: datetime) -> None:
    taken = THIRD_LIST.replace('"990101"', '"360101"')
    renamed = THIRD_LIST.replace("虚构省建设厅", "江西省住房和城乡建设厅")
    for text, words in ((taken, "another province"), (renamed, "is the name of another")):
        with pytest.raises(packs.FileUnreadable, match=words):
            packs.load_authority_list(text=text, by=SYSTEM, at=at)
    assert not Authority.objects.filter(code__startswith="99").exists()
    row = Authority.objects.get(code="360102")
    row.pk, row.code = None, "990102"
    with tenancy.as_owner(), transaction.atomic(), pytest.raises(IntegrityError, match="another province"):
        row.save(force_insert=True)


@pytest.mark.usefixtures("public_db")
def test_what_a_jurisdiction_lacks_is_said_when_files_are_loaded(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.NUOXING_JURISDICTION = "990000"
    call_command("load_policy_packs")
    assert capsys.readouterr().err.splitlines() == [
        "NUOXING_JURISDICTION=990000: no list of authorities is loaded (authorities/990000.toml)",
        'NUOXING_JURISDICTION=990000: no pack is loaded (a file that says jurisdiction = "990000")',
    ]


# --- The officer's page ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("public_db")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (TEXT.encode("gb18030"), "文件编码像是 GB18030"),
        (TEXT.encode("utf-16"), "文件编码是 UTF-16"),
    ],
)
def test_the_officer_s_page_tells_the_encoding_in_chinese(content: bytes, words: str) -> None:
    with translation.override("zh-hans"):
        form = ImportForm({}, {"file": SimpleUploadedFile("pack.toml", content)})
        assert words in str(form.errors["file"])


@pytest.mark.usefixtures("public_db")
def test_the_officer_s_page_refuses_a_key_given_twice_and_what_nobody_sees_with_its_line(
    at: datetime, as_actor: Callable[..., access.Actor]
) -> None:
    officer = as_actor("province_officer", scope="360000")
    text = TEXT.replace("pass_mark = 60", "pass_mark = 60\npass_mark = 61").replace(
        'name = "材料员"', 'name = "材\\u0000料员"'
    )
    with translation.override("zh-hans"), pytest.raises(packs.FileUnreadable) as refusal:
        lawbook.import_draft(text=text, by=officer, at=at)
    assert str(refusal.value).splitlines()[1:] == [
        f"第 {line_of(text, '材')} 行, positions.CLY.name: 含有看不见的字符（U+0000），请删除。",
        f"第 {line_of(text, 'pass_mark = 61')} 行, paper.pass_mark: "
        f"重复：第 {line_of(text, 'pass_mark = 60')} 行已经写过。",
    ]
