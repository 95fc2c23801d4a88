"""Suggestions score by what agrees, and nothing that contradicts is ever suggested."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.matching import Described, MatchScore, base_name, best_match, normalised, score_match

RING = Described("Sol Ring", "Kaldheim Commander", "KHC", "87", "English", "single", "mtg")
BOX = Described("Kaldheim Draft Booster Box", "Kaldheim", "KHM", "", "English", "sealed", "mtg")

texts = st.text(max_size=20)
described = st.builds(
    Described, texts, texts, texts, texts, texts, st.sampled_from(["", "single", "sealed"]), texts
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  Sol   Ring ", "sol ring"),
        ("Lim-Dûl's Vault", "lim duls vault"),
        ("Fire // Ice", "fire ice"),
        ("Dungeons & Dragons", "dungeons and dragons"),
        ("Pokémon", "pokemon"),
    ],
)
def test_names_are_compared_without_case_accents_and_punctuation(text: str, plain: str):
    assert normalised(text) == plain


def test_what_stands_in_brackets_is_left_out_of_the_base_name():
    assert base_name("Sol Ring (Borderless) [Foil]") == "Sol Ring"


def test_everything_equal_scores_one():
    found = score_match(RING, RING)

    assert found == MatchScore(
        Decimal("1.00"), ("same name", "same set code", "same number", "same language", "same type")
    )


@pytest.mark.parametrize(
    ("article", "score"),
    [
        (Described("sol ring"), "0.50"),
        (Described("Sol Ring", number="087/180", product_type="single"), "0.70"),
        (Described("Sol Ring (Extended Art)", "Kaldheim Commander"), "0.65"),
        (Described("Sol Ring", "Commander: Kaldheim"), "0.70"),
        (Described("Sol Ring", "Commander Legends"), "0.25"),
        (Described("Sol Rnig", "Kaldheim Commander"), None),
        (Described("Sol Rings", "Kaldheim Commander"), "0.62"),
    ],
)
def test_the_score_is_the_sum_of_what_agrees(article: Described, score: str | None):
    found = score_match(article, RING)

    assert (None if found is None else str(found.score)) == score


@pytest.mark.parametrize(
    "article",
    [
        Described("Sol Ring", number="88"),
        Described("Sol Ring", language="German"),
        Described("Sol Ring", product_type="sealed"),
        Described("Sol Ring", category="pokemon"),
        Described("Mana Crypt", "Kaldheim Commander", "KHC", "87"),
        Described(""),
    ],
)
def test_a_contradiction_has_no_score(article: Described):
    assert score_match(article, RING) is None


@pytest.mark.parametrize(
    ("name", "is_same"),
    [
        ("Kaldheim Draft Booster Box", True),
        ("Magic the Gathering: Kaldheim Draft Booster Box", True),
        ("Kaldheim - Draft Boosters Box", True),
        ("Kaldheim Set Booster Box", False),
        ("Kaldheim Draft Booster", False),
        ("Kaldheim Draft Booster Box Case", False),
    ],
)
def test_sealed_products_of_other_words_are_other_products(name: str, is_same: bool):
    assert (score_match(Described(name, "Kaldheim"), BOX) is not None) is is_same


def test_a_product_known_under_another_id_scores_less():
    found = score_match(RING, RING, is_known_otherwise=True)

    assert found is not None
    assert (found.score, found.reasons[-1]) == (
        Decimal("0.85"),
        "the source knows this product under another id",
    )


@pytest.mark.parametrize(
    ("scores", "best"),
    [
        ({}, None),
        ({"a": "0.59"}, None),
        ({"a": "0.60"}, "a"),
        ({"a": "0.80", "b": "0.76"}, None),
        ({"a": "0.80", "b": "0.75"}, "a"),
    ],
)
def test_only_one_clear_best_is_suggested(scores: dict[str, str], best: str | None):
    assert best_match({key: MatchScore(Decimal(score), ()) for key, score in scores.items()}) == best


@given(described, described)
def test_any_two_descriptions_score_within_zero_and_one(article: Described, product: Described):
    found = score_match(article, product)

    assert found is None or 0 <= found.score <= 1


@given(described)
def test_a_described_article_is_its_own_best_match(article: Described):
    found = score_match(article, article)

    assert (found is None) == (normalised(article.name) == "")
    if found is not None:
        assert found.score >= Decimal("0.50")
