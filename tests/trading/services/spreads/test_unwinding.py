"""Bought, and not sold where it was meant to be: the next buyer within the loss allowed, or a loss booked."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.trading.factories import NOW, as_if_committed, at
from tests.trading.spread_factories import drive, make_desk, open_spread
from trading.brokers.desk import LegOutcome, LegReport, desk_broker_for
from trading.choices import LedgerAccount, SpreadState
from trading.models import ExposureUse, LedgerEntry
from trading.services.spreads import resume_spread

from .conftest import make_demo_route

pytestmark = pytest.mark.django_db


def _balance(execution, account: str) -> Decimal:
    rows = LedgerEntry.objects.filter(posting__spread_execution=execution, account=account)
    return sum(rows.values_list("amount", flat=True), Decimal(0))


def _legs(execution) -> list[tuple[int, str, str, Decimal]]:
    rows = execution.legs.order_by("position").values_list("position", "venue__code", "state", "quantity")
    return [(position, code, state, quantity.normalize()) for position, code, state, quantity in rows]


def test_the_next_best_buyer_gets_what_is_left(tess, venue):
    route = make_demo_route()
    route.show("gamma", bid="46", bid_size="10")
    venue.behave("beta", "reject")

    done = drive(open_spread(route, tess))

    as_if_committed()
    assert (done.state, done.reason) == (SpreadState.UNWOUND, "Sold in part or whole at gamma instead.")
    assert _legs(done) == [
        (0, "alpha", "filled", Decimal(2)),
        (1, "beta", "void", Decimal(2)),
        (2, "gamma", "filled", Decimal(2)),
    ]
    assert venue.sent("gamma") == [f"{done.pk}:2"]
    assert done.realised_profit == Decimal("1.8")
    assert _balance(done, LedgerAccount.CASH) == Decimal("1.80")
    assert ExposureUse.objects.get(limit__period="open").used == 0


def test_the_buyer_that_nets_the_most_is_asked_first_not_the_one_that_bids_the_most(tess, venue):
    route = make_demo_route()
    make_desk("delta", origin="demo", fee_bps=Decimal(200))
    route.show("gamma", bid="46", bid_size="10")
    route.show("delta", bid="46.5", bid_size="10")
    venue.behave("beta", "reject")

    done = drive(open_spread(route, tess))

    assert venue.sent("gamma")
    assert not venue.sent("delta")
    assert done.state == SpreadState.UNWOUND


def test_a_sale_in_part_leaves_the_rest_to_the_next_buyer(tess, venue):
    route = make_demo_route()
    route.show("gamma", bid="46", bid_size="10")
    venue.behave("beta", "partial")

    done = drive(open_spread(route, tess, "5"))

    assert _legs(done) == [
        (0, "alpha", "filled", Decimal(5)),
        (1, "beta", "partial", Decimal(5)),
        (2, "gamma", "filled", Decimal(3)),
    ]
    assert done.state == SpreadState.UNWOUND
    assert _balance(done, LedgerAccount.INVENTORY) == 0


def test_a_bid_that_loses_too_much_is_not_taken_and_the_rest_is_held_as_a_loss(tess, venue, settings):
    settings.UNWIND_MAX_LOSS_BPS = Decimal(300)
    route = make_demo_route()
    route.show("gamma", bid="43.6", bid_size="10")  # 45.05 less 3 % is 43.70
    venue.behave("beta", "reject")

    done = drive(open_spread(route, tess))

    as_if_committed()
    assert done.state == SpreadState.UNWOUND
    assert "2 could not be sold" in done.reason
    assert (done.realised_cost, done.realised_proceeds) == (Decimal("90.1"), Decimal(0))
    assert done.realised_profit == Decimal("-90.1")
    assert _balance(done, LedgerAccount.COST_OF_SALES) == Decimal("90.10")
    assert _balance(done, LedgerAccount.INVENTORY) == 0
    assert not venue.sent("gamma")


class NotReached:
    """A broker that cannot reach its venue for the first sale."""

    def __init__(self, broker):
        self._broker = broker
        self.find = broker.find

    def send(self, order, *, now):
        """Send anything but the first sale."""
        if order.client_order_id.endswith(":1"):
            return LegReport(LegOutcome.NOT_SENT, reason="cannot be reached")
        return self._broker.send(order, now=now)


def test_a_buyer_that_was_never_reached_may_be_asked_again_by_another_order(tess, venue):
    execution = open_spread(make_demo_route(), tess)

    done = drive(execution, choose=lambda mode, market: NotReached(desk_broker_for(mode, market)))

    assert _legs(done) == [
        (0, "alpha", "filled", Decimal(2)), (1, "beta", "void", Decimal(2)), (2, "beta", "filled", Decimal(2))
    ]  # fmt: skip
    assert venue.sent("beta") == [f"{done.pk}:2"]


def test_no_more_than_three_buyers_are_tried(tess, venue):
    route = make_demo_route()
    for number, code in enumerate(("gamma", "delta", "epsilon", "zeta")):
        make_desk(code, origin="demo")
        route.show(code, bid=f"46.{number}", bid_size="10")
        venue.behave(code, "reject")
    venue.behave("beta", "reject")

    done = drive(open_spread(route, tess))

    assert [code for _, code, _, _ in _legs(done)] == ["alpha", "beta", "zeta", "epsilon", "delta"]
    assert done.state == SpreadState.UNWOUND
    assert done.realised_profit == Decimal("-90.1")


def test_quotes_that_cannot_be_read_are_waited_for(tess, venue, settings):
    route = make_demo_route()
    route.show("gamma", bid="46", bid_size="10")
    venue.behave("beta", "reject")
    redis_url = settings.REDIS_URL
    execution = open_spread(route, tess)
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    waiting = drive(execution)
    assert waiting.state == SpreadState.UNWINDING
    assert waiting.realised_profit is None
    settings.REDIS_URL = redis_url
    assert waiting.due_at is not None
    done = resume_spread(execution_id=waiting.pk, clock=at(waiting.due_at))

    assert done is not None
    assert done.state == SpreadState.UNWOUND
    assert venue.sent("gamma")


def test_stale_bids_are_no_buyers(tess, venue, settings):
    route = make_demo_route()
    old = NOW - timedelta(milliseconds=settings.MAX_QUOTE_AGE_MS + 1)
    route.show("gamma", bid="46", bid_size="10", now=old)
    venue.behave("beta", "reject")

    done = drive(open_spread(route, tess))

    assert done.state == SpreadState.UNWOUND
    assert not venue.sent("gamma")


@pytest.mark.parametrize(
    "facts", [{"region": "GB"}, {"region": ""}, {"currency": "GBP"}, {"is_enabled": False}]
)
def test_a_venue_that_may_not_be_traded_with_is_no_buyer_in_need_either(tess, venue, facts):
    route = make_demo_route()
    make_desk("gamma", **{"origin": "demo", **facts})
    route.show("gamma", bid="46", bid_size="10")
    venue.behave("beta", "reject")

    done = drive(open_spread(route, tess))

    assert done.state == SpreadState.UNWOUND
    assert "2 could not be sold" in done.reason
    assert not venue.sent("gamma")
