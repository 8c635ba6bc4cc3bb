"""Chinese names become host names."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.institutions import methods as institution_methods


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("南昌市诺星职业培训学校", "nanchangnuoxing"),
        ("重庆中建培训有限公司", "chongqingzhongjian"),
        ("培训中心", "peixunzhongxin"),
        ("！", "institution"),
        ("于都职业培训学校", "yudu"),
        ("宁都培训中心", "ningdu"),
        ("都昌职业培训学校", "duchang"),
        ("成都市职业培训学校", "chengdu"),
        ("都匀市职业培训学校", "duyun"),
        ("铅山职业培训学校", "yanshan"),
        ("会昌职业培训学校", "huichang"),
        ("余干职业培训学校", "yugan"),
        ("长治市职业培训学校", "changzhi"),
        ("乐平市职业培训学校", "leping"),
        ("曾都职业培训学校", "zengdu"),
        ("单县职业培训学校", "shanxian"),
    ],
)
def test_what_is_particular_in_a_name_becomes_the_slug(name: str, slug: str) -> None:
    assert institution_methods.slug_of(name, ()) == slug


def test_a_process_without_the_dictionary_has_the_same_slugs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pypinyin", raising=False)

    assert institution_methods.slug_of("重庆中建培训有限公司", ()) == "chongqingzhongjian"
    assert institution_methods.slug_of("于都职业培训学校", ()) == "yudu"
    assert institution_methods.slug_of("\ud800", ()) == "institution"
    assert "pypinyin" not in sys.modules


def test_a_taken_or_reserved_slug_gets_a_number() -> None:
    assert (
        institution_methods.slug_of("南昌市诺星职业培训学校", {"nanchangnuoxing", "nanchangnuoxing-2"})
        == "nanchangnuoxing-3"
    )
    assert institution_methods.slug_of("admin", ()) == "admin-2"


@given(st.text(max_size=60), st.sets(st.text(max_size=5)))
def test_a_slug_is_always_a_label_of_a_host_and_free(name: str, taken: set[str]) -> None:
    slug = institution_methods.slug_of(name, taken)
    assert re.fullmatch(r"[a-z0-9]+(-[0-9]+)?", slug)
    assert len(slug) <= 40
    assert slug not in taken | institution_methods.RESERVED
    assert re.fullmatch(r"t_[a-z0-9_]{1,61}", institution_methods.schema_of(slug))
