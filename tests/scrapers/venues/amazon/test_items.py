from decimal import Decimal

import msgspec
import pytest

from pricing.choices import Route
from scrapers.errors import EvidenceMissing, NotListed, RequestRejected, UnreadableAnswer
from scrapers.records import Evidence, Quote, ScrapedPrice, SearchHit
from scrapers.venues.amazon.items import failure_reason, parse_hits, parse_item, raise_failure
from scrapers.venues.amazon.marketplaces import find_marketplace

from .reading import NOW, US, answer, changed, read

BOX = "B0AMBER001"


def item(change=lambda message: None, asin=BOX, marketplace=US):
    return parse_item(changed("items.json", change), asin=asin, marketplace=marketplace)


def offers(message):
    return message["itemsResult"]["items"][0]["offersV2"]["listings"]


def test_recorded_shape_is_read(shared_data):
    response = answer((shared_data / "wire/amazon/creatorsapi_getItems.SHAPE.json").read_bytes())

    assert parse_item(response, asin="B01N5IB20Q", marketplace=US) == ScrapedPrice(
        external_id="B01N5IB20Q",
        currency="USD",
        quotes=(Quote(amount=Decimal("29.99"), price_type="low", available_quantity=30),),
        evidence=Evidence(
            product_id="B01N5IB20Q",
            currency="USD",
            selector="itemsResult.items[].offersV2.listings[].price.money",
        ),
        route=Route.API,
        source_url=response.url,
        fetched_at=NOW,
        payload_sha256=response.sha256,
        parser="amazon.creators/1",
        title="Example item",
        quality=Decimal("0.95"),
    )


def test_recorded_shape_without_an_offer_is_no_price(shared_data):
    response = answer((shared_data / "wire/amazon/creatorsapi_getItems_no_offer.SHAPE.json").read_bytes())

    assert parse_item(response, asin="B000000002", marketplace=US) is None
    with pytest.raises(NotListed):
        parse_item(response, asin="B000000003", marketplace=US)


def test_retired_interfaces_answer_is_not_read(shared_data):
    response = answer((shared_data / "wire/amazon/paapi5_getitems_price_RETIRED.json").read_bytes())

    with pytest.raises(UnreadableAnswer):
        parse_item(response, asin="B00KL8SM92", marketplace=US)


def test_buy_box_is_preferred_and_used_articles_are_not_taken():
    found = item()

    assert found.quotes == (Quote(amount=Decimal("459.9"), price_type="low", available_quantity=30),)
    assert found.title == "Amber Archive Booster Box & Promo"


def test_without_a_buy_box_the_lowest_new_offer_is_taken():
    found = item(lambda message: offers(message)[1].update(isBuyBoxWinner=False))

    assert found.quotes[0].amount == Decimal(449)


def test_merchants_are_not_in_the_record():
    assert b"Canary" in read("items.json")

    assert b"anary" not in msgspec.json.encode(item())


@pytest.mark.parametrize("asin", ["B0AMBER002", "B0AMBER003"])
def test_hidden_price_and_missing_offer_are_no_price(asin):
    assert item(asin=asin) is None


def test_error_beside_good_items_is_of_its_own_article():
    with pytest.raises(NotListed):
        item(asin="B0AMBER004")


def test_answer_about_other_articles_is_no_evidence():
    with pytest.raises(EvidenceMissing):
        item(asin="B0AMBER009")


def test_contradicting_items_are_no_evidence():
    def twice(message):
        items = message["itemsResult"]["items"]
        items.append(msgspec.json.decode(msgspec.json.encode(items[0])))
        items[-1]["offersV2"]["listings"][1]["price"]["money"]["amount"] = 45.99

    with pytest.raises(EvidenceMissing):
        item(twice)


@pytest.mark.parametrize(
    ("money", "error"),
    [
        ({"amount": 459.9, "currency": "EUR", "displayAmount": "$459.90"}, EvidenceMissing),
        ({"amount": 459.9, "currency": None}, EvidenceMissing),
        ({"amount": 459.9, "currency": "USD", "displayAmount": "$45.99"}, EvidenceMissing),
        ({"amount": 459.9, "currency": "USD", "displayAmount": "459,90 €"}, EvidenceMissing),
        ({"amount": 459.9, "currency": "USD", "displayAmount": "$400 - $500"}, EvidenceMissing),
        ({"amount": 0, "currency": "USD"}, UnreadableAnswer),
        ({"amount": None, "currency": "USD"}, UnreadableAnswer),
        ({"amount": -1.0, "currency": "USD"}, UnreadableAnswer),
        ({"amount": "NaN", "currency": "USD"}, UnreadableAnswer),
        ({"amount": True, "currency": "USD"}, UnreadableAnswer),
        (None, UnreadableAnswer),
    ],
)
def test_offer_whose_price_cannot_be_believed_is_an_error(money, error):
    with pytest.raises(error):
        item(lambda message: offers(message)[1]["price"].update(money=money))


@pytest.mark.parametrize(
    "change",
    [
        {"condition": {"value": "Used"}},
        {"condition": None},
        {"availability": {"type": "OUT_OF_STOCK"}},
        {"availability": None},
        {"availability": {"type": "IN_STOCK", "minOrderQuantity": 6}},
    ],
    ids=["used", "condition unknown", "sold out", "availability unknown", "only six together"],
)
def test_offer_that_is_not_one_new_article_to_buy_now_is_passed_over(change):
    def change_all(message):
        for offer in offers(message):
            offer.update(change)

    assert item(change_all) is None


def test_prices_of_another_marketplace_are_read_in_its_own_form():
    def german(message):
        money = {"amount": 1459.9, "currency": "EUR", "displayAmount": "1.459,90\u00a0€"}
        offers(message)[1]["price"]["money"] = money

    assert item(german, marketplace=find_marketplace("www.amazon.de")).currency == "EUR"


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{}", b'{"itemsResult": {"items": {}}}'])
def test_other_answers_are_unreadable(body):
    with pytest.raises(UnreadableAnswer):
        parse_item(answer(body), asin=BOX, marketplace=US)


def test_errors_without_items_are_a_rejection():
    with pytest.raises(RequestRejected):
        parse_item(answer(b'{"errors": [{"code": "X", "message": "y"}]}'), asin=BOX, marketplace=US)


def test_search_gives_hits_in_order():
    assert parse_hits(answer(read("search.json")), marketplace=US) == [
        SearchHit(
            external_id=BOX,
            name="Amber Archive Booster Box",
            url="https://www.amazon.com/dp/B0AMBER001?tag=arbsite-20",
            price=Decimal("459.9"),
            currency="USD",
        ),
        SearchHit(external_id="B0AMBER003", name="Amber Archive Bundle"),
    ]


def test_search_without_results_is_empty():
    assert parse_hits(answer(b"{}", status=404), marketplace=US) == []
    assert parse_hits(answer(b'{"errors": [{"code": "NoResults"}]}'), marketplace=US) == []
    with pytest.raises(RequestRejected):
        parse_hits(answer(b'{"errors": [{"code": "Other"}]}'), marketplace=US)


def test_failures_say_what_is_wrong():
    with pytest.raises(NotListed):
        raise_failure(answer(b"", status=404))
    with pytest.raises(RequestRejected, match="ValidationException"):
        raise_failure(answer(b'{"type": "ValidationException", "message": "x"}', status=400))
    assert failure_reason(answer(b'{"reason": "InvalidAssociate"}')) == "InvalidAssociate"
    assert failure_reason(answer(b"<html>")) == ""
