"""Secrets at rest: AES-256-GCM under rotating keys, and a wrapper that never prints what it holds.

A stored text is `v1:<key>:<nonce and ciphertext>`: the second part names the key (a digest of it, not the
key), so that rows under an old one are found by a prefix and a missing one is told apart from a damaged
text. What the row is belongs to the text as associated data: a ciphertext copied into another row, column
or table is refused. `settings.FIELD_ENCRYPTION_KEYS` lists the keys: the first encrypts, all decrypt.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.db.models import Model

from common.errors import DomainError

MIN_KEY_LENGTH: Final = 32
_VERSION: Final = "v1"
_NONCE_BYTES: Final = 12
_INFO: Final = b"arbsite field encryption v1"


class SecretError(DomainError):
    """A stored secret cannot be used; an operator has to act."""

    default_code = "secret_unreadable"
    status = 503


class KeyMissing(SecretError):
    """The key a secret was encrypted with is not configured."""

    default_code = "encryption_key_missing"


class SecretDamaged(SecretError):
    """The stored text was changed, belongs to another row, or is no ciphertext."""

    default_code = "secret_damaged"


class Secret:
    """Holds a text that must not be shown: printing, formatting, logging and pickling do not reveal it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text, for the one call that needs it."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __reduce__(self) -> NoReturn:
        msg = "A secret is not serialised"
        raise TypeError(msg)


@dataclass(frozen=True, slots=True)
class EncryptedColumn:
    """A text column that holds ciphertext, as `rotate_keys` has to know it."""

    model: type[Model]
    column: str

    @property
    def name(self) -> str:
        """Table and column."""
        return f"{self.model._meta.db_table}.{self.column}"

    def context(self, row_id: object) -> str:
        """Return what the ciphertext of one row is bound to."""
        return f"{self.name}:{row_id}"


_COLUMNS: list[tuple[str, str]] = []


def register_encrypted(model: str, column: str) -> None:
    """Declare a column that holds ciphertext; apps call it when they are ready.

    Args:
        model: `app_label.ModelName`.
        column: field name.
    """
    if (model, column) not in _COLUMNS:
        _COLUMNS.append((model, column))


def encrypted_columns() -> list[EncryptedColumn]:
    """Return every declared column, in the order of their names."""
    found = (EncryptedColumn(apps.get_model(model), column) for model, column in _COLUMNS)
    return sorted(found, key=lambda entry: entry.name)


def encrypt(secret: Secret, *, context: str) -> str:
    """Encrypt a secret with the newest key.

    Args:
        secret: what to keep.
        context: what it belongs to (table, column and row), needed again to decrypt.
    """
    key = _keys()[0]
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + AESGCM(_derived(key)).encrypt(nonce, secret.reveal().encode(), context.encode())
    return f"{current_prefix()}{base64.urlsafe_b64encode(sealed).decode()}"


def decrypt(text: str, *, context: str) -> Secret:
    """Decrypt what `encrypt` returned for the same context.

    Raises:
        KeyMissing: if its key is not in FIELD_ENCRYPTION_KEYS any more.
        SecretDamaged: if it was changed, was made for another row, or is no ciphertext.
    """
    version, _, rest = text.partition(":")
    label, _, body = rest.partition(":")
    if version != _VERSION or not label or not body:
        raise SecretDamaged(detail="The stored text is no ciphertext.")
    key = next((key for key in _keys() if _label(key) == label), None)
    if key is None:
        raise KeyMissing(
            detail="The key of this secret is not in FIELD_ENCRYPTION_KEYS; put it back, or enter it anew.",
            details={"key": label},
        )
    try:
        sealed = base64.urlsafe_b64decode(body.encode())
        plain = AESGCM(_derived(key)).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode())
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise SecretDamaged(detail="The stored secret was changed or belongs to another row.") from error
    return Secret(plain.decode())


def current_prefix() -> str:
    """Return how every text under the newest key begins."""
    return f"{_VERSION}:{_label(_keys()[0])}:"


def _keys() -> Sequence[str]:
    keys: list[str] = settings.FIELD_ENCRYPTION_KEYS
    if not keys or any(len(key) < MIN_KEY_LENGTH for key in keys):
        raise KeyMissing(detail=f"FIELD_ENCRYPTION_KEYS needs keys of {MIN_KEY_LENGTH} characters or more.")
    return keys


@lru_cache(maxsize=16)
def _derived(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_INFO).derive(key.encode())


@lru_cache(maxsize=16)
def _label(key: str) -> str:
    """Name a key without telling it: a digest of the derived key, which is itself never shown."""
    return hashlib.sha256(b"label" + _derived(key)).hexdigest()[:12]
