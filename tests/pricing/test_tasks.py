"""Background work of the pricing app can be asked for any number of times."""

import pytest

from catalog.importers.articles import Article, ArticleIdentifier
from pricing.models import UnmatchedArticle
from pricing.services import name_unmatched
from pricing.tasks import forget_samples, suggest_matches
from tests.pricing.factories import NOW, make_product

pytestmark = pytest.mark.django_db


def test_suggestions_are_looked_for_once_a_week():
    ring = make_product("Sol Ring")
    article = Article((ArticleIdentifier("mcm", "77"),), "Sol Ring", "single", "mtg")
    name_unmatched([article], now=NOW)

    assert [suggest_matches(sent_by="a newer version") for _ in range(2)] == [1, 0]
    row = UnmatchedArticle.objects.get()
    assert (row.suggestion, row.status) == (ring, "open")


def test_there_may_be_no_samples_to_forget():
    assert [forget_samples(sent_by="a newer version") for _ in range(2)] == [0, 0]
