import json
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import EvidenceMissing, FetchFailed, MarkupDrift, RequestRejected, UnreadableAnswer
from scrapers.records import Quote, SearchHit
from scrapers.venues.tcgplayer.site_answers import (
    lowest_offers,
    parse_details,
    parse_listings,
    parse_search,
    statistics,
)

from .reading import sample


def page(*rows: object, total: object = None) -> bytes:
    return json.dumps(
        {"errors": [], "results": [{"totalResults": len(rows) if total is None else total, "results": rows}]}
    ).encode()


def listing(price: object, **values: object) -> dict[str, object]:
    return {
        "listingId": 1, "channelId": 0, "productId": 5, "productConditionId": 50, "sellerId": "s1",
        "price": price, "shippingPrice": 0.5, "condition": "Near Mint", "language": "English",
        "printing": "Normal", "quantity": 1, "listingType": "standard", **values,
    }  # fmt: skip


def details(*variants: str, sealed: bool = False, **values: object) -> bytes:
    condition = "Unopened" if sealed else "Near Mint"
    skus = [{"sku": n, "condition": condition, "variant": name} for n, name in enumerate(variants, 1)]
    product = {"productId": 5, "productName": "Example", "sealed": sealed, "skus": skus, **values}
    return json.dumps(product).encode()


class TestSearch:
    def test_float_ids_become_ids_and_missing_prices_none(self):
        hits, total = parse_search(sample("tcgplayer/search.json"))

        assert total == 61
        assert hits[0] == SearchHit(
            external_id="77001",
            name="Ember Fox (Holo)",
            set_name="Example Skies",
            number="7/120",
            url="https://www.tcgplayer.com/product/77001",
            price=Decimal("12.5"),
            currency="USD",
        )
        assert [(hit.external_id, hit.price) for hit in hits[1:]] == [
            ("77002", None), ("77003", None), ("77004", None),
        ]  # fmt: skip

    @pytest.mark.parametrize("product_id", [84597.5, -1, 0, "NaN", "1e30", "sNaN"])
    def test_what_is_no_id_is_refused(self, product_id: object):
        with pytest.raises(UnreadableAnswer, match="no id"):
            parse_search(page({"productId": product_id, "productName": "x"}))

    def test_no_hit_is_an_empty_page(self):
        assert parse_search(page()) == ([], 0)

    @pytest.mark.parametrize(
        "body",
        [
            b'{"errors": [{"code": "CAPI-35", "message": "ProductCategoryNotVisible"}], "results": []}',
            b'{"errors": ["CAPI-35 unknown"], "results": []}',
            b'{"errors": [{"code": 35}], "results": [{"totalResults": 0, "results": []}]}',
        ],
    )
    def test_errors_in_the_body_are_refused_whatever_the_status(self, body: bytes):
        with pytest.raises(RequestRejected, match="35"):
            parse_search(body)

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"null",
            b"[]",
            b"<html>",
            b'{"results": []}',
            b'{"errors": [], "results": [[]]}',
            b'{"results": 1}',
        ],
    )
    def test_other_shapes_are_no_empty_results(self, body: bytes):
        with pytest.raises(UnreadableAnswer):
            parse_search(body)

    def test_rows_of_another_shape_are_drift(self):
        with pytest.raises(MarkupDrift):
            parse_search(page({"id": 1}))


class TestListings:
    def test_lowest_offers_of_each_version_and_condition_with_their_depth(self):
        offers = parse_listings(sample("tcgplayer/listings_card.json"), product_id="77001")

        assert lowest_offers(offers, is_sealed=False) == (
            Quote(Decimal("0.5"), "low", "foil", "", 1, 1, Decimal("1.31")),
            Quote(Decimal("0.5"), "low", "foil", "damaged", 1, 1, Decimal("1.31")),
            # A has two listings, C is exactly 5 % above, D a cent too much, the ghost is not there
            Quote(Decimal("10.00"), "low", "foil", "near_mint", 2, 7, Decimal(0)),
            Quote(Decimal("12.75"), "low", "reverse", "", 1, 1, None),
            Quote(Decimal("12.75"), "low", "reverse", "lightly_played", 1, 1, None),
        )

    def test_sealed_is_unopened_and_never_near_mint(self):
        rows = (listing(90, condition="Unopened"), listing(80), listing(70, condition="Damaged"))

        offers = parse_listings(page(*rows), product_id="5")

        assert lowest_offers(offers, is_sealed=True) == (
            Quote(Decimal(90), "low", "", "unopened", 1, 1, Decimal("0.5")),
        )

    def test_cards_are_never_unopened(self):
        offers = parse_listings(page(listing(90, condition="Unopened")), product_id="5")

        assert lowest_offers(offers, is_sealed=False) == ()

    @pytest.mark.parametrize(
        "values",
        [
            {"price": 0}, {"price": None}, {"price": "NaN"}, {"price": -2}, {"quantity": 0},
            {"channelId": 1}, {"language": "Japanese"}, {"listingType": "custom"},
            {"condition": "Near Mint Foil"}, {"printing": "Glow"},
        ],
    )  # fmt: skip
    def test_what_cannot_be_bought_as_it_is_is_left_out(self, values: dict[str, object]):
        body = page(listing(**{"price": 1, **values}), listing(3))

        quotes = lowest_offers(parse_listings(body, product_id="5"), is_sealed=False)

        assert {quote.amount for quote in quotes} == {Decimal(3)}

    def test_a_listing_of_another_product_is_refused(self):
        with pytest.raises(EvidenceMissing, match="product 6"):
            parse_listings(page(listing(1), listing(2, productId=6)), product_id="5")

    def test_a_first_page_out_of_order_does_not_show_the_lowest(self):
        with pytest.raises(EvidenceMissing, match="order"):
            parse_listings(page(listing(3), listing(2), total=70), product_id="5")

    def test_all_offers_may_come_in_any_order(self):
        offers = parse_listings(page(listing(3), listing(2)), product_id="5")

        assert {quote.amount for quote in lowest_offers(offers, is_sealed=False)} == {Decimal(2)}

    def test_counted_but_not_shown_is_drift(self):
        with pytest.raises(MarkupDrift):
            parse_listings(page(total=9), product_id="5")

    def test_no_listing_is_nothing_on_offer(self):
        assert lowest_offers(parse_listings(page(), product_id="5"), is_sealed=False) == ()

    def test_shipping_is_unknown_if_a_cheapest_offer_does_not_say(self):
        body = page(listing(1, shippingPrice=None), listing(1, sellerId="s2", shippingPrice=0.25))

        (quote, _) = lowest_offers(parse_listings(body, product_id="5"), is_sealed=False)

        assert (quote.shipping_cost, quote.seller_count) == (None, 2)


class TestDetails:
    def test_statistics_are_of_the_only_version(self):
        found = parse_details(details("Foil", "Foil", marketPrice=4.15, medianPrice=4.23), product_id="5")

        assert statistics(found) == (
            Quote(Decimal("4.15"), "market", "foil"), Quote(Decimal("4.23"), "mid", "foil"),
        )  # fmt: skip

    def test_statistics_of_several_versions_are_of_none(self):
        found = parse_details(details("Normal", "Foil", marketPrice=4.15), product_id="5")

        assert statistics(found) == ()

    def test_lowest_price_with_shipping_is_never_a_price(self):
        found = parse_details(
            details("Normal", marketPrice=19.73, lowestPrice=19.73, lowestPriceWithShipping=1), product_id="5"
        )

        assert [(quote.price_type, quote.amount) for quote in statistics(found)] == [
            ("market", Decimal("19.73"))
        ]

    @pytest.mark.parametrize(
        "values", [{"marketPrice": None}, {"marketPrice": 0}, {}, {"marketPrice": "NaN"}]
    )
    def test_missing_market_price_is_no_quote(self, values: dict[str, object]):
        assert statistics(parse_details(details("Normal", sealed=False, **values), product_id="5")) == ()

    def test_sealed_statistics_are_unopened_and_know_the_competing_sellers(self):
        found = parse_details(details("Normal", sealed=True, marketPrice=144.5), product_id="5")
        low = Quote(Decimal(140), "low", "", "unopened", seller_count=6)

        assert statistics(found, lowest=[low]) == (
            Quote(Decimal("144.5"), "market", "", "unopened", seller_count=6),
        )

    @pytest.mark.parametrize("sealed", [True, False])
    def test_skus_that_contradict_the_product_are_refused(self, sealed: bool):
        body = details("Normal", sealed=not sealed, marketPrice=1)
        changed = json.dumps(json.loads(body) | {"sealed": sealed}).encode()

        with pytest.raises(EvidenceMissing, match="sealed or a card"):
            parse_details(changed, product_id="5")

    def test_another_product_is_refused(self):
        with pytest.raises(EvidenceMissing, match="not 6"):
            parse_details(details("Normal", marketPrice=1), product_id="6")

    @pytest.mark.parametrize("body", [b"null", b"{}", b'{"productId": 5}', b'{"productId": null}', b"<p>"])
    def test_other_shapes_are_refused(self, body: bytes):
        with pytest.raises(UnreadableAnswer):
            parse_details(body, product_id="5")


class TestSharedSamples:
    @pytest.fixture
    def wire(self, shared_data: Path) -> Path:
        return shared_data / "wire" / "tcgplayer"

    def test_search_with_float_ids(self, wire: Path):
        hits, total = parse_search((wire / "search_response_float_ids.json").read_bytes())

        assert total == 2
        assert [(hit.external_id, hit.name, hit.number, hit.price) for hit in hits] == [
            ("84597", "Dark Flareon", "35/82", Decimal("19.73")),
            ("12345", "Dark Charizard", "4/82", Decimal("89.99")),
        ]

    def test_empty_search(self, wire: Path):
        assert parse_search((wire / "search_response_empty.json").read_bytes()) == ([], 0)

    def test_error_under_200(self, wire: Path):
        with pytest.raises(RequestRejected, match="CAPI-35 ProductCategoryNotVisible"):
            parse_search((wire / "cart_error_capi35.json").read_bytes())

    def test_listings(self, wire: Path):
        offers = parse_listings((wire / "listings_535813.json").read_bytes(), product_id="535813")

        assert not offers.is_complete
        assert lowest_offers(offers, is_sealed=False) == (
            Quote(Decimal("0.4"), "low", "nonfoil", "", 1, 10, Decimal("2.31")),
            Quote(Decimal("0.4"), "low", "nonfoil", "near_mint", 1, 10, Decimal("2.31")),
        )

    def test_details(self, wire: Path):
        found = parse_details((wire / "product_details_535813.json").read_bytes(), product_id="535813")

        assert found.productName == "Alandra, Sky Dreamer"
        assert [int(sku.sku) for sku in found.skus] == [7715648, 7715649, 7715650]
        assert statistics(found) == (
            Quote(Decimal("4.15"), "market", "nonfoil"), Quote(Decimal("4.23"), "mid", "nonfoil"),
        )  # fmt: skip


@given(st.sampled_from(["search.json", "listings_card.json", "details_sealed.json"]), st.data())
def test_damaged_bytes_give_prices_above_zero_or_a_refusal(name: str, data: st.DataObject):
    body = bytearray(sample(f"tcgplayer/{name}"))
    for position in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=4)):
        body[position] = data.draw(st.integers(0, 255))
    damaged = bytes(body[: data.draw(st.integers(0, len(body)))])
    try:
        if name == "search.json":
            assert all(hit.price is None or hit.price > 0 for hit in parse_search(damaged)[0])
        elif name == "listings_card.json":
            offers = parse_listings(damaged, product_id="77001")
            assert all(quote.amount > 0 for quote in lowest_offers(offers, is_sealed=False))
        else:
            assert all(q.amount > 0 for q in statistics(parse_details(damaged, product_id="88001")))
    except FetchFailed as error:
        assert error.detail  # noqa: PT017 - either outcome is right, an unexpected exception is not


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["errors", "results", "totalResults", "productId", "price"]), inner)
    ),
    max_leaves=12,
)


@given(_json)
def test_any_json_is_read_or_refused(value: object):
    body = msgspec.json.encode(value)
    for read in (
        lambda: parse_search(body),
        lambda: parse_listings(body, product_id="1"),
        lambda: parse_details(body, product_id="1"),
    ):
        try:
            read()
        except FetchFailed as error:
            assert error.detail  # noqa: PT017 - either outcome is right, an unexpected exception is not
