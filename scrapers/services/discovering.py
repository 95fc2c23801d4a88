"""What venues know under a name: candidates for a person to look at, never joined to the catalogue here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from catalog.importers.articles import Article, ArticleIdentifier
from catalog.models import Product, ProductIdentifier
from common.audit import record_event
from common.errors import InvalidInput
from pricing.services import name_unmatched
from scrapers.errors import FetchFailed
from scrapers.records import SearchHit
from scrapers.registry import SourceSpec

from .desk import Desk, Setup
from .products import by_source
from .routes import ReadyRoute, ready_routes

MAX_QUERY: Final = 200
SEARCH_SECONDS: Final = 60.0


class QueryRefused(InvalidInput):
    """There is nothing to search for."""

    default_code = "query_refused"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One article a venue found, and the product of ours that already has its id, if there is one."""

    source: str
    name_space: str
    hit: SearchHit
    product_id: UUID | None = None


@dataclass(slots=True)
class Search:
    """What a search brought: candidates, best first within a source, and which sources gave no answer.

    It is its own watch: routes that may not start are told to it.
    """

    now: datetime
    candidates: list[Candidate] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    seconds_left: float = SEARCH_SECONDS

    def error(self, code: str, detail: str, subject: str = "") -> None:
        """Keep why a source gave no answer."""
        self.problems.append((subject, code, detail))

    def remark(self, code: str, detail: str, subject: str = "") -> None:
        """Leave out routes that nobody has set up."""

    def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        """Say nothing."""

    def count(self, name: str, number: int = 1) -> None:
        """Count nothing."""

    def check(self) -> None:
        """Go on."""


def search_venues(query: str, *, setup: Setup, named: Sequence[str] = (), now: datetime) -> Search:
    """Ask every source that can search for articles by name; the first route of a source that answers counts.

    Args:
        query: words, at most 200 characters.
        setup: mode, registry and sessions.
        named: only these sources; empty asks all.
        now: the current time.

    Raises:
        QueryRefused: if there is no word in the query, or it is too long.
    """
    words = " ".join(query.split())
    if not words or len(words) > MAX_QUERY or not words.isprintable():
        raise QueryRefused(detail=f"A query has 1 to {MAX_QUERY} characters.")
    search = Search(now)
    with Desk(setup) as desk:
        groups = by_source(ready_routes(setup, offering="search", watch=search, now=now, named=named))
        for source, routes in groups:
            hits = _first_answer(words, routes, desk, search)
            if hits is not None:
                search.asked.append(source.code)
                search.candidates += _candidates(source, hits)
    return search


def note_candidates(candidates: Sequence[Candidate], *, now: datetime) -> int:
    """List candidates that no product has the id of among the unmatched articles, for a person to match.

    Returns:
        How many are new there or have a new name.
    """
    unknown = [candidate for candidate in candidates if candidate.product_id is None]
    if not unknown:
        return 0
    articles = [
        Article(
            identifiers=(ArticleIdentifier(candidate.name_space, candidate.hit.external_id),),
            name=candidate.hit.name,
            product_type="",
            category="",
            set_name=candidate.hit.set_name,
            number=candidate.hit.number,
            is_complete=False,
        )
        for candidate in unknown
    ]
    with transaction.atomic():
        count = name_unmatched(articles, now=now)
        record_event(
            actor=None,
            verb="unmatched.discovered",
            subject="unmatched_article:search",
            data={"found": len(unknown), "noted": count},
            now=now,
        )
    return count


def _first_answer(
    words: str, routes: Sequence[ReadyRoute], desk: Desk, search: Search
) -> list[SearchHit] | None:
    for ready in routes:
        try:
            return desk.run(desk.scraper(ready.row, ready.route).search_products(words))
        except FetchFailed as error:
            search.error(error.code, error.detail, ready.name)
    return None


def _candidates(source: SourceSpec, hits: Sequence[SearchHit]) -> list[Candidate]:
    space = source.prices[0].identifier_source
    ids = [hit.external_id for hit in hits]
    rows = ProductIdentifier.objects.filter(source=space, external_id__in=ids)
    known = dict(rows.values_list("external_id", "product_id"))
    if space == "tcgplayer":
        own = Product.objects.filter(tcg_product_id__in=ids).values_list("tcg_product_id", "pk")
        known |= {str(external_id): key for external_id, key in own}
    return [Candidate(source.code, space, hit, known.get(hit.external_id)) for hit in hits]
