"""Pre-trade controls: small named checks, asked in order; the first that refuses is the answer.

None can be skipped or switched off. Those of the request need no prices and come before the re-validation;
those of the figures come after it. Exposure and the kill switch follow in `executing`, because they write
and lock.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.conf import settings

from opportunities.choices import OpportunityStatus
from opportunities.errors import OpportunityClosed
from opportunities.services.storing import NOTABLE_PROFIT_SHARE
from trading.errors import (
    AlreadyExecuted,
    DisclaimerNotAccepted,
    FiguresMoved,
    LimitExceeded,
    NeedsReview,
    NotEnoughOffered,
    StalePrice,
)

from .request import PreTrade

Control = Callable[[PreTrade], None]

_STALE: Final = "refused:stale"


def disclaimer_accepted(trade: PreTrade) -> None:
    """The trader accepted the disclaimer."""
    if not trade.order.accept_disclaimer:
        raise DisclaimerNotAccepted(detail="Accept the disclaimer to act.")


def not_executed(trade: PreTrade) -> None:
    """Nobody acted on it before."""
    if trade.opportunity.status == OpportunityStatus.EXECUTED:
        raise AlreadyExecuted(
            detail="This opportunity was executed already.", details={"id": str(trade.opportunity.pk)}
        )


def still_open(trade: PreTrade) -> None:
    """It is active and its time has not passed, by the database's clock."""
    row = trade.opportunity
    if row.status != OpportunityStatus.ACTIVE:
        raise OpportunityClosed(
            detail=f"This opportunity is {row.get_status_display().lower()} already.",
            details={"id": str(row.pk), "status": row.status},
        )
    if row.expires_at is not None and row.expires_at <= trade.moment:
        raise OpportunityClosed(
            detail="The time of this opportunity has passed.",
            details={"id": str(row.pk), "status": "expired", "expires_at": row.expires_at.isoformat()},
        )


def reviewed(trade: PreTrade) -> None:
    """It is not too good to be true, or a person looked at it."""
    if trade.opportunity.needs_review:
        raise NeedsReview(
            detail="This margin is too good to be true: an analyst must review it first.",
            details={"margin_percentage": str(trade.opportunity.margin_percentage)},
        )


def quantity_allowed(trade: PreTrade) -> None:
    """No more products than one execution may have."""
    most: int = settings.EXECUTION_MAX_QUANTITY
    if trade.order.quantity > most:
        raise LimitExceeded(
            detail=f"At most {most} products per execution.",
            details={
                "limit": {"scope": "execution"},
                "used": str(trade.order.quantity),
                "ceiling": str(most),
            },
        )


def prices_fresh(trade: PreTrade) -> None:
    """No price behind the figures is too old, by the database's clock."""
    codes = {reason.code for reason in trade.check.reasons} if trade.check else set()
    oldest = trade.fresh.oldest_price_at if trade.fresh else None
    most = timedelta(hours=settings.PRICE_MAX_AGE_HOURS)
    if _STALE in codes or (oldest is not None and oldest < trade.moment - most):
        raise StalePrice(
            detail=f"A price is older than {settings.PRICE_MAX_AGE_HOURS} hours.",
            details={"oldest_price_at": None if oldest is None else oldest.isoformat()},
        )


def version_known(trade: PreTrade) -> None:
    """The figures the trader saw are on record."""
    if trade.shown is None:
        raise _moved(trade, "unknown_version", "The figures of this quote version are not on record.")


def still_holds(trade: PreTrade) -> None:
    """It is still an opportunity at the prices of now."""
    check = trade.check
    if check is None or check.fresh is None or check.status == "gone":
        detail = check.reasons[0].detail if check is not None and check.reasons else "It does not hold."
        raise _moved(trade, "gone", detail)


def fresh_margin_plausible(trade: PreTrade) -> None:
    """The margin of now is not too good to be true, unless that was reviewed at the margin shown."""
    if trade.check is not None and trade.check.needs_review and not _was_reviewed(trade):
        raise NeedsReview(
            detail="The margin is too good to be true now: an analyst must review it first.",
            details={"margin_percentage": str(trade.fresh.margin_percentage) if trade.fresh else None},
        )


def cost_drift_allowed(trade: PreTrade) -> None:
    """The total cost did not rise too far above the one shown."""
    shown, fresh = _shown(trade, "total_cost"), _fresh(trade, "total_cost")
    allowed: Decimal = settings.EXECUTION_MAX_COST_DRIFT
    if fresh > shown * (1 + allowed):
        text = f"The total cost rose from {shown} to {fresh}, more than {allowed * 100:f} %."
        raise _moved(trade, "cost_rose", text)


def profit_drift_allowed(trade: PreTrade) -> None:
    """The net profit did not fall too far below the one shown."""
    shown, fresh = _shown(trade, "net_profit"), _fresh(trade, "net_profit")
    allowed: Decimal = settings.EXECUTION_MAX_PROFIT_DRIFT
    if fresh < shown - abs(shown) * allowed:
        text = f"The net profit fell from {shown} to {fresh}, more than {allowed * 100:f} %."
        raise _moved(trade, "profit_fell", text)


def own_limits_kept(trade: PreTrade) -> None:
    """The trader's own limits hold."""
    order = trade.order
    cost, margin = _fresh(trade, "total_cost"), _fresh(trade, "margin_percentage")
    if order.max_total_cost is not None and cost > order.max_total_cost:
        raise _moved(trade, "own_cost_limit", f"The total cost {cost} is above your {order.max_total_cost}.")
    if order.min_margin_percentage is not None and margin < order.min_margin_percentage:
        text = f"The margin {margin} % is below your {order.min_margin_percentage} %."
        raise _moved(trade, "own_margin_limit", text)


def enough_offered(trade: PreTrade) -> None:
    """As many products are offered as are wanted, where the source tells; nothing is bought twice."""
    offered = trade.fresh.available_quantity if trade.fresh else None
    if offered is not None and offered - trade.taken < trade.order.quantity:
        bought = f" and {trade.taken} of them bought here" if trade.taken else ""
        raise NotEnoughOffered(
            detail=f"{offered} are offered{bought}, {trade.order.quantity} are wanted.",
            details={
                "available_quantity": offered, "taken": trade.taken, "quantity": trade.order.quantity,
            },
        )  # fmt: skip


REQUEST_CONTROLS: Final[Sequence[Control]] = (
    disclaimer_accepted, not_executed, still_open, reviewed, quantity_allowed, version_known,
)  # fmt: skip
"""Asked before the prices are looked at."""

FIGURE_CONTROLS: Final[Sequence[Control]] = (
    prices_fresh, still_holds, fresh_margin_plausible, enough_offered, cost_drift_allowed,
    profit_drift_allowed, own_limits_kept,
)  # fmt: skip
"""Asked about the figures of now."""


def run_controls(controls: Sequence[Control], trade: PreTrade) -> list[str]:
    """Ask controls in order.

    Returns:
        The names of those that passed, for the record.

    Raises:
        TradingRefused, OpportunityClosed: of the first that refuses.
    """
    for control in controls:
        control(trade)
    return [control.__name__ for control in controls]


def _was_reviewed(trade: PreTrade) -> bool:
    """Return whether a person found such a margin right, and it did not outgrow that judgement."""
    right = trade.opportunity.reviewed_margin
    fresh = _fresh(trade, "margin_percentage")
    return right is not None and fresh <= right * (1 + NOTABLE_PROFIT_SHARE)


def _shown(trade: PreTrade, name: str) -> Decimal:
    return Decimal((trade.shown or {})[name])


def _fresh(trade: PreTrade, name: str) -> Decimal:
    value: Decimal = getattr(trade.fresh, name)
    return value


def _moved(trade: PreTrade, code: str, detail: str) -> FiguresMoved:
    check = trade.check
    reasons: list[dict[str, Any]] = [{"code": code, "detail": detail}]
    if check is not None:
        reasons += [{"code": reason.code, "detail": reason.detail} for reason in check.reasons]
    return FiguresMoved(
        detail=detail,
        details={
            "shown": trade.shown,
            "fresh": None if trade.fresh is None else trade.fresh.as_data(),
            "reasons": reasons,
            "quote_version": str(trade.opportunity.revision),
        },
    )
