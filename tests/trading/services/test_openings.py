"""Entering what was pulled: only what can be, once, beside what the model expected."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from common.models import AuditEvent
from tests.opportunities.factories import put_inside
from tests.pricing.factories import make_product
from tests.trading.factories import NOW, Box, execute, make_box, reprice
from trading.errors import (
    AlreadyOpened,
    ExecutionClosed,
    ExecutionNotFound,
    LedgerEntryInvalid,
    OpeningRefused,
)
from trading.models import Execution, LedgerPosting, Opening
from trading.selectors.openings import comparison_of, opening_list
from trading.services import cancel_execution
from trading.services.openings import OpeningEntry, PulledLine, enter_opening

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def box(db) -> Box:
    return make_box()


@pytest.fixture
def real(box, tess) -> Execution:
    """Three boxes that a person opens: the broker's opening and its orders are gone."""
    execution = execute(box, tess, quantity=3)
    unopened(execution)
    return execution


def unopened(execution: Execution) -> None:
    execution.openings.all().delete()
    execution.orders.filter(leg__gt=0).delete()


def line(product, quantity: int = 1, finish: str = "nonfoil") -> PulledLine:
    return PulledLine(product.pk, finish, quantity)


def enter(execution: Execution, actor, *lines: PulledLine, quantity: int = 1, **facts) -> Opening:
    entry = OpeningEntry(quantity, lines, **facts)
    return enter_opening(execution_id=execution.pk, entry=entry, actor=actor, now=LATER)


def test_pulled_cards_stand_beside_what_the_model_expected(box, real, tess):
    opening = enter(real, tess, line(box.chase, 2), line(box.bulk, 19), quantity=2, note="Box 1 and 2")

    shown = opening_list(real).get()
    lines = {
        item.product_id: (item.quantity, item.model_copies, item.model_price) for item in shown.lines.all()
    }
    assert (shown.pk, shown.origin, shown.quantity, shown.entered_by_id) == (
        opening.pk,
        "entered",
        2,
        tess.pk,
    )
    assert lines == {
        box.chase.pk: (2, Decimal(2), Decimal(40)),
        box.solid.pk: (0, Decimal(4), Decimal(20)),  # worth selling, expected, and not pulled
        box.bulk.pk: (19, Decimal(20), Decimal("0.50")),
    }


def test_an_opening_moves_no_money_and_is_recorded(box, real, tess):
    postings = LedgerPosting.objects.count()

    opening = enter(real, tess, line(box.chase))

    event = AuditEvent.objects.get(verb="execution.opened")
    assert (event.subject, event.actor_id) == (f"execution:{real.pk}", tess.pk)
    assert event.data == {"opening": str(opening.pk), "quantity": 1, "cards": 1, "copies": 1}
    assert LedgerPosting.objects.count() == postings


def test_where_the_broker_opened_nothing_is_entered(box, tess):
    execution = execute(box, tess)

    with pytest.raises(OpeningRefused) as refusal:
        enter(execution, tess, line(box.chase))

    assert refusal.value.code == "opening_simulated"
    assert execution.openings.count() == 1


def test_at_most_what_was_bought_is_opened(box, real, tess):
    enter(real, tess, line(box.chase, 2), quantity=2)

    with pytest.raises(OpeningRefused) as refusal:
        enter(real, tess, line(box.chase, 2), quantity=2)
    enter(real, tess, line(box.chase), quantity=1)

    assert refusal.value.code == "more_opened_than_bought"
    assert refusal.value.details == {"bought": 3, "opened": 2, "asked": 2}


def test_only_cards_that_can_be_inside_are_pulled(box, real, tess):
    other, random = make_product("Elsewhere"), make_product("Rare")
    put_inside(box.sealed, random, probability="0.01", slot="rare", finish="foil")

    with pytest.raises(OpeningRefused) as refusal:
        enter(real, tess, line(box.chase), line(other), line(random), line(box.solid, finish="foil"))
    enter(real, tess, line(random, finish="foil"))

    assert refusal.value.code == "card_not_in_product"
    assert refusal.value.details["cards"] == [
        {"product": str(other.pk), "finish": "nonfoil"},
        {"product": str(random.pk), "finish": "nonfoil"},
        {"product": str(box.solid.pk), "finish": "foil"},
    ]
    assert real.openings.count() == 1


@pytest.mark.parametrize("hours", [-1, 2], ids=["before the purchase", "in the future"])
def test_an_impossible_time_is_refused(box, real, tess, hours: int):
    with pytest.raises(LedgerEntryInvalid) as refusal:
        enter(real, tess, line(box.chase), opened_at=NOW + timedelta(hours=hours))

    assert refusal.value.code == "impossible_time"


def test_a_stated_time_is_kept(box, real, tess):
    moment = NOW + timedelta(minutes=5)

    assert enter(real, tess, line(box.chase), opened_at=moment).opened_at == moment


@pytest.mark.parametrize("counts", [(), (0,), (1, -1), (100_001,)], ids=str)
def test_impossible_counts_are_refused(box, real, tess, counts):
    with pytest.raises(LedgerEntryInvalid):
        enter(real, tess, *(PulledLine(uuid4(), "nonfoil", count) for count in counts))


def test_a_card_named_twice_is_refused(box, real, tess):
    with pytest.raises(LedgerEntryInvalid) as refusal:
        enter(real, tess, line(box.chase), line(box.chase))

    assert refusal.value.code == "card_named_twice"


def test_a_closed_or_unknown_execution_takes_no_opening(box, real, tess):
    cancel_execution(execution_id=real.pk, reason="x", actor=tess, now=LATER)

    with pytest.raises(ExecutionClosed):
        enter(real, tess, line(box.chase))
    with pytest.raises(ExecutionNotFound):
        enter(Execution(), tess, line(box.chase))


def test_the_comparison_counts_what_the_model_counts(box, real, tess):
    enter(real, tess, line(box.chase), line(box.solid, 3), line(box.bulk, 5), quantity=1)
    enter(real, tess, line(box.solid, 1), quantity=1)

    found = comparison_of(real)

    assert found.opened == 2
    assert [found.cost, found.proceeds, found.profit] == [180, 0, -180]
    # counted: Chase and Solid; Bulk lies below the floor
    assert (found.pulled_value, found.model_value) == (Decimal("120.00"), Decimal("160.00"))
    cards: dict[str, tuple[object, ...]] = {
        card.name: (card.expected_copies, card.pulled, card.sold, card.is_counted) for card in found.cards
    }
    assert cards == {
        "Chase": (2, 1, 0, True), "Solid": (4, 4, 0, True), "Bulk": (10, 5, 0, False),
    }  # fmt: skip


def test_each_pulled_copy_is_worth_the_price_of_its_own_opening(box, real, tess):
    enter(real, tess, line(box.chase), quantity=1)
    reprice(box, at=LATER, chase="30.00")
    enter(real, tess, line(box.chase), quantity=1)

    found = comparison_of(real)

    assert found.pulled_value == Decimal("70.00")  # 40.00 and 30.00
    assert found.model_value == Decimal("150.00")  # and four Solids of 20.00
    assert {card.name: card.model_price for card in found.cards}["Chase"] == Decimal("35.00")


def test_a_cancelled_purchase_has_cost_nothing(real, tess):
    cancel_execution(execution_id=real.pk, reason="x", actor=tess, now=LATER)

    found = comparison_of(Execution.objects.get(pk=real.pk))

    assert [found.cost, found.profit] == [0, 0]


def test_what_people_opened_is_not_taken_back(box, real, tess):
    enter(real, tess, line(box.chase))

    with pytest.raises(AlreadyOpened) as refusal:
        cancel_execution(execution_id=real.pk, reason="x", actor=tess, now=LATER)

    assert refusal.value.code == "already_opened"
    assert Execution.objects.get(pk=real.pk).state == "bought"


def test_a_draw_that_was_seen_is_not_taken_back(box, tess):
    """Else the unlucky openings are cancelled, and what is left proves whatever one likes."""
    drawn = execute(box, tess)

    with pytest.raises(AlreadyOpened):
        cancel_execution(execution_id=drawn.pk, reason="bad luck", actor=tess, now=LATER)

    assert Execution.objects.get(pk=drawn.pk).state == "bought"
    assert not drawn.orders.filter(state="cancelled").exists()
