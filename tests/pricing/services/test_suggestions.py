"""A suggestion needs one clear best product; it is stored with its reasons and never applied."""

from datetime import timedelta

import pytest

from catalog.importers.articles import Article, ArticleIdentifier
from catalog.models import Product, ProductIdentifier
from pricing.models import UnmatchedArticle
from pricing.services import name_unmatched, suggest_matches
from tests.pricing.factories import NOW, make_product

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def card(name: str, *, number: str = "87", set_code: str = "KHC", **facts) -> Product:
    product = make_product(name, **facts)
    product.number, product.set_code, product.set_name = number, set_code, "Kaldheim Commander"
    product.save()
    return product


def listed(name: str, external_id: str = "77", *, number: str = "87", **facts) -> UnmatchedArticle:
    facts = {"set_name": "Kaldheim Commander", "number": number, **facts}
    article = Article((ArticleIdentifier("mcm", external_id),), name, "single", "mtg", **facts)
    name_unmatched([article], now=NOW)
    return UnmatchedArticle.objects.get(external_id=external_id)


def suggestion(row: UnmatchedArticle) -> Product | None:
    row.refresh_from_db()
    return row.suggestion


def test_the_one_product_of_that_name_is_suggested_with_score_and_reasons():
    ring, row = card("Sol Ring"), listed("Sol Ring")

    report = suggest_matches(now=LATER)

    assert (report.looked_at, report.suggested) == (1, 1)
    assert suggestion(row) == ring
    assert (str(row.suggestion_score), row.suggestion_reasons[:2]) == ("1.00", ["same name", "same set"])
    assert (row.status, ProductIdentifier.objects.count()) == ("open", 0)


@pytest.mark.parametrize("name", ["SOL RING", "Sol Ring (Borderless)", "Sol-Ring", "Sol Ríng"])
def test_spelling_does_not_hide_a_product(name: str):
    ring, row = card("Sol Ring"), listed(name)

    suggest_matches(now=LATER)

    assert suggestion(row) == (None if name == "Sol Ríng" else ring)  # the search keeps accents


def test_the_number_tells_two_printings_apart():
    card("Forest", number="1")
    second, row = card("Forest", number="2"), listed("Forest", number="2")

    suggest_matches(now=LATER)

    assert suggestion(row) == second


def test_two_products_that_fit_alike_give_no_suggestion():
    card("Forest", number="1")
    card("Forest", number="2")
    row = listed("Forest", number="")

    suggest_matches(now=LATER)

    assert suggestion(row) is None
    assert row.suggested_at == LATER


def test_products_out_of_use_and_other_sets_are_not_suggested():
    Product.objects.filter(pk=card("Sol Ring").pk).update(is_active=False)
    row, other = listed("Sol Ring"), listed("Mana Vault", "78", set_name="Ice Age", number="")
    card("Mana Vault")

    suggest_matches(now=LATER)

    assert (suggestion(row), suggestion(other)) == (None, None)


def test_an_article_is_looked_at_again_after_a_week():
    listed("Sol Ring")

    assert suggest_matches(now=LATER).looked_at == 1
    assert suggest_matches(now=LATER + timedelta(days=6)).looked_at == 0
    assert suggest_matches(now=LATER + timedelta(days=8)).looked_at == 1


def test_the_limit_takes_the_articles_never_looked_at_first():
    for number in range(3):
        listed(f"Card {number}", str(number))

    assert [suggest_matches(now=LATER, limit=2).looked_at for _ in range(2)] == [2, 1]


def test_articles_of_exact_names_need_no_query_each(django_assert_max_num_queries):
    for number in range(1, 31):
        card(f"Card {number}", number=str(number))
        listed(f"Card {number}", str(number), number=str(number))

    with django_assert_max_num_queries(12):
        report = suggest_matches(now=LATER)

    assert report.suggested == 30
