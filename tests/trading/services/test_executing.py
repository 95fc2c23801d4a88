"""One execution: what is written, and that a refusal writes nothing."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from catalog.models import Product
from common.models import AuditEvent, OutboxMessage
from opportunities.errors import OpportunityClosed, OpportunityNotFound
from opportunities.models import Opportunity, OpportunityQuote
from opportunities.services import dismiss_opportunity
from tests.opportunities.factories import analyze
from tests.trading.factories import NOW, Box, at, execute, make_box, make_limits, order, reprice
from trading.choices import ExecutionState, LimitScope, OrderSide, OrderState
from trading.errors import (
    AlreadyExecuted,
    DisclaimerNotAccepted,
    FiguresMoved,
    LimitExceeded,
    LiveNotAvailable,
    NeedsReview,
    NotEnoughOffered,
    StalePrice,
    TradingRefused,
)
from trading.models import (
    Execution,
    ExposureLimit,
    ExposureUse,
    Fill,
    LedgerEntry,
    LedgerPosting,
    Opening,
    Order,
)
from trading.services import cancel_execution, execute_opportunity
from trading.services.paper_opening import seed_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def box(db) -> Box:
    return make_box(available_quantity=9, shipping_cost=Decimal("1.50"))


def _written() -> dict[str, int]:
    tables = (Execution, Order, Fill, LedgerPosting, Opening, ExposureUse)
    return {model.__name__: model.objects.count() for model in tables}


def test_an_execution_keeps_what_was_expected_shown_and_checked(box, tess):
    execution = execute(box, tess, quantity=2, note="two of nine")

    stored = Execution.objects.get(pk=execution.pk)
    assert (stored.state, stored.mode, stored.actor, stored.note) == ("bought", "paper", tess, "two of nine")
    # 61.50 with shipping, singles 76.00: profit 14.50, twice
    assert (stored.expected_cost, stored.expected_proceeds, stored.expected_profit) == (
        Decimal("123.00"), Decimal("152.00"), Decimal("29.00"),
    )  # fmt: skip
    assert stored.expected_margin_percentage == Decimal("23.57")
    assert (stored.quote_version, stored.shown["total_cost"]) == ("1", "61.50")
    assert stored.checked["status"] == "unchanged"
    assert {"still_open", "cost_drift_allowed", "enough_offered"} <= set(stored.checked["controls"])
    assert stored.settles_at == NOW + timedelta(hours=24)


def test_the_purchase_is_filled_at_once_and_booked(box, tess):
    execution = execute(box, tess, quantity=2)

    bought = execution.orders.get(side=OrderSide.BUY)
    fill = bought.fills.get()
    assert (bought.leg, bought.state, bought.client_order_id) == (0, OrderState.FILLED, f"{execution.pk}:0")
    assert (fill.quantity, fill.price, fill.fees, fill.postage) == (
        2, Decimal(60), Decimal(0), Decimal("3.00"),
    )  # fmt: skip
    entries = LedgerEntry.objects.filter(posting__key=f"buy:{execution.pk}")
    assert {entry.account: entry.amount for entry in entries} == {
        "cash": Decimal("-123.00"),
        "inventory": Decimal("123.00"),
    }


def test_it_is_opened_by_dice_and_each_card_worth_selling_has_an_order(box, tess):
    execution = execute(box, tess, quantity=2)

    opening = execution.openings.get()
    lines = {line.product_id: line for line in opening.lines.all()}
    assert (opening.origin, opening.quantity, opening.seed) == ("simulated", 2, seed_of(execution.pk))
    assert {lines[card.pk].quantity for card in (box.chase,)} == {2}
    assert (lines[box.solid.pk].quantity, lines[box.solid.pk].model_copies) == (4, Decimal(4))
    assert (lines[box.bulk.pk].quantity, lines[box.bulk.pk].model_price) == (20, Decimal("0.50"))
    sells = execution.orders.filter(side=OrderSide.SELL).order_by("leg")
    assert [(row.leg, row.product_id, row.quantity, row.limit_price, row.state) for row in sells] == [
        (1, box.chase.pk, 2, Decimal("40.00"), "open"),  # equal worth: by key
        (2, box.solid.pk, 4, Decimal("20.00"), "open"),
    ]


def test_the_opportunity_is_executed_with_a_new_revision_on_record(box, tess):
    execute(box, tess, quantity=2)

    row = Opportunity.objects.get(pk=box.opportunity.pk)
    assert (row.status, row.execution_quantity, row.executed_at, row.revision) == ("executed", 2, NOW, 2)
    assert OpportunityQuote.objects.filter(opportunity=row, revision=2).exists()


def test_audit_and_announcement_are_written_with_it(box, tess):
    execution = execute(box, tess)

    events = AuditEvent.objects.filter(verb__in=["execution.bought", "opportunity.executed"])
    assert {(event.verb, event.subject, event.actor_id) for event in events} == {
        ("execution.bought", f"execution:{execution.pk}", tess.pk),
        ("opportunity.executed", f"opportunity:{box.opportunity.pk}", tess.pk),
    }
    message = OutboxMessage.objects.get(task="trading.announce_execution")
    assert message.kwargs == {"execution_id": str(execution.pk), "what": "bought"}


def test_exposure_is_taken_of_every_limit(box, tess):
    execution = execute(box, tess)

    uses = ExposureUse.objects.filter(limit__currency="EUR", used__gt=0).order_by("subject")
    assert [(use.limit.scope, use.subject, use.day, use.used) for use in uses] == [
        ("global", "", None, Decimal("61.50")),
        ("user", "tess", NOW.date(), Decimal("61.50")),
    ]
    assert execution.reservations.count() == 2


def test_products_of_the_demo_market_settle_soon(box, tess):
    Product.objects.filter(pk=box.sealed.pk).update(is_demo=True)

    assert execute(box, tess).settles_at == NOW + timedelta(minutes=12)


def test_a_second_execution_is_refused(box, tess):
    execute(box, tess)

    with pytest.raises(AlreadyExecuted):
        execute(box, tess)
    assert _written()["Execution"] == 1


def test_a_cancelled_execution_does_not_open_the_opportunity_again(box, tess):
    execution = execute(box, tess, opening="entered")
    cancel_execution(execution_id=execution.pk, reason="gone", actor=tess, now=NOW)

    with pytest.raises(AlreadyExecuted):
        execute(box, tess)


REFUSALS: dict[str, tuple[type[TradingRefused], dict[str, Any]]] = {
    "without the disclaimer": (DisclaimerNotAccepted, {"accept_disclaimer": False}),
    "live": (LiveNotAvailable, {"mode": "live"}),
    "an unknown mode": (LiveNotAvailable, {"mode": "margin"}),
    "more than offered": (NotEnoughOffered, {"quantity": 10}),
    "more than one execution may have": (LimitExceeded, {"quantity": 51}),
    "a version nobody saw": (FiguresMoved, {"quote_version": "77"}),
    "a version that is no number": (FiguresMoved, {"quote_version": "1; DROP"}),
    "own cost limit": (FiguresMoved, {"max_total_cost": Decimal("61.49")}),
    "own margin limit": (FiguresMoved, {"min_margin_percentage": Decimal("23.58")}),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refusal_has_its_reason_and_writes_nothing(box, tess, case):
    error, changes = REFUSALS[case]
    before = _written()

    with pytest.raises(error) as refused:
        execute(box, tess, **changes)

    assert isinstance(refused.value, TradingRefused)
    assert _written() == before
    assert Opportunity.objects.get(pk=box.opportunity.pk).status == "active"


@pytest.mark.parametrize(
    "changes", [{"max_total_cost": Decimal("61.50")}, {"min_margin_percentage": Decimal("23.57")}]
)
def test_own_limits_are_inclusive(box, tess, changes):
    assert execute(box, tess, **changes).state == ExecutionState.BOUGHT


def test_what_does_not_exist_cannot_be_executed(box, tess):
    with pytest.raises(OpportunityNotFound):
        execute_opportunity(opportunity_id=uuid4(), actor=tess, order=order(box), now=NOW, clock=at(NOW))


def test_a_dismissed_opportunity_is_closed(box, tess):
    dismiss_opportunity(opportunity_id=box.opportunity.pk, reason="no", actor=tess, now=NOW)

    with pytest.raises(OpportunityClosed) as refused:
        execute(box, tess)
    assert refused.value.details["status"] == "cancelled"


def test_its_time_passes_by_the_database_and_not_by_the_caller(box, tess):
    end = box.opportunity.expires_at
    assert end is not None

    with pytest.raises(OpportunityClosed):
        execute_opportunity(
            opportunity_id=box.opportunity.pk, actor=tess, order=order(box), now=NOW, clock=at(end)
        )


def test_a_price_too_old_by_the_database_is_refused_whatever_the_caller_says(box, tess, settings):
    Opportunity.objects.filter(pk=box.opportunity.pk).update(expires_at=NOW + timedelta(days=9))
    moment = NOW + timedelta(hours=settings.PRICE_MAX_AGE_HOURS, seconds=1)

    with pytest.raises(StalePrice):
        execute_opportunity(
            opportunity_id=box.opportunity.pk, actor=tess, order=order(box), now=NOW, clock=at(moment)
        )


def test_what_needs_review_waits_for_it(box, tess):
    Opportunity.objects.filter(pk=box.opportunity.pk).update(needs_review=True)

    with pytest.raises(NeedsReview):
        execute(box, tess)


@pytest.mark.parametrize(
    ("reviewed_margin", "is_allowed"), [(None, False), ("350.00", False), ("400.00", True)]
)
def test_a_margin_too_good_to_be_true_needs_a_review_that_it_did_not_outgrow(
    tess, reviewed_margin, is_allowed
):
    box = make_box(cost="15.00")  # 76.00 for 15.00: 406.66 %
    Opportunity.objects.filter(pk=box.opportunity.pk).update(
        needs_review=False, reviewed_margin=reviewed_margin
    )

    if is_allowed:
        assert execute(box, tess).expected_margin_percentage == Decimal("406.66")
        return
    with pytest.raises(NeedsReview):
        execute(box, tess)


DRIFTS = {
    "cost up 1.9 percent": ("61.16", "40.00", True),
    "cost up 2.1 percent": ("61.30", "40.00", False),
    "profit down 19 percent": ("60.00", "37.10", True),
    "profit down 21 percent": ("60.00", "36.78", False),
    "better": ("59.00", "41.00", True),
    "a loss": ("60.00", "20.00", False),
}


@pytest.mark.parametrize("case", DRIFTS)
def test_figures_may_move_so_far_and_no_further(box, tess, case):
    cost, chase, is_allowed = DRIFTS[case]
    reprice(box, at=LATER, cost=cost, chase=chase, shipping_cost=Decimal("1.50"))

    if is_allowed:
        assert execute(box, tess, now=LATER).checked["status"] == "moved"
        return
    with pytest.raises(FiguresMoved) as refused:
        execute(box, tess, now=LATER)
    details = refused.value.details
    assert details["shown"]["total_cost"] == "61.50"
    assert details["reasons"]
    assert case == "a loss" or details["fresh"]["total_cost"]


def test_the_revision_the_trader_saw_counts_and_not_the_newest(box, tess):
    seen = order(box)
    reprice(box, at=LATER, cost="64.00", shipping_cost=Decimal("1.50"))
    analyze(box.sealed, now=LATER)

    with pytest.raises(FiguresMoved) as refused:
        execute_opportunity(
            opportunity_id=box.opportunity.pk, actor=tess, order=seen, now=LATER, clock=at(LATER)
        )
    assert (refused.value.details["quote_version"], refused.value.details["shown"]["total_cost"]) == (
        "2", "61.50",
    )  # fmt: skip
    assert execute(box, tess, now=LATER).quote_version == "2"


def test_a_limit_without_room_names_itself(box, tess):
    make_limits(user_day="61.49")

    with pytest.raises(LimitExceeded) as refused:
        execute(box, tess)

    details = refused.value.details
    assert (details["limit"]["scope"], details["used"], details["ceiling"]) == ("user", "0.00", "61.49")
    assert not ExposureUse.objects.filter(used__gt=0).exists()


def test_without_any_limit_over_everything_nothing_is_spent(box, tess):
    ExposureLimit.objects.filter(scope=LimitScope.GLOBAL).update(is_active=False)

    with pytest.raises(LimitExceeded):
        execute(box, tess)
