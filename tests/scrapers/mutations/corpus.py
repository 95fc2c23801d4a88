"""The samples: one article from each parser, with what it truly says worked out by hand."""

import json
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from pricing.choices import Route
from pricing.errors import PriceFileError
from pricing.importers import parse_price_guide
from pricing.importers.cardkingdom import price_list_prices, read_price_list
from pricing.importers.tcgcsv import parse_group_prices
from pricing.observations import Observation
from scrapers.errors import UnreadableAnswer
from scrapers.http.messages import Response
from scrapers.records import Quote, ScrapedPrice
from scrapers.venues.amazon.items import parse_item
from scrapers.venues.amazon.marketplaces import find_marketplace
from scrapers.venues.amazon.page import parse_product_page
from scrapers.venues.cardmarket.api_answers import guide_quotes, parse_product
from scrapers.venues.ebay.asks import Asked, parse_asks, parse_listing
from scrapers.venues.ebay.identifiers import parse_identifier
from scrapers.venues.ebay.markets import find_market
from scrapers.venues.mtgjson.prices import parse_prices as parse_mtgjson
from scrapers.venues.scryfall.cards import parse_prices as parse_scryfall
from scrapers.venues.tcgdex.documents import parse_card, parsed_prices
from scrapers.venues.tcgplayer.api_answers import parse_product_prices
from scrapers.venues.ygoprodeck import parse_cards

from .sample import Sample

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FOLDER = Path(__file__).parent / "answers"
US = find_marketplace("www.amazon.com")


def answer(body: bytes) -> Response:
    return Response(url="https://venue.example/x", status=200, headers={}, body=body, fetched_at=NOW)


def rows_of(record: ScrapedPrice | None) -> list[Observation]:
    return [] if record is None else list(record.observations())


def rows_of_quotes(quotes: Iterable[Quote], *, external_id: str, currency: str) -> list[Observation]:
    return [
        Observation(quote.amount, quote.price_type, currency, external_id, finish=quote.finish)
        for quote in quotes
    ]


def ebay_asks(body: bytes) -> list[Observation]:
    asked = Asked(parse_identifier("epid:5055123456"), find_market("EBAY_US"))
    return rows_of(parse_asks([answer(body)], asked=asked))


def ebay_card(body: bytes) -> list[Observation]:
    asked = Asked(parse_identifier("epid:5055777001"), find_market("EBAY_US"))
    return rows_of(parse_asks([answer(body)], asked=asked))


def ebay_item(body: bytes) -> list[Observation]:
    asked = Asked(parse_identifier("item:301000000001"), find_market("EBAY_US"))
    return rows_of(parse_listing(answer(body), asked=asked, now=NOW))


def amazon_item(body: bytes) -> list[Observation]:
    return rows_of(parse_item(answer(body), asin="B0AMBER001", marketplace=US))


def amazon_page(body: bytes) -> list[Observation]:
    return rows_of(parse_product_page(answer(body), asin="B0AMBER001", marketplace=US))


def tcgplayer_api(body: bytes) -> list[Observation]:
    quotes = parse_product_prices(body, asked={"9001"}).get("9001", ())
    return rows_of_quotes(quotes, external_id="9001", currency="USD")


def cardmarket_api(body: bytes) -> list[Observation]:
    quotes = guide_quotes(parse_product(body, product_id="7301"))
    return rows_of_quotes(quotes, external_id="7301", currency="EUR")


def as_feed(read: Callable[[bytes], Iterable[Observation]]) -> Callable[[bytes], list[Observation]]:
    """Refuse what a feed's importer refuses, as the routes do."""

    def parse(body: bytes) -> list[Observation]:
        try:
            return list(read(body))
        except PriceFileError as error:
            raise UnreadableAnswer(detail=error.detail) from error

    return parse


def as_file(read: Callable[[Path], Iterable[Observation]]) -> Callable[[bytes], list[Observation]]:
    """Give a parser of large files its file."""

    def parse(body: bytes) -> list[Observation]:
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            file.write(body)
            file.flush()
            return list(read(Path(file.name)))

    return parse


def tcgdex(body: bytes) -> list[Observation]:
    return list(parsed_prices([parse_card(body, asked="emd1-001")], source="tcgdex_tcgplayer"))


def read(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def line(message: object) -> bytes:
    return json.dumps(message).encode()


def dump(message: object) -> bytes:
    return json.dumps(message, indent=1).encode()


SAMPLES = (
    Sample(
        name="ebay.browse search", source="ebay", route=Route.API, body=read("ebay_search.json"),
        parse=ebay_asks, truth={"low": "449.95"}, currency="USD", asked="5055123456",
        external_id="epid:5055123456", has_strict_decimals=True, other_asks=("455.00", "462.50"),
    ),
    Sample(
        name="ebay.browse item", source="ebay", route=Route.API, body=read("ebay_item.json"), parse=ebay_item,
        truth={"low": "449.95"}, currency="USD", asked="301000000001", external_id="item:301000000001",
        has_strict_decimals=True,
    ),
    Sample(
        name="ebay.browse card", source="ebay", route=Route.API, body=read("ebay_card.json"), parse=ebay_card,
        truth={"low": "84.50"}, currency="USD", asked="5055777001", external_id="epid:5055777001",
        has_strict_decimals=True, is_sealed=False, finishes=("nonfoil", "foil", "etched", "reverse"),
        title="Tidewarden 042/200 NM",
    ),
    Sample(
        name="amazon.creators", source="amazon", route=Route.API, body=read("amazon_items.json"),
        parse=amazon_item, truth={"low": "459.9"}, currency="USD", asked="B0AMBER001",
        external_id="B0AMBER001", has_strict_decimals=True,
    ),
    *(
        Sample(
            name=f"amazon.page {block}", source="amazon", route=Route.PAGE, body=read(f"amazon_{block}.html"),
            parse=amazon_page, truth={"low": "4459.90"}, currency="$", asked="B0AMBER001",
            external_id="B0AMBER001", amounts=("4,459.90",), has_strict_decimals=True,
        )
        for block in ("offscreen", "beside", "everything")
    ),
    Sample(
        name="tcgplayer.tcgcsv", source="tcgplayer", route=Route.BULK,
        body=dump({"success": True, "errors": [], "results": [
            {"productId": 9001, "lowPrice": 84.5, "midPrice": 92.25, "highPrice": 999.0, "marketPrice": 89.75,
             "directLowPrice": None, "subTypeName": "Normal"}]}),
        parse=as_feed(lambda body: parse_group_prices(body, name="x", recorded_at=NOW)),
        truth={"low": "84.5", "mid": "92.25", "market": "89.75"}, asked="9001", external_id="9001",
    ),
    Sample(
        name="tcgplayer.api", source="tcgplayer", route=Route.API,
        body=dump({"success": True, "errors": [], "results": [
            {"productId": 9001, "lowPrice": 84.5, "midPrice": 92.25, "highPrice": 999.0, "marketPrice": 89.75,
             "directLowPrice": None, "subTypeName": "Normal"}]}),
        parse=tcgplayer_api, truth={"low": "84.5", "mid": "92.25", "market": "89.75"}, asked="9001",
        external_id="9001",
    ),
    Sample(
        name="cardmarket.guide", source="cardmarket", route=Route.BULK,
        body=dump({"version": 1, "createdAt": "2026-11-21T02:45:36+0100", "priceGuides": [
            {"idProduct": 7301, "idCategory": 2, "avg": 92.75, "low": 84.9, "trend": 89.25, "avg1": None,
             "avg7": None, "avg30": None}]}),
        parse=as_feed(parse_price_guide), truth={"avg": "92.75", "low": "84.9", "trend": "89.25"},
        asked="7301", external_id="7301",
    ),
    Sample(
        name="cardkingdom.sealed", source="cardkingdom", route=Route.BULK,
        body=dump({"meta": {"created_at": "2026-11-21 07:07:23", "base_url": ""}, "data": [
            {"id": 501, "sku": "SEALED-501", "url": "mtg/x", "name": "Amber Box", "variation": "",
             "edition": "Amber Archive", "is_foil": "false", "price_retail": "479.99", "qty_retail": 6,
             "price_buy": "410.00", "qty_buying": 14}]}),
        parse=as_feed(lambda body: price_list_prices(read_price_list(body), is_sealed=True)),
        truth={"retail": "479.99", "buylist": "410.00"}, asked="501", external_id="501",
    ),
    Sample(
        name="scryfall", source="scryfall_tcgplayer", route=Route.BULK, is_sealed=False,
        body=line([{"object": "card", "id": "11111111-0000-4000-8000-000000000001", "name": "Tidewarden",
                    "lang": "en", "finishes": ["nonfoil"], "set": "ydr", "set_name": "Ys Drowned",
                    "collector_number": "42", "rarity": "rare",
                    "prices": {"usd": "45.29", "usd_foil": None, "usd_etched": None, "eur": None,
                               "eur_foil": None, "tix": None}}]),
        parse=as_file(lambda path: parse_scryfall(path, source="scryfall_tcgplayer", observed_at=NOW)),
        is_one_line=True, truth={"market": "45.29"}, asked="11111111-0000-4000-8000-000000000001",
        external_id="11111111-0000-4000-8000-000000000001",
    ),
    Sample(
        name="mtgjson", source="mtgjson_tcgplayer", route=Route.BULK, is_sealed=False,
        body=dump({"meta": {"date": "2026-11-20", "version": "5"}, "data": {
            "00000000-0000-5000-8000-00000000000a": {"paper": {"tcgplayer": {
                "buylist": {}, "currency": "USD", "retail": {"normal": {"2026-11-20": 45.49}}}}}}}),
        parse=as_file(lambda path: parse_mtgjson(path, source="mtgjson_tcgplayer")),
        truth={"retail": "45.49"}, currency="USD", asked="00000000-0000-5000-8000-00000000000a",
        external_id="00000000-0000-5000-8000-00000000000a",
        maps=frozenset({"data", "paper", "retail", "buylist", "normal",
                        "00000000-0000-5000-8000-00000000000a"}),
    ),
    Sample(
        name="tcgdex", source="tcgdex_tcgplayer", route=Route.BULK, is_sealed=False,
        body=dump({"category": "Pokemon", "id": "emd1-001", "localId": "001", "name": "Pyrolisk",
                   "rarity": "Uncommon", "set": {"id": "emd1", "name": "Ember Dawn"},
                   "variants": {"normal": True, "holo": False, "reverse": False},
                   "pricing": {"cardmarket": None, "tcgplayer": {
                       "updated": "2026-11-20T20:05:00.000Z", "unit": "USD",
                       "normal": {"productId": 660001, "lowPrice": 41.05, "midPrice": 47.2, "highPrice": 1000,
                                  "marketPrice": 45.17, "directLowPrice": None}}}}),
        parse=tcgdex, truth={"low": "41.05", "mid": "47.2", "market": "45.17"}, currency="USD",
        asked="emd1-001", external_id="emd1-001", maps=frozenset({"variants", "tcgplayer"}),
    ),
    Sample(
        name="ygoprodeck", source="ygoprodeck_tcgplayer", route=Route.BULK, is_sealed=False,
        body=dump({"data": [{"id": 90000001, "name": "Lantern Golem", "type": "Effect Monster", "card_sets": [
            {"set_name": "Lost Lanterns", "set_code": "LOLA-EN001", "set_rarity": "Ultra Rare",
             "set_rarity_code": "(UR)", "set_price": "42.50"}]}]}),
        parse=as_feed(lambda body: parse_cards(body).prices()), truth={"market": "42.50"},
        asked="LOLA-EN001", external_id="LOLA-EN001/UR",
    ),
)  # fmt: skip
