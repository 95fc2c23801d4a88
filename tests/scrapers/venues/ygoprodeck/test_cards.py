"""YGOPRODeck's cards: the hand-written sample to the right printings, damaged ones to no other price."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.importers.articles import Article, ArticleIdentifier
from pricing.observations import Observation
from scrapers.errors import UnreadableAnswer
from scrapers.venues.ygoprodeck import parse_cards, parse_version

SAMPLE = (Path(__file__).parents[2] / "samples" / "ygoprodeck" / "cardinfo.json").read_bytes()
PRICES = {"LOLA-EN001/UR": Decimal("12.50"), "LOLA-EN001/QCSE": Decimal("1049.99")}


class TestVersion:
    @pytest.mark.parametrize(
        ("body", "version"),
        [
            (b'[{"database_version":"142.07","last_update":"2026-11-19 21:14:05"}]', "142.07"),
            (b'[{"database_version":142.5}]', "142.5"),
        ],
    )
    def test_the_version_is_text_or_a_number(self, body, version):
        assert parse_version(body) == version

    @pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"[{}]", b'{"error":"x"}', b"<html>"])
    def test_another_answer_is_unreadable(self, body):
        with pytest.raises(UnreadableAnswer):
            parse_version(body)


class TestSample:
    def test_each_printing_is_an_article_of_its_own(self):
        articles = {article.identifiers[0].external_id: article for article in parse_cards(SAMPLE).articles()}

        assert sorted(articles) == [
            "LOLA-EN001/QCSE", "LOLA-EN001/UR", "LOLA-EN002/C", "LOLA-EN051/SR", "LT26-EN007/Prismatic Rare",
        ]  # fmt: skip
        assert articles["LOLA-EN001/UR"] == Article(
            identifiers=(ArticleIdentifier("ygoprodeck", "LOLA-EN001/UR"),),
            name='Lantern Golem "Mk II"', product_type="single", category="yugioh",
            set_name="Lost Lanterns", set_code="LOLA", number="LOLA-EN001", rarity="Ultra Rare",
            is_complete=False,
        )  # fmt: skip

    def test_no_picture_is_linked_to(self):
        assert not any(article.image_url for article in parse_cards(SAMPLE).articles())

    def test_a_price_is_that_of_the_printing_and_never_of_the_cheapest_one(self):
        prices = parse_cards(SAMPLE).prices()

        assert list(prices.observations) == [
            Observation(Decimal("12.50"), "market", "USD", "LOLA-EN001/UR"),
            Observation(Decimal("1049.99"), "market", "USD", "LOLA-EN001/QCSE"),
        ]
        assert prices.source == "ygoprodeck_tcgplayer"

    def test_whatever_is_left_out_is_counted(self):
        cards = parse_cards(SAMPLE)

        assert cards.rows == 5
        assert cards.skipped == {
            "no_price": 2, "repeated_printing": 2, "ambiguous_price": 1, "ambiguous_printing": 2,
            "bad_price": 1, "card_without_printing": 1,
        }  # fmt: skip
        assert [row for row, _ in cards.problems] == [3, 5]
        assert cards.prices().skipped["unreadable_row"] == 2


@pytest.mark.parametrize("price", ["0.00", "0", "", "-1.00", "1e5", "٣.٥٠", "1,5", "1.234,56", "$3", "NaN"])
def test_what_is_no_amount_is_no_price(price):
    content = (
        f'{{"data":[{{"id":1,"name":"A","card_sets":[{{"set_name":"S","set_code":"S-1",'
        f'"set_rarity_code":"(C)","set_price":"{price}"}}]}}]}}'
    )

    assert list(parse_cards(content.encode()).prices().observations) == []


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"{}", b"null", b"<html>", b'{"data":[]}', b'{"data":{}}',
        b'{"data":[{"id":1,"name":"A"}]}',
        b'{"error":"No card matching your query was found in the database."}', SAMPLE[:-5],
    ],
)  # fmt: skip
def test_another_answer_is_unreadable_and_never_empty(content):
    with pytest.raises(UnreadableAnswer):
        parse_cards(content)


class TestDamage:
    @given(
        st.integers(0, len(SAMPLE) - 1), st.sampled_from([b"\x00", b"}", b"{", b"\xff", b'"', b",", b"null"])
    )
    def test_bytes_overwritten_by_rubbish_give_no_other_prices(self, start, rubbish):
        found = self.read(SAMPLE[:start] + rubbish + SAMPLE[start + len(rubbish) :])

        known = {key: price for key, price in found.items() if key in PRICES}
        assert known.items() <= PRICES.items()

    @given(st.integers(0, len(SAMPLE)))
    def test_a_cut_file_gives_nothing_or_everything(self, end):
        assert self.read(SAMPLE[:end]) in ({}, PRICES)

    @given(st.binary(max_size=200))
    def test_any_bytes_are_refused_by_name(self, content):
        assert self.read(content) == {}

    def read(self, content: bytes) -> dict[str | None, Decimal]:
        try:
            return {row.external_id: row.price for row in parse_cards(content).prices().observations}
        except UnreadableAnswer:
            return {}
