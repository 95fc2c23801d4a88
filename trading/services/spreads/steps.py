"""What to do next with an execution: a pure function of its legs, so that every crash ends alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

from trading.choices import LegState, OrderSide

FINAL_LEGS: Final = frozenset({LegState.FILLED, LegState.PARTIAL, LegState.VOID})
FIRST_UNWINDING: Final = 2


class StepKind(StrEnum):
    """What is done next."""

    ASK = "ask"
    """A leg was sent and its outcome is not known: ask the venue, never send again."""
    SEND = "send"
    UNWIND = "unwind"
    """Something bought is left: find another buyer for it."""
    SETTLE = "settle"
    FAIL = "fail"
    """Nothing was bought."""


class LegFacts(Protocol):
    """What a decision looks at; `filled` is the sum of the leg's fills."""

    position: int
    side: str
    state: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Args:
        kind: what to do.
        position: of the leg it is about; -1 for none.
        quantity: units it is about: to send, or left to unwind; 0 for none.
    """

    kind: StepKind
    position: int = -1
    quantity: Decimal = Decimal(0)


def next_step(legs: Sequence[LegFacts], filled: Sequence[Decimal]) -> Step:
    """Decide what to do next.

    Args:
        legs: by position, from 0: the purchase, the sale, then those that unwind.
        filled: units each of them brought.
    """
    for leg in legs:
        if leg.state in (LegState.SENT, LegState.UNKNOWN):
            return Step(StepKind.ASK, leg.position)
    bought = sum((units for leg, units in zip(legs, filled, strict=True) if _is_buy(leg)), Decimal(0))
    sold = sum((units for leg, units in zip(legs, filled, strict=True) if not _is_buy(leg)), Decimal(0))
    purchase = legs[0]
    if purchase.state == LegState.PENDING:
        return Step(StepKind.SEND, purchase.position)
    if bought <= 0:
        return Step(StepKind.FAIL)
    left = bought - sold
    if left <= 0:
        return Step(StepKind.SETTLE)
    for leg in legs[1:]:
        if leg.state == LegState.PENDING:
            return Step(StepKind.SEND, leg.position, left)
    return Step(StepKind.UNWIND, quantity=left)


def _is_buy(leg: LegFacts) -> bool:
    return leg.side == OrderSide.BUY
