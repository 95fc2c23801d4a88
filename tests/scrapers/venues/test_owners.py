"""One catalogue makes a game's products; the other sources of the game only find them."""

import json
from datetime import UTC, datetime
from itertools import permutations

import pytest

from catalog.importers.articles import Article
from catalog.models import Product
from catalog.services import import_articles
from scrapers.venues.tcgdex import parse_card, parse_set
from scrapers.venues.tcgplayer.catalogue import GroupRow, parse_products
from scrapers.venues.tcgplayer.vocabulary import GAMES
from scrapers.venues.ygoprodeck import parse_cards
from tests.scrapers.venues.tcgplayer.reading import envelope, product

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
_, YUGIOH, POKEMON = GAMES


def charizard_of_tcgplayer() -> list[Article]:
    body = envelope(product(42382, 604, Number="004/102", Rarity="Holo Rare"))
    return list(parse_products(body, group=GroupRow(604, "Base Set", 3), game=POKEMON, finishes={}))


def brief_of_tcgdex() -> list[Article]:
    cards = [{"id": "base1-4", "localId": "4", "name": "Charizard"}]
    body = {"id": "base1", "name": "Base Set", "cards": cards}
    return parse_set(json.dumps(body).encode(), asked="base1").articles


def card_of_tcgdex() -> list[Article]:
    card = {
        "id": "base1-4", "localId": "4", "name": "Charizard", "set": {"id": "base1", "name": "Base Set"},
        "pricing": {
            "tcgplayer": {"unit": "USD", "holofoil": {"productId": 42382, "marketPrice": 300}},
            "cardmarket": {"unit": "EUR", "idProduct": 273699, "trend": 250},
        },
    }  # fmt: skip
    return [parse_card(json.dumps(card).encode(), asked="base1-4").article]


def bring(articles: list[Article], source: str) -> int:
    return import_articles(articles, source=source, now=NOW).conflict_count


@pytest.mark.django_db
@pytest.mark.parametrize("order", list(permutations(("tcgplayer", "brief", "card"))))
def test_whatever_comes_first_a_pokemon_card_is_one_product_of_all_its_ids(order):
    feeds = {
        "tcgplayer": (charizard_of_tcgplayer, "tcgplayer"),
        "brief": (brief_of_tcgdex, "tcgdex"),
        "card": (card_of_tcgdex, "tcgdex"),
    }
    conflicts = 0
    for _ in range(2):  # what was not known to the first cycle is joined in the next one
        for name in order:
            read, source = feeds[name]
            conflicts += bring(read(), source)

    found = Product.objects.get()
    assert conflicts == 0
    assert set(found.identifiers.values_list("source", "external_id")) == {
        ("tcgplayer", "42382"), ("tcgdex", "base1-4"), ("mcm", "273699"),
    }  # fmt: skip


@pytest.mark.django_db
def test_a_yugioh_printing_is_made_once():
    printing = {"set_name": "Lost Lanterns", "set_code": "LOLA-EN001", "set_rarity": "Ultra Rare"}
    cards = {"data": [{"id": 1, "name": "Lantern Golem", "card_sets": [printing]}]}
    own = parse_products(
        envelope(product(7, 5, Number="LOLA-EN001", Rarity="Ultra Rare")),
        group=GroupRow(5, "Lost Lanterns", 2), game=YUGIOH, finishes={},
    )  # fmt: skip

    report = import_articles(parse_cards(json.dumps(cards).encode()).articles(), source="ygoprodeck", now=NOW)
    bring(list(own), "tcgplayer")

    assert [article.name for article in report.unmatched] == ["Lantern Golem"]
    assert Product.objects.count() == 1
