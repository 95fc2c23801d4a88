"""The stated contents of one sealed product."""

from uuid import UUID

from catalog.models import ContentsVersion


def current_contents(product_id: UUID) -> ContentsVersion | None:
    """Return the version that is valid now, or None when nothing was ever stated."""
    return ContentsVersion.objects.filter(product_id=product_id, is_current=True).first()
