from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opportunities.errors import OpportunityNotFound
from opportunities.models import Opportunity
from opportunities.services import dismiss_opportunity, revalidate_opportunity
from pricing.models import PriceSource
from tests.opportunities.factories import POLICY, analyze, found, make_deck, price, price_deck, put_inside
from tests.opportunities.services.test_recomputation import make_box
from tests.pricing.factories import NOW, make_held, make_product, record_series

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _same_policy(settings):
    """Let the settings' policy be the one the tests analyse by."""
    settings.CARDS_SINGLE_FLOORS = dict(POLICY.floors)
    settings.CARDS_GRID_CENTS = POLICY.grid_cents
    settings.CARDS_ITEMS_PER_ORDER = POLICY.items_per_order
    settings.CARDS_FIXED_COST = POLICY.fixed_cost
    settings.CARDS_MIN_MARGIN = POLICY.min_margin
    settings.CARDS_MIN_COVERAGE = POLICY.min_coverage


def check(row: Opportunity, *, now=LATER):
    return revalidate_opportunity(opportunity_id=row.pk, now=now)


def codes(result) -> list[str]:
    return [reason.code for reason in result.reasons]


def test_nothing_moved_gives_the_same_figures_and_the_counted_cards():
    deck = make_deck(seller_count=2, available_quantity=3)
    analyze()

    result = check(found(deck))

    assert (result.status, result.reasons, result.quote_version) == ("unchanged", (), "1")
    assert result.fresh == result.shown
    assert (result.fresh.net_profit, result.fresh.available_quantity) == (16, 3)
    assert [
        (line.product_id, line.expected_copies, line.price, line.copy_value) for line in result.lines
    ] == [
        (deck.chase.pk, 1, 40, 38),
        (deck.solid.pk, 2, 20, 19),
    ]


def test_a_box_is_judged_as_the_analysis_judged_it():
    row = make_box()

    result = check(row, now=NOW)

    assert result.status == "unchanged"
    assert result.fresh == result.shown
    total = sum(line.expected_copies * line.copy_value for line in result.lines)
    assert total == pytest.approx(row.singles_value, abs=Decimal("0.01"))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"cost": "62.00"}, ["price_changed", "cost_changed"]),
        ({"shipping_cost": Decimal("1.50")}, ["cost_changed"]),
        ({"chase": "41.00"}, ["singles_changed"]),
        ({"seller_count": 1}, ["confidence_changed"]),
    ],
)  # fmt: skip
def test_what_moved_is_named(change, expected):
    deck = make_deck()
    analyze()
    price_deck(deck, at=LATER, **change)

    result = check(found(deck))

    assert (result.status, codes(result)) == ("moved", expected)
    assert result.shown.total_cost == 60


def test_fresh_figures_are_what_an_analysis_would_store():
    deck = make_deck(seller_count=2)
    record_series(deck.sealed, ["61.00", "59.00", "60.00"])
    analyze()
    price_deck(deck, cost="55.00", chase="43.00", seller_count=5, at=LATER)

    fresh = check(found(deck)).fresh
    analyze(now=LATER)

    row = found(deck)
    assert row.revision == 2
    assert fresh == check(row).shown


def test_a_loss_is_gone_and_shows_the_loss():
    deck = make_deck()
    analyze()
    price(deck.sealed, "90.00", at=LATER)

    result = check(found(deck))

    assert (result.status, codes(result)) == ("gone", ["refused:no_margin"])
    assert (result.fresh.net_profit, result.fresh.margin_percentage) == (Decimal("-14.00"), Decimal("-15.56"))
    assert (result.fresh.confidence_score, result.fresh.probability_of_profit) == (None, 0)
    assert result.lines == ()


def test_a_held_price_is_gone_without_figures():
    deck = make_deck()
    analyze()
    make_held(deck.sealed, at=LATER)

    result = check(found(deck))

    assert (result.status, codes(result), result.fresh) == ("gone", ["refused:quarantined"], None)


def test_cards_without_a_price_are_gone():
    deck = make_deck()
    analyze()
    put_inside(deck.sealed, make_product("Unpriced"), 10)

    assert codes(check(found(deck))) == ["refused:coverage"]


def test_prices_that_grew_old_are_gone(settings):
    deck = make_deck()
    analyze()
    Opportunity.objects.update(expires_at=None)

    assert codes(check(found(deck), now=NOW + timedelta(hours=73))) == ["refused:stale"]


def test_an_overdue_one_waits_for_the_next_analysis():
    deck = make_deck()
    analyze()

    assert codes(check(found(deck), now=NOW + timedelta(hours=13))) == ["overdue"]


@pytest.mark.parametrize("case", ["dismissed", "source", "product"])
def test_what_cannot_be_acted_on_is_gone_whatever_the_prices(case):
    deck = make_deck()
    analyze()
    row = found(deck)
    if case == "dismissed":
        dismiss_opportunity(opportunity_id=row.pk, reason="broken", actor=None, now=LATER)
    elif case == "source":
        PriceSource.objects.update(is_enabled=False)
    else:
        type(deck.sealed).objects.filter(pk=deck.sealed.pk).update(is_active=False)

    result = check(row)

    expected = {"dismissed": "closed", "source": "source_disabled", "product": "product_withdrawn"}[case]
    assert (result.status, codes(result), result.fresh) == ("gone", [expected], None)


def test_one_made_under_another_policy_is_judged_by_that():
    deck = make_deck()
    analyze(policy=replace(POLICY, name="cautious", fixed_cost=Decimal(5)))

    result = check(found(deck))

    assert (result.status, result.fresh.total_cost) == ("unchanged", 65)


def test_it_only_reads():
    deck = make_deck()
    analyze()
    put_inside(deck.sealed, deck.chase, finish="foil")  # the packed mapping is now out of date

    with CaptureQueriesContext(connection) as queries:
        check(found(deck))

    written = [q["sql"] for q in queries if not q["sql"].lstrip().upper().startswith(("SELECT", "WITH"))]
    assert written == []
    assert not any("advisory" in q["sql"] for q in queries)


def test_nothing_there_is_an_error():
    with pytest.raises(OpportunityNotFound):
        revalidate_opportunity(opportunity_id=uuid4(), now=NOW)
