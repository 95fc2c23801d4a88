"""Reads of the live markets: their rows as plain values, and where each is asked."""

from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from yarl import URL

from catalog.choices import InstrumentKind
from common.secrets import Secret, decrypt
from scrapers.choices import LiveAdapter, MarketOrigin, MarketSide
from scrapers.giftcards.market import Market
from scrapers.giftcards.rules import MarketFacts
from scrapers.models import LiveMarket

REAL_ADDRESSES: Final = {
    LiveAdapter.RELOADLY.value: "https://giftcards.reloadly.com",
    LiveAdapter.BITREFILL.value: "https://api.bitrefill.com/v2",
}
SIMULATED_PATHS: Final = {
    LiveAdapter.RELOADLY.value: "reloadly",
    LiveAdapter.BITREFILL.value: "bitrefill/v2",
    LiveAdapter.JSON.value: "giftdesk-{code}/quotes",
}


OTHER_HOST: Final = "is kept for the host it was given for: type it again, or remove it"


def token_context(row_id: int) -> str:
    """Return what the ciphertext of a market's token is bound to."""
    return f"{LiveMarket._meta.db_table}.token:{row_id}"


def market_token(row: LiveMarket) -> Secret:
    """Return a market's token; an empty one where it has none.

    Raises:
        SecretError: if its key is gone, or it was changed or belongs to another row.
    """
    if not row.token:
        return Secret("")
    return decrypt(row.token, context=token_context(row.pk))


def takes_token_elsewhere(row: LiveMarket, facts: MarketFacts) -> bool:
    """Tell whether a change would send the stored token to a host it was not given for.

    Else whoever may change a market could have its token sent to a host of their own.
    """
    known = {URL(url).host for url in (market_url(row), row.order_url) if url}
    return bool(row.token) and not {URL(url).host for url in (facts.url, facts.order_url) if url} <= known


def market_url(row: LiveMarket) -> str:
    """Return where a gift-card market is asked for quotes; empty where there is nowhere.

    Its own address counts first, then the simulator's, then the real venue's (never for the demo).
    """
    if row.url:
        return row.url if row.adapter == LiveAdapter.JSON else row.url.rstrip("/")
    if settings.VENUE_SIMULATOR_URL and row.adapter in SIMULATED_PATHS:
        path = SIMULATED_PATHS[row.adapter].format(code=row.code)
        return f"{settings.VENUE_SIMULATOR_URL}/{path}"
    return "" if row.origin == MarketOrigin.DEMO else REAL_ADDRESSES.get(row.adapter, "")


def gift_card_markets() -> QuerySet[LiveMarket]:
    """Return the gift-card markets that are switched on, by code."""
    rows = LiveMarket.objects.filter(kind=InstrumentKind.GIFT_CARD, is_enabled=True, venue__is_enabled=True)
    return rows.order_by("code")


def as_market(row: LiveMarket) -> Market:
    """Return a row as the value connectors work with.

    Raises:
        SecretError: if its token cannot be read.
    """
    return Market(
        code=row.code,
        adapter=LiveAdapter(row.adapter),
        side=MarketSide(row.side),
        url=market_url(row),
        token=market_token(row),
        token_header=row.token_header,
        poll_ms=row.poll_ms,
        timeout_ms=row.timeout_ms,
        fee_bps=row.fee_bps,
        slippage_bps=row.slippage_bps,
        fixed_fee=row.fixed_fee,
        currency=row.currency,
        region=row.region,
        brands=tuple(row.brands),
        items_path=row.items_path,
        field_map=dict(row.field_map),
    )
