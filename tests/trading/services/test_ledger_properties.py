"""Whatever is done in whatever order, money is conserved."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import DomainError
from tests.trading.factories import NOW, as_if_committed, execute, make_box, make_limits, make_trader, reprice
from trading.models import Execution, ExposureUse, LedgerEntry, Sale
from trading.services import cancel_execution, settle_due, settle_execution

pytestmark = pytest.mark.django_db
BOXES = 3
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["execute", "execute", "settle", "cancel", "settle_due", "reprice", "wait"]),
        st.integers(0, BOXES - 1),
        st.integers(1, 3),
        st.sampled_from(["25.00", "40.00", "55.00", "0.80"]),
    ),
    min_size=3,
    max_size=14,
)


class Desk:
    """A desk with a few boxes, a standing clock, and things to do."""

    def __init__(self) -> None:
        make_limits(user_day="400", global_open="300")
        self.tess = make_trader("hypothetical")
        self.boxes = [make_box() for _ in range(BOXES)]
        self.now = NOW

    def do(self, what: str, box: int, quantity: int, price: str) -> None:
        chosen = self.boxes[box]
        bought = Execution.objects.filter(product=chosen.sealed).first()
        match what:
            case "execute":
                how = "entered" if box == 0 else "simulated"  # only what is not drawn can be cancelled
                execute(chosen, self.tess, now=self.now, quantity=quantity, opening=how)
            case "settle" if bought:
                settle_execution(execution_id=bought.pk, actor=self.tess, now=self.now)
            case "cancel" if bought:
                cancel_execution(execution_id=bought.pk, reason="x", actor=self.tess, now=self.now)
            case "settle_due":
                settle_due(now=self.now)
            case "reprice":
                self.now += timedelta(minutes=10)
                reprice(chosen, at=self.now, chase=price)
            case "wait":
                self.now += timedelta(hours=quantity * 10)

    def check(self) -> None:
        as_if_committed()
        assert sum(self._balances().values()) == 0
        for execution in Execution.objects.all():
            self._check(execution)
        at_stake = sum(row.expected_cost for row in Execution.objects.filter(state__in=["bought", "selling"]))
        taken = ExposureUse.objects.filter(limit__period="open").aggregate(total=Sum("used"))["total"] or 0
        assert taken == at_stake <= 300

    def _check(self, execution: Execution) -> None:
        accounts = self._balances(execution)
        assert sum(accounts.values()) == 0
        cost, cash = execution.expected_cost, accounts.get("cash", Decimal(0))
        sales = Sale.objects.filter(execution=execution)
        brought = sum((sale.gross - sale.fees - sale.postage for sale in sales), Decimal(0))
        expected = {
            "cancelled": (Decimal(0), Decimal(0)),
            "settled": (brought - cost, Decimal(0)),
        }.get(execution.state, (brought - cost, cost))
        assert (cash, accounts.get("inventory", Decimal(0))) == expected
        if execution.state == "settled":
            assert execution.realised_profit == cash

    @staticmethod
    def _balances(execution: Execution | None = None) -> dict[str, Decimal]:
        entries = LedgerEntry.objects.all()
        if execution is not None:
            entries = entries.filter(posting__execution=execution)
        return dict(entries.order_by().values_list("account").annotate(total=Sum("amount")))


def test_money_is_conserved_over_any_sequence():
    desk = Desk()

    @settings(max_examples=25)
    @given(STEPS)
    def check(steps):
        desk.now = NOW
        with transaction.atomic():
            for step in steps:
                with suppress(DomainError), transaction.atomic():
                    desk.do(*step)
                desk.check()
            transaction.set_rollback(True)

    check()
