"""What a trader asks of a spread, and everything the controls look at."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from opportunities.models import CrossVenueOpportunity
from trading.choices import TradingMode
from users.models import User

from .checking import SpreadCheck

_SHOWN = (
    "revision", "buy_price", "sell_price", "cost", "proceeds", "net_profit", "net_bps", "gross_bps", "size",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SpreadRequest:
    """An order to act on a cross-venue opportunity.

    Args:
        quantity: units, > 0; whole cards of a gift card.
        accept_disclaimer: whether the trader accepts `trading.disclaimer`.
        max_buy_price: most to pay for one unit before fees; None sets no own limit.
        min_sell_price: least to get for one unit before fees; None sets no own limit.
        min_net_bps: least net profit; None sets no own limit.
        note: for people, at most 500 characters.
        mode: which broker; only paper exists.
    """

    quantity: Decimal
    accept_disclaimer: bool
    max_buy_price: Decimal | None = None
    min_sell_price: Decimal | None = None
    min_net_bps: Decimal | None = None
    note: str = ""
    mode: str = TradingMode.PAPER


@dataclass(frozen=True, slots=True)
class SpreadTrade:
    """Everything a control looks at.

    Args:
        opportunity: with instrument and venues; its instrument is locked by the transaction.
        actor: who acts.
        order: what they ask for.
        shown: figures of the last sighting, as the trader saw them, decimals as strings.
        moment: the database's time.
        check: the gap at the live quotes; None before they were read.
    """

    opportunity: CrossVenueOpportunity
    actor: User
    order: SpreadRequest
    shown: dict[str, Any]
    moment: datetime
    check: SpreadCheck | None = None


def figures_shown(row: CrossVenueOpportunity) -> dict[str, Any]:
    """Return what an opportunity shows, decimals as plain strings."""
    found = {name: getattr(row, name) for name in _SHOWN}
    texts = {name: f"{v.normalize():f}" if isinstance(v, Decimal) else v for name, v in found.items()}
    return {**texts, "last_seen_at": row.last_seen_at.isoformat()}
