"""The sheet: the same snapshot gives the same bytes, and every character is there."""

import hashlib
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import noto_cjk_sans_otc
import pypdf
import pytest

from kernel import paper
from kernel.clock import CHINA
from shared.certificates import documents as certificate_documents
from shared.certificates import methods as certificate_methods
from shared.certificates.models import Certificate
from shared.records import queries as record_queries

FACTS = certificate_methods.Facts(
    title="住房和城乡建设领域施工现场专业人员职业培训合格证",
    title_en="Certificate of vocational training for construction-site professionals",
    holder="龘䶮镕",
    id_masked="360***********211X",
    position_key="SGY-TJ",
    position="土建施工员",
    position_en="Construction Officer, Civil Works",
    number="JX-TEST-26-0001",
    institution="演示培训学校甲",
    credit_code="52360100MJ00000184",
    tested_on=date(2026, 3, 2),
    issued_on=date(2026, 3, 3),
    policy="jiangxi-2020@5",
    verify_url="http://nuoxing.localhost:8000/verify/AbCdEfGhIjKlMnOpQrStUvWxYz0/",
    demo=True,
    education=(("2028", "继续教育32学时"),),
)


def _text(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)


def _sheet(at: object, **other: object) -> bytes:
    facts = certificate_methods.Facts(**{name: getattr(FACTS, name) for name in FACTS.__slots__} | other)  # type: ignore[arg-type]
    snapshot = certificate_methods.snapshot(facts, version=1, at=at)  # type: ignore[arg-type]
    return certificate_documents.certificate_pdf(snapshot, id_number=facts.id_masked)


def test_the_same_snapshot_gives_the_same_bytes_in_another_process_too(at: object) -> None:
    first, second = _sheet(at), _sheet(at)
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()
    paper._compiler.cache_clear()
    assert _sheet(at) == first


def test_another_word_gives_other_bytes(at: object) -> None:
    assert _sheet(at) != _sheet(at, institution="演示培训学校乙")


def test_the_sheet_is_one_page_and_says_everything(at: object) -> None:
    pdf = _sheet(at)
    text = _text(pdf).replace(" ", "").replace("\n", "")
    for words in (
        "职业培训合格证",
        "龘䶮镕",
        "360***********211X",
        "土建施工员",
        "JX-TEST-26-0001",
        "演示培训学校甲",
        "2026年3月3日",
        "继续教育32学时",
        "演示数据",
        "统一编号",
    ):
        assert words in text, words
    assert len(pypdf.PdfReader(BytesIO(pdf)).pages) == 1


def test_outside_a_demonstration_the_sheet_carries_no_mark(at: object) -> None:
    assert "演示" not in _text(_sheet(at, demo=False, institution="培训学校甲"))


def test_a_long_name_and_twenty_years_of_education_stay_on_the_sheet(at: object) -> None:
    years = tuple((str(year), "继续教育32学时") for year in range(2028, 2040))
    pdf = _sheet(at, institution="江西省" + "某某" * 18 + "职业培训学校有限责任公司", education=years)
    assert len(pypdf.PdfReader(BytesIO(pdf)).pages) == 1


def test_the_font_is_embedded(at: object) -> None:
    page = pypdf.PdfReader(BytesIO(_sheet(at))).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]  # as it is made
    assert [str(font["/BaseFont"]).partition("+")[2] for font in fonts] == ["NotoSansCJKsc-Regular-Identity-H"]
    descriptors = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]
    assert all({"/FontFile2", "/FontFile3"} & set(descriptor) for descriptor in descriptors)


def test_the_kept_document_is_the_print_of_the_kept_snapshot_with_the_number_masked(issued: Certificate) -> None:
    version = issued.versions.get()
    content = record_queries.content(version.file_id)
    assert certificate_documents.certificate_pdf(version.snapshot, id_number=version.snapshot["id_masked"]) == content
    assert hashlib.sha256(content).hexdigest() == version.sha256
    assert version.id_number.reveal() not in _text(content)


@pytest.mark.parametrize(
    ("name", "code", "character"), [("张𠀀", "U+20000", "𠀀"), ("张\x00三", "U+0000", ""), ("王😀", "U+1F600", "😀")]
)
def test_a_character_without_a_font_is_refused_by_name(at: object, name: str, code: str, character: str) -> None:
    with pytest.raises(paper.Unprintable) as refusal:
        _sheet(at, holder=name)
    assert refusal.value.params == {"code": code, "character": character}
    assert code in str(refusal.value)
    assert _sheet(at)


def test_the_characters_of_the_general_table_beyond_the_first_plane_are_printed(at: object) -> None:
    name = "𬭎𬭸𫖮𫓶𬍛𬴊𫘧"
    assert name in _text(_sheet(at, holder=name))


def test_a_font_of_the_operator_s_is_taken_for_what_the_shipped_one_lacks(
    at: object, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fonts = Path(str(noto_cjk_sans_otc.FONT_PATH)).parent
    monkeypatch.setattr(noto_cjk_sans_otc, "FONT_PATH", tmp_path / "none.ttc")
    for folder, printed in ((None, False), (fonts, True)):
        settings.NUOXING_FONTS = folder
        paper._compiler.cache_clear()
        if printed:
            assert "龘䶮镕" in _text(_sheet(at))
        else:
            with pytest.raises(paper.Unprintable):
                _sheet(at)
    paper._compiler.cache_clear()


def test_a_sheet_is_made_to_be_kept(at: object) -> None:
    metadata = pypdf.PdfReader(BytesIO(_sheet(at))).xmp_metadata
    assert metadata is not None
    assert (metadata.pdfaid_part, metadata.pdfaid_conformance) == ("2", "U")


def test_a_title_that_cannot_be_cut_stays_whole() -> None:
    assert certificate_methods.title_parts("合格证") == ("", "合格证")
    assert certificate_methods.title_parts(FACTS.title) == ("住房和城乡建设领域施工现场专业人员", "职业培训合格证")


def test_times_are_told_as_in_china(at: object) -> None:
    snapshot = certificate_methods.snapshot(FACTS, version=2, at=at.astimezone(CHINA))  # type: ignore[attr-defined]
    assert (snapshot["made_at_words"], snapshot["version"]) == ("2026年3月2日 09:00", 2)
