"""What a trader asks for, and the rules of this installation that it is held against."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum

from opportunities.models import Opportunity, OpportunityQuote
from opportunities.services import Figures, Revalidation
from trading.choices import ExecutionState, OpeningOrigin, TradingMode
from trading.models import Execution
from users.models import User


@dataclass(frozen=True, slots=True)
class ExecutionRequest:
    """An order to act on an opportunity.

    Args:
        quantity: products to buy, >= 1.
        quote_version: revision of the opportunity whose figures the trader saw.
        accept_disclaimer: whether the trader accepts `trading.disclaimer`.
        max_total_cost: of one product; None sets no own limit.
        min_margin_percentage: in percent; None sets no own limit.
        note: for people, at most 500 characters.
        opening: whether the broker opens the products by dice and sells the cards, or the trader opens them
            and enters what was pulled and sold.
        mode: which broker; only paper exists.
    """

    quantity: int
    quote_version: str
    accept_disclaimer: bool
    max_total_cost: Decimal | None = None
    min_margin_percentage: Decimal | None = None
    note: str = ""
    opening: str = OpeningOrigin.SIMULATED
    mode: str = TradingMode.PAPER


@dataclass(frozen=True, slots=True)
class PreTrade:
    """Everything a control looks at.

    Args:
        opportunity: locked by the transaction.
        actor: who acts.
        order: what they ask for.
        shown: figures of the revision they saw, as JSON; None if there is no such revision.
        check: the opportunity judged again; None before that.
        moment: the database's time.
        taken: products this desk has bought since the number on offer was observed.
    """

    opportunity: Opportunity
    actor: User
    order: ExecutionRequest
    shown: dict[str, Any] | None
    check: Revalidation | None
    moment: datetime
    taken: int = 0

    @property
    def fresh(self) -> Figures | None:
        """The figures of now, if there are any."""
        return None if self.check is None else self.check.fresh


_QUOTED = (
    "sealed_price", "total_cost", "singles_value", "net_profit", "margin_percentage", "confidence_score",
)  # fmt: skip


def shown_figures(opportunity: Opportunity, version: str) -> dict[str, Any] | None:
    """Return what an opportunity showed at a revision, decimals as strings; None for an unknown revision."""
    if not (version.isascii() and version.isdecimal() and len(version) <= 9):
        return None
    quote = OpportunityQuote.objects.filter(opportunity=opportunity, revision=int(version)).first()
    source = quote or (opportunity if opportunity.revision == int(version) else None)
    if source is None:
        return None
    figures: dict[str, Any] = {name: str(getattr(source, name)) for name in _QUOTED}
    figures["oldest_price_at"] = source.oldest_price_at.isoformat()
    return figures


def taken_since_observed(opportunity: Opportunity, check: Revalidation) -> int:
    """Return how many of the products on offer were bought here since somebody counted them.

    What is bought on paper stays on offer at the source, so only our own record knows of it. Purchases that
    were cancelled do not count.
    """
    fresh = check.fresh
    if check.offered_at is None or fresh is None or fresh.available_quantity is None:
        return 0
    bought = Execution.objects.filter(
        product_id=opportunity.sealed_product_id,
        buy_source_id=opportunity.buy_source_id,
        created_at__gte=check.offered_at,
    ).exclude(state__in=(ExecutionState.CANCELLED, ExecutionState.FAILED))
    return bought.aggregate(total=Sum("quantity"))["total"] or 0


def database_now() -> datetime:
    """Return the database's time: what may be done now is not decided by the clock of this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
