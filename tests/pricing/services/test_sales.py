"""Sales are evidence for volume: each listing once, each day's total at its newest figure."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from common.models import AuditEvent
from pricing.models import SaleRecord, UnmatchedArticle
from pricing.observations import SoldCopies
from pricing.services import record_sales
from tests.pricing.factories import NOW, make_product, make_source

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)
TODAY = NOW.date()


def sold(external_id: str = "101", reference: str = "day", units: int = 1, **facts) -> SoldCopies:
    values = {"sold_on": TODAY, "unit_price": Decimal("9.50"), **facts}
    return SoldCopies(external_id, reference, units=units, **values)


def store(*rows: SoldCopies, now=NOW, source: str = "cardmarket"):
    return record_sales(make_source(source), rows, now=now)


def records() -> list[tuple[object, ...]]:
    rows = SaleRecord.objects.order_by("sold_on", "reference")
    return list(rows.values_list("reference", "sold_on", "units", "unit_price"))


def test_sales_are_stored_with_their_day_and_price():
    make_product(ids={"mcm": "101"})

    report = store(sold(units=3), sold(reference="item-1", finish="foil", condition="near_mint"))

    assert (report.read, report.stored, report.updated, report.unmatched) == (2, 2, 0, 0)
    assert records() == [("day", TODAY, 3, Decimal("9.50")), ("item-1", TODAY, 1, Decimal("9.50"))]
    assert AuditEvent.objects.filter(verb="sales.recorded").count() == 1


def test_the_same_again_is_no_second_sale():
    make_product(ids={"mcm": "101"})
    rows = (sold(units=3), sold(reference="item-1"))
    store(*rows)

    again = store(*rows, now=LATER)

    assert (again.stored, again.updated) == (0, 2)
    assert SaleRecord.objects.count() == 2
    assert set(SaleRecord.objects.values_list("recorded_at", flat=True)) == {LATER}


def test_a_days_total_follows_the_newest_report():
    make_product(ids={"mcm": "101"})
    store(sold(units=3), now=LATER)

    store(sold(units=1), now=NOW)
    assert records() == [("day", TODAY, 3, Decimal("9.50"))]
    store(sold(units=5, unit_price=None), now=LATER + timedelta(hours=1))

    assert records() == [("day", TODAY, 5, Decimal("9.50"))]


def test_a_listing_seen_under_another_day_counts_once():
    make_product(ids={"mcm": "101"})
    store(sold(reference="item-1"))

    store(sold(reference="item-1", sold_on=TODAY - timedelta(days=1)), now=LATER)

    assert records() == [("item-1", TODAY, 1, Decimal("9.50"))]


def test_within_one_report_the_last_row_of_a_sale_counts():
    make_product(ids={"mcm": "101"})

    store(sold(units=1), sold(units=4), sold(reference="a"), sold(reference="a", units=2))

    assert [(row[0], row[2]) for row in records()] == [("a", 2), ("day", 4)]


def test_an_id_of_several_finishes_is_one_product():
    make_product(ids={"mcm/nonfoil": "101", "mcm/foil": "101"})

    assert store(sold()).stored == 1


def test_r002s_own_columns_name_products_too():
    ring = make_product()
    ring.tcg_product_id = "5501"
    ring.save()

    report = store(sold("5501"), source="tcgplayer")

    assert (report.stored, report.unmatched) == (1, 0)


def test_what_the_catalogue_does_not_know_is_counted_and_listed():
    report = store(sold("404"), sold("404", reference="b"), sold("405", name_space="tcgplayer"))

    assert (report.stored, report.unmatched) == (0, 3)
    listed = UnmatchedArticle.objects.order_by("external_id")
    assert [(row.name_space, row.external_id) for row in listed] == [("mcm", "404"), ("tcgplayer", "405")]
    assert not AuditEvent.objects.filter(verb="sales.recorded").exists()


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"sold_on": TODAY + timedelta(days=2)}, "absurd_date"),
        ({"sold_on": date(1990, 1, 1)}, "absurd_date"),
        ({"units": -1}, "units_out_of_range"),
        ({"units": 0, "reference": "item-1"}, "units_out_of_range"),
        ({"units": 1_000_001}, "units_out_of_range"),
        ({"unit_price": Decimal(0)}, "price_out_of_range"),
        ({"unit_price": Decimal("NaN")}, "price_out_of_range"),
        ({"finish": "shiny"}, "unknown_value"),
        ({"condition": "so-so"}, "unknown_value"),
        ({"reference": ""}, "bad_identifier"),
        ({"reference": "x" * 61}, "bad_identifier"),
        ({"external_id": "1\x00"}, "bad_identifier"),
    ],
)
def test_what_cannot_be_meant_is_refused_alone(facts: dict[str, Any], reason: str):
    make_product(ids={"mcm": "101"})

    report = store(sold(**facts), sold(reference="good"))

    assert (report.skipped, report.stored) == ({reason: 1}, 1)


def test_a_day_without_sales_is_a_fact():
    make_product(ids={"mcm": "101"})

    assert store(sold(units=0, unit_price=None)).stored == 1


def test_a_price_in_another_currency_is_left_out_and_the_sale_counts():
    make_product(ids={"mcm": "101"})

    store(sold(currency="USD"))

    assert records() == [("day", TODAY, 1, None)]


def test_the_number_of_statements_does_not_depend_on_the_number_of_sales(django_assert_max_num_queries):
    make_product(ids={"mcm": "101"})
    rows = [sold(reference=f"item-{number}") for number in range(200)]

    with django_assert_max_num_queries(18):
        assert store(*rows).stored == 200
