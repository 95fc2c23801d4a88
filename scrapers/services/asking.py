"""Asking the ordered routes of a source about one product: the first route that answers wins.

Asynchronous and pure of the database, so that several hosts can be asked side by side.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog

from scrapers.base import BaseScraper
from scrapers.choices import FetchOutcome
from scrapers.errors import BreakerOpen, EvidenceMissing, FetchFailed, MarkupDrift, NotListed, NotOffered
from scrapers.records import ScrapedPrice
from scrapers.selectors.targets import Article

from .routes import ReadyRoute

logger = structlog.get_logger(__name__)

PARSER_CRASHED: Final = "parser_crashed"


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one route answered about one product.

    `is_answer`: no further route is asked. `is_put_off`: no request was sent, because the host is left alone.
    `is_passed_over`: none was sent, because the route knows no article by such ids.
    """

    ready: ReadyRoute
    outcome: FetchOutcome
    at: datetime
    code: str = ""
    detail: str = ""
    records: tuple[ScrapedPrice, ...] = ()
    is_answer: bool = False
    is_put_off: bool = False
    is_passed_over: bool = False
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


@dataclass(frozen=True, slots=True)
class OpenRoute:
    """A route with its open scraper."""

    ready: ReadyRoute
    scraper: BaseScraper


async def ask_routes(article: Article, routes: Sequence[OpenRoute]) -> Answer:
    """Ask one route after the other until one answers. Never raises for what a venue does.

    An answer is a price, "nothing on offer", or "not listed". Everything else falls back to the next route.
    """
    answer = Answer(article)
    for route in routes:
        attempt = await _ask(article, route)
        answer.attempts.append(attempt)
        if attempt.is_answer:
            break
    return answer


async def _ask(article: Article, route: OpenRoute) -> Attempt:
    external_ids = route.scraper.ids_to_ask(article.external_ids)
    if external_ids:
        return await _ask_by(external_ids, article, route)
    return Attempt(route.ready, FetchOutcome.REFUSED, route.scraper.clock.now(), is_passed_over=True)


async def _ask_by(external_ids: Sequence[str], article: Article, route: OpenRoute) -> Attempt:
    clock, ready = route.scraper.clock, route.ready
    try:
        records = []
        for external_id in external_ids:
            found = await route.scraper.scrape_product_price(external_id)
            if found is not None:
                records.append(checked(found, external_id))
    except NotListed as error:
        return Attempt(ready, error.outcome, clock.now(), error.code, error.detail, is_answer=True)
    except BreakerOpen as error:
        return Attempt(ready, error.outcome, clock.now(), error.code, error.detail, is_put_off=True)
    except FetchFailed as error:
        is_drift = isinstance(error, MarkupDrift)
        return Attempt(ready, error.outcome, clock.now(), error.code, error.detail, is_drift=is_drift)
    except NotOffered as error:
        return Attempt(ready, FetchOutcome.REFUSED, clock.now(), error.code, error.detail)
    except Exception:  # a parser's own mistake: one bad product never stops a run
        logger.exception("product.parser_crashed", route=ready.name, product=str(article.product_id))
        detail = "The parser failed unexpectedly; the log says where."
        return Attempt(ready, FetchOutcome.UNREADABLE, clock.now(), PARSER_CRASHED, detail)
    outcome = FetchOutcome.OK if records else FetchOutcome.NO_OFFER
    return Attempt(ready, outcome, clock.now(), records=tuple(records), is_answer=True)


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
