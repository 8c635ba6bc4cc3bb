"""Pure rules of identifiers, tokens and ways back."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import ClassVar, Literal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from kernel import folding, idnumbers
from kernel.errors import Invalid

from .states import DocumentType


@dataclass(frozen=True, slots=True)
class Part:
    """A heading ("" for none) and the paragraphs under it."""

    heading: str
    paragraphs: tuple[str, ...]


NUMBER_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_HOST = re.compile(r"[a-z0-9.-]{1,253}")


class NotAnIdentifier(Invalid):
    """The text is neither a mobile number nor an e-mail address."""

    code: ClassVar[str] = "not-an-identifier"
    message = _("Enter a mobile number of 11 digits, or an e-mail address.")


class NotADocumentNumber(Invalid):
    """The text is no number of a document of this type."""

    code: ClassVar[str] = "not-a-document-number"
    message = _("This is no number of such a document.")


@dataclass(frozen=True, slots=True)
class Identifier:
    """What an account is found by, normalised."""

    kind: Literal["mobile", "email"]
    value: str


def identifier(text: str) -> Identifier:
    """Return the mobile number or e-mail address in `text`, normalised; refuses (NotAnIdentifier) anything else."""
    address = folding.address(text)
    if "@" in address:
        try:
            validate_email(address)
        except ValidationError:
            raise NotAnIdentifier from None
        return Identifier("email", address)
    try:
        return Identifier("mobile", idnumbers.mobile(text))
    except idnumbers.NotAMobile:
        raise NotAnIdentifier from None


_DOCUMENTS = {
    DocumentType.HONG_KONG_MACAO: re.compile(r"[HM][0-9]{8}([0-9]{2})?"),
    DocumentType.TAIWAN: re.compile(r"[0-9]{8}([0-9]{2})?"),
    DocumentType.PASSPORT: re.compile(r"[A-Z0-9]{6,12}"),
}


def document_number(id_type: str, text: str) -> str:
    """Return the normalised number of a document that carries no check character; refuses what has another shape."""
    number = folding.number(text)
    pattern = _DOCUMENTS.get(DocumentType(id_type))
    if pattern is None or not pattern.fullmatch(number):
        raise NotADocumentNumber
    return number


def blind_text(id_type: str, number: str) -> str:
    """Return what the blind index of a document is made from: resident numbers alone, others with their type."""
    carries_check = id_type in (DocumentType.RESIDENT, DocumentType.PERMANENT_RESIDENCE)
    return number if carries_check else f"{id_type}:{number}"


def parts_of(body: str) -> tuple[Part, ...]:
    """Return a text's parts: a line that begins with "## " is a heading, every other line a paragraph."""
    parts: list[tuple[str, list[str]]] = []
    for line in filter(None, (raw.strip() for raw in body.splitlines())):
        if line.startswith("## "):
            parts.append((line.removeprefix("## "), []))
        else:
            parts = parts or [("", [])]
            parts[-1][1].append(line)
    return tuple(Part(heading, tuple(lines)) for heading, lines in parts)


def digest(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def nonce_hash(nonce: str) -> str:
    """Return what the platform learns of the nonce that a browser holds for an institution's host."""
    return hashlib.sha256(nonce.encode()).hexdigest()


def new_token() -> str:
    """Return a fresh access token; its head tells scanners what it is."""
    return "nxt_" + secrets.token_urlsafe(32)


def new_number() -> str:
    """Return a number that can be said over a counter: 8 characters without those that are mistaken for others."""
    return "".join(secrets.choice(NUMBER_LETTERS) for _ in range(8))


def local_path(text: str | None, default: str = "/") -> str:
    """Return `text` if it is a path on this very host, else `default`."""
    if not text or not text.startswith("/") or not url_has_allowed_host_and_scheme(text, allowed_hosts=None):
        return default
    return text


def is_host(text: str) -> bool:
    """Say whether `text` has the shape of a host name."""
    return _HOST.fullmatch(text) is not None


def platform_url(path: str) -> str:
    """Return the whole address of a path at the platform's host."""
    usual = {"https": 443, "http": 80}[settings.NUOXING_SCHEME]
    port = "" if usual == settings.NUOXING_PORT else f":{settings.NUOXING_PORT}"
    return f"{settings.NUOXING_SCHEME}://{settings.NUOXING_HOST}{port}{path}"


def host_url(host: str, path: str) -> str:
    """Return the whole address of a path at an institution's host, which is served beside the platform."""
    return platform_url(path).replace(f"//{settings.NUOXING_HOST}", f"//{host}", 1)
