"""The opening ledger as people read it: openings, sales, and what came of them beside what was expected."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, QuerySet, Sum

from opportunities.policy import default_policy
from trading.choices import LedgerAccount
from trading.models import Execution, LedgerEntry, Opening, PulledCard, Sale

_CENT: Final = Decimal("0.01")

# what was pulled in any opening, and what was sold, card by card
_CARDS: Final = """
WITH pulled AS (
    SELECT l.product_id, l.finish, sum(l.quantity) AS pulled, sum(l.model_copies) AS expected,
           round(
               sum(o.quantity * l.model_price)
               / sum(o.quantity) FILTER (WHERE l.model_price IS NOT NULL), 2) AS model_price,
           sum(l.quantity * l.model_price) FILTER (WHERE l.model_price >= %(floor)s) AS pulled_worth,
           sum(l.model_copies * l.model_price) FILTER (WHERE l.model_price >= %(floor)s) AS model_worth
      FROM pulled_cards l JOIN openings o ON o.id = l.opening_id
     WHERE o.execution_id = %(execution)s GROUP BY 1, 2
), sold AS (
    SELECT product_id, finish, sum(quantity) AS sold, sum(gross) AS gross,
           sum(gross - fees - postage) AS net
      FROM sales_of_singles WHERE execution_id = %(execution)s GROUP BY 1, 2
)
SELECT product_id, p.name, p.set_code, p.number, finish, coalesce(l.expected, 0), coalesce(l.pulled, 0),
       coalesce(s.sold, 0), l.model_price, s.gross, s.net, l.pulled_worth, l.model_worth
  FROM pulled l FULL JOIN sold s USING (product_id, finish) JOIN products p ON p.id = product_id
 ORDER BY l.model_price * greatest(l.expected, l.pulled) DESC NULLS LAST, p.name, product_id, finish
"""


@dataclass(frozen=True, slots=True)
class CardComparison:
    """One card in one finish: what the model expected, what was pulled, what was sold.

    Args:
        model_price: of one copy when the products were opened, the mean over them; None if there was none.
        average_price: of one sold copy before fees; None without a sale.
        net: of all sold copies, after fees and postage.
        is_counted: whether the model counts it: its price reaches the floor of the valuation.
        pulled_worth: of all pulled copies, each at the price of its own opening; 0 where it is not counted.
        model_worth: of all expected copies, likewise.
    """

    product_id: UUID
    name: str
    set_code: str
    number: str
    finish: str
    expected_copies: Decimal
    pulled: int
    sold: int
    model_price: Decimal | None
    average_price: Decimal | None
    net: Decimal | None
    is_counted: bool
    pulled_worth: Decimal
    model_worth: Decimal

    @property
    def id(self) -> UUID:
        """Return the product's id, under the name by which cards are serialized."""
        return self.product_id


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an execution was expected to bring beside what it has brought so far, in its currency.

    Args:
        execution: with its expected figures.
        cost: what the purchase cost, by the ledger; nothing once it was cancelled.
        proceeds: of all sales so far, after fees and postage.
        opened: products that were opened.
        cards: most valuable first.
    """

    execution: Execution
    cost: Decimal
    proceeds: Decimal
    opened: int
    cards: tuple[CardComparison, ...]

    @property
    def profit(self) -> Decimal:
        """Proceeds so far less the cost: negative until enough is sold."""
        return self.proceeds - self.cost

    @property
    def pulled_value(self) -> Decimal:
        """What the pulled cards the model counts were worth when opened, at market prices."""
        return sum((card.pulled_worth for card in self.cards), Decimal(0)).quantize(_CENT)

    @property
    def model_value(self) -> Decimal:
        """What the model expected of the same cards."""
        return sum((card.model_worth for card in self.cards), Decimal(0)).quantize(_CENT)


def opening_list(execution: Execution) -> QuerySet[Opening]:
    """Return the openings of an execution with their cards, oldest first."""
    lines = PulledCard.objects.select_related("product").order_by("-quantity", "-model_price", "id")
    rows = Opening.objects.filter(execution=execution).select_related("entered_by")
    return rows.prefetch_related(Prefetch("lines", queryset=lines)).order_by("opened_at", "id")


def sale_list(execution: Execution) -> QuerySet[Sale]:
    """Return the sales of an execution, newest first."""
    rows = Sale.objects.filter(execution=execution).select_related("product", "entered_by")
    return rows.order_by("-sold_at", "-id")


def comparison_of(execution: Execution) -> Comparison:
    """Compare an execution with its model, in a constant number of queries."""
    floor = default_policy().floor(execution.currency)
    with connection.cursor() as cursor:
        cursor.execute(_CARDS, {"execution": execution.pk, "floor": floor})
        cards = tuple(_card(row, floor) for row in cursor.fetchall())
    bought = LedgerEntry.objects.filter(
        posting__key__in=(f"buy:{execution.pk}", f"cancel:{execution.pk}"),
        account=LedgerAccount.INVENTORY,
        currency=execution.currency,
    ).aggregate(total=Sum("amount"))["total"]
    sums = execution.sales.aggregate(gross=Sum("gross"), fees=Sum("fees"), postage=Sum("postage"))
    gross, fees, postage = (sums[name] or Decimal(0) for name in ("gross", "fees", "postage"))
    return Comparison(
        execution=execution,
        cost=execution.expected_cost if bought is None else bought,
        proceeds=gross - fees - postage,
        opened=execution.openings.aggregate(total=Sum("quantity"))["total"] or 0,
        cards=cards,
    )


def _card(row: tuple[object, ...], floor: Decimal) -> CardComparison:
    product_id, name, set_code, number, finish, expected, pulled, sold, price, gross, net = row[:11]
    pulled_worth, model_worth = (Decimal(str(worth or 0)) for worth in row[11:])
    copies, model_price = int(str(sold)), None if price is None else Decimal(str(price))
    return CardComparison(
        product_id=UUID(str(product_id)),
        name=str(name),
        set_code=str(set_code),
        number=str(number),
        finish=str(finish),
        expected_copies=Decimal(str(expected)),
        pulled=int(str(pulled)),
        sold=copies,
        model_price=model_price,
        average_price=(Decimal(str(gross)) / copies).quantize(_CENT) if copies else None,
        net=None if net is None else Decimal(str(net)),
        is_counted=model_price is not None and model_price >= floor,
        pulled_worth=pulled_worth,
        model_worth=model_worth,
    )
