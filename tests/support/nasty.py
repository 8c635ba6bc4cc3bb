"""Values that no form expects: each broke some program once. All harmless; none is larger than a form may be."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from kernel.fields import uuid7

TEXTS: dict[str, str] = {
    "empty": "",
    "blank": " \t ",
    "negative": "-1",
    "zero": "0",
    "a number beyond every column": "9" * 40,
    "just beyond a bigint": "9223372036854775808",
    "just beyond an integer": "2147483648",
    "just beyond a smallint": "32768",
    "not a number": "NaN",
    "infinity": "Infinity",
    "negative infinity": "-inf",
    "an exponent": "1e400",
    "a small exponent": "1e-400",
    "full-width digits": "１２３",
    "digits of another script": "٣٤",
    "a fraction": "0.1",
    "the year 1": "0001-01-01",
    "the year 9999": "9999-12-31",
    "the year 0": "0000-00-00",
    "no leap day": "2026-02-29",
    "a leap day": "2028-02-29",
    "a moment of the year 1": "0001-01-01T00:00",
    "a moment of the year 9999": "9999-12-31T23:59",
    "a day in full-width digits": "２０２６-03-02",
    "a NUL": "a\0b",
    "a control character": "a\x1bb",
    "bidirectional marks": "\u202eabc\u2066\u200f",
    "another direction": "שלום عربى",
    "a combining mark alone": "\u0301\u0301\u0301",
    "beyond the basic plane": "\U0001f600\U00020000",
    "noncharacters": "\ufffe\uffff\ufffd",
    "ends of lines": "a\r\nb\u2028c\x85d",
    "very long": "长" * 70_000,
    "a formula": "=1+1",
    "markup": "<b>&amp;</b>{{ x }}{% x %}",
    "a quotation": "'\"\\;--",
    "a percent sign": "%s%(x)s%00",
    "a path": "../../../../x",
    "JSON": '{"a": [1]}',
    "JSON of many levels": "[" * 5000 + "]" * 5000,
    "JSON with half a pair": r'{"a": "\ud800"}',
    "no key": "00000000-0000-0000-0000-000000000000",
    "almost a key": "01900000-0000-7000-8000-00000000000g",
    "an address": "a@b@c.example",
    "a true": "true",
    "none": "None",
}
"""For a field of a form or a parameter of an address, by what they are."""

VALUES: dict[str, Any] = {
    "JSON's null": None,
    "JSON's true": True,
    "a negative number": -1,
    "a number of forty digits": 10**40,
    "a large fraction": 1e300,
    "a list": [],
    "a list of lists": [[["a"]]],
    "an object": {"a": {"b": 1}},
    "half a pair of surrogates": "\ud800",
}
"""For a value in JSON besides."""

IN_PATHS = (
    "zero", "a number beyond every column", "just beyond a bigint", "just beyond an integer", "full-width digits",
    "negative", "a NUL", "a control character", "bidirectional marks", "beyond the basic plane", "a percent sign",
    "a quotation", "no key", "almost a key", "a fraction", "the year 9999", "blank", "ends of lines",
)  # fmt: skip
"""Those that make an address."""

LONG_PATH = "x" * 3000

BODIES: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"{", "application/json"),
    "an array": (b"[1, 2]", "application/json"),
    "a number": (b"1", "application/json"),
    "null": (b"null", "application/json"),
    "NaN": (b'{"a": NaN}', "application/json"),
    "many levels": (b"[" * 20_000 + b"]" * 20_000, "application/json"),
    "half a pair": (rb'{"a": "\ud800"}', "application/json"),
    "an escaped NUL": (rb'{"a": "\u0000"}', "application/json"),
    "a number without end": (b'{"a": ' + b"9" * 5000 + b"}", "application/json"),
    "no UTF-8": (b'{"a": "\xff\xfe"}', "application/json"),
    "another encoding": ('{"a": "b"}'.encode("utf-16"), "application/json; charset=utf-16"),
    "a form that is no UTF-8": (b"a=%ff%fe&%e4=b", "application/x-www-form-urlencoded"),
    "a form of many fields": (b"&".join(b"a%d=1" % n for n in range(3000)), "application/x-www-form-urlencoded"),
    "a form with files that is none": (b"--x\r\nnothing", "multipart/form-data; boundary=x"),
    "a form with files without an end": (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb',
        "multipart/form-data; boundary=x",
    ),
    "a form with files without a boundary": (b"a=b", "multipart/form-data"),
    "XML": (b"<a/>", "application/xml"),
    "nothing": (b"", "application/json"),
}
"""Whole bodies, with what they call themselves."""


def files() -> dict[str, SimpleUploadedFile]:
    """Return files that are none of those that are asked for."""
    return {
        "an empty file": SimpleUploadedFile("a.pdf", b""),
        "a text that calls itself a picture": SimpleUploadedFile("a.png", b"no picture", "image/png"),
        "bytes of no kind": SimpleUploadedFile("a", bytes(range(256))),
        "a workbook that is none": SimpleUploadedFile("a.xlsx", b"PK\x03\x04" + bytes(200)),
        "a list in no encoding": SimpleUploadedFile("a.csv", b"\xff\xfe\x00a,\x81\x82\n" * 5, "text/csv"),
        "a long name": SimpleUploadedFile("长" * 300 + ".pdf", b"%PDF-1.4\n", "application/pdf"),
    }


def fitting(one: forms.Field) -> Any:
    """Return what a field may well be given."""
    if isinstance(one, forms.MultipleChoiceField):
        return [str(key) for key, _label in _choices(one)[:1]]
    if isinstance(one, forms.ChoiceField):
        return str(next((key for key, _label in _choices(one) if key), ""))
    for kind, value in (
        (forms.BooleanField, "on"),
        (forms.DateTimeField, "2026-03-02T09:00"),
        (forms.DateField, "2026-03-02"),
        (forms.EmailField, "who@example.com"),
        (forms.UUIDField, str(uuid7())),
    ):
        if isinstance(one, kind):
            return value
    if isinstance(one, forms.IntegerField | forms.DecimalField):
        return str(getattr(one, "min_value", None) or 1)
    return "演示：停电两小时，补测"[: getattr(one, "max_length", None) or 20]


def _choices(one: Any) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    for key, label in one.choices:
        flat += label if isinstance(label, list | tuple) else [(key, label)]
    return flat
