"""Identifiers, names, documents and ways back, as pure rules."""

import contextlib
from datetime import date

import pytest
from django.utils.http import url_has_allowed_host_and_scheme
from hypothesis import given
from hypothesis import strategies as st

from kernel import idnumbers, names
from shared.identity import methods as identity_methods
from shared.identity.states import DocumentType


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("13812345678", "mobile", "13812345678"),
        (" +86 138-1234-5678 ", "mobile", "13812345678"),
        ("１３８１２３４５６７８", "mobile", "13812345678"),
        ("Wang@Example.COM ", "email", "wang@example.com"),
    ],
)
def test_an_identifier_is_read_in_any_spelling(text: str, kind: str, value: str) -> None:
    assert identity_methods.identifier(text) == identity_methods.Identifier(kind, value)  # type: ignore[arg-type]  # a literal by the table


@pytest.mark.parametrize("text", ["", " ", "138", "abc", "a@b", "@", "23812345678", "138123456789", "\0"])
def test_what_is_no_identifier_is_refused(text: str) -> None:
    with pytest.raises(identity_methods.NotAnIdentifier):
        identity_methods.identifier(text)


@given(st.from_regex(r"\A1[3-9][0-9]{9}\Z"))
def test_reading_an_identifier_twice_changes_nothing(text: str) -> None:
    once = identity_methods.identifier(text)
    assert identity_methods.identifier(once.value) == once


@given(st.text(max_size=40))
def test_any_text_is_an_identifier_or_refused(text: str) -> None:
    with contextlib.suppress(identity_methods.NotAnIdentifier):
        assert identity_methods.identifier(text).kind in ("mobile", "email")


@given(st.one_of(st.text(max_size=30), st.text("/\\.:@ \t\nahtps", max_size=12)))
def test_a_way_back_never_leaves_the_host(text: str) -> None:
    path = identity_methods.local_path(text, "/home/")
    assert path.startswith("/")
    assert url_has_allowed_host_and_scheme(path, allowed_hosts=None)


@pytest.mark.parametrize("path", ["/my/", "/staff/people/?role=teacher", "/a/#b"])
def test_a_path_on_this_host_is_kept(path: str) -> None:
    assert identity_methods.local_path(path) == path


@pytest.mark.parametrize("name", ["王一", "阿依古丽·买买提", "𬭚某", "Maria dos Santos"])
def test_a_name_is_a_name(name: str) -> None:
    assert names.person_name(name) == name


@pytest.mark.parametrize("name", ["", "王", "王1", "x" * 31, "张三😀", "张\n\x07三"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(names.NotAName):
        names.person_name(name)


@pytest.mark.parametrize(
    ("id_type", "text", "number"),
    [
        (DocumentType.PASSPORT, "e 1234567", "E1234567"),
        (DocumentType.HONG_KONG_MACAO, "h12345678", "H12345678"),
        (DocumentType.TAIWAN, "12345678", "12345678"),
    ],
)
def test_other_documents_are_known_by_their_shape(id_type: str, text: str, number: str) -> None:
    assert identity_methods.document_number(id_type, text) == number


@pytest.mark.parametrize(
    ("id_type", "text"),
    [
        (DocumentType.PASSPORT, "12"),
        (DocumentType.HONG_KONG_MACAO, "X1"),
        (DocumentType.TAIWAN, "H12345678"),
        (DocumentType.RESIDENT, "1"),
    ],
)
def test_a_document_of_another_shape_is_refused(id_type: str, text: str) -> None:
    with pytest.raises(identity_methods.NotADocumentNumber):
        identity_methods.document_number(id_type, text)


def test_documents_of_two_kinds_with_one_number_are_two() -> None:
    assert identity_methods.blind_text("passport", "12345678") != identity_methods.blind_text("taiwan", "12345678")
    number = idnumbers.make_resident_id("360102", date(1990, 1, 1), 1)
    assert (
        identity_methods.blind_text("resident", number)
        == identity_methods.blind_text("permanent_residence", number)
        == number
    )


def test_numbers_for_the_counter_can_be_said() -> None:
    numbers = {identity_methods.new_number() for _ in range(200)}
    assert len(numbers) == 200
    assert not set("".join(numbers)) & set("IO01")


@pytest.mark.parametrize(
    ("scheme", "port", "url"),
    [
        ("http", 8000, "http://nuoxing.localhost:8000/a/"),
        ("http", 80, "http://nuoxing.localhost/a/"),
        ("https", 443, "https://nuoxing.localhost/a/"),
    ],
)
def test_a_whole_address_names_the_port_only_where_it_is_unusual(
    settings: object, scheme: str, port: int, url: str
) -> None:
    settings.NUOXING_SCHEME, settings.NUOXING_PORT = scheme, port  # type: ignore[attr-defined]  # pytest-django's fixture
    assert identity_methods.platform_url("/a/") == url
    assert identity_methods.host_url("alpha.example", "/a/") == url.replace("nuoxing.localhost", "alpha.example")
