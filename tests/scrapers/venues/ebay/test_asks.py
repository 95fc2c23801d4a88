from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from pricing.choices import ConfidenceLevel, Route
from scrapers.errors import EvidenceMissing, FetchFailed, RequestRejected, UnreadableAnswer
from scrapers.records import Evidence, Quote, ScrapedPrice
from scrapers.venues.ebay.asks import needs_next_page, parse_asks, parse_listing
from scrapers.venues.ebay.listings import parse_search

from .reading import NOW, answer, asked, changed, read

EPID = "epid:5055123456"


def asks_in(responses, asked):
    return parse_asks(responses, asked=asked)


def listing_in(response, asked, now):
    return parse_listing(response, asked=asked, now=now)


def asks(change, identifier=EPID):
    return asks_in([changed("search_epid.json", change)], asked=asked(identifier))


def change_listing(index, **values):
    return lambda message: message["itemSummaries"][index].update(values)


def test_lowest_ask_of_a_product_counts_shipping_and_leaves_out_what_it_is_not():
    response = answer(read("search_epid.json"))

    found = asks_in([response], asked=asked(EPID))

    assert found == ScrapedPrice(
        external_id=EPID,
        currency="USD",
        quotes=(
            Quote(
                amount=Decimal("455.00"),
                price_type="low",
                seller_count=3,
                available_quantity=4,
                shipping_cost=Decimal(0),
            ),
        ),
        evidence=Evidence(product_id=EPID, currency="USD", selector="itemSummaries[].price"),
        route=Route.API,
        source_url=response.url,
        fetched_at=NOW,
        payload_sha256=response.sha256,
        parser="ebay.browse/1",
        title="Amber Archive Booster Box",
        quality=Decimal("0.85"),
    )


def test_words_need_every_word_and_are_trusted_little():
    found = asks_in([answer(read("search_words.json"))], asked=asked("q:amber archive booster box"))

    assert found.quotes[0].amount == Decimal("470.00")
    assert found.quotes[0].shipping_cost is None
    assert found.quotes[0].seller_count == 1
    assert found.confidence_level == ConfidenceLevel.LOW
    assert found.quality == Decimal("0.40")


def test_word_that_most_listings_have_is_the_articles_own():
    def all_cases(message):
        for listing in message["itemSummaries"]:
            listing["title"] = "Amber Archive Booster Box Case"

    assert asks(all_cases).title == "Amber Archive Booster Box Case"


def test_single_cards_have_one_ask_for_each_finish_their_sellers_name():
    found = asks_in([answer(read("search_singles.json"))], asked=asked("epid:5055777001"))

    assert {quote.finish: (str(quote.amount), quote.seller_count) for quote in found.quotes} == {
        "nonfoil": ("4.25", 2),
        "foil": ("11.50", 1),
        "etched": ("14.00", 1),
        "reverse": ("7.75", 1),
    }
    assert {quote.condition for quote in found.quotes} == {"any"}
    assert found.title == "Tidewarden 042/200 Non-Foil NM"


def test_choices_of_finishes_alone_are_no_offer():
    def choices(message):
        for listing in message["itemSummaries"]:
            listing["title"] = "Tidewarden 042/200 Foil / Non-Foil"

    changed_answer = changed("search_singles.json", choices)

    assert asks_in([changed_answer], asked=asked("epid:5055777001")) is None


def test_empty_result_is_no_offer():
    assert asks_in([answer(read("search_empty.json"))], asked=asked(EPID)) is None


def test_bare_number_is_a_product_and_stays_bare():
    found = asks_in([answer(read("search_epid.json"))], asked=asked("5055123456"))

    assert (found.external_id, found.evidence.product_id) == ("5055123456", "5055123456")


@pytest.mark.parametrize("identifier", ["epid:5055123457", "gtin:0630509123456", "q:amber archive"])
def test_answer_to_another_question_is_no_evidence(identifier):
    with pytest.raises(EvidenceMissing):
        asks_in([answer(read("search_epid.json"))], asked=asked(identifier))


def test_answer_that_dropped_the_filter_is_no_evidence():
    with pytest.raises(EvidenceMissing):
        asks(lambda message: message.update(href=message["href"].replace("1000", "3000")))


def test_listing_of_another_product_is_no_evidence():
    with pytest.raises(EvidenceMissing):
        asks(change_listing(1, epid="5055999999"))


@pytest.mark.parametrize("currency", ["EUR", "GBP", "XXX", None])
def test_offer_in_another_currency_is_no_evidence(currency):
    with pytest.raises(EvidenceMissing):
        asks(change_listing(1, price={"value": "455.00", "currency": currency}))


@pytest.mark.parametrize(
    "value", [None, "0.00", "", "-5.00", "NaN", "4.5e2", "455,00", "455.0", "45.500", [], {"a": 1}, True]
)
def test_offer_without_a_readable_price_makes_the_answer_unreadable(value):
    with pytest.raises(UnreadableAnswer):
        asks(change_listing(1, price={"value": value, "currency": "USD"}))


def test_offer_without_a_price_makes_the_answer_unreadable():
    with pytest.raises(UnreadableAnswer):
        asks(lambda message: message["itemSummaries"][1].pop("price"))


def test_shipping_in_another_currency_is_unknown():
    cost = {"shippingCostType": "FIXED", "shippingCost": {"value": "1.00", "currency": "EUR"}}

    found = asks(change_listing(1, shippingOptions=[cost]))

    assert found.quotes[0].amount == Decimal("449.95")
    assert found.quotes[0].shipping_cost == Decimal("12.50")


def test_several_pages_are_one_answer():
    second = changed("search_epid.json", lambda message: message["itemSummaries"].pop(0))

    found = asks_in([answer(read("search_empty.json")), second], asked=asked(EPID))

    assert found.quotes[0].amount == Decimal("455.00")


def test_next_page_is_needed_while_offers_are_near_the_lowest():
    page = parse_search(answer(read("search_epid.json")))
    dearer = parse_search(
        changed("search_epid.json", change_listing(3, price={"value": "600", "currency": "USD"}))
    )

    assert needs_next_page(page, asked=asked(EPID))
    assert not needs_next_page(dearer, asked=asked(EPID))


def test_no_personal_data_is_in_the_record():
    records = (
        asks_in([answer(read("search_epid.json"))], asked=asked(EPID)),
        listing_in(answer(read("item.json")), asked=asked("item:301000000001"), now=NOW),
    )

    assert "canary" not in msgspec.json.encode(records).decode().casefold()


def test_listing_is_priced_with_quantity_and_cheapest_shipping():
    found = listing_in(answer(read("item.json")), asked=asked("item:301000000001"), now=NOW)

    assert found.quotes == (
        Quote(
            amount=Decimal("449.95"),
            price_type="low",
            seller_count=1,
            available_quantity=4,
            shipping_cost=Decimal("12.50"),
        ),
    )
    assert found.evidence == Evidence(product_id="item:301000000001", currency="USD", selector="price")
    assert found.quality == Decimal("0.90")


@pytest.mark.parametrize(
    "change",
    [
        {"itemEndDate": "2026-11-21T12:00:00.000Z"},
        {"buyingOptions": ["AUCTION"], "price": None},
        {"estimatedAvailabilities": [{"estimatedAvailabilityStatus": "OUT_OF_STOCK"}]},
        {"estimatedAvailabilities": [{"estimatedAvailableQuantity": 0}]},
    ],
    ids=["ended", "auction", "sold out", "none left"],
)
def test_listing_that_cannot_be_bought_is_no_offer(change):
    response = changed("item.json", lambda item: item.update(change))

    assert listing_in(response, asked=asked("item:301000000001"), now=NOW) is None


def test_listing_ends_when_its_time_has_come():
    end = NOW + timedelta(days=15)

    assert listing_in(answer(read("item.json")), asked=asked("item:301000000001"), now=end) is None


def test_used_listing_never_counts_as_sealed(shared_data):
    response = answer((shared_data / "wire/ebay/browse_get_item.json").read_bytes())

    found = listing_in(response, asked=asked("item:114059888671", "EBAY_GB"), now=NOW)

    assert found.currency == "GBP"
    assert found.quotes == (
        Quote(
            amount=Decimal("425.00"),
            price_type="low",
            finish="nonfoil",
            condition="any",
            seller_count=1,
            available_quantity=1,
            shipping_cost=Decimal("3.48"),
        ),
    )


@pytest.mark.parametrize(
    ("title", "finish"),
    [("Tidewarden Non-Foil", "nonfoil"), ("Tidewarden Foil", "foil"), ("Tidewarden Reverse Holo", "reverse")],
)
def test_a_listing_of_a_card_has_the_finish_its_title_names(title, finish):
    response = changed("item.json", lambda item: item.update(title=title, conditionId="4000"))

    (quote,) = listing_in(response, asked=asked("item:301000000001"), now=NOW).quotes

    assert (quote.finish, quote.condition) == (finish, "any")


def test_a_listing_that_is_a_choice_of_finishes_is_no_offer():
    response = changed("item.json", lambda item: item.update(title="Foil/Non-Foil", conditionId="4000"))

    assert listing_in(response, asked=asked("item:301000000001"), now=NOW) is None


def test_other_listing_and_other_currency_are_no_evidence():
    with pytest.raises(EvidenceMissing):
        listing_in(answer(read("item.json")), asked=asked("item:301000000002"), now=NOW)
    with pytest.raises(EvidenceMissing):
        listing_in(answer(read("item.json")), asked=asked("item:301000000001", "EBAY_GB"), now=NOW)


@pytest.mark.parametrize(
    "text", ["", "epid:", "epid:x1", "gtin:123", "item:12", "q:", "q: ", "q:<b>box</b>", "isbn:1", "abc"]
)
def test_unknown_identifier_is_rejected_without_a_call(text):
    with pytest.raises(RequestRejected):
        asked(text)


def test_errors_are_all_of_the_known_kind():
    for cut in range(0, len(read("search_epid.json")), 211):
        try:
            asks_in([answer(read("search_epid.json")[:cut])], asked=asked(EPID))
        except FetchFailed:
            continue
        pytest.fail(f"a message cut at {cut} was read")
