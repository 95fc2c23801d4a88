"""From an uploaded list to costs in history, held costs and offers."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.choices import VenueKind
from catalog.models import Venue
from common.models import AuditEvent
from opportunities.detection import routes_at
from pricing.errors import PriceFileError
from pricing.importers.distributor import CostIsFor, ListOptions
from pricing.models import (
    CurrentPrice,
    DistributorOffer,
    PriceList,
    PriceSource,
    QuarantinedPrice,
    UnmatchedArticle,
)
from pricing.services import release_price
from pricing.services.distributor import import_price_list, upload_price_list
from tests.pricing.factories import NOW, make_product, make_source

pytestmark = pytest.mark.django_db

USD = ListOptions(currency="USD")
LIST = b"""SKU,UPC,Name,Game,Case Pack,Unit Cost,Case Cost,Available
A1,012345678905,Moon Booster Box,Magic,6,90.00,540.00,12+
A2,,Sun Booster Box,Magic,,,480.00,4
A3,,Star Booster Box,Magic,6,,,Call
A9,,Unknown Box,Magic,6,10.00,60.00,4
"""


@pytest.fixture
def source() -> PriceSource:
    venue = Venue.objects.create(
        code="northern", name="Northern Games", kind=VenueKind.DISTRIBUTOR, currency="USD"
    )
    return PriceSource.objects.create(
        code="northern", venue=venue, currency="USD", identifier_source="northern", market_price_type="retail"
    )


@pytest.fixture
def boxes():
    return {
        "moon": make_product("Moon Box", sealed=True, ids={"gtin": "012345678905"}),
        "sun": make_product("Sun Box", sealed=True, ids={"northern": "A2"}),
        "star": make_product("Star Box", sealed=True, ids={"northern": "A3"}),
    }


def upload(source, content=LIST):
    return upload_price_list(source=source, file_name="list.csv", content=content, actor=None, now=NOW)


def run(price_list, options=USD, **facts):
    return import_price_list(
        price_list, mapping=price_list.mapping, options=options, actor=None, now=NOW, **facts
    )


def test_known_costs_are_recorded_and_unclear_ones_held(source, boxes):
    report = run(upload(source))

    assert (report.rows, report.matched, report.unmatched) == (4, 3, 1)
    assert (report.prices_stored, report.prices_held, report.without_cost) == (1, 1, 1)
    current = CurrentPrice.objects.get(source=source)
    assert (current.product, current.price, current.available_quantity) == (
        boxes["moon"],
        Decimal("90.00"),
        12,
    )
    held = QuarantinedPrice.objects.get(source=source)
    assert held.product == boxes["sun"]
    assert held.reasons == ["unit_unclear"]
    assert held.price == Decimal("480.00")
    assert "number of boxes" in held.evidence["why"]
    assert DistributorOffer.objects.count() == 4
    assert DistributorOffer.objects.get(sku="A2").is_unit_clear is False
    assert AuditEvent.objects.filter(verb="price_list.imported").count() == 1
    unknown = UnmatchedArticle.objects.get()
    assert (unknown.name_space, unknown.external_id, unknown.name) == ("northern", "A9", "Unknown Box")


def test_a_long_list_of_unclear_costs_takes_no_more_statements(source, boxes):
    def count_of(size: int) -> int:
        ids = [f"{size}-{number}" for number in range(size)]
        for sku in ids:
            make_product(f"Box {sku}", sealed=True, ids={"northern": sku})
        lines = [f"{sku},,Box {sku},Magic,,,480.00,4" for sku in ids]
        content = "\n".join([LIST.decode().splitlines()[0], *lines]).encode()
        price_list = upload(source, content)
        with CaptureQueriesContext(connection) as queries:
            assert run(price_list).prices_held == size
        return len(queries)

    count_of(1)

    assert count_of(2) == count_of(20)


def test_a_held_cost_can_be_released(source, boxes):
    run(upload(source))

    release_price(quarantined_id=QuarantinedPrice.objects.get().pk, actor=None, now=NOW)

    assert CurrentPrice.objects.get(product=boxes["sun"]).price == Decimal("480.00")


def test_importing_twice_changes_nothing(source, boxes):
    price_list = upload(source)
    options = ListOptions(currency="USD", recorded_at=NOW - timedelta(hours=1))
    run(price_list, options)

    again = run(price_list, options)

    assert (again.prices_stored, again.prices_known, again.prices_held) == (0, 1, 0)
    assert DistributorOffer.objects.count() == 4
    assert upload(source) == price_list


def test_a_dry_run_tells_the_same_and_leaves_no_trace(source, boxes):
    price_list = upload(source)

    dry = run(price_list, is_dry_run=True)

    assert not DistributorOffer.objects.exists()
    assert not CurrentPrice.objects.exists()
    assert not QuarantinedPrice.objects.exists()
    price_list.refresh_from_db()
    assert price_list.status == "draft"
    assert run(price_list) == dry


def test_what_a_person_says_of_the_unit_settles_it(source, boxes):
    price_list = upload(source, b"SKU,Name,Case Pack,Price\nA2,Sun Booster Box,6,480\n")

    assert run(price_list, is_dry_run=True).prices_held == 1
    report = run(price_list, ListOptions(currency="USD", cost_is_for=CostIsFor.CASE))

    assert report.prices_held == 0
    assert CurrentPrice.objects.get(product=boxes["sun"]).price == Decimal("80.00")


def test_a_case_product_takes_the_case_cost(source):
    case = make_product("Moon Case", sealed=True, ids={"northern": "C1"})
    case.sealed_kind = "booster_case"
    case.save()

    run(upload(source, b"SKU,Name,Case Pack,Unit Cost,Case Cost\nC1,Moon Case,6,90,540\n"))

    assert CurrentPrice.objects.get(product=case).price == Decimal("540.00")


def test_another_currency_is_held_not_used(source, boxes):
    report = run(upload(source, b"SKU,Name,Unit Cost,Currency\nA2,Sun Booster Box,80,EUR\n"))

    assert (report.prices_stored, report.prices_quarantined) == (0, 1)


def test_an_older_list_does_not_overwrite_a_newer_offer(source, boxes):
    run(upload(source, b"SKU,Name,Unit Cost\nA2,Sun Booster Box,80\n"))
    older = ListOptions(currency="USD", recorded_at=NOW - timedelta(days=3))

    run(upload(source, b"SKU,Name,Unit Cost\nA2,Sun Booster Box,70\n"), older)

    assert DistributorOffer.objects.get().unit_cost == Decimal("80.00")
    assert CurrentPrice.objects.get().price == Decimal("80.00")


def test_the_last_mapping_of_a_source_is_used_again(source, boxes):
    first = upload(source, b"SKU,Name,Price,Box\nA2,Sun Booster Box,99,80\n")
    import_price_list(
        first,
        mapping={"sku": "SKU", "name": "Name", "unit_cost": "Box"},
        options=ListOptions(currency="USD", decimal_mark=","),
        actor=None,
        now=NOW,
    )

    second = upload(source, b"SKU,Name,Price,Box\nA2,Sun Booster Box,98,79\n")

    assert second.mapping == {"sku": "SKU", "name": "Name", "unit_cost": "Box"}
    assert second.options["decimal_mark"] == ","


def test_other_sources_and_absurd_dates_are_refused(source, boxes):
    with pytest.raises(PriceFileError, match="no distributor"):
        upload(make_source("cardmarket"))
    price_list = upload(source)
    with pytest.raises(PriceFileError, match="more than a year old"):
        run(price_list, ListOptions(currency="USD", recorded_at=NOW - timedelta(days=500)))
    assert PriceList.objects.get().status == "draft"


def test_a_distributor_is_a_place_to_buy_and_its_singles_sell_at_a_marketplace(source, boxes):
    from tests.pricing.factories import observe, record

    run(upload(source))
    single = make_product("Sol Ring", ids={"tcgplayer": "7"})
    make_source("tcgplayer")
    record(observe(single, "3.00", "market", currency="USD"), source="tcgplayer")

    pairs = {(route.buy.code, route.sell.code) for route in routes_at(NOW)}

    assert ("northern", "tcgplayer") in pairs
