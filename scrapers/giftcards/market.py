"""One declared gift-card market as a plain value, which connectors work with outside the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from common.secrets import Secret
from scrapers.choices import LiveAdapter, MarketSide


@dataclass(frozen=True, slots=True)
class Market:
    """What a connector needs to know of a market.

    Args:
        code: R000's `<ID>` in lower case; also the venue's code.
        adapter: which connector speaks with it.
        side: seen from the venue's chair: `sell` makes asks, `buy` bids.
        url: where quotes are asked for; resolved, never empty except for invented markets.
        token: bearer token, or `client_id:client_secret` for Reloadly; empty where none is needed.
        token_header: header that carries the token as it is; empty for `Authorization: Bearer …`.
        poll_ms: from the start of one request to the start of the next.
        timeout_ms: for one complete answer.
        fee_bps: of the price, paid at this venue.
        slippage_bps: of the price.
        fixed_fee: per trade, in the market's currency.
        currency: of quotes that do not say their own.
        region: of quotes that do not say their own, and of the venue.
        brands: slugs; empty means all.
        items_path: dotted path to the list of quotes; empty for the default.
        field_map: our field to their dotted path, where names differ.
    """

    code: str
    adapter: LiveAdapter
    side: MarketSide
    url: str = ""
    token: Secret = field(default_factory=lambda: Secret(""))
    token_header: str = ""
    poll_ms: int = 2_000
    timeout_ms: int = 5_000
    fee_bps: Decimal = Decimal(0)
    slippage_bps: Decimal = Decimal(0)
    fixed_fee: Decimal = Decimal(0)
    currency: str = "USD"
    region: str = "US"
    brands: tuple[str, ...] = ()
    items_path: str = ""
    field_map: Mapping[str, str] = field(default_factory=dict)

    def token_headers(self) -> dict[str, str]:
        """Return the header that carries the token, or none."""
        token = self.token.reveal()
        if not token:
            return {}
        if self.token_header:
            return {self.token_header: token}
        return {"Authorization": f"Bearer {token}"}
