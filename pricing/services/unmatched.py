"""Articles that sources sell and the catalogue does not know: noted, named, matched by staff or ignored."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from catalog.choices import Finish
from catalog.importers.articles import Article
from catalog.models import Product, ProductIdentifier
from common.audit import record_event
from common.bulk import copy_rows, stage
from pricing.choices import UnmatchedStatus
from pricing.errors import MatchRefused
from pricing.models import UnmatchedArticle
from users.models import User

logger = structlog.get_logger(__name__)

MAX_ID: Final = 100
_NAMED: Final = (
    "name_space", "external_id", "name", "set_name", "set_code", "number", "language", "product_type",
    "category",
)  # fmt: skip
_WIDTHS: Final = (30, MAX_ID, 255, 100, 16, 20, 30, 50, 50)

_NOTE = """
INSERT INTO unmatched_articles AS u (name_space, external_id, name, set_name, set_code, number, language,
       product_type, category, seen_count, first_seen_at, last_seen_at, suggestion_reasons, status)
SELECT %(name_space)s, external_id, '', '', '', '', '', '', '', 1, %(now)s, %(now)s, '[]', 'open'
  FROM (SELECT DISTINCT unnest(%(ids)s::text[]) AS external_id) i
 ORDER BY external_id
    ON CONFLICT (name_space, external_id) DO UPDATE
   SET seen_count = u.seen_count + 1, last_seen_at = greatest(u.last_seen_at, excluded.last_seen_at),
       status = CASE u.status WHEN 'matched' THEN 'open' ELSE u.status END
"""

_FACTS = _NAMED[2:]
_NAME = f"""
INSERT INTO unmatched_articles AS u ({", ".join(_NAMED)}, seen_count, first_seen_at, last_seen_at,
       suggestion_reasons, status)
SELECT DISTINCT ON (name_space, external_id) {", ".join(_NAMED)}, 0, %(now)s, %(now)s, '[]', 'open'
  FROM staged_names s
 WHERE NOT EXISTS (SELECT FROM product_identifiers i
                    WHERE i.source = s.name_space AND i.external_id = s.external_id)
 ORDER BY name_space, external_id, line
    ON CONFLICT (name_space, external_id) DO UPDATE
   SET {", ".join(f"{name} = excluded.{name}" for name in _FACTS)}, suggested_at = NULL
 WHERE ({", ".join(f"u.{name}" for name in _FACTS)})
       IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _FACTS)})
"""  # noqa: S608 - made of our own constants

_SETTLE = """
UPDATE unmatched_articles u SET status = 'matched', decided_at = %(now)s
 WHERE u.status = 'open' AND EXISTS (SELECT FROM product_identifiers i
                                      WHERE i.source = u.name_space AND i.external_id = u.external_id)
"""


def note_unmatched(name_space: str, ids: Collection[str], *, now: datetime) -> int:
    """List outside ids that a batch could not match, or count them as seen once more.

    One statement for any number. A matched article that is unmatched again is open again; an ignored one
    stays ignored.

    Args:
        name_space: whose ids, e.g. `mcm`.
        ids: of one batch; each counts once.
        now: when they were seen.

    Returns:
        How many were noted; ids that cannot be stored (empty, over 100 characters, NUL) are left out.
    """
    usable = [external_id for external_id in ids if _is_storable(external_id)]
    if not usable:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"name_space": name_space, "ids": usable, "now": now})
        return int(cursor.rowcount)


def name_unmatched(articles: Iterable[Article], *, now: datetime, name_space: str = "") -> int:
    """Store what a product list says of articles that no identifier of the catalogue names.

    Articles that are matched are left alone, and so is what is already known of the others. A changed name
    asks for a new suggestion.

    Args:
        articles: consumed once; an article's own id is its first identifier, or the first of `name_space`.
        now: when the list was read.
        name_space: whose ids to take; empty takes that of each article's first identifier.

    Returns:
        How many articles are new or changed.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.staged_names")
        stage(cursor, "staged_names", "line integer, " + ", ".join(f"{name} text" for name in _NAMED))
        copy_rows(cursor, "staged_names", ("line", *_NAMED), _named_rows(articles, name_space))
        cursor.execute("ANALYZE staged_names (name_space, external_id)")
        return _execute(cursor, _NAME, now)


def settle_matched(*, now: datetime) -> int:
    """Close open articles whose id the catalogue has learned since; returns how many."""
    with connection.cursor() as cursor:
        return _execute(cursor, _SETTLE, now)


def confirm_match(
    *, article: UnmatchedArticle, product: Product, actor: User | None, now: datetime, finish: str = ""
) -> ProductIdentifier:
    """Enter a person's decision that an outside id is a product of the catalogue.

    Confirming the same again changes nothing. Prices of the article are stored from the next batch on.

    Args:
        article: open or ignored.
        product: an active product.
        actor: who decided.
        now: when.
        finish: the one finish the id stands for; empty for all.

    Raises:
        MatchRefused: if the id already names another product, for an unknown finish, or for a product that is
            not in use.
    """
    if finish and finish not in Finish.values:
        raise MatchRefused("unknown_finish", f"There is no finish {finish!r}.")
    if not product.is_active:
        raise MatchRefused("product_inactive", f"{product} is not in use.", {"product_id": str(product.id)})
    with transaction.atomic():
        row = UnmatchedArticle.objects.select_for_update().get(pk=article.pk)
        identifier = _identify(row, product, finish)
        if row.status == UnmatchedStatus.MATCHED:
            return identifier
        row.status, row.decided_by, row.decided_at = UnmatchedStatus.MATCHED, actor, now
        row.save(update_fields=["status", "decided_by", "decided_at"])
        _record(row, "article.matched", actor, now, product_id=str(product.id), finish=finish)
    return identifier


def ignore_unmatched(*, article: UnmatchedArticle, actor: User | None, now: datetime) -> bool:
    """Put an article out of sight: it is still counted, and never suggested for.

    Returns:
        Whether it was open before.

    Raises:
        MatchRefused: if it is matched.
    """
    with transaction.atomic():
        row = UnmatchedArticle.objects.select_for_update().get(pk=article.pk)
        if row.status == UnmatchedStatus.MATCHED:
            raise MatchRefused("already_matched", f"{row} is matched with a product.")
        if row.status == UnmatchedStatus.IGNORED:
            return False
        row.status, row.decided_by, row.decided_at = UnmatchedStatus.IGNORED, actor, now
        row.save(update_fields=["status", "decided_by", "decided_at"])
        _record(row, "article.ignored", actor, now)
    return True


@dataclass(frozen=True, slots=True)
class UnmatchedIds:
    """Ids of one batch that no product has, by name space."""

    by_name_space: dict[str, set[str]]

    def note(self, *, now: datetime) -> int:
        """Note all of them; returns how many."""
        return sum(note_unmatched(space, ids, now=now) for space, ids in sorted(self.by_name_space.items()))


def _identify(row: UnmatchedArticle, product: Product, finish: str) -> ProductIdentifier:
    """Return the id's entry in the catalogue, made if it is not there."""
    known = list(
        ProductIdentifier.objects.filter(source=row.name_space, external_id=row.external_id)
        .select_related("product")
        .order_by("id")
    )
    for identifier in known:
        if identifier.product_id != product.id:
            raise MatchRefused(
                "identifier_taken",
                f"{row.name_space}:{row.external_id} already names {identifier.product}.",
                {"product_id": str(identifier.product_id)},
            )
    same = [identifier for identifier in known if identifier.finish in ("", finish)]
    if same:
        return same[0]
    return ProductIdentifier.objects.create(
        product=product, source=row.name_space, external_id=row.external_id, finish=finish
    )


def _record(row: UnmatchedArticle, verb: str, actor: User | None, now: datetime, **facts: str) -> None:
    record_event(
        actor=actor,
        verb=verb,
        subject=f"unmatched_article:{row.pk}",
        data={"name_space": row.name_space, "external_id": row.external_id, **facts},
        now=now,
    )


def _named_rows(articles: Iterable[Article], name_space: str) -> Iterator[tuple[int | str, ...]]:
    for line, article in enumerate(articles, 1):
        own = next((i for i in article.identifiers if name_space in ("", i.source)), None)
        if own is None or not article.name.strip() or not _is_storable(own.external_id):
            continue
        facts = (
            own.source, own.external_id, article.name, article.set_name, article.set_code, article.number,
            article.language, article.product_type, article.category,
        )  # fmt: skip
        yield (
            line,
            *(text.replace("\x00", "")[:width] for text, width in zip(facts, _WIDTHS, strict=True)),
        )


def _is_storable(external_id: str) -> bool:
    return 0 < len(external_id) <= MAX_ID and "\x00" not in external_id


def _execute(cursor: CursorWrapper, statement: str, now: datetime) -> int:
    cursor.execute(statement, {"now": now})
    return int(cursor.rowcount)
