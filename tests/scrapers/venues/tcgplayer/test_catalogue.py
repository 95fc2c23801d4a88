from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.importers.articles import Article, ArticleIdentifier
from scrapers.errors import FetchFailed, MarkupDrift, RequestRejected, UnreadableAnswer
from scrapers.venues.tcgplayer.catalogue import (
    GroupRow,
    day_of,
    newest_first,
    parse_categories,
    parse_groups,
    parse_products,
)
from scrapers.venues.tcgplayer.vocabulary import GAMES

from .reading import envelope, group, product, sample

MAGIC, YUGIOH, POKEMON = GAMES
SKIES = GroupRow(501, "Example Skies", 3, "EXS", "2026-10-02T00:00:00")


def test_products_become_articles_and_what_has_no_number_or_rarity_is_sealed():
    fox, box, pond = parse_products(
        sample("tcgcsv/products.json"), group=SKIES, game=POKEMON, finishes={"9001": ("foil", "reverse")}
    )

    assert fox == Article(
        identifiers=(ArticleIdentifier("tcgplayer", "9001"),),
        name="Ember Fox & Friends",
        product_type="single",
        category="pokemon",
        set_name="Example Skies",
        set_code="EXS",
        number="007",
        rarity="Rare",
        finishes=("foil", "reverse"),
        released_on=date(2026, 10, 2),
        image_url="https://images.example/9001_200w.jpg",
    )
    assert (box.product_type, box.sealed_kind, box.released_on) == (
        "sealed", "booster_box", date(2026, 12, 4),
    )  # fmt: skip
    assert (box.image_url, box.is_complete) == ("", True)
    assert (pond.product_type, pond.number, pond.is_complete) == ("single", "", False)


def test_magic_products_only_bring_their_ids_and_names():
    body = envelope(product(1, 7, Number="12", Rarity="U"), product(2, 7))
    group_row = GroupRow(7, "Example Realm", 1)

    articles = parse_products(body, group=group_row, game=MAGIC, finishes={})

    assert [article.is_complete for article in articles] == [False, False]


def test_groups_of_another_category_are_left_out_and_newest_come_first():
    body = envelope(
        group(1, "2024-01-01T00:00:00"), group(2, None), group(3, "2026-01-01T00:00:00"),
        group(4, "2026-01-01T00:00:00", category=9), group(5, "0001-01-01T00:00:00"),
    )  # fmt: skip

    groups = dict.fromkeys(parse_groups(body, game=POKEMON), POKEMON)

    assert [row.groupId for row, _ in newest_first(groups)] == [3, 1, 5, 2]


def test_most_rows_of_another_shape_are_drift():
    with pytest.raises(MarkupDrift):
        parse_groups(envelope({"id": 1}, {"id": 2}, group(3, None)), game=POKEMON)


def test_an_error_instead_of_groups_is_refused():
    with pytest.raises(RequestRejected, match="maintenance"):
        parse_groups(envelope(success=False, errors=("maintenance",)), game=POKEMON)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-04T00:00:00", date(2026, 12, 4)),
        ("2026-12-04", date(2026, 12, 4)),
        ("0001-01-01T00:00:00", None),
        ("0000-00-00 00:00:00", None),
        ("2026-02-30T00:00:00", None),
        ("", None),
        (None, None),
    ],
)
def test_naive_times_give_their_day(text: str | None, day: date | None):
    assert day_of(text) == day


def test_shared_samples_give_what_they_say(shared_data: Path):
    folder = shared_data / "wire" / "tcgcsv"

    games = parse_categories((folder / "categories.json").read_bytes(), games=GAMES)
    (silver_tempest,) = parse_groups((folder / "3_groups.json").read_bytes(), game=POKEMON)
    (lugia,) = parse_products(
        (folder / "3_3170_products.json").read_bytes(), group=silver_tempest, game=POKEMON, finishes={}
    )

    assert games == (POKEMON,)
    assert (silver_tempest.groupId, silver_tempest.name, silver_tempest.published_on) == (
        3170, "SWSH12: Silver Tempest", date(2022, 11, 11),
    )  # fmt: skip
    assert lugia == Article(
        identifiers=(ArticleIdentifier("tcgplayer", "451396"),),
        name="Lugia VSTAR",
        product_type="single",
        category="pokemon",
        set_name="SWSH12: Silver Tempest",
        set_code="SWSH12",
        number="139",
        rarity="Ultra Rare",
        released_on=date(2022, 11, 11),
        image_url="https://tcgplayer-cdn.tcgplayer.com/product/451396_200w.jpg",
    )


@given(st.data())
def test_damaged_bytes_are_read_or_refused(data: st.DataObject):
    body = bytearray(sample("tcgcsv/products.json"))
    for position in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=4)):
        body[position] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(body)))
    try:
        articles = parse_products(bytes(body[:cut]), group=SKIES, game=POKEMON, finishes={})
    except FetchFailed as error:
        assert error.detail  # noqa: PT017 - either outcome is right, an unexpected exception is not
    else:
        assert all(article.name and article.identifiers[0].external_id.isdigit() for article in articles)


_values: st.SearchStrategy[object] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just([])
)


@given(st.lists(st.dictionaries(st.sampled_from([*product(1, 1), "presaleInfo", "imageUrl"]), _values)))
def test_any_rows_are_read_or_refused(rows: list[object]):
    body = msgspec.json.encode({"success": True, "results": rows})
    try:
        parse_products(body, group=SKIES, game=YUGIOH, finishes={})
    except (FetchFailed, UnreadableAnswer) as error:
        assert error.detail  # noqa: PT017 - either outcome is right, an unexpected exception is not
