"""Each gate: what it holds, what it lets pass, and that what it holds is used by nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from pricing.models import PriceBatch, QuarantinedPrice
from pricing.quality import apart
from tests.pricing.factories import NOW, current, held, history, make_product, observe, record, record_series

pytestmark = pytest.mark.django_db


def guide(product, **statistics: str) -> PriceBatch:
    return record(*(observe(product, price, name) for name, price in statistics.items()))


@pytest.mark.parametrize(
    ("statistics", "reasons"),
    [
        ({"trend": "112.16", "low": "108.99", "avg": "113.09"}, set()),
        ({"trend": "40", "low": "10", "avg": "38"}, set()),
        ({"trend": "40.01", "low": "10", "avg": "38"}, {"ratio_to_low"}),
        ({"trend": "28.47", "low": "149"}, {"ratio_to_low"}),
        ({"trend": "138.12", "low": "124.90", "avg": "1340.02"}, {"ratio_to_average"}),
        ({"trend": "0.02", "low": "48999.95"}, {"ratio_to_low", "too_small"}),
        ({"low": "0.02", "avg": "0.02"}, {"too_small"}),
        ({"low": "45", "avg": "87"}, set()),
    ],
)
def test_statistics_of_a_sealed_product_must_agree(statistics: dict[str, str], reasons: set[str]):
    box = make_product("Box", sealed=True)

    guide(box, **statistics)

    assert held(box) == (dict.fromkeys(statistics, reasons) if reasons else {})
    assert history(box) == ([] if reasons else sorted(map(Decimal, statistics.values())))
    assert current(box) == (None if reasons or "trend" not in statistics else Decimal(statistics["trend"]))


def test_a_sealed_trend_without_offers_is_held_when_the_source_reports_offers():
    silent, other = make_product("Box", sealed=True), make_product("Other", sealed=True)

    record(observe(silent, "71800"), observe(other, "100"), observe(other, "95", "low"))

    assert held(silent) == {"trend": {"no_offers"}}
    assert held(other) == {}


def test_a_source_that_never_reports_offers_cannot_say_that_there_are_none():
    box = make_product("Box", sealed=True)

    guide(box, trend="71800")

    assert held(box) == {}


@pytest.mark.parametrize(
    ("statistics", "is_held"),
    [
        ({"trend": "1.77", "low": "0.02", "avg7": "1.76", "avg30": "1.65"}, False),
        ({"trend": "0.50", "low": "0.02", "avg7": "0.05", "avg30": "0.06"}, False),
        ({"trend": "20", "avg7": "4.9", "avg30": "4.9"}, True),
        ({"trend": "20", "avg7": "18", "avg30": "4.9"}, False),
        ({"trend": "1.00", "avg30": "30"}, True),
        ({"trend": "100", "low": "0.5"}, False),
        ({"trend": "2.05", "avg30": "0.10"}, False),
        ({"trend": "2.10", "avg30": "0.10"}, True),
    ],
)
def test_singles_are_judged_by_their_own_averages(statistics: dict[str, str], is_held: bool):
    ring = make_product()

    guide(ring, **statistics)

    assert held(ring) == ({"trend": {"ratio_to_average"}} if is_held else {})


def test_parked_offers_of_a_single_are_held_and_its_market_price_is_not():
    ring = make_product()

    record(
        *(
            observe(ring, price, name, currency="USD")
            for name, price in (("low", "1000"), ("mid", "1000"), ("market", "25"))
        ),
        source="tcgplayer",
    )

    assert held(ring) == {"low": {"price_parked"}, "mid": {"price_parked"}}
    assert current(ring, "market") == Decimal(25)


def test_wrong_currency_is_held():
    ring = make_product()

    record(observe(ring, "5", currency="USD"))

    assert held(ring) == {"trend": {"wrong_currency"}}
    assert history(ring) == []


def test_a_price_from_the_future_is_held_and_clock_skew_is_not():
    ring, later = make_product(), make_product()

    record(
        observe(ring, "5", recorded_at=NOW + timedelta(seconds=2)),
        observe(later, "5", recorded_at=NOW + timedelta(hours=3)),
    )

    assert held(ring) == {}
    assert held(later) == {"trend": {"in_the_future"}}


class TestOwnHistory:
    def test_a_jump_away_from_the_median_is_held_and_the_older_price_stays_current(self):
        ring = make_product()
        record_series(ring, ["10", "10", "11", "10", "10"])

        record(observe(ring, "95"))

        assert held(ring) == {"trend": {"ratio_to_history"}}
        assert current(ring) == Decimal(10)
        row = QuarantinedPrice.objects.get()
        assert row.evidence == {"median_30_days": "10.00", "points": 5}

    def test_four_points_are_no_history(self):
        ring = make_product()
        record_series(ring, ["10", "10", "10", "10"])

        record(observe(ring, "95"))

        assert held(ring) == {}

    def test_points_older_than_thirty_days_do_not_count(self):
        ring = make_product()
        record_series(ring, ["10"] * 6, until=NOW - timedelta(days=31))

        record(observe(ring, "95"))

        assert held(ring) == {}

    def test_cents_of_bulk_cards_may_jump(self):
        ring = make_product()
        record_series(ring, ["0.02"] * 6)

        record(observe(ring, "1.50"))

        assert current(ring) == Decimal("1.50")

    def test_a_price_near_an_accepted_jump_is_not_held(self):
        ring = make_product()
        record_series(ring, ["10"] * 6 + ["38"])

        record(observe(ring, "60"))

        assert held(ring) == {}

    def test_the_most_volatile_statistic_is_not_judged(self):
        ring = make_product()
        record_series(ring, ["10"] * 6, price_type="avg1")

        record(observe(ring, "95", "avg1"))

        assert held(ring) == {}


def test_holding_again_changes_nothing():
    box = make_product("Box", sealed=True)

    first, again = (guide(box, trend="0.02", low="50") for _ in range(2))

    assert (first.prices_quarantined, again.prices_quarantined, again.prices_known) == (2, 0, 2)
    assert QuarantinedPrice.objects.count() == 2


def test_an_accepted_price_is_not_judged_again_when_its_file_comes_again():
    ring = make_product()
    old = observe(ring, "95", recorded_at=NOW - timedelta(days=10))
    record(old)
    record_series(ring, ["10"] * 6)

    again = record(old)

    assert (again.prices_known, again.prices_quarantined) == (1, 0)


def test_evidence_keeps_the_figures_as_text():
    box = make_product("Box", sealed=True)

    guide(box, trend="138.12", low="124.90", avg="1340.02")

    row = QuarantinedPrice.objects.get(variant__price_type="trend")
    assert row.evidence == {"market": "138.12", "low": "124.90", "avg": "1340.02"}


def test_a_feed_that_is_wrong_throughout_is_held_whole_with_its_evidence():
    boxes = [make_product("Box", sealed=True) for _ in range(40)]
    prices = {"trend": "400", "low": "0.10", "avg": "90"}

    batch = record(*(observe(box, price, name) for box in boxes for name, price in prices.items()))

    assert (batch.prices_quarantined, batch.prices_stored) == (120, 0)
    for row in QuarantinedPrice.objects.all():
        assert row.reasons == ["ratio_to_average", "ratio_to_low", "too_small"]
        assert row.evidence == {"market": "400.00", "low": "0.10", "avg": "90.00"}


class ApartInSql(TestCase):
    amounts = st.none() | st.decimals("0.01", "100000", places=2)

    @given(amounts, amounts)
    def test_it_is_symmetric_and_never_holds_for_a_missing_amount(self, first, second):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {apart('%(a)s::numeric', '%(b)s::numeric', '4', '2.00')},"
                f" {apart('%(b)s::numeric', '%(a)s::numeric', '4', '2.00')}",
                {"a": first, "b": second},
            )
            one, other = (bool(value) for value in cursor.fetchone())

        assert one == other
        assert one == (
            first is not None and second is not None
            and max(first, second) > 4 * min(first, second) and abs(first - second) >= 2
        )  # fmt: skip
