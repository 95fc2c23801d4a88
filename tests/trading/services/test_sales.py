"""Sales of people's own: never more than was pulled, booked at once, counted when the execution settles."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from common.models import AuditEvent
from tests.trading.factories import NOW, Box, as_if_committed, execute, make_box
from tests.trading.services.test_openings import LATER, enter, line, unopened
from trading.errors import AlreadySelling, ExecutionClosed, LedgerEntryInvalid, SaleRefused
from trading.models import Execution, LedgerEntry, Sale
from trading.selectors.openings import comparison_of, sale_list
from trading.services import cancel_execution, settle_execution
from trading.services.sales import SaleEntry, enter_sale

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(db) -> Box:
    return make_box()


@pytest.fixture
def opened(box, tess) -> Execution:
    """One box that a person opened: a Chase, two Solids, ten Bulks."""
    execution = execute(box, tess)
    unopened(execution)
    enter(execution, tess, line(box.chase), line(box.solid, 2), line(box.bulk, 10))
    return execution


def sell(execution: Execution, actor, product, quantity: int = 1, gross: str = "40.00", **facts) -> Sale:
    amounts: dict[str, Any] = {
        name: Decimal(facts.pop(name)) for name in ("fees", "postage") if name in facts
    }
    entry = SaleEntry(
        product.pk, facts.pop("finish", "nonfoil"), quantity, Decimal(gross), **amounts, **facts
    )
    sale = enter_sale(execution_id=execution.pk, entry=entry, actor=actor, now=LATER)
    as_if_committed()
    return sale


def balances(execution: Execution) -> dict[str, Decimal]:
    rows = LedgerEntry.objects.filter(posting__execution=execution).values("account")
    return {row["account"]: row["total"] for row in rows.annotate(total=Sum("amount"))}


def test_a_sale_is_booked_with_its_costs(box, opened, tess):
    sale = sell(opened, tess, box.chase, gross="41.50", fees="2.08", postage="1.20", note="At the shop")

    assert balances(opened) == {
        "cash": Decimal("-21.78"), "inventory": Decimal("60.00"), "fees": Decimal("3.28"),
        "revenue": Decimal("-41.50"),
    }  # fmt: skip
    (entry,) = {row.posting.key for row in LedgerEntry.objects.filter(account="revenue")}
    assert entry == f"sale-entry:{sale.pk}"
    event = AuditEvent.objects.get(verb="execution.sale_entered")
    assert (event.data["gross"], event.data["postage"], event.actor_id) == ("41.50", "1.20", tess.pk)
    opened.refresh_from_db()
    assert opened.state == "selling"


def test_no_more_is_sold_than_was_pulled(box, opened, tess):
    sell(opened, tess, box.solid)

    with pytest.raises(SaleRefused) as refusal:
        sell(opened, tess, box.solid, 2)
    sell(opened, tess, box.solid)

    assert refusal.value.code == "more_sold_than_pulled"
    assert refusal.value.details == {"pulled": 2, "sold": 1, "on_sale": 0, "asked": 2}
    assert sale_list(opened).count() == 2


@pytest.mark.parametrize("finish", ["foil", ""])
def test_another_finish_was_not_pulled(box, opened, tess, finish: str):
    with pytest.raises(SaleRefused):
        sell(opened, tess, box.chase, finish=finish)


def test_what_the_broker_has_on_sale_is_not_for_people_to_sell(box, tess):
    execution = execute(box, tess)

    with pytest.raises(SaleRefused) as refusal:
        sell(execution, tess, box.chase)
    sell(execution, tess, box.bulk, 10, gross="1.00")  # nobody else sells the bulk

    assert refusal.value.details == {"pulled": 1, "sold": 0, "on_sale": 1, "asked": 1}


@pytest.mark.parametrize(
    ("amounts", "code"),
    [
        ({"gross": "-1"}, "impossible_amount"),
        ({"gross": "NaN"}, "impossible_amount"),
        ({"gross": "1000000000.01"}, "impossible_amount"),
        ({"gross": "1.001"}, "impossible_amount"),
        ({"gross": "5", "fees": "-0.01"}, "impossible_amount"),
        ({"gross": "5", "postage": "Infinity"}, "impossible_amount"),
        ({"gross": "5", "fees": "5.01"}, "fees_above_gross"),
        ({"gross": "5", "quantity": 0}, "ledger_entry_invalid"),
    ],
    ids=str,
)
def test_impossible_amounts_are_refused(box, opened, tess, amounts, code: str):
    with pytest.raises(LedgerEntryInvalid) as refusal:
        sell(opened, tess, box.chase, **amounts)

    assert refusal.value.code == code
    assert not Sale.objects.exists()


def test_a_gift_is_a_sale_without_money(box, opened, tess):
    sell(opened, tess, box.bulk, 3, gross="0")

    assert sorted(balances(opened)) == ["cash", "inventory"]


def test_a_loss_on_postage_is_booked(box, opened, tess):
    sell(opened, tess, box.bulk, gross="0.10", postage="1.20")

    assert balances(opened)["cash"] == Decimal("-61.10")


def test_a_sale_cannot_lie_in_the_future(box, opened, tess):
    with pytest.raises(LedgerEntryInvalid):
        sell(opened, tess, box.chase, sold_at=LATER + timedelta(seconds=1))

    assert sell(opened, tess, box.chase, sold_at=NOW).sold_at == NOW


def test_settling_counts_what_people_sold(box, opened, tess):
    sell(opened, tess, box.chase, gross="45.00", fees="2.25")
    sell(opened, tess, box.solid, 2, gross="44.00", fees="2.20", postage="1.00")

    settled = settle_execution(execution_id=opened.pk, actor=tess, now=LATER)
    as_if_committed()

    assert (settled.realised_cost, settled.realised_proceeds, settled.realised_profit) == (
        Decimal("60.00"), Decimal("83.55"), Decimal("23.55"),
    )  # fmt: skip
    assert balances(opened)["cash"] == Decimal("23.55")
    with pytest.raises(ExecutionClosed):
        sell(opened, tess, box.bulk)


def test_an_execution_something_was_sold_of_is_not_cancelled(box, opened, tess):
    sell(opened, tess, box.chase)

    with pytest.raises(AlreadySelling):
        cancel_execution(execution_id=opened.pk, reason="x", actor=tess, now=LATER)


def test_the_comparison_shows_average_price_and_net_of_every_card(box, opened, tess):
    sell(opened, tess, box.solid, 1, gross="18.00", fees="0.90")
    sell(opened, tess, box.solid, 1, gross="21.01", fees="1.05", postage="1.00")

    found = comparison_of(opened)

    solid = next(card for card in found.cards if card.name == "Solid")
    assert (solid.sold, solid.average_price, solid.net) == (2, Decimal("19.50"), Decimal("36.06"))
    assert (found.proceeds, found.profit) == (Decimal("36.06"), Decimal("-23.94"))


def test_the_broker_and_people_sell_from_one_stock(box, tess):
    execution = execute(box, tess)
    sell(execution, tess, box.bulk, 4, gross="2.00")

    settle_execution(execution_id=execution.pk, actor=tess, now=LATER)

    execution.refresh_from_db()
    assert execution.realised_proceeds == Decimal("78.00")
    assert {card.name: card.sold for card in comparison_of(execution).cards} == {
        "Chase": 1, "Solid": 2, "Bulk": 4,
    }  # fmt: skip
