"""Reads about unmatched articles: which wait for a suggestion, and which products one could be."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from django.db import models

from catalog.models import Product, ProductIdentifier
from pricing.choices import UnmatchedStatus
from pricing.matching import Described, base_name
from pricing.models import UnmatchedArticle

MOST_FOUND: Final = 20  # products of one search; an article that fits more is too vague to suggest for

_FACTS: Final = ("id", "name", "set_name", "set_code", "number", "language", "product_type", "category")


def unmatched_articles() -> models.QuerySet[UnmatchedArticle]:
    """Return all noted articles with their suggestions, best suggestion first."""
    rows = UnmatchedArticle.objects.select_related("suggestion")
    return rows.order_by("status", models.F("suggestion_score").desc(nulls_last=True), "id")


def articles_to_suggest(*, again_before: datetime, limit: int) -> list[UnmatchedArticle]:
    """Return open articles with a name, those never looked at first, then those looked at longest ago.

    Args:
        again_before: articles looked at since then are left out.
        limit: at most so many.
    """
    rows = UnmatchedArticle.objects.filter(status=UnmatchedStatus.OPEN).exclude(name="")
    rows = rows.filter(models.Q(suggested_at=None) | models.Q(suggested_at__lt=again_before))
    return list(rows.order_by(models.F("suggested_at").asc(nulls_first=True), "id")[:limit])


def products_named(names: Collection[str]) -> list[Product]:
    """Return the active products of exactly these names, by the index on names."""
    found = Product.objects.active().filter(name__in=names).only("key", *_FACTS)
    return list(found.order_by("name", "id"))


def products_like(described: Described) -> list[Product]:
    """Return active products whose text has every word of a name; none if there are too many."""
    found = Product.objects.active().search(base_name(described.name))
    for name in ("category", "product_type"):
        if value := getattr(described, name):
            found = found.filter(**{name: value})
    rows = list(found.only("key", *_FACTS).order_by("name", "id")[: MOST_FOUND + 1])
    return [] if len(rows) > MOST_FOUND else rows


def products_known_to(name_space: str, products: Iterable[Product]) -> set[str]:
    """Return the ids (as text) of those products that have an identifier of a name space."""
    ids = [product.id for product in products]
    known = ProductIdentifier.objects.filter(source=name_space, product__in=ids)
    return {str(product_id) for product_id in known.values_list("product_id", flat=True)}


def described_product(product: Product) -> Described:
    """Return a product as the matching takes it."""
    return Described(**{name: getattr(product, name) for name in _FACTS[1:]})


def described_article(article: UnmatchedArticle) -> Described:
    """Return a noted article as the matching takes it."""
    return Described(**{name: getattr(article, name) for name in _FACTS[1:]})
