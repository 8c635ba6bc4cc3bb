"""The demonstration in other provinces: it loads by their files alone, or says what they lack before it starts."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.core.management import CommandError, call_command

from infra.demo import jiangxi, land, needs
from infra.demo.accounts import OFFICES, PLATFORM
from infra.demo.institutions import ALL
from infra.demo.management.commands import check_demo, load_demo
from infra.stack.manager import Manager
from infra.stack.paths import here
from infra.stack.preparation import Preparation
from infra.stack.progress import StackError
from shared.policy.methods.files import SHIPPED

ROOT = Path(__file__).resolve().parents[2]
INVENTED = """jurisdiction = "990000"
name = "虚构省"
name_en = "Invented province"
office = "虚构省建设厅"
office_en = "Invented department"
[[cities]]
code = "990100"
name = "甲州市"
name_en = "First city"
office = "甲州市建设局"
office_en = "First bureau"
counties = [["990101", "甲县", "First county"]]
[[cities]]
code = "990200"
name = "乙州市"
name_en = "Second city"
office = "乙州市建设局"
office_en = "Second bureau"
counties = [["990201", "乙县", "Second county"], ["990202", "丙县", "Third county"]]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the files of an invented province, made of the shipped ones."""
    (tmp_path / "authorities").mkdir()
    (tmp_path / "authorities/990000.toml").write_text(INVENTED)
    text = (SHIPPED / "jiangxi-2020.toml").read_text().replace('id = "jiangxi-2020"', 'id = "invented"')
    (tmp_path / "invented.toml").write_text(text.replace('jurisdiction = "360000"', 'jurisdiction = "990000"'))
    return tmp_path


def test_the_demonstration_of_the_first_province_is_what_it_was() -> None:
    names = {one.key: (one.identifier, one.name, one.scope, one.label, one.label_en) for one in (*PLATFORM, *OFFICES)}
    assert names["city"] == ("city@nuoxing.example", "万市员", "360100", "南昌市局经办", "Nanchang")
    assert names["jian"] == ("jian@nuoxing.example", "庐经办", "360800", "吉安市局", "Ji'an")
    assert names["inspector3"] == ("inspector3@nuoxing.example", "饶检查", "361100", "上饶检查员", "Inspector")
    assert [(spec.name, spec.division, spec.officer, spec.address) for spec in ALL] == [
        ("豫章演示培训学校", "360111", "city", "南昌市青山湖区演示大道 8 号"),
        ("江西演示职业技术学院", "360112", "province", "南昌市新建区演示学院路 1 号"),
        ("赣州演示建筑行业协会培训中心", "360702", "ganzhou", "赣州市章贡区演示路 20 号"),
        ("九江演示建工集团培训中心", "360403", "jiujiang", "九江市浔阳区演示街 5 号"),
        ("南昌演示建筑工匠培训学校", "360104", "city", "南昌市青云谱区演示巷 16 号"),
        ("上饶演示职业培训学校", "361102", "shangrao", "上饶市信州区演示北路 33 号"),
        ("吉安演示技能培训中心", "360802", "jian", "吉安市吉州区演示南路 7 号"),
        ("景德镇演示建设职工培训中心", "360203", "jingdezhen", "景德镇市珠山区演示中路 12 号"),
    ]


def test_every_province_that_is_shipped_can_be_shown() -> None:
    for jurisdiction in (jiangxi.JURISDICTION, "420000"):
        needs.require(jurisdiction, None)


def test_the_land_of_another_province_is_that_of_its_own_list(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUOXING_POLICY_PACKS", str(folder))
    needs.require("990000", folder)
    here_ = land.land_of("990000")
    assert [(place.key, place.code) for place in here_.places] == [
        ("city", "990100"), ("secondcity", "990200"), ("firstcity", "990100"), ("secondcity3", "990200"),
        ("firstcity4", "990100"), ("secondcity5", "990200"),
    ]  # fmt: skip
    assert (here_.short, here_.called("listed", 0), here_.places[1].county(3)) == ("虚构", "甲州", ("990202", "丙县"))
    assert here_.by_province == {"provincial-unit", "vocational-college", "hr-approved"}
    assert land.land_of("420000").by_province == {"provincial-unit"}
    assert [place.code[:2] for place in land.land_of("420000").places] == ["42"] * 6


def test_a_province_that_nobody_knows_is_refused_with_all_that_it_lacks(folder: Path) -> None:
    with pytest.raises(needs.ProvinceUnready) as refusal:
        needs.require("430000", None)
    assert str(refusal.value).splitlines() == [
        "There is no demonstration of NUOXING_JURISDICTION=430000 (NUOXING_POLICY_PACKS names no folder)."
        " What it lacks:",
        "  - a list of authorities: authorities/430000.toml",
        '  - a pack: a file that says jurisdiction = "430000"',
        "Without the demonstration the platform runs for any province: ./nuoxing up",
    ]
    pack = folder / "invented.toml"
    text = pack.read_text().replace('key = "CLY"', 'key = "CL"').replace("SGY-TJ = 40", "SGY-TJ = 90")
    text = text.replace("CLY = 40", "CL = 40").replace('key = "enterprise"', 'key = "works"')
    text = text.replace('key = "material"', 'key = "books"')
    pack.write_text(text)
    with pytest.raises(needs.ProvinceUnready) as refusal:
        needs.require("990000", folder)
    assert str(refusal.value).splitlines()[1:-1] == [
        "  - invented@5: class hours of SGY-TJ up to 40, which the demonstration teaches (it has 90)",
        "  - invented@5: the position CLY, for which the demonstration has lessons and questions",
        "  - invented@5: the kind of institution enterprise",
        "  - invented@5: the fee item material",
    ]
    pack.write_text(text.replace("pass_mark = 60", "pass_mark = 600"))
    with pytest.raises(needs.ProvinceUnready, match=r"paper\.pass_mark: the pass mark lies above the full mark"):
        needs.require("990000", folder)


@pytest.mark.parametrize("command", [check_demo, load_demo])
def test_the_commands_refuse_before_they_ask_the_database(command: Any, settings: Any) -> None:
    settings.NUOXING_JURISDICTION = "430000"
    with pytest.raises(CommandError, match=r"a list of authorities: authorities/430000\.toml"):
        call_command(command.Command())


def test_up_refuses_in_the_same_words_before_anything_is_started(tmp_path: Path) -> None:
    env = os.environ | {"NUOXING_DEMO": "1", "NUOXING_JURISDICTION": "430000", "NUOXING_STATE": str(tmp_path)}
    with closing(Preparation(here(), env)) as preparation:
        preparation.manage = Manager(here(), env, tmp_path / "prepare.log")
        with pytest.raises(StackError) as refusal:
            preparation.require_demonstration()
    assert str(refusal.value).splitlines()[0].startswith("There is no demonstration of NUOXING_JURISDICTION=430000")
    assert "Traceback" not in str(refusal.value)


# --- Loaded, in a database of its own --------------------------------------------------------------


@pytest.fixture
def own_database(settings: Any, jurisdiction: str) -> Iterator[str]:
    """Return the address of a province's empty database, which is dropped afterwards."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = f"{settings.DATABASES['default']['NAME']}_{jurisdiction}"  # each process may load one at the same time
    with psycopg.connect(urlunsplit(url._replace(path="/postgres")), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
        yield urlunsplit(url._replace(path=f"/{name}"))
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.long
@pytest.mark.parametrize(
    ("jurisdiction", "stages", "states"),
    [
        ("420000", ("",), {"listed": 2, "not_enrolling": 1, "suspended": 1, "removed": 1, "registered": 3}),
        ("990000", ("province", "institutions"), {"listed": 5, "registered": 3}),
    ],
)
def test_the_demonstration_of_another_province_is_loaded_by_its_files(
    own_database: str, folder: Path, tmp_path: Path, jurisdiction: str, stages: tuple[str, ...], states: dict[str, int]
) -> None:
    env = os.environ | {
        "DATABASE_URL": own_database, "NUOXING_DEMO": "1", "NUOXING_STATE": str(tmp_path / "state"),
        "NUOXING_FAKES_URL": "", "NUOXING_JURISDICTION": jurisdiction, "NUOXING_POLICY_PACKS": str(folder),
    }  # fmt: skip
    manage: Callable[..., None] = lambda *words: _manage(env, *words)  # noqa: E731  # of this test alone
    manage("migrate_schemas", "--shared", "--noinput")
    for stage in stages:
        manage("load_demo", *(["--only", stage] if stage else []))
    with psycopg.connect(own_database) as database:
        rows = database.execute("SELECT state, count(*) FROM institutions_organisation GROUP BY state").fetchall()
        offices = database.execute("SELECT DISTINCT left(authority_code, 2) FROM institutions_organisation").fetchall()
        ceilings = database.execute("SELECT DISTINCT jurisdiction FROM policy_feecap").fetchall()
    assert (dict(rows), offices, ceilings) == (states, [(jurisdiction[:2],)], [(jurisdiction,)])


def _manage(env: dict[str, str], *words: str) -> None:
    done = subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
