"""Suggestions for unmatched articles: computed, scored, shown to staff, and never applied by themselves."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction

from catalog.models import Product
from pricing.matching import Described, MatchScore, base_name, best_match, normalised, score_match
from pricing.models import UnmatchedArticle
from pricing.selectors.unmatched import (
    articles_to_suggest,
    described_article,
    described_product,
    products_known_to,
    products_like,
    products_named,
)

from .unmatched import settle_matched

logger = structlog.get_logger(__name__)

AGAIN_AFTER: Final = timedelta(days=7)  # the catalogue grows: what found nothing is looked at again
MOST: Final = 500
_FIELDS: Final = ("suggestion", "suggestion_score", "suggestion_reasons", "suggested_at")


@dataclass(frozen=True, slots=True)
class SuggestionReport:
    """What a round of suggestions did: settled articles have an identifier by now."""

    settled: int
    looked_at: int
    suggested: int


def suggest_matches(*, now: datetime, limit: int = MOST) -> SuggestionReport:
    """Look for the product of open articles that have a name, and keep a suggestion where one is clear.

    Products of exactly the article's name are compared first, all in one query; the product search is asked
    only for articles they do not explain. A suggestion says how alike both are (0 to 1) and why; where two
    products fit about equally there is none.

    Args:
        now: articles looked at within the last seven days wait.
        limit: at most so many articles, so that a round is short.
    """
    settled = settle_matched(now=now)
    articles = articles_to_suggest(again_before=now - AGAIN_AFTER, limit=limit)
    by_name = _products_by_name(articles)
    known = _known(articles, [product for products in by_name.values() for product in products])
    suggested = 0
    for article in articles:
        suggested += _suggest(article, by_name, known, now)
    with transaction.atomic():
        UnmatchedArticle.objects.bulk_update(articles, _FIELDS, batch_size=MOST)
    report = SuggestionReport(settled, len(articles), suggested)
    logger.info(
        "unmatched.suggested", settled=settled, looked_at=report.looked_at, suggested=report.suggested
    )
    return report


def _products_by_name(articles: Iterable[UnmatchedArticle]) -> dict[str, list[Product]]:
    names = {name for article in articles for name in (article.name, base_name(article.name)) if name}
    found: dict[str, list[Product]] = defaultdict(list)
    for product in products_named(names):
        found[normalised(product.name)].append(product)
    return found


def _known(articles: Iterable[UnmatchedArticle], products: Sequence[Product]) -> dict[str, set[str]]:
    """Return name space -> ids of the products that have an identifier in it."""
    return {space: products_known_to(space, products) for space in {a.name_space for a in articles}}


def _suggest(
    article: UnmatchedArticle, by_name: dict[str, list[Product]], known: dict[str, set[str]], now: datetime
) -> bool:
    """Set the article's suggestion fields; return whether there is one."""
    described = described_article(article)
    names = {normalised(article.name), normalised(base_name(article.name))}
    products = [product for name in sorted(names) for product in by_name.get(name, ())]
    chosen = _best(described, products, known[article.name_space])
    if chosen is None and not products:
        products = products_like(described)
        chosen = _best(described, products, products_known_to(article.name_space, products))
    product, score = chosen or (None, None)
    article.suggested_at = now
    article.suggestion = product
    article.suggestion_score = None if score is None else score.score
    article.suggestion_reasons = [] if score is None else list(score.reasons)
    return product is not None


def _best(
    described: Described, products: Iterable[Product], known: set[str]
) -> tuple[Product, MatchScore] | None:
    scores: dict[Product, MatchScore] = {}
    for product in products:
        found = score_match(
            described, described_product(product), is_known_otherwise=str(product.id) in known
        )
        if found is not None:
            scores[product] = found
    best = best_match(scores)
    return None if best is None else (best, scores[best])
