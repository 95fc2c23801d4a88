"""Selling and settling: what is realised, what waits, and that nothing happens twice."""

from datetime import timedelta
from decimal import Decimal

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.db import connection
from django.db.models import Sum

from common.models import AuditEvent, OutboxMessage
from opportunities.models import Notification
from tests.trading.factories import NOW, Box, execute, make_box, reprice
from trading.choices import LimitPeriod
from trading.errors import AlreadySelling, ExecutionClosed, ExecutionNotFound
from trading.models import Execution, ExposureUse, LedgerEntry, LedgerPosting, Sale
from trading.services import announce_execution, cancel_execution, settle_due, settle_execution

pytestmark = pytest.mark.django_db
DUE = NOW + timedelta(hours=24)
STALE = NOW + timedelta(hours=73)
"""Prices of NOW are too old then."""


@pytest.fixture
def box(db) -> Box:
    return make_box()


@pytest.fixture
def bought(box, tess) -> Execution:
    return execute(box, tess, quantity=2)


def _stored(execution: Execution) -> Execution:
    return Execution.objects.get(pk=execution.pk)


def _balances(execution: Execution) -> dict[str, Decimal]:
    rows = LedgerEntry.objects.filter(posting__execution=execution).values("account")
    return {row["account"]: row["total"] for row in rows.annotate(total=Sum("amount")).order_by("account")}


def _used(period: str) -> Decimal:
    return Decimal(ExposureUse.objects.filter(limit__period=period).aggregate(total=Sum("used"))["total"])


def test_before_its_time_nothing_is_sold(bought):
    assert settle_due(now=DUE - timedelta(seconds=1)).as_data() == {"settled": 0, "selling": 0, "failed": 0}
    assert not Sale.objects.exists()


def test_when_its_time_has_come_everything_is_sold_and_settled(box, bought):
    assert settle_due(now=DUE).settled == 1

    execution = _stored(bought)
    # twice: 40.00 + 2 x 20.00, less 5 %
    assert (execution.state, execution.settled_at) == ("settled", DUE)
    assert (execution.realised_cost, execution.realised_proceeds, execution.realised_profit) == (
        Decimal(120), Decimal(152), Decimal(32),
    )  # fmt: skip
    assert execution.realised_profit == execution.expected_profit
    assert {(sale.product_id, sale.quantity, sale.gross, sale.fees) for sale in execution.sales.all()} == {
        (box.chase.pk, 2, Decimal(80), Decimal(4)),
        (box.solid.pk, 4, Decimal(80), Decimal(4)),
    }
    assert set(execution.orders.values_list("state", flat=True)) == {"filled"}


def test_cash_changes_by_the_realised_profit_and_the_inventory_is_empty(bought):
    settle_due(now=DUE)

    assert _balances(bought) == {
        "cash": Decimal(32), "cost_of_sales": Decimal(120), "fees": Decimal(8), "inventory": Decimal(0),
        "revenue": Decimal(-160),
    }  # fmt: skip


def test_it_sells_at_the_prices_of_then(box, bought):
    reprice(box, at=DUE - timedelta(hours=1), chase="30.00")

    settle_due(now=DUE)

    assert _stored(bought).realised_profit == Decimal(13)  # 2 x (28.50 + 38.00) - 120.00


@pytest.mark.parametrize("again", [1, 2])
def test_settling_again_does_nothing(bought, again):
    settle_due(now=DUE)
    before = LedgerPosting.objects.count()

    for _ in range(again):
        assert settle_due(now=DUE).as_data() == {"settled": 0, "selling": 0, "failed": 0}

    assert LedgerPosting.objects.count() == before
    assert AuditEvent.objects.filter(verb="execution.settled").count() == 1
    assert OutboxMessage.objects.filter(key=f"execution-settled:{bought.pk}").count() == 1


def test_open_exposure_comes_back_once_and_the_day_stays_spent(bought):
    assert (_used(LimitPeriod.OPEN), _used(LimitPeriod.DAY)) == (Decimal(120), Decimal(120))

    settle_due(now=DUE)
    settle_due(now=DUE)

    assert (_used(LimitPeriod.OPEN), _used(LimitPeriod.DAY)) == (Decimal(0), Decimal(120))


def test_cards_without_a_fresh_price_wait_and_are_tried_again(box, bought, settings):
    settle_due(now=STALE)

    execution = _stored(bought)
    assert (execution.state, execution.settles_at) == ("selling", STALE + settings.PAPER_RETRY_DELAY)
    assert not execution.sales.exists()
    assert _used(LimitPeriod.OPEN) == 120

    reprice(box, at=STALE)
    assert settle_due(now=STALE).settled == 0  # not due again yet
    assert settle_due(now=STALE + settings.PAPER_RETRY_DELAY).settled == 1
    assert _stored(bought).realised_profit == Decimal(32)


def test_cards_that_never_find_a_price_are_written_off(bought, settings):
    end = NOW + settings.PAPER_WRITE_OFF_AFTER

    assert settle_due(now=end).settled == 1

    execution = _stored(bought)
    assert (execution.realised_proceeds, execution.realised_profit) == (Decimal(0), Decimal(-120))
    assert execution.closed_reason == "6 cards written off unsold: no executable price"
    assert set(execution.orders.filter(side="sell").values_list("state", flat=True)) == {"cancelled"}
    assert _used(LimitPeriod.OPEN) == 0


def test_a_card_that_fell_below_the_floor_is_not_given_away(box, bought, settings):
    from tests.opportunities.factories import price

    for days in range(1, 14):  # step by step, so that no gate holds the price back
        amount = max(Decimal("0.90"), Decimal(40) * Decimal("0.7") ** days)
        price(box.chase, f"{amount:.2f}", at=NOW + timedelta(hours=days))
    settle_execution(execution_id=bought.pk, actor=None, now=DUE)

    execution = _stored(bought)
    assert execution.state == "selling"
    assert list(execution.sales.values_list("product_id", flat=True)) == [box.solid.pk]


def test_a_trader_may_settle_at_once(bought, tess):
    execution = settle_execution(execution_id=bought.pk, actor=tess, now=NOW + timedelta(minutes=1))

    assert execution.state == "settled"
    assert AuditEvent.objects.get(verb="execution.settled").actor_id == tess.pk
    with pytest.raises(ExecutionClosed):
        settle_execution(execution_id=bought.pk, actor=tess, now=NOW)


def test_one_that_fails_does_not_stop_the_others(bought, tess):
    other = execute(make_box(), tess)
    Execution.objects.filter(pk=bought.pk).update(mode="live")  # no broker of that mode exists

    report = settle_due(now=DUE)

    assert (report.settled, report.failed) == (1, 1)
    assert (_stored(bought).state, _stored(other).state) == ("bought", "settled")


def _run_out(execute, sql, params, many, context):
    """End the task's time when the first card is about to be sold."""
    if 'INSERT INTO "fills"' in sql:
        raise SoftTimeLimitExceeded
    return execute(sql, params, many, context)


def test_the_end_of_the_tasks_time_ends_the_run(bought):
    with connection.execute_wrapper(_run_out), pytest.raises(SoftTimeLimitExceeded):
        settle_due(now=DUE)

    assert (_stored(bought).state, Sale.objects.count()) == ("bought", 0)


def test_that_it_waits_for_prices_is_on_record_once(bought, settings):
    settle_due(now=STALE)
    settle_due(now=STALE + settings.PAPER_RETRY_DELAY)

    event = AuditEvent.objects.get(verb="execution.sold_partly")
    assert event.data == {"sold": 0, "left": 2}


def test_a_cancelled_purchase_is_reversed_and_gives_everything_back(box, tess):
    unopened = execute(box, tess, quantity=2, opening="entered")
    cancel_execution(execution_id=unopened.pk, reason="seller withdrew", actor=tess, now=NOW)

    execution = _stored(unopened)
    assert (execution.state, execution.closed_reason) == ("cancelled", "seller withdrew")
    assert _balances(unopened) == {"cash": 0, "inventory": 0}
    assert (_used(LimitPeriod.OPEN), _used(LimitPeriod.DAY)) == (Decimal(0), Decimal(0))
    assert settle_due(now=DUE).settled == 0
    with pytest.raises(ExecutionClosed):
        cancel_execution(execution_id=unopened.pk, reason="again", actor=tess, now=NOW)


def test_what_was_partly_sold_cannot_be_cancelled(box, bought, tess):
    Sale.objects.create(
        execution=bought, product=box.chase, quantity=1, gross=Decimal(40), sold_at=NOW, created_at=NOW
    )

    with pytest.raises(AlreadySelling):
        cancel_execution(execution_id=bought.pk, reason="too late", actor=tess, now=NOW)


def test_what_does_not_exist_is_not_found(tess, box):
    with pytest.raises(ExecutionNotFound):
        settle_execution(execution_id=box.sealed.pk, actor=tess, now=NOW)


def test_the_trader_is_told_once(bought):
    settle_due(now=DUE)

    told = [announce_execution(execution_id=bought.pk, what="settled", now=DUE) for _ in range(3)]

    line = Notification.objects.get(dedupe_key=f"execution:{bought.pk}:settled")
    assert told == [True, False, False]
    assert (line.user_id, line.kind, line.link) == (
        bought.actor_id, "execution", f"/executions/{bought.pk}",
    )  # fmt: skip
    assert "32.00 EUR" in line.body


@pytest.mark.parametrize("what", ["bought", "cancelled"])
def test_every_event_has_its_line(bought, what):
    assert announce_execution(execution_id=bought.pk, what=what, now=NOW)
    assert not announce_execution(execution_id=bought.pk, what="exploded", now=NOW)
