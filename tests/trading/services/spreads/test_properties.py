"""Whatever venues, people and time do, in any order: money is conserved, reservations end with executions."""

from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import DomainError
from scrapers.models import LiveMarket
from tests.trading.factories import NOW, as_if_committed, at, make_trader
from tests.trading.spread_factories import make_desk, make_route, make_spread_limits, open_spread
from trading.brokers.desk import DeskBroker, LegInstruction, LegOutcome, LegReport
from trading.choices import OPEN_SPREADS, OrderSide, SpreadState
from trading.models import ExposureReservation, ExposureUse, LedgerEntry, LegFill, SpreadExecution
from trading.services.spreads import Resolution, drive_spread, resolve_spread, resume_spread

pytestmark = pytest.mark.django_db
CENT = Decimal("0.01")
ANSWERS = st.sampled_from(
    ["filled", "filled", "part", "rejected", "not_sent", "lost", "never_came", "pending"]
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["act", "act", "act", "open", "drive", "resume", "resume", "resolve", "wait"]),
        st.integers(1, 4),
        ANSWERS,
        st.booleans(),
    ),
    min_size=6,
    max_size=16,
)


class Venue:
    """Every venue at once: does to an order what it was told to, and answers questions truthfully."""

    def __init__(self) -> None:
        self.answer = "filled"
        self.is_deaf = False
        self.known: dict[str, LegReport] = {}
        self.sent: list[str] = []

    def send(self, order: LegInstruction, *, now: datetime) -> LegReport:
        self.sent.append(order.client_order_id)
        if self.answer == "not_sent":
            return LegReport(LegOutcome.NOT_SENT)
        if self.answer == "never_came":
            return LegReport(LegOutcome.UNKNOWN)
        share = max(order.quantity // 2, Decimal(1)) if self.answer == "part" else order.quantity
        is_whole = share == order.quantity
        report = LegReport(
            LegOutcome.FILLED if is_whole else LegOutcome.PARTIAL,
            f"v-{order.client_order_id}", share, order.limit_price, Decimal("0.333333"),
        )  # fmt: skip
        if self.answer == "rejected":
            report = LegReport(LegOutcome.REJECTED)
        self.known[order.client_order_id] = report
        if self.answer == "pending":
            return LegReport(LegOutcome.PENDING)
        return LegReport(LegOutcome.UNKNOWN) if self.answer == "lost" else report

    def find(self, order: LegInstruction, *, now: datetime) -> LegReport:
        if self.is_deaf:
            return LegReport(LegOutcome.UNKNOWN)
        return self.known.get(order.client_order_id, LegReport(LegOutcome.NOT_FOUND))


class Desk:
    """A desk with one route and a third venue that buys, a standing clock, and things to do."""

    def __init__(self) -> None:
        self.route = make_route(size=None)
        make_desk("gamma")
        self.route.show("gamma", bid="44.9")
        make_spread_limits(global_open="400", user_day="900")
        self.tess = make_trader("hypothetical")
        self.start()

    def start(self) -> None:
        self.now, self.venue = NOW, Venue()
        self.route.refresh(now=NOW)

    def do(self, what: str, number: int, answer: str, is_deaf: bool) -> None:
        self.venue.answer, self.venue.is_deaf = answer, is_deaf
        rows = SpreadExecution.objects.order_by("created_at", "id")
        chosen = rows[number % len(rows)] if rows else None
        clock, choose = at(self.now), self._choose
        match what:
            case "open":
                open_spread(self.route, self.tess, str(number), now=self.now)
            case "act":
                opened = open_spread(self.route, self.tess, str(number), now=self.now)
                drive_spread(execution_id=opened.pk, fence=1, clock=clock, choose=choose)
            case "drive" if chosen:
                drive_spread(execution_id=chosen.pk, fence=chosen.fence, clock=clock, choose=choose)
            case "resume" if chosen:
                resume_spread(execution_id=chosen.pk, clock=clock, choose=choose)
            case "resolve" if chosen:
                told = Resolution("filled" if is_deaf else "nothing_happened")
                resolve_spread(execution_id=chosen.pk, resolution=told, actor=self.tess, now=self.now)
            case "wait":
                self.now += timedelta(seconds=40 * number)
                self.route.refresh(now=self.now)

    def _choose(self, mode: str, market: LiveMarket | None) -> DeskBroker:
        return self.venue

    def check(self) -> None:
        as_if_committed()
        assert len(set(self.venue.sent)) == len(self.venue.sent), "an order was sent twice"
        entries = LedgerEntry.objects.order_by().aggregate(total=Sum("amount"))["total"] or 0
        assert entries == 0
        at_stake = Decimal(0)
        for execution in SpreadExecution.objects.all():
            self._check(execution)
            is_open = execution.state in OPEN_SPREADS
            at_stake += execution.expected_cost if is_open else 0
            held = ExposureReservation.objects.filter(
                spread_execution=execution, use__limit__period="open", released_at__isnull=True
            )
            assert held.exists() == is_open
        used = ExposureUse.objects.filter(limit__period="open").aggregate(total=Sum("used"))["total"] or 0
        assert used == at_stake <= 400

    def _check(self, execution: SpreadExecution) -> None:
        fills = LegFill.objects.filter(leg__execution=execution).select_related("leg")
        bought = [fill for fill in fills if fill.leg.side == OrderSide.BUY]
        sold = [fill for fill in fills if fill.leg.side == OrderSide.SELL]
        assert sum(fill.quantity for fill in sold) <= sum(fill.quantity for fill in bought)
        accounts = dict(
            LedgerEntry.objects.filter(posting__spread_execution=execution)
            .order_by()
            .values_list("account")
            .annotate(total=Sum("amount"))
        )
        paid = sum(fill.quantity * fill.price + fill.fees for fill in bought)
        brought = sum(fill.quantity * fill.price - fill.fees for fill in sold)
        cash = accounts.get("cash", Decimal(0))
        assert abs(cash - (brought - paid)) <= CENT * len(fills)
        if execution.state in OPEN_SPREADS:
            assert execution.realised_profit is None
            return
        assert accounts.get("inventory", Decimal(0)) == 0
        assert execution.realised_profit == brought - paid
        if execution.state == SpreadState.FAILED:
            assert not fills
        if execution.state == SpreadState.SETTLED:
            assert sum(fill.quantity for fill in sold) == sum(fill.quantity for fill in bought) > 0


def test_money_is_conserved_over_any_sequence():
    desk = Desk()

    @settings(max_examples=30)
    @given(STEPS)
    def check(steps):
        desk.start()
        with transaction.atomic():
            for step in steps:
                with suppress(DomainError), transaction.atomic():
                    desk.do(*step)
                desk.check()
            transaction.set_rollback(True)

    check()
