from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.choices import ProductType
from catalog.importers.articles import Article, ArticleIdentifier
from scrapers.errors import FetchFailed, MarkupDrift, UnreadableAnswer
from scrapers.venues.cardmarket.catalogue import parse_product_list
from scrapers.venues.cardmarket.vocabulary import GAMES

from .reading import sample

MAGIC, YUGIOH, POKEMON = GAMES


def test_rows_become_articles_that_can_only_be_matched():
    box, pin = parse_product_list(
        sample("products_nonsingles.json"), game=MAGIC, product_type=ProductType.SEALED
    )

    assert box == Article(
        identifiers=(ArticleIdentifier("mcm", "32"),),
        name="Example Realm Booster Box",
        product_type="sealed",
        category="mtg",
        sealed_kind="booster_box",
        is_complete=False,
    )
    assert (pin.name, pin.sealed_kind) == ("Example Realm Pin", "")


def test_mostly_unreadable_rows_are_drift():
    with pytest.raises(MarkupDrift):
        parse_product_list(b'{"products": [{"id": 1}]}', game=YUGIOH, product_type=ProductType.SINGLE)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"priceGuides": []}', b'{"products": [', b"<html>"])
def test_other_content_is_refused(content: bytes):
    with pytest.raises(UnreadableAnswer):
        parse_product_list(content, game=MAGIC, product_type=ProductType.SINGLE)


def test_shared_samples_give_their_article(shared_data: Path):
    wire = shared_data / "wire" / "cardmarket"

    ragavan = parse_product_list(
        (wire / "products_singles_1.json").read_bytes(), game=MAGIC, product_type=ProductType.SINGLE
    )
    weedle = parse_product_list(
        (wire / "products_singles_6.json").read_bytes(), game=POKEMON, product_type=ProductType.SINGLE
    )

    assert ragavan == [
        Article(
            (ArticleIdentifier("mcm", "822859"),),
            "Ragavan Token (Red 2/1)",
            "single",
            "mtg",
            is_complete=False,
        )
    ]
    assert weedle == [
        Article(
            (ArticleIdentifier("mcm", "273532"),), "Weedle [Multiply]", "single", "pokemon", is_complete=False
        )
    ]


@given(st.data())
def test_damaged_bytes_are_read_or_refused(data: st.DataObject):
    body = bytearray(sample("products_nonsingles.json"))
    for position in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=4)):
        body[position] = data.draw(st.integers(0, 255))
    try:
        parse_product_list(bytes(body), game=MAGIC, product_type=ProductType.SEALED)
    except FetchFailed as error:
        assert error.detail  # noqa: PT017 - either outcome is right, an unexpected exception is not
