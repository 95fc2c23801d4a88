"""Entering sales that people made themselves, with what they brought and cost."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, Sum

from catalog.models import Product
from common.audit import record_event
from common.ids import uuid7
from trading.choices import ExecutionState, OrderSide, OrderState
from trading.errors import LedgerEntryInvalid, SaleRefused
from trading.models import Execution, PulledCard, Sale
from users.models import User

from .announcing import publish_execution
from .ledger import post_sale
from .openings import moment_of
from .settling import locked_execution

MAX_AMOUNT: Final = Decimal(10**9)
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class SaleEntry:
    """What a person sold. Amounts are of all copies, in the execution's currency, with two places at most.

    Args:
        product_id: the card.
        finish: of it.
        quantity: copies, >= 1.
        gross: what the buyer paid.
        fees: what the venue kept, at most the gross.
        postage: what sending and packing cost.
        sold_at: when; None means now.
        note: for people, at most 200 characters.
    """

    product_id: UUID
    finish: str
    quantity: int
    gross: Decimal
    fees: Decimal = Decimal(0)
    postage: Decimal = Decimal(0)
    sold_at: datetime | None = None
    note: str = ""


def enter_sale(*, execution_id: UUID, entry: SaleEntry, actor: User, now: datetime) -> Sale:
    """Book a person's own sale of pulled cards: the sale, its ledger posting and the audit event at once.

    Copies the paper broker has on sale are not for people to sell: they would be sold twice.

    Args:
        execution_id: whose cards; it must be open.
        entry: what was sold.
        actor: who enters it.
        now: time of the entry.

    Raises:
        ExecutionNotFound, ExecutionClosed: if there is no such open execution.
        SaleRefused: `more_sold_than_pulled`, with what was pulled, sold and is on sale.
        LedgerEntryInvalid: for amounts and times that cannot be right.
    """
    _check_amounts(entry)
    with transaction.atomic():
        execution = locked_execution(execution_id)
        sold_at = moment_of(entry.sold_at, execution=execution, now=now)
        product = _check_copies(execution, entry)
        sale = Sale.objects.create(
            id=uuid7(),
            execution=execution,
            product=product,
            finish=entry.finish,
            quantity=entry.quantity,
            gross=entry.gross,
            fees=entry.fees,
            postage=entry.postage,
            entered_by=actor,
            note=entry.note,
            sold_at=sold_at,
            created_at=now,
        )
        post_sale(
            execution,
            key=f"sale-entry:{sale.pk}",
            gross=entry.gross,
            costs=entry.fees + entry.postage,
            description=f"Sold {entry.quantity} for {entry.gross} {execution.currency}, entered by hand",
            now=now,
        )
        if execution.state == ExecutionState.BOUGHT:
            execution.state = ExecutionState.SELLING
            execution.save(update_fields=["state"])
        _record(execution, sale, actor, now)
        publish_execution(execution, "selling")
    return sale


def _check_amounts(entry: SaleEntry) -> None:
    amounts = {"gross": entry.gross, "fees": entry.fees, "postage": entry.postage}
    for name, amount in amounts.items():
        is_money = amount.is_finite() and 0 <= amount <= MAX_AMOUNT
        if not is_money or amount != amount.quantize(_CENT):
            raise LedgerEntryInvalid(
                "impossible_amount",
                f"The {name} must be an amount from 0 to {MAX_AMOUNT} with at most two places.",
                {"field": name},
            )
    if entry.fees > entry.gross:
        raise LedgerEntryInvalid(
            "fees_above_gross", "A venue keeps at most what the buyer paid; enter postage as postage."
        )
    if entry.quantity < 1:
        raise LedgerEntryInvalid(detail="Copies are whole numbers from 1.")


def _check_copies(execution: Execution, entry: SaleEntry) -> Product:
    """Return the card, if so many copies are left for people to sell."""
    card = {"product_id": entry.product_id, "finish": entry.finish}
    pulled = _total(PulledCard.objects.filter(opening__execution=execution, **card))
    sold = _total(execution.sales.filter(**card))
    on_sale = _total(execution.orders.filter(side=OrderSide.SELL, state=OrderState.OPEN, **card))
    if entry.quantity > pulled - sold - on_sale:
        raise SaleRefused(
            "more_sold_than_pulled",
            f"{pulled} were pulled, {sold} are sold and {on_sale} are on sale by the broker.",
            {"pulled": pulled, "sold": sold, "on_sale": on_sale, "asked": entry.quantity},
        )
    return Product.objects.get(pk=entry.product_id)


def _total(rows: QuerySet[Any]) -> int:
    total: int | None = rows.aggregate(total=Sum("quantity"))["total"]
    return total or 0


def _record(execution: Execution, sale: Sale, actor: User, now: datetime) -> None:
    record_event(
        actor=actor,
        verb="execution.sale_entered",
        subject=f"execution:{execution.pk}",
        data={
            "sale": str(sale.pk),
            "product": str(sale.product_id),
            "finish": sale.finish,
            "quantity": sale.quantity,
            "gross": str(sale.gross),
            "fees": str(sale.fees),
            "postage": str(sale.postage),
            "currency": execution.currency,
        },
        now=now,
    )
