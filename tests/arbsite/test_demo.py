"""The demo market: generated files, then the whole way through the real importers and back out."""

import gzip
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from arbsite.demo.listings import LEAST_PRICE, build_market, seller_net
from arbsite.demo.market import FIRST_EXTERNAL_ID, SCALES, Size, Trap
from arbsite.demo.mtgjson_file import catalogue
from arbsite.demo.offers import write_offers
from arbsite.demo.price_files import published_at, write_guides
from arbsite.demo.themes import THEMES
from arbsite.demo.walks import TRAP_DAYS, trapped, walk_prices
from pricing.importers import parse_csv, parse_price_guide

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
TODAY = NOW.date()
SEED = 7


@pytest.fixture(scope="module")
def market():
    return build_market(Size.SMALL, SEED)


@pytest.fixture(scope="module")
def prices(market):
    return walk_prices(market, first=TODAY - timedelta(days=9), last=TODAY)


@pytest.fixture(scope="module")
def guides(market, prices, tmp_path_factory):
    return write_guides(market, prices, tmp_path_factory.mktemp("guides"), now=NOW)


def read_guide(path):
    return json.loads(gzip.decompress(path.read_bytes()))


def sets_of(market) -> dict[str, Any]:
    return cast("dict[str, Any]", catalogue(market, dated=TODAY)["data"])


def rows_by_id(path):
    return {row["idProduct"]: row for row in read_guide(path)["priceGuides"]}


class TestMarket:
    def test_same_seed_gives_the_same_file(self):
        first = catalogue(build_market(Size.SMALL, SEED), dated=TODAY)

        assert first == catalogue(build_market(Size.SMALL, SEED), dated=TODAY)

    def test_another_seed_gives_other_identifiers(self, market):
        other = build_market(Size.SMALL, SEED + 1)

        assert {card.uuid for card in market.cards}.isdisjoint(card.uuid for card in other.cards)

    @pytest.mark.parametrize("size", list(Size))
    def test_identifiers_are_unique_and_above_real_ones(self, size):
        market = build_market(size, SEED)
        ids = [card.external_id for card in market.cards]
        ids += [listing.product.external_id for listing in market.listings]

        assert len(set(ids)) == len(ids)
        assert min(ids) >= FIRST_EXTERNAL_ID

    def test_medium_has_about_four_hundred_products(self):
        market = build_market(Size.MEDIUM, SEED)

        assert 380 <= len(market.cards) + len(market.listings) <= 450

    @pytest.mark.parametrize("size", list(Size))
    def test_every_trap_occurs_once(self, size):
        traps = Counter(listing.trap for listing in build_market(size, SEED).listings if listing.trap)

        assert traps == dict.fromkeys(Trap, 1)

    @pytest.mark.parametrize("seed", range(1, 9))
    @pytest.mark.parametrize("size", list(Size))
    def test_the_one_too_good_to_be_true_is_priced_so(self, size, seed):
        (listing,) = [
            item for item in build_market(size, seed).listings if item.profile == "too good to be true"
        ]

        assert listing.price > LEAST_PRICE

    def test_most_products_are_not_worth_opening(self, market):
        profiles = Counter(listing.profile for listing in market.listings)

        assert profiles["not worth opening"] > len(market.listings) / 2

    def test_card_names_are_unique_within_a_set(self, market):
        for demo_set in market.sets:
            names = [card.name for card in demo_set.cards]
            assert len(set(names)) == len(names)

    def test_bulk_is_worth_nothing_and_dear_cards_less_the_commission(self):
        assert seller_net(0.99) == 0
        assert seller_net(20.0) == pytest.approx(19.0)


class TestThemes:
    def test_codes_and_names_are_unique(self):
        assert len({theme.code for theme in THEMES}) == len({theme.name for theme in THEMES}) == len(THEMES)

    def test_the_largest_market_has_names_enough(self):
        scale = SCALES[Size.LARGE]
        needed = scale.commons + scale.uncommons + scale.rares + scale.mythics

        assert all(len(theme.adjectives) * len(theme.roles) + 13 >= needed for theme in THEMES)

    def test_no_set_code_is_a_real_one(self, shared_data):
        path = shared_data / "tcg" / "mtgjson" / "AllPrintings.subset.json.xz"
        if not path.exists():
            pytest.skip("the catalogue file is not there")
        import lzma

        real = json.loads(lzma.decompress(path.read_bytes()))["data"]

        assert {theme.code for theme in THEMES}.isdisjoint(real)


class TestCatalogueFile:
    def test_sealed_contents_refer_to_what_the_set_has(self, market):
        data = sets_of(market)

        for demo_set in data.values():
            cards = {card["uuid"] for card in demo_set["cards"]}
            decks = {deck["name"] for deck in demo_set["decks"]}
            sealed = {product["uuid"] for product in demo_set["sealedProduct"]}
            for product in demo_set["sealedProduct"]:
                contents = product["contents"]
                assert {line["uuid"] for line in contents.get("card", [])} <= cards
                assert {line["name"] for line in contents.get("deck", [])} <= decks
                assert {line["code"] for line in contents.get("pack", [])} <= set(demo_set["booster"])
                assert {line["uuid"] for line in contents.get("sealed", [])} <= sealed

    def test_identifiers_are_texts(self, market):
        data = sets_of(market)

        assert all(
            isinstance(card["identifiers"]["mcmId"], str) for s in data.values() for card in s["cards"]
        )

    def test_sheets_state_their_total_weight(self, market):
        data = sets_of(market)

        for demo_set in data.values():
            for booster in demo_set["booster"].values():
                for sheet in booster["sheets"].values():
                    assert sum(sheet["cards"].values()) == sheet["totalWeight"]

    def test_strong_decks_have_sixty_cards_and_one_leader(self, market):
        data = sets_of(market)

        for demo_set in data.values():
            for deck in demo_set["decks"]:
                if deck["type"] == "Commander Deck":
                    assert sum(line["count"] for line in deck["commander"]) == 1
                    assert sum(line["count"] for line in deck["commander"] + deck["mainBoard"]) == 60


class TestWalks:
    def test_a_day_has_the_same_prices_in_every_window(self, market, prices):
        later = walk_prices(market, first=TODAY, last=TODAY + timedelta(days=3))

        assert (later.today[0] == prices.today[-1]).all()

    def test_prices_are_positive_and_move(self, prices):
        assert (prices.trend > 0).all()
        assert (prices.today[0] != prices.today[-1]).any()

    def test_the_average_of_one_day_is_the_trend(self, prices):
        assert prices.average(1) == pytest.approx(prices.today)

    def test_a_window_that_ends_before_it_begins_is_refused(self, market):
        with pytest.raises(ValueError, match="before the first"):
            walk_prices(market, first=TODAY, last=TODAY - timedelta(days=1))

    @pytest.mark.parametrize("trap", list(Trap))
    def test_a_trap_is_never_an_honest_price(self, trap):
        assert trapped(50.0, trap) != (50.0, 50.0, 50.0)


class TestGuides:
    def test_the_real_parser_reads_every_row(self, guides):
        parsed = parse_price_guide(gzip.decompress(guides[-1].read_bytes()))

        observations = list(parsed)

        assert not parsed.problems
        assert parsed.recorded_at == datetime(2026, 3, 14, 9, tzinfo=UTC)
        assert all(seen.price > 0 for seen in observations)

    def test_there_is_one_guide_a_day_oldest_first(self, guides):
        times = [read_guide(path)["createdAt"] for path in guides]

        assert times == sorted(times)
        assert len(times) == 10

    def test_todays_guide_is_never_in_the_future(self):
        assert published_at(TODAY, now=NOW) <= NOW
        assert published_at(TODAY, now=datetime(2026, 3, 14, tzinfo=UTC)) == datetime(2026, 3, 14, tzinfo=UTC)

    def test_sealed_rows_have_no_short_averages(self, market, guides):
        rows = rows_by_id(guides[-1])

        assert all(rows[item.product.external_id]["avg7"] is None for item in market.listings)

    def test_traps_show_only_in_the_last_days(self, market, guides):
        listing = next(item for item in market.listings if item.trap is Trap.PENNY_TREND)
        trends = [rows_by_id(path).get(listing.product.external_id, {}).get("trend") for path in guides]

        assert trends[-TRAP_DAYS:] == [0.02] * TRAP_DAYS
        assert 0.02 not in trends[:-TRAP_DAYS]


class TestOffers:
    def test_the_real_parser_reads_every_line(self, market, prices, tmp_path):
        path = write_offers(market, prices, tmp_path, now=NOW)

        (parsed,) = parse_csv(path.read_bytes())

        assert not parsed.problems
        counts = [(seen.seller_count or 0, seen.available_quantity or 0) for seen in parsed]
        assert all(1 <= sellers <= copies for sellers, copies in counts)

    def test_a_trap_states_no_offers_while_its_price_is_wrong(self, market, prices, tmp_path):
        listing = next(item for item in market.listings if item.trap is Trap.NO_OFFERS)
        path = write_offers(market, prices, tmp_path, now=NOW)
        ident = str(listing.product.external_id)

        (parsed,) = parse_csv(path.read_bytes())

        times = [seen.recorded_at for seen in parsed if seen.external_id == ident]
        days = {moment.date() for moment in times if moment}
        assert days
        assert max(days) <= TODAY - timedelta(days=TRAP_DAYS)
