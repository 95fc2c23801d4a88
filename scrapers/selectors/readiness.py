"""May a route start? Switched on, its source's currency, credentials present, opted into, terms reviewed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings

from scrapers.errors import RetiredInterface, SourceNotReady
from scrapers.models import SourceRoute
from scrapers.registry import RouteSpec, source_spec
from scrapers.venues.amazon.marketplaces import MARKETPLACES
from scrapers.venues.ebay.markets import MARKETS

from .endpoints import Mode

REVIEW_LASTS: Final = timedelta(days=180)

_MARKETPLACES: Final = {
    "ebay": ("EBAY_MARKETPLACE", {name: market.currency for name, market in MARKETS.items()}),
    "amazon": ("AMAZON_MARKETPLACE", {name: market.currency for name, market in MARKETPLACES.items()}),
}
"""Source -> the setting that chooses its marketplace, and the currency each of them prices in."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a route would start now; `code` and `reason` say why not."""

    code: str = ""
    reason: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether nothing is in the way."""
        return not self.code

    def require(self) -> None:
        """Refuse unless ready.

        Raises:
            RetiredInterface: if the configuration names an interface the venue has switched off.
            SourceNotReady: for every other reason.
        """
        if self.code == RetiredInterface.default_code:
            raise RetiredInterface(detail=self.reason)
        if self.code:
            raise SourceNotReady(self.code, self.reason)


def review_due_on(row: SourceRoute) -> date | None:
    """Return from which day on the route does not start without a new review; None before the first."""
    return None if row.reviewed_on is None else row.reviewed_on + REVIEW_LASTS


def readiness(row: SourceRoute, route: RouteSpec, *, mode: Mode, now: datetime) -> Readiness:
    """Judge one route. A demo asks our own simulator, which has no terms and accepts its own credentials.

    Args:
        row: its entry in the register.
        route: its entry in the registry.
        mode: live or demo.
        now: the current time.
    """
    checks: list[Callable[[], Readiness]] = [lambda: _switched_on(row), lambda: _in_its_currency(row)]
    if mode is Mode.LIVE:
        checks += [
            lambda: _not_retired(row),
            lambda: _has_credentials(row, route),
            lambda: _opted_in(row),
            lambda: _reviewed(row, now),
        ]
    for check in checks:
        found = check()
        if not found.is_ready:
            return found
    return Readiness()


def _switched_on(row: SourceRoute) -> Readiness:
    if row.is_enabled:
        return Readiness()
    return Readiness("switched_off", f"{row} is switched off.")


def _in_its_currency(row: SourceRoute) -> Readiness:
    """Refuse a marketplace whose every price the gate `wrong_currency` would hold."""
    if row.source not in _MARKETPLACES:
        return Readiness()
    setting, currencies = _MARKETPLACES[row.source]
    chosen = settings.VENUE_OPTIONS[setting]
    (wanted,) = {price.currency for price in source_spec(row.source).prices}
    if currencies.get(chosen) == wanted:
        return Readiness()
    fitting = ", ".join(name for name, currency in currencies.items() if currency == wanted)
    if chosen not in currencies:
        return Readiness(
            "unknown_marketplace", f"{row}: {setting}={chosen[:40]!r} is no marketplace; set {fitting}."
        )
    return Readiness(
        "marketplace_currency",
        f"{row}: {setting}={chosen} prices in {currencies[chosen]}, but the price source is in {wanted}, so "
        f"that every price would be held. Set {setting} to {fitting}.",
    )


def _not_retired(row: SourceRoute) -> Readiness:
    if row.source != "amazon" or not settings.VENUE_CREDENTIALS.get("AMAZON_PAAPI_ACCESS_KEY"):
        return Readiness()
    return Readiness(
        RetiredInterface.default_code,
        "AMAZON_PAAPI_ACCESS_KEY is set, but Amazon switched PA-API 5 off on 2026-05-15. Apply for the "
        "Creators API, set AMAZON_CREDENTIAL_ID, AMAZON_CREDENTIAL_SECRET and AMAZON_PARTNER_TAG, and remove "
        "the old key.",
    )


def _has_credentials(row: SourceRoute, route: RouteSpec) -> Readiness:
    missing = [name for name in route.credentials if not settings.VENUE_CREDENTIALS.get(name)]
    if not missing:
        return Readiness()
    return Readiness("credentials_missing", f"{row} needs {', '.join(missing)}.")


def _opted_in(row: SourceRoute) -> Readiness:
    if not row.is_opt_in or row.acknowledged_at is not None:
        return Readiness()
    return Readiness(
        "not_acknowledged",
        f"{row} is off until an operator acknowledges the venue's terms ({row.terms_url}).",
    )


def _reviewed(row: SourceRoute, now: datetime) -> Readiness:
    if row.reviewed_on is None:
        return Readiness("terms_not_reviewed", f"Nobody has reviewed the terms of {row} ({row.terms_url}).")
    if now.date() < row.reviewed_on + REVIEW_LASTS:
        return Readiness()
    return Readiness(
        "terms_review_expired",
        f"The terms of {row} were reviewed on {row.reviewed_on}, over {REVIEW_LASTS.days} days ago: "
        f"review {row.terms_url} again.",
    )
