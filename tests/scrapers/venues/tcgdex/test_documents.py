"""TCGdex's documents: the hand-written samples to the right records, damaged ones to no other price."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.importers.articles import Article, ArticleIdentifier
from pricing.observations import Observation
from scrapers.errors import EvidenceMissing, UnreadableAnswer
from scrapers.venues.pokemon_finishes import finish_of
from scrapers.venues.tcgdex import parse_card, parse_set, parse_sets

SAMPLES = Path(__file__).parents[2] / "samples" / "tcgdex"
SET, POCKET = ((SAMPLES / f"set_{name}.json").read_bytes() for name in ("emd1", "pocket"))
CARD, HOLO = ((SAMPLES / f"card_emd1-00{n}.json").read_bytes() for n in (1, 2))


def usd(price: str, kind: str, finish: str, card: str = "emd1-001") -> Observation:
    at = datetime(2026, 11, 20, 20, 5, tzinfo=UTC)
    return Observation(Decimal(price), kind, "USD", card, None, finish, recorded_at=at)


def eur(price: str, kind: str, finish: str = "") -> Observation:
    at = datetime(2026, 11, 20, 2, 45, 11, tzinfo=UTC)
    return Observation(Decimal(price), kind, "EUR", "emd1-001", None, finish, recorded_at=at)


class TestSets:
    def test_the_sample_lists_two_sets(self):
        sets = parse_sets((SAMPLES / "sets.json").read_bytes())

        assert [(row.id, row.name, row.cardCount.total) for row in sets] == [
            ("emd1", "Ember Dawn", 3), ("P-X1", "Pocket Sparks", 1),
        ]  # fmt: skip

    @pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"null", b'[{"id":1}]', b"<html>", b'[{"id":""}]'])
    def test_another_answer_is_unreadable(self, body):
        with pytest.raises(UnreadableAnswer):
            parse_sets(body)


class TestSet:
    def test_its_cards_become_articles_of_what_is_known(self):
        cards = parse_set(SET, asked="emd1")

        assert cards.ids == ["emd1-001", "emd1-002", "emd1-?"]
        assert cards.articles[0] == Article(
            identifiers=(ArticleIdentifier("tcgdex", "emd1-001"),),
            name="Pyrolisk", product_type="single", category="pokemon", set_name="Ember Dawn",
            set_code="emd1", number="001", released_on=date(2026, 3, 27),
            image_url="https://assets.tcgdex.net/en/emd/emd1/001/high.webp", is_complete=False,
        )  # fmt: skip
        assert cards.articles[1].name == "Cinder Owl ex"
        assert [article.image_url for article in cards.articles[1:]] == ["", ""]
        assert cards.counts == {"unreadable_row": 1}

    def test_cards_that_exist_only_on_screens_are_left_out(self):
        cards = parse_set(POCKET, asked="P-X1")

        assert (cards.articles, cards.ids, cards.counts) == ([], [], {"digital": 1})

    def test_another_set_than_asked_for_is_no_evidence(self):
        with pytest.raises(EvidenceMissing):
            parse_set(SET, asked="emd2")


class TestCard:
    def test_the_sample_gives_these_prices(self):
        card = parse_card(CARD, asked="emd1-001")

        assert card.prices == {
            "tcgdex_tcgplayer": [
                usd("0.05", "low", "nonfoil"), usd("0.2", "mid", "nonfoil"), usd("0.17", "market", "nonfoil"),
                usd("0.3", "low", "reverse"), usd("0.6", "mid", "reverse"), usd("0.55", "market", "reverse"),
            ],
            "tcgdex_cardmarket": [
                eur("0.02", "low"), eur("0.28", "trend"), eur("0.31", "avg"), eur("0.3", "avg7"),
                eur("0.29", "avg30"), eur("0.1", "low", "reverse"), eur("0.75", "trend", "reverse"),
                eur("0.8", "avg", "reverse"), eur("0.7", "avg7", "reverse"), eur("0.69", "avg30", "reverse"),
            ],
        }  # fmt: skip
        assert card.skipped == {"variant: sparkle": 1, "variant: cosmos-galaxy": 1, "no_price": 3}

    def test_the_sample_gives_this_article(self):
        assert parse_card(CARD, asked="emd1-001").article == Article(
            identifiers=(
                ArticleIdentifier("tcgdex", "emd1-001"),
                ArticleIdentifier("tcgplayer", "660001"),
                ArticleIdentifier("mcm", "870001"),
            ),
            name="Pyrolisk", product_type="single", category="pokemon", set_name="Ember Dawn",
            set_code="emd1", number="001", rarity="Uncommon", finishes=("nonfoil", "reverse"),
            image_url="https://assets.tcgdex.net/en/emd/emd1/001/high.webp", is_complete=False,
        )  # fmt: skip

    def test_a_first_edition_holofoil_is_neither_plain_nor_plain_first_edition(self):
        card = parse_card(HOLO, asked="emd1-002")

        assert card.article.finishes == ("foil", "first_foil")
        assert card.article.identifiers[1:3] == (
            ArticleIdentifier("tcgplayer", "660002", "foil"),
            ArticleIdentifier("tcgplayer", "660003", "first_foil"),
        )
        assert card.prices["tcgdex_tcgplayer"] == [
            usd("24.5", "market", "foil", "emd1-002"), usd("80", "market", "first_foil", "emd1-002"),
        ]  # fmt: skip

    def test_holo_statistics_of_a_card_not_made_in_reverse_are_nobodys(self):
        card = parse_card(HOLO, asked="emd1-002")

        assert {row.finish for row in card.prices["tcgdex_cardmarket"]} == {""}
        assert card.skipped["holo_unclear"] == 1
        assert all(row.recorded_at is None for row in card.prices["tcgdex_cardmarket"])

    @pytest.mark.parametrize("market", ["tcgplayer", "cardmarket"])
    def test_prices_without_a_currency_are_not_taken(self, market):
        stated = json.loads(CARD)
        del stated["pricing"][market]["unit"]

        card = parse_card(json.dumps(stated).encode(), asked="emd1-001")

        assert card.prices[f"tcgdex_{market}"] == []
        assert card.skipped["no_currency"] == 1

    def test_a_card_without_prices_is_an_article_all_the_same(self):
        body = b'{"id":"a-1","localId":1,"name":"A","set":{"id":"a","name":"Alpha"},"pricing":null}'

        card = parse_card(body, asked="a-1")

        assert card.article.number == "1"
        assert not any(card.prices.values())

    @pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"title":"not found","status":404}', b"<html>"])
    def test_another_answer_is_unreadable(self, body):
        with pytest.raises(UnreadableAnswer):
            parse_card(body, asked="emd1-001")

    def test_another_card_than_asked_for_is_no_evidence(self):
        with pytest.raises(EvidenceMissing):
            parse_card(CARD, asked="emd1-002")


class TestFinishes:
    @pytest.mark.parametrize(
        ("names", "finish"),
        [
            (["normal", "unlimited"], "nonfoil"),
            (["holo", "holofoil", "unlimited-holofoil", "unlimitedHolofoil"], "foil"),
            (["reverse", "reverse-holofoil", "reverseHolofoil", "reverse_holo"], "reverse"),
            (["firstEdition", "1st-edition", "1stEditionNormal", "1st-edition-normal"], "first_ed"),
            (["1stEditionHolofoil", "1st-edition-holofoil", "first-edition-holo"], "first_foil"),
        ],
    )
    def test_both_styles_of_names_mean_the_same(self, names, finish):
        assert {finish_of(name, Counter()) for name in names} == {finish}

    def test_unknown_names_are_counted_by_name_up_to_a_limit(self):
        unknown: Counter[str] = Counter()

        assert not any(finish_of(f"glitter {n}", unknown) for n in range(100))
        assert len(unknown) <= 31
        assert unknown.total() == 100
        assert unknown["variant: glitter 1"] == 1


class TestDamage:
    truth = {
        (row.currency, row.price, row.finish) for rows in parse_card(CARD, asked="emd1-001").prices.values()
        for row in rows
    }  # fmt: skip

    @given(
        st.integers(0, len(CARD) - 1), st.sampled_from([b"\x00", b"}", b"{", b"\xff", b'"', b",", b"null"])
    )
    def test_bytes_overwritten_by_rubbish_give_no_other_prices(self, start, rubbish):
        damaged = CARD[:start] + rubbish + CARD[start + len(rubbish) :]
        try:
            card = parse_card(damaged, asked="emd1-001")
        except (UnreadableAnswer, EvidenceMissing):
            return

        found = {(row.currency, row.price, row.finish) for rows in card.prices.values() for row in rows}
        assert {row for row in found if row[0] in ("USD", "EUR")} <= self.truth

    @given(st.integers(0, len(CARD) - 2))
    def test_a_cut_document_is_unreadable(self, end):
        with pytest.raises(UnreadableAnswer):
            parse_card(CARD[:end], asked="emd1-001")

    @given(st.binary(max_size=200))
    def test_any_bytes_are_refused_by_name(self, body):
        for parse in (parse_sets, lambda body: parse_set(body, asked="x")):
            with pytest.raises((UnreadableAnswer, EvidenceMissing)):
                parse(body)
