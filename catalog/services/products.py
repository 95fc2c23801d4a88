"""Articles kept by staff: made, changed and taken out of use, each with its audit event."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from catalog.models import Product
from common.audit import record_event
from common.errors import DomainError
from common.versions import Expected, check_version
from users.models import User

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EDITABLE_FIELDS = frozenset(
    {
        "name", "set_name", "set_code", "product_type", "category", "sealed_kind", "sealed_subtype", "number",
        "rarity", "language", "finishes", "released_on", "tcg_product_id", "ebay_product_id", "amazon_asin",
        "description", "image_url", "is_active", "is_featured",
    }
)  # fmt: skip


class DuplicateProductError(DomainError):
    """Another article has this TCGplayer id already."""

    default_code = "duplicate_tcg_product_id"


class ProductTypeFixedError(DomainError):
    """Prices and contents hang on an article as what it is; its type and game cannot change."""

    default_code = "product_type_fixed"


def create_product(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> Product:
    """Make an article.

    Args:
        facts: values of `EDITABLE_FIELDS`, validated by the caller's form or serializer.
        actor: who does it.
        now: when.

    Raises:
        DuplicateProductError: if its TCGplayer id is taken.
    """
    product = Product(**_editable(facts))
    try:
        with transaction.atomic():
            product.save(force_insert=True)
            product.refresh_from_db(fields=["key"])
            _record(product.id, "product.created", sorted(facts), actor, now)
    except IntegrityError as error:
        raise _duplicate(facts) from error
    return product


def version_of(product: Product) -> str:
    """Return the version of an article: when it was last written, in microseconds."""
    return str((product.updated_at - _EPOCH) // timedelta(microseconds=1))


def update_product(
    *,
    product_id: UUID,
    facts: Mapping[str, Any],
    actor: User | None,
    now: datetime,
    expected: Expected = None,
) -> Product:
    """Change an article; fields that stay the same are not written, and nothing is recorded if all do.

    Args:
        product_id: which article.
        facts: values of `EDITABLE_FIELDS`, validated by the caller's form or serializer.
        actor: who does it.
        now: when.
        expected: versions the caller accepts to change (`version_of`).

    Raises:
        PreconditionFailed: if it is at another version.
        Product.DoesNotExist: if there is none.
        DuplicateProductError: if its TCGplayer id is taken.
        ProductTypeFixedError: if its type or game would change.
    """
    wanted = _editable(facts)
    try:
        with transaction.atomic():
            product = Product.objects.select_for_update().get(id=product_id)
            check_version(version_of(product), expected)
            changed = sorted(name for name, value in wanted.items() if getattr(product, name) != value)
            if fixed := [name for name in changed if name in ("product_type", "category")]:
                raise ProductTypeFixedError(detail=f"{' and '.join(fixed)} of an article cannot change.")
            if changed:
                for name in changed:
                    setattr(product, name, wanted[name])
                product.save(update_fields=[*changed, "updated_at"])
                _record(product.id, "product.updated", changed, actor, now)
    except IntegrityError as error:
        raise _duplicate(facts) from error
    return product


def deactivate_product(
    *, product_id: UUID, actor: User | None, now: datetime, expected: Expected = None
) -> bool:
    """Take an article out of use; its history and its mappings stay.

    Args:
        product_id: which article.
        actor: who does it.
        now: when.
        expected: versions the caller accepts to retire (`version_of`).

    Returns:
        Whether it was active before. Doing it again changes and records nothing.

    Raises:
        PreconditionFailed: if it is at another version.
    """
    if expected is not None:
        with transaction.atomic():
            product = Product.objects.select_for_update().get(id=product_id)
            check_version(version_of(product), expected)
            return _set_active(product_id, is_active=False, actor=actor, now=now)
    return _set_active(product_id, is_active=False, actor=actor, now=now)


def restore_product(*, product_id: UUID, actor: User | None, now: datetime) -> bool:
    """Bring an article back into use; returns whether it was out of use before."""
    return _set_active(product_id, is_active=True, actor=actor, now=now)


def _set_active(product_id: UUID, *, is_active: bool, actor: User | None, now: datetime) -> bool:
    with transaction.atomic():
        rows = Product.objects.filter(id=product_id, is_active=not is_active)
        if rows.update(is_active=is_active, updated_at=now) != 1:
            return False
        _record(product_id, "product.restored" if is_active else "product.deactivated", [], actor, now)
    return True


def _editable(facts: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(facts) - EDITABLE_FIELDS)
    if unknown:
        raise ValueError(f"not editable: {', '.join(unknown)}")
    return {name: (value or None) if name == "tcg_product_id" else value for name, value in facts.items()}


def _record(product_id: UUID, verb: str, fields: list[str], actor: User | None, now: datetime) -> None:
    data = {"fields": fields} if fields else {}
    record_event(actor=actor, verb=verb, subject=f"product:{product_id}", data=data, now=now)


def _duplicate(facts: Mapping[str, Any]) -> DuplicateProductError:
    tcg_id = str(facts.get("tcg_product_id") or "")
    return DuplicateProductError(
        detail=f"Another article has the TCGplayer id {tcg_id}.", details={"tcg_product_id": tcg_id}
    )
