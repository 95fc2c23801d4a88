"""What the broker reports of opened products becomes an opening, its cards, and an order to sell each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from uuid import UUID

from catalog.selectors import cards_by_key
from opportunities.services.fresh_assessment import FreshJudgement
from quant.sealed.contents import expected_copies
from trading.brokers import Broker, CardKey, Market, OpenedCards
from trading.choices import OpeningOrigin, OrderSide, OrderState
from trading.models import Execution, Opening, Order, PulledCard
from trading.selectors.selling import market_at

_COPIES = Decimal("0.0000000001")
_SEED_BITS = 63


@dataclass(frozen=True, slots=True)
class DrawnOpening:
    """One opening before it is written.

    Args:
        opened: the cards that came out.
        expected: model copies of each card in all products together.
        market: what cards could be sold for at that moment.
        product_ids: card key -> product, of every card.
    """

    opened: OpenedCards
    expected: Mapping[CardKey, Fraction]
    market: Market
    product_ids: Mapping[int, UUID]


def draw(execution: Execution, *, broker: Broker, judged: FreshJudgement) -> DrawnOpening:
    """Open what an execution buys. Reads only; the seed is the execution's id, so it can be drawn again.

    Contents, prices and policy are those the purchase was judged by, in the same transaction.

    Args:
        execution: with product and sources, saved or not.
        broker: opens the products.
        judged: an opportunity, so with contents and market.
    """
    contents, judged_at = judged.contents, judged.market
    if contents is None or judged_at is None:
        raise AssertionError("the controls let an opportunity without contents through")
    copies = expected_copies(contents, cache=judged_at.cache)
    market = market_at(copies.keys(), route=judged_at.route, prices=judged_at.prices, policy=judged_at.policy)
    opened = broker.open_products(contents, quantity=execution.quantity, seed=seed_of(execution.pk))
    facts = cards_by_key({key for key, _ in copies})
    return DrawnOpening(
        opened=opened,
        expected={card: share * execution.quantity for card, share in copies.items()},
        market=market,
        product_ids={key: card.product_id for key, card in facts.items()},
    )


def seed_of(execution_id: UUID) -> int:
    """Return the seed an execution's products are opened with."""
    return execution_id.int % (1 << _SEED_BITS)


def write_opening(execution: Execution, drawn: DrawnOpening, *, now: datetime) -> Opening:
    """Store an opening: every card that came out, and every card worth selling that was expected."""
    opening = Opening.objects.create(
        execution=execution,
        origin=OpeningOrigin.SIMULATED,
        quantity=execution.quantity,
        seed=drawn.opened.seed,
        opened_at=now,
        created_at=now,
    )
    PulledCard.objects.bulk_create(
        PulledCard(
            opening=opening,
            product_id=drawn.product_ids[card[0]],
            finish=card[1],
            quantity=drawn.opened.copies.get(card, 0),
            model_copies=_decimal(expected),
            model_price=_price(drawn.market, card),
        )
        for card, expected in drawn.expected.items()
        if card[0] in drawn.product_ids and (card in drawn.opened.copies or drawn.market.is_counted(card))
    )
    return opening


def write_sell_orders(execution: Execution, drawn: DrawnOpening, *, first_leg: int, now: datetime) -> int:
    """Place one open order per pulled card that is worth selling, most valuable first; return how many."""
    cards = sellable(drawn)
    Order.objects.bulk_create(
        Order(
            execution=execution,
            leg=leg,
            side=OrderSide.SELL,
            state=OrderState.OPEN,
            client_order_id=client_order_id(execution, leg),
            source=execution.sell_source,
            product_id=drawn.product_ids[card[0]],
            finish=card[1],
            quantity=drawn.opened.copies[card],
            limit_price=_price(drawn.market, card),
            created_at=now,
        )
        for leg, card in enumerate(cards, start=first_leg)
    )
    return len(cards)


def sellable(drawn: DrawnOpening) -> Sequence[CardKey]:
    """Return the pulled cards that are sold: one by one, or as bulk where bulk fetches something."""
    worth = {
        card: known.price * copies
        for card, copies in drawn.opened.copies.items()
        if card[0] in drawn.product_ids
        and (known := drawn.market.price_of(card)) is not None
        and (drawn.market.is_counted(card) or drawn.market.bulk_value > 0)
    }
    return sorted(worth, key=lambda card: (-worth[card], card))


def client_order_id(execution: Execution, leg: int) -> str:
    """Return our own id of an order, known before it leaves this house."""
    return f"{execution.pk}:{leg}"


def _price(market: Market, card: CardKey) -> Decimal | None:
    known = market.price_of(card)
    return None if known is None else known.price


def _decimal(copies: Fraction) -> Decimal:
    value = Decimal(copies.numerator) / Decimal(copies.denominator)
    return value.quantize(_COPIES, rounding=ROUND_HALF_EVEN)
