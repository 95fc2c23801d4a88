import pytest

from scrapers.venues.ebay.titles import finish_of, holds_all_words, names_something_else


@pytest.mark.parametrize(
    ("title", "holds"),
    [
        ("Amber Archive Booster Box NEW", True),
        ("box of boosters, Amber Archive", False),
        ("BOX: booster - archive's AMBER (archive)", True),
        ("Amber Archive Booster Pack", False),
        ("", False),
    ],
)
def test_every_word_of_the_query_must_be_in_the_title(title, holds):
    assert holds_all_words(title, "amber archive booster box") is holds


def test_query_without_words_matches_nothing():
    assert not holds_all_words("Amber", "-!")


@pytest.mark.parametrize(
    "title",
    [
        "Lot of 2 boxes",
        "2x Booster Box",
        "Booster Box x6",
        "EMPTY booster box",
        "Box (proxy)",
        "36 pcs cards",
    ],
)
def test_lots_and_accessories_are_something_else(title):
    assert names_something_else(title)


@pytest.mark.parametrize("title", ["Booster Box", "Box 1x", "Xenagos box", "Booster Box 2024 MTG"])
def test_one_sealed_article_is_not_something_else(title):
    assert not names_something_else(title)


def test_words_of_the_query_are_not_suspicious():
    assert not names_something_else("Amber Booster Case", query="amber booster case")


def test_words_that_half_of_the_peers_have_are_the_articles_own():
    assert not names_something_else("Amber Case", peers=["Amber Case", "Case of Amber", "Amber"])
    assert names_something_else("Amber Case", peers=["Amber Case", "Amber", "Amber"])


@pytest.mark.parametrize(
    ("title", "finish"),
    [
        ("Tidewarden 042/200 NM", "nonfoil"),
        ("Tidewarden 042/200 Foil NM", "foil"),
        ("Tidewarden HOLO Rare", "foil"),
        ("Tidewarden Holofoil", "foil"),
        ("Tidewarden (Non-Foil) NM", "nonfoil"),
        ("Tidewarden NON FOIL", "nonfoil"),
        ("Tidewarden nonfoil", "nonfoil"),
        ("Tidewarden Non Holo Rare", "nonfoil"),
        ("Tidewarden Non-Holofoil", "nonfoil"),
        ("Tidewarden NonHolo", "nonfoil"),
        ("Tidewarden Not Foil", "nonfoil"),
        ("Tidewarden No Holo", "nonfoil"),
        ("Tidewarden Foil Etched", "etched"),
        ("Tidewarden (Etched Foil)", "etched"),
        ("Tidewarden - Etched", "etched"),
        ("Tidewarden Reverse Holo", "reverse"),
        ("Tidewarden Reverse-Holofoil Common", "reverse"),
        ("Tidewarden Rev Holo", "reverse"),
        ("Tidewarden Reverse Foil", "reverse"),
        ("Tidewarden Holo Reverse", "reverse"),
        ("Tidewarden Non-Reverse Holo", "foil"),
        ("Reverse Damage", "nonfoil"),
        ("Nonsuch Holder", "nonfoil"),
    ],
)
def test_a_card_has_the_finish_its_seller_names(title, finish):
    assert finish_of(title) == finish


@pytest.mark.parametrize(
    "title",
    ["Tidewarden Foil / Non-Foil", "Tidewarden Holo or Reverse Holo", "Tidewarden foil + etched foil + foil"],
)
def test_a_choice_of_finishes_is_of_none(title):
    assert finish_of(title) is None


def test_a_search_for_foil_does_not_find_what_is_called_non_foil():
    assert not holds_all_words("Tidewarden Non-Foil", "tidewarden foil")
    assert holds_all_words("Tidewarden Foil", "tidewarden foil")
    assert holds_all_words("Tidewarden NONFOIL", "tidewarden non-foil")
