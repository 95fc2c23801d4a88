"""A spread through both legs to the end, on paper."""

from decimal import Decimal

import pytest

from common.models import AuditEvent, OutboxMessage
from tests.trading.factories import NOW, as_if_committed
from tests.trading.spread_factories import drive, make_crypto_route, make_desk, make_route, open_spread
from trading.choices import LedgerAccount, LegState, SpreadState
from trading.models import ExposureUse, LedgerEntry, LegFill, LegOrder

pytestmark = pytest.mark.django_db


def _balances(execution) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for entry in LedgerEntry.objects.filter(posting__spread_execution=execution):
        totals[entry.account] = totals.get(entry.account, Decimal(0)) + entry.amount
    return {account: total for account, total in totals.items() if total}


def test_a_spread_is_written_down_before_anything_is_sent(tess):
    execution = open_spread(make_route(), tess)

    as_if_committed()
    legs = list(execution.legs.order_by("position"))
    assert execution.state == SpreadState.PENDING
    assert [leg.client_order_id for leg in legs] == [f"{execution.pk}:0", f"{execution.pk}:1"]
    assert {leg.state for leg in legs} == {LegState.PENDING}
    assert [leg.limit_price for leg in legs] == [Decimal(45), Decimal(47)]
    expected = (execution.expected_cost, execution.expected_proceeds, execution.expected_profit)
    assert expected == (Decimal(90), Decimal(94), Decimal(4))
    assert {use.used for use in ExposureUse.objects.all()} == {Decimal("90.00")}
    assert OutboxMessage.objects.get(task="trading.resume_spread").due_at == execution.due_at
    assert AuditEvent.objects.filter(verb="spread.opened").count() == 1
    assert not LegFill.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_both_legs_fill_and_settle(tess):
    execution = open_spread(make_route(), tess)

    done = drive(execution)

    as_if_committed()
    assert (done.state, done.reason) == (SpreadState.SETTLED, "")
    realised = (done.realised_cost, done.realised_proceeds, done.realised_profit)
    assert realised == (Decimal(90), Decimal(94), Decimal(4))
    assert [leg.state for leg in LegOrder.objects.order_by("position")] == ["filled", "filled"]
    assert _balances(execution) == {
        LedgerAccount.CASH: 4, LedgerAccount.REVENUE: -94, LedgerAccount.COST_OF_SALES: 90
    }  # fmt: skip
    used = dict(ExposureUse.objects.values_list("limit__period", "used"))
    assert used == {"open": 0, "day": 90}
    assert (done.finished_at, done.due_at) == (NOW, None)


def test_fees_are_paid_at_both_venues_and_rounded_to_cents_in_the_ledger_only(tess):
    route = make_route(ask="45", bid="47.5")
    make_desk("alpha", fee_bps=Decimal("33.3"))
    make_desk("beta", fee_bps=Decimal(10), fixed_fee=Decimal("0.25"))

    done = drive(open_spread(route, tess, "3"))

    assert done.realised_cost == Decimal("135.44955")
    assert done.realised_proceeds == Decimal("142.1075")
    assert _balances(done)[LedgerAccount.CASH] == Decimal("142.11") - Decimal("135.45")


def test_crypto_takes_parts_of_a_coin_and_limits_of_its_own_currency(tess):
    done = drive(open_spread(make_crypto_route(), tess, "0.125"))

    assert done.state == SpreadState.SETTLED
    assert done.currency == "USDT"
    assert done.realised_cost == Decimal("5630.625")  # 10 bps at binance
    assert ExposureUse.objects.get(limit__currency="USDT", limit__period="day").used == Decimal("5630.63")
