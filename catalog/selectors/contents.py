"""The stated contents of one sealed product."""

from uuid import UUID

from django.db.models import Prefetch

from catalog.models import ContentAlternative, ContentChoice, ContentsVersion, SealedContent


def current_contents(product_id: UUID) -> ContentsVersion | None:
    """Return the version that is valid now, or None when nothing was ever stated."""
    return ContentsVersion.objects.filter(product_id=product_id, is_current=True).first()


def contents_tree(product_id: UUID) -> ContentsVersion | None:
    """Return the version that is valid now with all its lines and choices, in few queries."""
    lines = SealedContent.objects.select_related("single", "sealed", "deck", "pack").order_by("position")
    alternatives = ContentAlternative.objects.order_by("position").prefetch_related(
        Prefetch("lines", queryset=lines)
    )
    choices = ContentChoice.objects.order_by("position").prefetch_related(
        Prefetch("alternatives", queryset=alternatives)
    )
    return (
        ContentsVersion.objects.filter(product_id=product_id, is_current=True)
        .prefetch_related(Prefetch("lines", queryset=lines), Prefetch("choices", queryset=choices))
        .first()
    )
