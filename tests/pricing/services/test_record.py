from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import psycopg
import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from common.bulk import copy_rows
from common.models import AuditEvent
from pricing.errors import BatchRefused
from pricing.models import CurrentPrice, PriceBatch, PriceRecord, PriceVariant, QuarantinedPrice
from pricing.observations import BatchFacts, Observation
from pricing.selectors import history_disagreements
from pricing.services import record_prices
from tests.pricing.factories import NOW, current, history, make_product, make_source, observe, record

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_price_is_stored_and_becomes_current():
    ring = make_product(ids={"mcm": "101"})

    batch = record(observe("101", "1.77"), observe("101", "2.77", finish="foil"))

    assert (batch.prices_read, batch.prices_stored, batch.prices_known, batch.skipped) == (2, 2, 0, {})
    assert (current(ring), current(ring, finish="foil")) == (Decimal("1.77"), Decimal("2.77"))
    assert history(ring) == [Decimal("1.77"), Decimal("2.77")]


def test_recording_the_same_again_changes_nothing():
    make_product(ids={"mcm": "101"})
    first = record(observe("101", "1.77"), observe("101", "0.10", "low"))
    before = list(CurrentPrice.objects.values_list("batch_id", "price").order_by("pk"))

    again = record(observe("101", "1.77"), observe("101", "0.10", "low"))

    assert (again.prices_stored, again.prices_known) == (0, 2)
    assert list(CurrentPrice.objects.values_list("batch_id", "price").order_by("pk")) == before
    assert set(PriceRecord.objects.values_list("batch_id", flat=True)) == {first.pk}


def test_older_prices_enter_history_and_leave_the_current_price_alone():
    ring = make_product(ids={"mcm": "101"})
    record(observe("101", "2.00"), at=NOW)

    record(observe("101", "1.00"), at=NOW - 40 * DAY, now=NOW)

    assert current(ring) == Decimal("2.00")
    assert history(ring) == [Decimal("1.00"), Decimal("2.00")]


def test_of_several_times_in_one_batch_the_latest_is_current():
    ring = make_product()

    record(
        observe(ring, "1.00", recorded_at=NOW - DAY),
        observe(ring, "3.00", recorded_at=NOW),
        observe(ring, "2.00", recorded_at=NOW - 2 * DAY),
    )

    assert current(ring) == Decimal("3.00")
    assert len(history(ring)) == 3


@pytest.mark.parametrize(
    ("price", "reason"),
    [
        ("0", "no_price"),
        ("NaN", "price_out_of_range"),
        ("Infinity", "price_out_of_range"),
        ("-1", "price_out_of_range"),
        ("0.001", "price_out_of_range"),
        ("10000000.01", "price_out_of_range"),
        ("1e999999", "price_out_of_range"),
        ("1e-999999", "price_out_of_range"),
    ],
)
def test_impossible_prices_are_counted_and_never_stored(price: str, reason: str):
    ring = make_product(ids={"mcm": "101"})

    batch = record(observe("101", price), observe("101", "0.10", "low"))

    assert batch.skipped == {reason: 1}
    assert history(ring) == [Decimal("0.10")]


def test_what_the_catalogue_does_not_know_is_counted_by_price_and_article():
    batch = record(observe("1", "5"), observe("1", "6", "avg"), observe("2", "7"))

    assert batch.skipped == {"unmatched": 3, "unmatched_articles": 2}
    assert not PriceRecord.objects.exists()


def test_every_price_read_is_accounted_for():
    make_product(ids={"mcm": "101"}, finishes=["nonfoil"])
    make_product("Box", sealed=True, ids={"mcm": "102"})

    batch = record(
        observe("101", "1"), observe("101", "1"), observe("101", "2", finish="foil"), observe("999", "3"),
        observe("101", "0", "low"), observe("102", "0.02"), observe("102", "30", "low"),
    )  # fmt: skip

    skipped = dict(batch.skipped)
    assert skipped.pop("unmatched_articles") == 1
    assert skipped == {"duplicate": 1, "finish_not_made": 1, "unmatched": 1, "no_price": 1}
    assert batch.prices_stored + batch.prices_known + batch.prices_quarantined + sum(skipped.values()) == 7


def test_the_first_of_two_prices_for_one_key_wins():
    ring = make_product()

    record(observe(ring, "1.00"), observe(ring, "9.00"))

    assert history(ring) == [Decimal("1.00")]


def test_condition_is_that_of_the_article_when_the_source_does_not_say():
    record(
        observe(make_product(), "1"),
        observe(make_product(sealed=True), "99"),
        observe(make_product(), "2", condition="damaged"),
    )

    found = CurrentPrice.objects.order_by("price").values_list("variant__condition", flat=True)

    assert list(found) == ["any", "damaged", "unopened"]


def test_numbers_of_sellers_copies_and_shipping_are_kept():
    ring = make_product()

    record(observe(ring, "1", seller_count=4, available_quantity=9, shipping_cost=Decimal("1.15")))

    row = CurrentPrice.objects.get()
    assert (row.seller_count, row.available_quantity, row.shipping_cost) == (4, 9, Decimal("1.15"))


def test_impossible_counts_are_skipped():
    ring = make_product()

    batch = record(
        observe(ring, "1", seller_count=-1), observe(ring, "1", "low", shipping_cost=Decimal("NaN"))
    )

    assert batch.skipped == {"count_out_of_range": 2}


def test_absurd_times_of_single_prices_are_skipped():
    ring = make_product()
    times = [datetime(1992, 12, 31, tzinfo=UTC), NOW + 2 * DAY]

    batch = record(*(observe(ring, "1", recorded_at=moment) for moment in times))

    assert batch.skipped == {"absurd_date": 2}


@pytest.mark.parametrize(
    "moment", [datetime(1992, 1, 1, tzinfo=UTC), NOW + 2 * DAY, NOW.replace(tzinfo=None)]
)
def test_absurd_times_of_batches_are_refused(moment: datetime):
    with pytest.raises(BatchRefused):
        record(observe("1", "1"), at=moment, now=NOW)

    assert not PriceBatch.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"currency": "EURO"},
        {"finish": "shiny"},
        {"condition": "good"},
        {"price_type": "highest"},
        {"external_id": None},
        {"product_key": 5},
        {"recorded_at": datetime(2026, 11, 1)},  # noqa: DTZ001 - the refused thing itself
        {"external_id": "a\x00b"},
        {"name_space": "id"},
        {"name_space": "a=b"},
        {"seller_count": 1 << 70},
    ],
)
def test_observations_that_cannot_be_meant_refuse_the_whole_batch(values: dict[str, object]):
    make_product(ids={"mcm": "101"})
    good = {"price": Decimal(1), "price_type": "trend", "currency": "EUR", "external_id": "101"}

    with pytest.raises(BatchRefused):
        record(Observation(**good), Observation(**{**good, **values}))  # type: ignore[arg-type]

    assert not PriceRecord.objects.exists()
    assert not PriceBatch.objects.exists()


def test_an_error_while_reading_leaves_nothing_behind():
    ring = make_product()

    def broken() -> Iterator[Observation]:
        yield observe(ring, "1")
        raise OSError("the disk went away")

    with pytest.raises(OSError, match="went away"):
        record_prices(source=make_source(), observations=broken(), batch=BatchFacts(recorded_at=NOW), now=NOW)

    assert not PriceRecord.objects.exists()


def test_articles_can_be_named_by_key_by_id_and_by_another_name_space():
    one, two, three = make_product(), make_product(), make_product(ids={"tcgplayer": "7"})

    record(
        observe(one, "1"),
        observe(str(two.pk), "2", name_space="id"),
        observe("7", "3", name_space="tcgplayer"),
    )

    assert [current(product) for product in (one, two, three)] == [Decimal(1), Decimal(2), Decimal(3)]


def test_identifiers_of_other_sources_do_not_match():
    make_product(ids={"tcgplayer": "101"})

    assert record(observe("101", "1")).skipped["unmatched"] == 1


def test_recording_is_audited_without_rows():
    record(observe(make_product(), "1"))

    event = AuditEvent.objects.get(verb="prices.recorded")

    assert event.data["source"] == "cardmarket"
    assert event.data["prices_stored"] == 1


def test_variants_are_made_once_and_numbers_are_not_burnt():
    ring = make_product(finishes=["nonfoil"])
    known = set(PriceVariant.objects.values_list("pk", flat=True))
    for day in range(4):
        record(observe(ring, "1"), at=NOW + day * timedelta(hours=1))

    record(observe(ring, "1", "avg30"), at=NOW)

    ids = sorted(set(PriceVariant.objects.values_list("pk", flat=True)) - known)
    assert len(ids) >= 2
    assert ids[-1] - ids[0] == len(ids) - 1


def test_several_batches_fit_one_transaction():
    ring = make_product()

    record(observe(ring, "1"))
    record(observe(ring, "2"), at=NOW + timedelta(hours=1))

    assert len(history(ring)) == 2


def test_number_of_statements_does_not_depend_on_the_number_of_prices(django_assert_max_num_queries):
    products = [make_product() for _ in range(30)]
    record(observe(products[0], "1"))

    with django_assert_max_num_queries(65):
        record(*(observe(product, "1") for product in products), at=NOW + timedelta(hours=1))


@pytest.mark.parametrize("table", ["price_history", "current_prices"])
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("price", "NaN"), ("price", "-1"), ("price", "0"), ("price", "10000000.01"), ("price", "Infinity"),
        ("shipping_cost", "NaN"), ("shipping_cost", "-0.01"), ("seller_count", "-1"),
        ("available_quantity", "-1"),
    ],
)  # fmt: skip
def test_the_tables_themselves_refuse_what_slips_past_through_copy(table: str, column: str, value: str):
    record(observe(make_product(), "1"))
    row = {
        "product_key": 1,
        "source_id": 1,
        "variant_id": 1,
        "batch_id": 1,
        "recorded_at": NOW.isoformat(),
        "price": "1",
    }
    row[column] = value

    with pytest.raises(psycopg.DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        copy_rows(cursor, table, list(row), [list(row.values())])


class AnyOrderOfBatches(TestCase):
    @settings(max_examples=15)
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 40), st.decimals("0.01", "3.00", places=2), st.sampled_from(["trend", "low"])
            ),
            min_size=1,
            max_size=12,
        )
    )
    def test_current_price_is_the_newest_of_history_whatever_the_order(self, steps):
        ring = make_product()

        for age, price, price_type in steps:
            record(observe(ring, price, price_type), at=NOW - age * DAY, now=NOW)

        assert history_disagreements([ring.key]) == []
        for price_type in {step[2] for step in steps}:
            newest = min(age for age, _, kind in steps if kind == price_type)
            first = next(price for age, price, kind in steps if (age, kind) == (newest, price_type))
            assert current(ring, price_type) == first or QuarantinedPrice.objects.exists()
