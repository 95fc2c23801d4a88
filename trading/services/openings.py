"""Entering what people really pulled from products they opened, beside what the model expected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from catalog.models import Product
from catalog.selectors import cards_by_key, contents_graph
from common.audit import record_event
from opportunities.policy import default_policy
from quant.sealed.contents import expected_copies
from trading.brokers import CardKey, Market
from trading.choices import OpeningOrigin
from trading.errors import LedgerEntryInvalid, OpeningRefused
from trading.models import Execution, Opening, PulledCard
from trading.selectors.selling import market_for
from users.models import User

from .announcing import publish_execution
from .settling import locked_execution

MAX_LINES: Final = 1_000
MAX_COPIES: Final = 100_000
_COPIES: Final = Decimal("0.0000000001")
_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class PulledLine:
    """So many copies of one card in one finish."""

    product_id: UUID
    finish: str
    quantity: int


@dataclass(frozen=True, slots=True)
class OpeningEntry:
    """What a person enters.

    Args:
        quantity: products that were opened, >= 1.
        lines: the cards that were pulled, each card and finish once.
        note: for people, at most 200 characters.
        opened_at: when; None means now.
    """

    quantity: int
    lines: Sequence[PulledLine]
    note: str = ""
    opened_at: datetime | None = None


def enter_opening(*, execution_id: UUID, entry: OpeningEntry, actor: User, now: datetime) -> Opening:
    """Book what was pulled from products of an execution against what the model expected of them.

    Where the paper broker has opened the products by dice, nothing can be entered: its cards are on sale, and
    counting both would sell the same products twice.

    Args:
        execution_id: whose products; it must be open.
        entry: what was pulled.
        actor: who enters it.
        now: time of the entry; model prices are those of now.

    Raises:
        ExecutionNotFound, ExecutionClosed: if there is no such open execution.
        OpeningRefused: `opening_simulated`, `more_opened_than_bought` or `card_not_in_product`.
        LedgerEntryInvalid: for counts and times that cannot be right, and cards named twice.
    """
    _check_entry(entry)
    with transaction.atomic():
        execution = locked_execution(execution_id)
        opened_at = moment_of(entry.opened_at, execution=execution, now=now)
        _check_quantity(execution, entry.quantity)
        contents = contents_graph([execution.product_id])[execution.product_id]
        expected = expected_copies(contents)
        keys = _known_cards(entry.lines, expected)
        opening = Opening.objects.create(
            execution=execution,
            origin=OpeningOrigin.ENTERED,
            quantity=entry.quantity,
            note=entry.note,
            entered_by=actor,
            opened_at=opened_at,
            created_at=now,
        )
        pulled = {(keys[line.product_id], line.finish): line.quantity for line in entry.lines}
        _write_lines(opening, pulled, expected, _market(execution, expected, now))
        record_event(
            actor=actor,
            verb="execution.opened",
            subject=f"execution:{execution.pk}",
            data={
                "opening": str(opening.pk),
                "quantity": entry.quantity,
                "cards": len(entry.lines),
                "copies": sum(line.quantity for line in entry.lines),
            },
            now=now,
        )
        publish_execution(execution, "opened")
    return opening


def moment_of(stated: datetime | None, *, execution: Execution, now: datetime) -> datetime:
    """Return when something of an execution happened, as stated or now.

    Raises:
        LedgerEntryInvalid: if that is before the purchase or still to come.
    """
    if stated is None:
        return now
    if not execution.created_at <= stated <= now:
        raise LedgerEntryInvalid(
            "impossible_time",
            "It cannot have happened before the purchase or in the future.",
            {"bought_at": execution.created_at.isoformat(), "now": now.isoformat()},
        )
    return stated


def _check_entry(entry: OpeningEntry) -> None:
    if entry.quantity < 1 or not entry.lines or len(entry.lines) > MAX_LINES:
        raise LedgerEntryInvalid(detail=f"Name 1 to {MAX_LINES} cards from at least one product.")
    if any(not 1 <= line.quantity <= MAX_COPIES for line in entry.lines):
        raise LedgerEntryInvalid(detail=f"Copies are whole numbers from 1 to {MAX_COPIES}.")
    cards = [(line.product_id, line.finish) for line in entry.lines]
    if len(set(cards)) < len(cards):
        raise LedgerEntryInvalid("card_named_twice", "Name each card and finish once, with all its copies.")


def _check_quantity(execution: Execution, quantity: int) -> None:
    if execution.openings.filter(origin=OpeningOrigin.SIMULATED).exists():
        raise OpeningRefused(
            "opening_simulated",
            "The paper broker has opened these products by dice; its cards are in the ledger already.",
            {"execution": str(execution.pk)},
        )
    opened = execution.openings.aggregate(total=Sum("quantity"))["total"] or 0
    if opened + quantity > execution.quantity:
        raise OpeningRefused(
            "more_opened_than_bought",
            f"{execution.quantity} were bought and {opened} of them are opened already.",
            {"bought": execution.quantity, "opened": opened, "asked": quantity},
        )


def _known_cards(lines: Sequence[PulledLine], expected: Mapping[CardKey, Fraction]) -> dict[UUID, int]:
    """Return product -> key of the pulled cards.

    Raises:
        OpeningRefused: if a card, or a finish of it, cannot be in the product.
    """
    wanted = {line.product_id for line in lines}
    keys = dict(Product.objects.filter(pk__in=wanted).values_list("pk", "key"))
    strange = [
        {"product": str(line.product_id), "finish": line.finish}
        for line in lines
        if (keys.get(line.product_id, -1), line.finish) not in expected
    ]
    if strange:
        raise OpeningRefused(
            "card_not_in_product",
            f"{len(strange)} of the cards cannot be in this product, or not in that finish.",
            {"cards": strange[:_NAMED]},
        )
    return keys


def _market(execution: Execution, expected: Mapping[CardKey, Fraction], now: datetime) -> Market:
    return market_for(
        expected.keys(),
        buy=execution.buy_source,
        sell=execution.sell_source,
        category=execution.product.category,
        policy=default_policy(),
        now=now,
    )


def _write_lines(
    opening: Opening, pulled: Mapping[CardKey, int], expected: Mapping[CardKey, Fraction], market: Market
) -> None:
    """Store every card that was pulled, and every card worth selling that was expected."""
    facts = cards_by_key({key for key, _ in expected})
    PulledCard.objects.bulk_create(
        PulledCard(
            opening=opening,
            product_id=facts[card[0]].product_id,
            finish=card[1],
            quantity=pulled.get(card, 0),
            model_copies=_decimal(copies * opening.quantity),
            model_price=None if (price := market.price_of(card)) is None else price.price,
        )
        for card, copies in expected.items()
        if card[0] in facts and (card in pulled or market.is_counted(card))
    )


def _decimal(copies: Fraction) -> Decimal:
    value = Decimal(copies.numerator) / Decimal(copies.denominator)
    return value.quantize(_COPIES, rounding=ROUND_HALF_EVEN)
