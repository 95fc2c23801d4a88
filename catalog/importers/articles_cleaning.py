"""Makes the articles of a feed storable: text without control characters, cut to its column, known values."""

import re
from datetime import date
from typing import Final, TypeAlias

from catalog.choices import Category, Finish, ProductType
from catalog.models import Product, ProductIdentifier

from .articles import Article, ArticleIdentifier

Unusable: TypeAlias = str
"""Why an article cannot be used: a stable lower-snake word."""

_UNSTORABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_FINISHES: Final = frozenset(Finish.values)
_EARLIEST_YEAR: Final = 1900
_LATEST_YEAR: Final = 2200


def _limit(model: type[Product] | type[ProductIdentifier], field: str) -> int:
    column = model._meta.get_field(field)
    return getattr(column, "max_length", None) or 0


_LIMITS: Final = {
    name: _limit(Product, name)
    for name in ("name", "set_name", "set_code", "number", "rarity", "language", "sealed_kind")
}
_MAX_SOURCE: Final = _limit(ProductIdentifier, "source")
_MAX_EXTERNAL_ID: Final = _limit(ProductIdentifier, "external_id")
_MAX_IMAGE_URL: Final = _limit(Product, "image_url")


def clean_article(article: Article) -> Article | Unusable:
    """Return the article as it can be stored, or why it cannot.

    Text is cut to its column; an identifier or address never is: one that does not fit is left out.

    Returns:
        The cleaned article; or `no_name`, `no_identifier`, `unknown_category`, `unknown_product_type`.
    """
    if article.category not in Category.values:
        return "unknown_category"
    if article.product_type not in ProductType.values:
        return "unknown_product_type"
    identifiers = tuple(
        dict.fromkeys(found for row in article.identifiers if (found := _identifier(row)) is not None)
    )
    if not identifiers or _identifier(article.identifiers[0]) is None:
        return "no_identifier"
    if not (name := _text(article, "name")):
        return "no_name"
    is_single = article.product_type == ProductType.SINGLE
    return Article(
        identifiers=identifiers,
        name=name,
        product_type=article.product_type,
        category=article.category,
        set_name=_text(article, "set_name"),
        set_code=_text(article, "set_code"),
        number=_text(article, "number"),
        rarity=_text(article, "rarity"),
        language=_text(article, "language") or "English",
        finishes=_finishes(article.finishes) if is_single else (),
        sealed_kind="" if is_single else _text(article, "sealed_kind"),
        released_on=_day(article.released_on),
        image_url=_address(article.image_url),
        is_complete=article.is_complete,
    )


def _text(article: Article, field: str) -> str:
    value: str = getattr(article, field)
    return " ".join(_UNSTORABLE.sub(" ", value).split())[: _LIMITS[field]].strip()


def _identifier(row: ArticleIdentifier) -> ArticleIdentifier | None:
    source, external_id = row.source.strip(), row.external_id.strip()
    fits = 0 < len(source) <= _MAX_SOURCE and 0 < len(external_id) <= _MAX_EXTERNAL_ID
    if not fits or _UNSTORABLE.search(source + external_id) or (row.finish and row.finish not in _FINISHES):
        return None
    return ArticleIdentifier(source, external_id, row.finish)


def _finishes(stated: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(finish for finish in stated if finish in _FINISHES))


def _day(stated: date | None) -> date | None:
    return stated if stated is not None and _EARLIEST_YEAR <= stated.year <= _LATEST_YEAR else None


def _address(stated: str) -> str:
    address = stated.strip()
    is_web = address.startswith(("https://", "http://")) and len(address) <= _MAX_IMAGE_URL
    return address if is_web and not _UNSTORABLE.search(address) and " " not in address else ""
