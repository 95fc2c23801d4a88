"""What the table of sources says about each: routes, terms, price sources."""

from dataclasses import dataclass, field
from datetime import date

from pricing.choices import PriceType, Route
from scrapers.choices import RobotsPolicy


@dataclass(frozen=True, slots=True)
class RouteSpec:
    """One way to a source's prices.

    Args:
        code: unique within the source.
        route: bulk, API or page.
        scraper: `module:Class`, imported when it is used.
        endpoints: names in `settings.VENUE_URLS`.
        credentials: settings that must all be filled for the route to start.
        is_opt_in: off until an operator acknowledges the venue's terms.
        calls_a_day: requests the venue's terms allow in a day; None if they name no number.
        robots: whether robots.txt rules the route.
        terms_url: where the terms are.
        allowed_use: what they were found to allow, and on what grounds.
        reviewed_on: when that was; None where an operator has to do it first.
        attribution: text to show wherever the data is shown.
    """

    code: str
    route: Route
    scraper: str
    endpoints: tuple[str, ...]
    credentials: tuple[str, ...] = ()
    is_opt_in: bool = False
    calls_a_day: int | None = None
    robots: RobotsPolicy = RobotsPolicy.PUBLISHED_API
    terms_url: str = ""
    allowed_use: str = ""
    reviewed_on: date | None = None
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class PriceSourceSpec:
    """A price source that routes write to (a row of `pricing.PriceSource`)."""

    code: str
    venue: str
    currency: str
    identifier_source: str
    market_price_type: PriceType
    is_reference: bool = False
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A venue or data provider with its routes in order."""

    code: str
    name: str
    routes: tuple[RouteSpec, ...]
    prices: tuple[PriceSourceSpec, ...] = ()
    categories: tuple[str, ...] = field(default=("mtg", "pokemon", "yugioh"))
