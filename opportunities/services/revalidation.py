"""Holding an opportunity against the market of this moment, before anybody acts on it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import UUID

from catalog.selectors import cards_by_key
from opportunities.choices import OpportunityStatus, Refusal
from opportunities.detection import Assessment
from opportunities.errors import OpportunityNotFound
from opportunities.models import Opportunity

from .fresh_assessment import FreshJudgement, judge_again

Status = Literal["unchanged", "moved", "gone"]


@dataclass(frozen=True, slots=True)
class Figures:
    """What one product costs and brings, in the opportunity's currency. Profit and margin are net.

    Confidence and chance are None where a gate refused before they were computed; the number on offer is
    None where the source does not tell.
    """

    sealed_price: Decimal
    total_cost: Decimal
    singles_value: Decimal
    net_profit: Decimal
    margin_percentage: Decimal
    confidence_score: Decimal | None
    probability_of_profit: Decimal | None
    oldest_price_at: datetime
    available_quantity: int | None

    def as_data(self) -> dict[str, Any]:
        """Return the figures as JSON with decimal strings and ISO times."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else _text(value)
            for name, value in asdict(self).items()
        }


@dataclass(frozen=True, slots=True)
class RevalidationReason:
    """One thing that is not as it was shown: a stable code and a sentence."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class FreshLine:
    """One card that would be sold on its own, for one sealed product.

    Args:
        product_id: of the card.
        product_key: its compact key.
        finish: what is inside.
        expected_copies: to ten places.
        price: market price of one copy.
        copy_value: what one copy brings after fees and postage.
    """

    product_id: UUID
    product_key: int
    finish: str
    expected_copies: Decimal
    price: Decimal
    copy_value: Decimal


@dataclass(frozen=True, slots=True)
class Revalidation:
    """What became of an opportunity.

    Args:
        opportunity: as stored, with product, sources and venues loaded; its inputs too.
        quote_version: the revision `shown` belongs to.
        status: `unchanged`; `moved`, still an opportunity at other figures; `gone`, not one any more.
        reasons: what differs; empty if unchanged.
        shown: the stored figures.
        fresh: the figures of now; None if there are none to state. An opportunity may be gone and have fresh
            figures (the profit became a loss), so ask `status`, not `fresh`, whether it holds.
        lines: cards sold one by one at the fresh prices, most valuable first; empty if it is gone.
        risk_level: at the fresh figures; None if it is gone.
        needs_review: whether the fresh margin is too good to be true.
        checked_at: time of the judgement.
        offered_at: when the sealed price and the number on offer were observed; None without a price.
        judged: what it was computed from, so that whoever acts on it need not load it again; None if gone.
    """

    opportunity: Opportunity
    quote_version: str
    status: Status
    reasons: tuple[RevalidationReason, ...]
    shown: Figures
    fresh: Figures | None
    lines: tuple[FreshLine, ...]
    risk_level: str | None
    needs_review: bool
    checked_at: datetime
    offered_at: datetime | None = None
    judged: FreshJudgement | None = None

    def as_data(self) -> dict[str, Any]:
        """Return what people are shown, as JSON with decimal strings and ISO times."""
        return {
            "quote_version": self.quote_version,
            "status": self.status,
            "reasons": [asdict(reason) for reason in self.reasons],
            "shown": self.shown.as_data(),
            "fresh": None if self.fresh is None else self.fresh.as_data(),
            "checked_at": self.checked_at.isoformat(),
        }


_MOVES: Final = {
    "sealed_price": ("price_changed", "The sealed price was {} and is {}."),
    "total_cost": ("cost_changed", "The total cost was {} and is {}."),
    "singles_value": ("singles_changed", "The singles brought {} and bring {}."),
    "confidence_score": ("confidence_changed", "The confidence was {} and is {}."),
}
"""Figure -> reason. Profit, margin and chance follow from cost and value."""


def revalidate_opportunity(*, opportunity_id: UUID, now: datetime) -> Revalidation:
    """Compute the figures of one opportunity afresh, on its own route and policy, from current prices.

    Reads only and takes no lock: whoever acts on the answer locks the row first and calls this in the same
    transaction.

    Args:
        opportunity_id: which opportunity; closed ones are `gone`.
        now: the time prices, fees and lifetimes are judged at.

    Raises:
        OpportunityNotFound: if there is none.
    """
    rows = Opportunity.objects.select_related("sealed_product", "buy_source__venue", "sell_source__venue")
    row = rows.filter(pk=opportunity_id).first()
    if row is None:
        raise OpportunityNotFound(details={"id": str(opportunity_id)})
    closed = _closed(row, now)
    if closed is not None:
        return _gone(row, closed, None, now)
    judged = judge_again(row, now=now)
    fresh = _fresh_figures(judged)
    if isinstance(judged.found, Refusal) or fresh is None:
        refusal = judged.found if isinstance(judged.found, Refusal) else Refusal.FAILED
        return _gone(row, RevalidationReason(f"refused:{refusal.value}", f"{refusal.label}."), fresh, now)
    shown = shown_of(row)
    reasons = _moves(shown, fresh)
    return Revalidation(
        opportunity=row,
        quote_version=str(row.revision),
        status="moved" if reasons else "unchanged",
        reasons=reasons,
        shown=shown,
        fresh=fresh,
        lines=_lines(judged),
        risk_level=str(judged.found.risk_level),
        needs_review=judged.found.needs_review,
        checked_at=now,
        offered_at=None if judged.candidate is None else judged.candidate.recorded_at,
        judged=judged,
    )


def shown_of(row: Opportunity) -> Figures:
    """Return the stored figures of an opportunity."""
    return Figures(
        sealed_price=row.sealed_price,
        total_cost=row.total_cost,
        singles_value=row.singles_value,
        net_profit=row.net_profit,
        margin_percentage=row.margin_percentage,
        confidence_score=row.confidence_score,
        probability_of_profit=row.probability_of_profit,
        oldest_price_at=row.oldest_price_at,
        available_quantity=row.inputs.get("sealed", {}).get("available_quantity"),
    )


def _closed(row: Opportunity, now: datetime) -> RevalidationReason | None:
    """Return why an opportunity cannot be acted on whatever the prices, or None."""
    if row.status != OpportunityStatus.ACTIVE:
        return RevalidationReason("closed", f"This opportunity is {row.get_status_display().lower()}.")
    if row.expires_at is not None and row.expires_at <= now:
        return RevalidationReason("overdue", "Its time has passed; the next analysis judges it again.")
    if not row.sealed_product.is_active:
        return RevalidationReason("product_withdrawn", "The product is no longer in use.")
    for source in (row.buy_source, row.sell_source):
        if not source.is_enabled or not source.venue.is_enabled:
            return RevalidationReason("source_disabled", f"{source.code} is switched off.")
    return None


def _fresh_figures(judged: FreshJudgement) -> Figures | None:
    candidate, valuation, margin = judged.candidate, judged.valuation, judged.margin()
    if candidate is None or valuation is None or margin is None:
        return None
    if isinstance(judged.found, Refusal) and judged.found != Refusal.NO_MARGIN:
        return None  # a value that a gate found wanting is not stated
    found = judged.found if isinstance(judged.found, Assessment) else None
    return Figures(
        sealed_price=candidate.price,
        total_cost=candidate.cost,
        singles_value=valuation.executable_value,
        net_profit=valuation.executable_value - candidate.cost,
        margin_percentage=margin,
        confidence_score=None if found is None else found.confidence.score,
        probability_of_profit=judged.chance_of_profit(),
        oldest_price_at=candidate.recorded_at if found is None else found.oldest_price_at,
        available_quantity=candidate.quote.available_quantity,
    )


def _moves(shown: Figures, fresh: Figures) -> tuple[RevalidationReason, ...]:
    reasons = []
    for name, (code, text) in _MOVES.items():
        before, after = getattr(shown, name), getattr(fresh, name)
        if before != after:
            reasons.append(RevalidationReason(code, text.format(before, after)))
    return tuple(reasons)


def _lines(judged: FreshJudgement) -> tuple[FreshLine, ...]:
    """Return the counted cards; one that left the catalogue since cannot be sold and is left out."""
    if judged.valuation is None:
        return ()
    counted = [line for line in judged.valuation.lines if line.counted and line.price is not None]
    facts = cards_by_key({line.card[0] for line in counted})
    return tuple(
        FreshLine(
            product_id=facts[line.card[0]].product_id,
            product_key=line.card[0],
            finish=line.card[1],
            expected_copies=line.expected_copies,
            price=line.price or Decimal(0),
            copy_value=line.copy_value,
        )
        for line in counted
        if line.card[0] in facts
    )


def _gone(row: Opportunity, reason: RevalidationReason, fresh: Figures | None, now: datetime) -> Revalidation:
    return Revalidation(
        opportunity=row,
        quote_version=str(row.revision),
        status="gone",
        reasons=(reason,),
        shown=shown_of(row),
        fresh=fresh,
        lines=(),
        risk_level=None,
        needs_review=False,
        checked_at=now,
    )


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
