"""Asking the ordered routes of a source about one product: the first route that answers wins.

Asynchronous and pure of the database, so that several hosts can be asked side by side.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from scrapers.base import BaseScraper
from scrapers.choices import FetchOutcome
from scrapers.errors import (
    CredentialsRefused,
    EvidenceMissing,
    FetchFailed,
    MarkupDrift,
    NotListed,
    NotOffered,
    SourceNotReady,
)
from scrapers.records import ScrapedPrice
from scrapers.selectors.targets import Article

from .routes import ReadyRoute

logger = structlog.get_logger(__name__)

PARSER_CRASHED: Final = "parser_crashed"
ALLOWANCE_SPENT: Final = "allowance_spent"
ALLOWANCE_PAUSE: Final = timedelta(hours=1)
"""Requests are counted by the hour, so that there can be room again after so long."""
CALLS_OF_AN_ARTICLE: Final = 30
"""At most: three ids of up to three pages, each tried three times, and a login."""
MAX_IDS: Final = 3
"""So many ids of one article (finishes) a route is asked about, the shortest first; further ones are not."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one route answered about one product.

    `is_answer`: no further route is asked. `is_put_off`: the request was held back, because the host is to be
    left alone, for `resume_after` if that is known. `is_passed_over`: none was sent, because the route knows
    no article by such ids. `is_dead_end`: whatever the article, the route would answer the same.
    """

    ready: ReadyRoute
    outcome: FetchOutcome
    at: datetime
    code: str = ""
    detail: str = ""
    records: tuple[ScrapedPrice, ...] = ()
    is_answer: bool = False
    is_put_off: bool = False
    resume_after: timedelta | None = None
    is_passed_over: bool = False
    is_dead_end: bool = False
    is_drift: bool = False


@dataclass(slots=True)
class Answer:
    """All attempts about one product at one source, in order; the last one decides."""

    article: Article
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def is_put_off(self) -> bool:
        """Whether nobody was asked: every route's host is left alone for now."""
        tried = [attempt for attempt in self.attempts if not attempt.is_passed_over]
        return bool(tried) and all(attempt.is_put_off for attempt in tried)

    @property
    def sent(self) -> list[Attempt]:
        """The attempts that were more than a look at the ids or the breaker."""
        return [attempt for attempt in self.attempts if not (attempt.is_put_off or attempt.is_passed_over)]


@dataclass(slots=True)
class OpenRoute:
    """A route with its open scraper, and how many requests it may still send (None: any number)."""

    ready: ReadyRoute
    scraper: BaseScraper
    calls_left: int | None = None
    _taken: int = field(init=False)

    def __post_init__(self) -> None:
        self._taken = self.scraper.session.requests_sent

    @property
    def is_spent(self) -> bool:
        """Whether one more article could need more requests than the venue allows."""
        untaken = self.scraper.session.requests_sent - self._taken
        return self.calls_left is not None and self.calls_left - untaken < CALLS_OF_AN_ARTICLE

    def take_calls(self) -> int:
        """Return the requests sent since this was last asked, and take them off what is left."""
        calls = self.scraper.session.requests_sent - self._taken
        self._taken += calls
        if self.calls_left is not None:
            self.calls_left -= calls
        return calls

    def ids_of(self, article: Article) -> Sequence[str]:
        """Return the ids to ask this route by; none if it knows no article by such ids."""
        return self.scraper.ids_to_ask(article.external_ids)[:MAX_IDS]


async def ask_routes(article: Article, routes: Sequence[OpenRoute]) -> Answer:
    """Ask one route after the other until one answers. Never raises for what a venue does.

    An answer is a price, "nothing on offer", or "not listed". Everything else falls back to the next route;
    what other ids of the article had brought before is kept.
    """
    answer = Answer(article)
    for route in routes:
        attempt = await _ask(article, route)
        answer.attempts.append(attempt)
        if attempt.is_answer:
            break
    return answer


async def _ask(article: Article, route: OpenRoute) -> Attempt:
    external_ids = route.ids_of(article)
    now = route.scraper.clock.now()
    if not external_ids:
        return Attempt(route.ready, FetchOutcome.REFUSED, now, is_passed_over=True)
    if route.is_spent:
        detail = f"{route.ready.name} was asked as often as its venue allows in a day."
        return Attempt(
            route.ready,
            FetchOutcome.RATE_LIMITED,
            now,
            ALLOWANCE_SPENT,
            detail,
            is_put_off=True,
            resume_after=ALLOWANCE_PAUSE,
        )
    return await _ask_by(external_ids, article, route)


async def _ask_by(external_ids: Sequence[str], article: Article, route: OpenRoute) -> Attempt:
    clock, ready = route.scraper.clock, route.ready
    records: list[ScrapedPrice] = []
    try:
        gone = await _collect(records, external_ids, route.scraper)
    except FetchFailed as error:
        return _failed(error, ready, clock.now(), tuple(records))
    except (NotOffered, SourceNotReady) as error:
        return Attempt(ready, FetchOutcome.REFUSED, clock.now(), error.code, error.detail, is_dead_end=True)
    except Exception:  # a parser's own mistake: one bad product never stops a run
        logger.exception("product.parser_crashed", route=ready.name, product=str(article.product_id))
        detail = "The parser failed unexpectedly; the log says where."
        return Attempt(
            ready, FetchOutcome.UNREADABLE, clock.now(), PARSER_CRASHED, detail, records=tuple(records)
        )
    if gone is not None:
        return Attempt(ready, gone.outcome, clock.now(), gone.code, gone.detail, is_answer=True)
    outcome = FetchOutcome.OK if records else FetchOutcome.NO_OFFER
    return Attempt(ready, outcome, clock.now(), records=tuple(records), is_answer=True)


async def _collect(
    records: list[ScrapedPrice], external_ids: Sequence[str], scraper: BaseScraper
) -> NotListed | None:
    """Add what each id brings to the records; return why there are none if the venue knows none of them."""
    unknown: list[NotListed] = []
    for external_id in external_ids:
        try:
            found = await scraper.scrape_product_price(external_id)
        except NotListed as error:
            unknown.append(error)
            continue
        if found is not None:
            records.append(checked(found, external_id))
    return unknown[0] if len(unknown) == len(external_ids) else None


def _failed(
    error: FetchFailed, ready: ReadyRoute, at: datetime, records: tuple[ScrapedPrice, ...]
) -> Attempt:
    return Attempt(
        ready,
        error.outcome,
        at,
        error.code,
        error.detail,
        records,
        is_put_off=error.is_unsent and not records,
        resume_after=error.resume_after,
        is_dead_end=isinstance(error, CredentialsRefused),
        is_drift=isinstance(error, MarkupDrift),
    )


def checked(record: ScrapedPrice, external_id: str) -> ScrapedPrice:
    """Return a record that proves what it says.

    Raises:
        EvidenceMissing: if it is about another article, or does not say whose and in which currency.
    """
    evidence = record.evidence
    if record.external_id != external_id or not evidence.product_id:
        raise EvidenceMissing(detail=f"Asked for {external_id}, answered about {record.external_id or '?'}.")
    if not record.currency or evidence.currency != record.currency or not evidence.selector:
        raise EvidenceMissing(detail=f"The answer about {external_id} does not prove its currency.")
    if not record.quotes and not record.sales:
        raise EvidenceMissing(detail=f"The answer about {external_id} holds neither price nor sale.")
    return record
