"""Columns with a meaning of their own: keys, money, personal data, and the way from a tenant's row to a shared one."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import uuid6
from django.apps import apps
from django.db import models
from django.db.models.expressions import Combinable

from kernel import crypto
from kernel.idnumbers import mask_id, mask_mobile, mask_name
from kernel.money import Money

F = TypeVar("F", bound="models.Field[Any, Any]")


def uuid7() -> uuid.UUID:
    """Return a new time-ordered key."""
    return uuid.UUID(int=uuid6.uuid7().int)


class Model(models.Model):
    """Every table's base: a UUIDv7 key made in Python, so that rows can be spoken of before they are saved."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


def _mask_all(value: str) -> str:
    return "*" * min(len(value), 8)


def _mask_mail(value: str) -> str:
    name, at, host = value.partition("@")
    return f"{name[:1]}***{at}{host}" if at else _mask_all(value)


def _mask_identifier(value: str) -> str:
    """Mask a document number, mail address or mobile by its shape."""
    return _mask_mail(value) if "@" in value else mask_mobile(value)


MASKS: dict[str, Callable[[str], str]] = {
    "all": _mask_all,
    "id": mask_id,
    "mobile": mask_mobile,
    "name": mask_name,
    "email": _mask_mail,
    "identifier": _mask_identifier,
    "none": str,
}


@dataclass(frozen=True, slots=True)
class Personal:
    """The declaration of a personal field that the law requires (PIPL 6, 17, 19): purpose, basis, retention, mask.

    `mask` names one of MASKS.
    """

    purpose: str
    basis: str
    retention: str
    mask: str = "all"


def personal(field: F, declaration: Personal) -> F:
    """Mark an ordinary field as personal and return it."""
    if declaration.mask not in MASKS:
        raise ValueError(f"unknown mask {declaration.mask!r}")
    field.personal = declaration  # type: ignore[attr-defined]  # read by tests and by the self-service copy
    return field


class Sealed:
    """A personal value that shows itself masked; `reveal()` is the only way to the whole of it."""

    __slots__ = ("_cipher", "_mask", "_plain")

    def __init__(self, cipher: bytes, mask: str) -> None:
        """Keep the ciphertext; nothing is decrypted until somebody looks."""
        self._cipher = cipher
        self._mask = mask
        self._plain: str | None = None

    @classmethod
    def of(cls, text: str, mask: str) -> "Sealed":
        """Seal a plain text."""
        return cls(crypto.encrypt(text), mask)

    def reveal(self) -> str:
        """Return the whole value. The caller holds a permission, a reason and has written the log line."""
        if self._plain is None:
            self._plain = crypto.decrypt(self._cipher)
        return self._plain

    @property
    def cipher(self) -> bytes:
        """Return the stored bytes."""
        return self._cipher

    def __str__(self) -> str:
        """Return the masked form."""
        return MASKS[self._mask](self.reveal())

    def __repr__(self) -> str:
        """Return the masked form, in tracebacks too."""
        return f"<Sealed {self}>"

    def __bool__(self) -> bool:
        """Say whether there is anything."""
        return bool(self.reveal())

    def __eq__(self, other: object) -> bool:
        """Compare the whole values."""
        return isinstance(other, Sealed) and other.reveal() == self.reveal()

    def __hash__(self) -> int:
        """Hash by the whole value."""
        return hash(self.reveal())


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]  # the stubs give BinaryField two parameters, its runtime none
    """A personal text, AEAD-encrypted at rest; Python sees a `Sealed`. Assign a str or a Sealed."""

    def __init__(self, *args: Any, personal: Personal | None = None, **kwargs: Any) -> None:
        """Take the declaration of the personal field (absent only in migrations)."""
        self.personal = personal
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        """Wrap the stored bytes."""
        if value is None:
            return None
        return Sealed(bytes(value), self.personal.mask if self.personal else "all")

    def get_prep_value(self, value: Any) -> Any:
        """Seal what is plain."""
        if value is None:
            return None
        return value.cipher if isinstance(value, Sealed) else crypto.encrypt(str(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Hand bytes to the driver."""
        raw = value if prepared or isinstance(value, bytes) else self.get_prep_value(value)
        # Prepared from here on: the base class would seal it a second time.
        return super().get_db_prep_value(raw, connection, prepared=True)


def encrypted_columns(schema: str = "shared") -> list[tuple[type[models.Model], "EncryptedTextField"]]:
    """Return every encrypted column of the shared models, or of the institutions' ("tenants"), in a fixed order."""
    columns = [
        (model, field)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if isinstance(field, EncryptedTextField) and model.__module__.startswith(f"{schema}.")
    ]
    return sorted(columns, key=lambda pair: (pair[0]._meta.db_table, pair[1].column))


class BlindIndexField(models.BinaryField):  # type: ignore[type-arg]  # as above
    """The keyed index of an encrypted value, by which it is found and kept unique. Assign `crypto.blind(value)`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fix the length."""
        kwargs["max_length"] = 32
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        """Return plain bytes."""
        return None if value is None else bytes(value)


class MoneyField(models.BigIntegerField):  # type: ignore[type-arg]  # as above
    """An amount in fen; Python sees `Money`."""

    _pyi_private_set_type: Money | Combinable | None  # type: ignore[assignment]  # how django-stubs learns the types
    _pyi_private_get_type: Money  # type: ignore[assignment]  # as above

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Money | None:
        """Wrap the number."""
        return None if value is None else Money(value)

    def to_python(self, value: Any) -> Any:
        """Return Money; a bare number is fen."""
        return value if value is None or isinstance(value, Money) else Money(int(value))

    def get_prep_value(self, value: Any) -> Any:
        """Return fen."""
        return value.fen if isinstance(value, Money) else super().get_prep_value(value)

    def value_to_string(self, obj: models.Model) -> str:
        """Return fen as text."""
        value = self.value_from_object(obj)
        return "" if value is None else str(value.fen)


class SharedForeignKey(models.ForeignKey):  # type: ignore[type-arg]  # as above
    """A real foreign key from an institution's row to a shared one.

    DO_NOTHING and no reverse accessor: Django's collector would look for the institution's table from `public` and
    crash. Each key costs two triggers an institution: keep them very few.
    """

    def __init__(self, to: Any, *args: Any, **kwargs: Any) -> None:
        """Fix what must not vary."""
        kwargs["on_delete"] = models.DO_NOTHING
        kwargs["related_name"] = "+"
        super().__init__(to, **kwargs)
