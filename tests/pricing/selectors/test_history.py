from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.models import PriceHistory
from pricing.selectors import Series, price_chart, price_stability_inputs, record_id, record_key
from tests.pricing.factories import NOW, make_product, make_source, observe, record, record_series

microseconds = st.datetimes(datetime(1993, 8, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@given(st.integers(1, 2**31 - 1), st.integers(1, 2**15 - 1), st.integers(1, 2**15 - 1), microseconds)
def test_an_id_can_be_turned_back_into_the_key(
    product_key: int, source_id: int, variant_id: int, recorded_at: datetime
):
    identifier = record_id(
        product_key=product_key, source_id=source_id, variant_id=variant_id, recorded_at=recorded_at
    )

    assert record_key(identifier) == (product_key, source_id, variant_id, recorded_at)


@given(st.uuids())
def test_any_uuid_is_a_key_or_none(identifier: UUID):
    key = record_key(identifier)

    assert key is None or record_id(
        product_key=key[0], source_id=key[1], variant_id=key[2], recorded_at=key[3]
    ) == identifier  # fmt: skip


@pytest.mark.django_db
class TestDatabase:
    def test_the_view_names_every_column_of_the_requirement(self):
        ring = make_product(ids={"mcm": "101"})
        batch = record(observe("101", "1.77", finish="foil", seller_count=3, shipping_cost=Decimal("1.15")))

        row = PriceHistory.objects.get()

        assert (row.product_id, row.price, row.currency, row.condition) == (
            ring.pk,
            Decimal("1.77"),
            "EUR",
            "any",
        )
        assert (row.source, row.source_url, row.seller_count, row.available_quantity) == (
            "cardmarket",
            "guide.json",
            3,
            None,
        )
        assert (row.shipping_cost, row.price_type, row.is_foil, row.finish) == (
            Decimal("1.15"),
            "trend",
            True,
            "foil",
        )
        assert (row.confidence_level, row.data_source_quality, row.route) == ("high", Decimal(1), "file")
        assert (row.recorded_at, row.created_at) == (NOW, batch.created_at)

    def test_the_view_and_the_selector_make_the_same_id(self):
        ring = make_product()
        moment = NOW.replace(microsecond=123_457)
        record(observe(ring, "1"), at=moment)

        row = PriceHistory.objects.get()

        assert record_key(row.id) == (ring.key, row.source_id, row.variant_id, moment)
        assert row.id == record_id(
            product_key=ring.key, source_id=row.source_id, variant_id=row.variant_id, recorded_at=moment
        )

    def test_daily_medians_of_many_products_in_one_statement(self, django_assert_num_queries):
        ring, other, silent = make_product(), make_product(), make_product()
        record_series(other, ["5", "6"])
        for hour, price in ((1, "1"), (2, "2"), (3, "9")):
            record(observe(ring, price), observe(ring, "7", "low"), at=NOW.replace(hour=hour))
        source = make_source()

        with django_assert_num_queries(1):
            series = price_stability_inputs(
                product_keys=[ring.key, other.key, silent.key], source=source, now=NOW
            )

        assert set(series) == {(ring.key, "nonfoil"), (other.key, "nonfoil")}
        assert [(day.day, day.price) for day in series[ring.key, "nonfoil"]] == [(NOW.date(), Decimal(2))]
        assert [day.price for day in series[other.key, "nonfoil"]] == [Decimal(5), Decimal(6)]

    def test_days_before_the_period_and_played_copies_do_not_count(self):
        ring = make_product()
        record(observe(ring, "1"), at=NOW - timedelta(days=30))
        record(observe(ring, "2"), observe(ring, "3", condition="damaged"), at=NOW - timedelta(days=29))

        series = price_stability_inputs(product_keys=[ring.key], source=make_source(), now=NOW)

        assert [day.price for day in series[ring.key, "nonfoil"]] == [Decimal(2)]
        assert series[ring.key, "nonfoil"][0].day == date(2026, 10, 22)

    def test_chart_buckets_hold_range_and_last_price(self):
        ring = make_product()
        record_series(ring, ["3", "1", "2", "8"])

        points = price_chart(
            product_key=ring.key,
            finish="nonfoil",
            series=Series(make_source()),
            period=(NOW - timedelta(days=30), NOW),
            bucket=timedelta(weeks=1),
        )

        assert [(p.count, p.low, p.median, p.high, p.last) for p in points] == [
            (4, Decimal(1), Decimal("2.50"), Decimal(8), Decimal(8))
        ]
        assert points[0].starts_at.weekday() == 0

    @pytest.mark.parametrize("bucket", [timedelta(0), timedelta(seconds=1)])
    def test_a_chart_of_too_many_points_is_refused(self, bucket: timedelta):
        with pytest.raises(ValueError, match="at most"):
            price_chart(
                product_key=1,
                finish="nonfoil",
                series=Series(make_source()),
                period=(NOW - timedelta(days=30), NOW),
                bucket=bucket,
            )
