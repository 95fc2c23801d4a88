"""What a desk broker is: it takes one leg's order as a value and says what became of it; it knows no rows."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

MAX_REASON: Final = 160
MAX_AMOUNT: Final = Decimal(10**11)
"""Most money of one fill, fees included: what the ledger holds. More is an error of whoever says so."""


class LegOutcome(StrEnum):
    """What is known of an order after asking."""

    FILLED = "filled"
    PARTIAL = "partial"
    REJECTED = "rejected"
    """The venue says that nothing happened."""
    NOT_SENT = "not_sent"
    """Nothing left this house, for certain."""
    PENDING = "pending"
    """The venue has it and has not decided."""
    NOT_FOUND = "not_found"
    """The venue does not know it: it was never sent, or has not arrived yet."""
    UNKNOWN = "unknown"
    """No answer, or none that can be understood."""


@dataclass(frozen=True, slots=True)
class LegInstruction:
    """One order of one leg.

    Args:
        client_order_id: ours, committed before anything leaves this house.
        venue: code of the venue.
        side: `buy` or `sell`, from our chair.
        symbol: route key of the instrument.
        base: brand or base asset.
        currency: of the prices.
        denomination: face value of a gift card; None for crypto.
        region: of a gift card; empty for crypto.
        quantity: units, > 0.
        limit_price: worst price of one unit, before fees.
        quote_id: the venue's name of the quote, if it has one.
        fee_bps: what the venue charges of the price.
        fixed_fee: and per order.
    """

    client_order_id: str
    venue: str
    side: str
    symbol: str
    base: str
    currency: str
    denomination: Decimal | None
    region: str
    quantity: Decimal
    limit_price: Decimal
    quote_id: str = ""
    fee_bps: Decimal = Decimal(0)
    fixed_fee: Decimal = Decimal(0)

    @property
    def is_whole(self) -> bool:
        """Return whether only whole units exist: half a gift card cannot be bought."""
        return self.denomination is not None


@dataclass(frozen=True, slots=True)
class LegReport:
    """What became of an order.

    Args:
        outcome: what is known.
        venue_order_id: the venue's name of it; empty if it has none.
        quantity: units filled; 0 unless filled in part or in full.
        price: of one unit, before fees.
        fees: of the whole fill; negative for a rebate.
        reason: why not, for people and without secrets.
    """

    outcome: LegOutcome
    venue_order_id: str = ""
    quantity: Decimal = Decimal(0)
    price: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)
    reason: str = ""


class DeskBroker(Protocol):
    """Carries one leg's order out at one venue. Both calls end within `LEG_TIMEOUT_MS` and never raise."""

    def send(self, order: LegInstruction, *, now: datetime) -> LegReport:
        """Send an order, once: whoever gets no answer asks with `find` and never sends again."""
        ...

    def find(self, order: LegInstruction, *, now: datetime) -> LegReport:
        """Ask what became of an order, by our own id."""
        ...
