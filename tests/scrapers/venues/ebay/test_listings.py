from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from scrapers.errors import NotListed, RequestRejected, UnreadableAnswer
from scrapers.venues.ebay.listings import Listing, parse_item, parse_search, raise_error

from .reading import answer, changed, read


def test_recorded_search_is_read(shared_data):
    page = parse_search(answer((shared_data / "wire/ebay/browse_search.json").read_bytes()))

    assert (page.total, page.limit, page.offset) == (5, 50, 0)
    assert page.echo["category_ids"] == "9355"
    assert page.listings == (
        Listing(
            listing_id="item-1",
            title="Apple iPhone 6s Plus - 64GB - Silver (Unlocked)",
            price=Decimal("120.00"),
            currency="GBP",
            shipping=Decimal("3.90"),
            is_fixed_price=True,
            condition_id="3000",
            epid="216241426",
            seller=0,
            url="https://www.ebay.co.uk/itm/Apple-iPhone-6s-Plus-64GB-Silver-Unlocked/184105770612",
            image_url="https://i.ebayimg.com/thumbs/images/g/5HAAAOSwPw5eCkIs/s-l225.jpg",
        ),
        Listing(
            listing_id="item-2",
            title="Apple iPhone 7 - 32GB - Rose Gold (Unlocked) A1778 (GSM)",
            price=Decimal("165.00"),
            currency="GBP",
            shipping=Decimal("5.00"),
            is_fixed_price=True,
            condition_id="3000",
            epid="225209929",
            seller=1,
            url="https://www.ebay.co.uk/itm/Apple-iPhone-7-32GB-Rose-Gold-Unlocked-A1778-GSM/392615143015",
            image_url="https://i.ebayimg.com/thumbs/images/g/1ZMAAOSw8hReCkJE/s-l225.jpg",
        ),
    )


def test_recorded_empty_search_has_no_listings(shared_data):
    page = parse_search(answer((shared_data / "wire/ebay/browse_search_empty.json").read_bytes()))

    assert (page.total, page.listings) == (0, ())


def test_recorded_item_is_read(shared_data):
    listing = parse_item(answer((shared_data / "wire/ebay/browse_get_item.json").read_bytes()))

    assert listing == Listing(
        listing_id="114059888671",
        title="Samsung Galaxy S10 128gb UNLOCKED Prism Blue",
        price=Decimal("425.00"),
        currency="GBP",
        shipping=Decimal("3.48"),
        is_fixed_price=True,
        condition_id="3000",
        epid="",
        seller=0,
        url="https://www.ebay.co.uk/itm/Samsung-Galaxy-S10-128gb-UNLOCKED-Prism-Blue-/114059888671",
        image_url="https://i.ebayimg.com/images/g/yOMAAOSw~5ReGEH2/s-l1600.jpg",
        quantity=1,
    )


@pytest.mark.parametrize("status", [400, 404])
def test_recorded_missing_item_is_not_listed_under_either_status(shared_data, status):
    body = (shared_data / "wire/ebay/error_404_item_not_found.json").read_bytes()

    with pytest.raises(NotListed):
        parse_item(answer(body, status=status))


def test_recorded_token_error_is_a_rejection(shared_data):
    body = (shared_data / "wire/ebay/error_401_invalid_token.json").read_bytes()

    with pytest.raises(RequestRejected) as caught:
        raise_error(answer(body, status=400))
    assert caught.value.details == {"error_ids": [1001]}


def test_details_of_a_listing_are_read():
    listing = parse_item(answer(read("item.json")))

    assert listing.quantity == 4
    assert listing.shipping == Decimal("12.50")
    assert listing.ends_at == datetime(2026, 12, 5, 18, tzinfo=UTC)
    assert not listing.is_sold_out


@pytest.mark.parametrize("name", ["search_epid.json", "search_words.json"])
def test_no_personal_data_of_a_seller_leaves_the_parser(name):
    assert "canary" in read(name).decode()

    page = parse_search(answer(read(name)))

    assert "canary" not in repr(page).casefold()


def test_no_personal_data_of_a_business_leaves_the_parser():
    assert "canary-mail" in read("item.json").decode()

    listing = parse_item(answer(read("item.json")))

    assert "canary" not in (repr(listing) + msgspec.json.encode(listing).decode()).casefold()


def test_ignored_filter_is_no_result():
    with pytest.raises(RequestRejected) as caught:
        parse_search(answer(read("search_filter_ignored.json")))
    assert caught.value.details == {"error_ids": [12012]}


def test_harmless_warning_is_let_pass():
    def warn(message):
        message["warnings"] = [{"errorId": 13000, "message": "Slow today."}]

    assert parse_search(changed("search_empty.json", warn)).total == 0


@pytest.mark.parametrize(
    ("key", "value"),
    [("total", None), ("total", "9"), ("total", 3), ("itemSummaries", {}), ("itemSummaries", [None])],
)
def test_answer_of_another_shape_is_unreadable(key, value):
    with pytest.raises(UnreadableAnswer):
        parse_search(changed("search_epid.json", lambda message: message.update({key: value})))


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"<html></html>", read("search_epid.json")[:900]])
def test_answer_that_is_no_search_is_unreadable(body):
    with pytest.raises(UnreadableAnswer):
        parse_search(answer(body))


def test_item_with_an_error_inside_is_rejected():
    with pytest.raises(RequestRejected):
        parse_item(
            changed("item.json", lambda item: item.update(errors=[{"errorId": 11006, "message": "x"}]))
        )


def test_failure_without_an_error_is_unreadable():
    with pytest.raises(UnreadableAnswer):
        raise_error(answer(b'{"errors": []}', status=409))
