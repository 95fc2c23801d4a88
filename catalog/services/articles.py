"""Articles of bulk feeds: matched with products by identifier, or made where no other catalogue is."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from catalog.choices import Category
from catalog.importers.articles import Article, ArticleIdentifier
from catalog.importers.articles_cleaning import clean_article
from catalog.importers.articles_matching import DIFFERENT_ID, KnownIdentifiers, ProductFacts
from catalog.importers.articles_writing import (
    Placed,
    add_identifiers,
    create_products,
    fill_blanks,
    load_known,
)
from common.audit import record_event
from common.ids import uuid7

MAX_CONFLICTS_KEPT: Final = 1_000  # every conflict is counted; so many are kept word for word
BATCH: Final = 10_000
"""Articles looked at together: bounds the memory of an import, whatever the size of the feed."""
MANY_ROWS: Final = 5_000  # after so many new rows the planner should not wait for autovacuum
_LOCK: Final = 0x6D74676A  # the MTGJSON import's: both place identifiers, so they wait for each other


@dataclass(frozen=True, slots=True)
class ArticleConflict:
    """An article that contradicts the catalogue, and how (`catalog.importers.articles_matching`)."""

    source: str
    external_id: str
    name: str
    reason: str


@dataclass(slots=True)
class ArticleReport:
    """What became of the articles of one import.

    Args:
        source: the feed.
        created: new products.
        matched: articles that a product was found for.
        filled: products that gained a fact they lacked.
        identifiers_added: new identifiers, those of new products among them.
        conflict_count: contradictions; nothing was written for them (`different_id`: only that id was not).
        conflicts: the first of them.
        unmatched: articles without a product that may not be created, cleaned.
        skipped: reason -> count of articles that could not be used.
    """

    source: str
    created: int = 0
    matched: int = 0
    filled: int = 0
    identifiers_added: int = 0
    conflict_count: int = 0
    conflicts: list[ArticleConflict] = field(default_factory=list)
    unmatched: list[Article] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    @property
    def has_changed(self) -> bool:
        """Whether anything was written."""
        return bool(self.created or self.filled or self.identifiers_added)

    def as_data(self) -> dict[str, Any]:
        """Return the counts as JSON-compatible data."""
        return {
            "source": self.source,
            "created": self.created,
            "matched": self.matched,
            "filled": self.filled,
            "identifiers_added": self.identifiers_added,
            "conflicts": self.conflict_count,
            "unmatched": len(self.unmatched),
            "skipped": dict(self.skipped),
        }

    def add_conflict(
        self, article: Article, reason: str, identifier: ArticleIdentifier | None = None
    ) -> None:
        """Count a contradiction, of one identifier or of the whole article."""
        self.conflict_count += 1
        if len(self.conflicts) < MAX_CONFLICTS_KEPT:
            row = identifier or article.identifiers[0]
            self.conflicts.append(ArticleConflict(row.source, row.external_id, article.name, reason))


@dataclass(slots=True)
class _Plan:
    """What is to be written."""

    new: list[Placed] = field(default_factory=list)
    matched: list[Placed] = field(default_factory=list)
    identifiers: list[tuple[UUID, ArticleIdentifier]] = field(default_factory=list)


def import_articles(
    articles: Iterable[Article], *, source: str, now: datetime, may_create: bool = True
) -> ArticleReport:
    """Bring a feed's articles into the catalogue, in one transaction. Doing it again changes nothing.

    An article is the product that one of its identifiers already belongs to; names are never compared. A
    matched product gains the identifiers and the facts it lacks and keeps all it has. Magic products come
    from MTGJSON only, so Magic articles are matched and never created.

    Args:
        articles: consumed once.
        source: name of the feed, for the audit trail.
        now: time of the import; becomes created_at and updated_at of what is written.
        may_create: whether articles that are complete and of no known product become products.

    Returns:
        Counts, conflicts, and the articles that stay without a product.
    """
    report = ArticleReport(source)
    usable = _usable(articles, report)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        while batch := list(islice(usable, BATCH)):
            _import_batch(cursor, batch, report, now=now, may_create=may_create)
        if report.identifiers_added > MANY_ROWS:
            cursor.execute("ANALYZE products")
            cursor.execute("ANALYZE product_identifiers")
        if report.has_changed:
            record_event(
                actor=None,
                verb="catalog.articles_imported",
                subject=f"source:{source}",
                data=report.as_data(),
                now=now,
            )
    return report


def _import_batch(
    cursor: CursorWrapper,
    articles: Sequence[Article],
    report: ArticleReport,
    *,
    now: datetime,
    may_create: bool,
) -> None:
    """Bring some articles in; what earlier batches of the transaction wrote is known to this one."""
    plan = _plan(articles, load_known(cursor, articles), report, may_create=may_create)
    report.matched += len(plan.matched)
    report.filled += fill_blanks(cursor, plan.matched, now=now) if plan.matched else 0
    report.created += create_products(cursor, plan.new, now=now)
    report.identifiers_added += add_identifiers(cursor, plan.identifiers)


def _usable(articles: Iterable[Article], report: ArticleReport) -> Iterator[Article]:
    """Yield the articles that can be stored, each once; count the others."""
    seen: set[ArticleIdentifier] = set()
    for article in articles:
        cleaned = clean_article(article)
        if isinstance(cleaned, str):
            report.skipped[cleaned] += 1
        elif cleaned.identifiers[0] in seen:
            report.skipped["repeated"] += 1
        else:
            seen.add(cleaned.identifiers[0])
            yield cleaned


def _plan(
    articles: Sequence[Article], known: KnownIdentifiers, report: ArticleReport, *, may_create: bool
) -> _Plan:
    plan = _Plan()
    for article in articles:
        match = known.match(article)
        if match.conflict:
            report.add_conflict(article, match.conflict)
        elif match.product_id is not None:
            for row in match.contradicted:
                report.add_conflict(article, DIFFERENT_ID, row)
            tcg_id = known.claim_tcgplayer_id(match.product_id, article)
            plan.matched.append(Placed(match.product_id, article, tcg_id))
            plan.identifiers.extend((match.product_id, row) for row in match.added)
            known.add(match.product_id, match.added)
        elif may_create and article.is_complete and article.category != Category.MTG:
            product_id = uuid7()
            known.add_product(product_id, ProductFacts(article.category, article.product_type))
            known.add(product_id, article.identifiers)
            plan.new.append(Placed(product_id, article, known.claim_tcgplayer_id(product_id, article)))
            plan.identifiers.extend((product_id, row) for row in article.identifiers)
        else:
            report.unmatched.append(article)
    return plan
