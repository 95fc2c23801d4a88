"""pokemontcg.io's pages: the hand-written sample to the right records, damaged ones to no other price."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.importers.articles import Article, ArticleIdentifier
from pricing.observations import Observation
from scrapers.errors import UnreadableAnswer
from scrapers.venues.pokemontcg import SOURCES, parse_page

SAMPLE = (Path(__file__).parents[2] / "samples" / "pokemontcg" / "cards_page_1.json").read_bytes()


def usd(card: str, price: str, kind: str, finish: str) -> Observation:
    at = datetime(2026, 11, 19, tzinfo=UTC)
    return Observation(Decimal(price), kind, "USD", card, None, finish, recorded_at=at)


def eur(price: str, kind: str, finish: str = "") -> Observation:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return Observation(Decimal(price), kind, "EUR", "emd1-1", None, finish, recorded_at=at)


GOLDEN = {
    "pokemontcg_tcgplayer": [
        usd("emd1-1", "0.05", "low", "nonfoil"), usd("emd1-1", "0.25", "mid", "nonfoil"),
        usd("emd1-1", "0.2", "market", "nonfoil"), usd("emd1-1", "0.4", "low", "reverse"),
        usd("emd1-1", "0.7", "market", "reverse"), usd("emd1-2", "80", "market", "first_foil"),
        usd("emd1-2", "24.5", "market", "foil"),
    ],
    "pokemontcg_cardmarket": [
        eur("0.02", "low"), eur("0.24", "trend"), eur("0.22", "avg"), eur("0.1", "avg1"), eur("0.21", "avg7"),
        eur("0.3", "low", "reverse"), eur("0.61", "trend", "reverse"), eur("0.6", "avg7", "reverse"),
        eur("0.59", "avg30", "reverse"),
    ],
}  # fmt: skip


class TestSample:
    @pytest.mark.parametrize("source", SOURCES)
    def test_the_page_gives_these_prices(self, source):
        parsed = parse_page(SAMPLE, page=1).prices[source]

        assert list(parsed.observations) == GOLDEN[source]
        assert (parsed.source, parsed.rows_read) == (source, 3)

    def test_whatever_is_left_out_is_counted(self):
        american, european = (parse_page(SAMPLE, page=1).prices[source] for source in SOURCES)

        assert american.skipped == {"no_price": 9, "variant: pokeballPattern": 1, "unreadable_row": 1}
        assert [problem.row for problem in american.problems] == [3]
        assert european.skipped == {"no_price": 1}

    def test_cards_are_matched_only(self):
        page = parse_page(SAMPLE, page=1)

        assert page.articles[0] == Article(
            identifiers=(ArticleIdentifier("tcgdex", "emd1-1"),),
            name="Pyrolisk", product_type="single", category="pokemon", set_name="Ember Dawn",
            set_code="emd1", number="1", rarity="Uncommon", finishes=("nonfoil", "reverse"),
            released_on=date(2003, 7, 1), image_url="https://images.pokemontcg.io/emd1/1_hires.png",
            is_complete=False,
        )  # fmt: skip
        assert page.articles[1].finishes == ("first_foil", "foil")
        assert (page.rows, page.total) == (3, 3)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{}", b"null", b'{"error":{"message":"Bad Request","code":400}}', b"<html>",
        b'{"data":[]}', b'{"data":null,"totalCount":1}', b'{"data":[],"totalCount":1,"page":2}', SAMPLE[:-9],
        b'{"data":[' + b",".join([b"{}"] * 251) + b'],"totalCount":251,"page":1}',
    ],
)  # fmt: skip
def test_another_answer_is_unreadable_and_never_empty(body):
    with pytest.raises(UnreadableAnswer):
        parse_page(body, page=1)


class TestDamage:
    truth = {
        (row.external_id, row.currency, row.finish, row.price_type, row.price)
        for rows in GOLDEN.values()
        for row in rows
    }

    @given(
        st.integers(0, len(SAMPLE) - 1), st.sampled_from([b"\x00", b"}", b"{", b"\xff", b'"', b",", b"null"])
    )
    def test_bytes_overwritten_by_rubbish_give_no_other_prices(self, start, rubbish):
        damaged = SAMPLE[:start] + rubbish + SAMPLE[start + len(rubbish) :]
        try:
            page = parse_page(damaged, page=1)
        except UnreadableAnswer:
            return

        found = {
            (row.external_id, row.currency, row.finish, row.price_type, row.price)
            for parsed in page.prices.values()
            for row in parsed.observations
        }
        assert {row for row in found if row[0] in ("emd1-1", "emd1-2")} <= self.truth

    @given(st.binary(max_size=200))
    def test_any_bytes_are_refused_by_name(self, body):
        with pytest.raises(UnreadableAnswer):
            parse_page(body, page=1)
