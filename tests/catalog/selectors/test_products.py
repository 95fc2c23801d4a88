import pytest

from catalog.selectors import AmbiguousIdentifier, ProductNotFound, product_by_ident
from tests.catalog.factories import IdentifierFactory, SingleFactory

pytestmark = pytest.mark.django_db

NOBODYS_ID = "01a1fcab-0000-7000-8000-000000000000"


def test_article_is_found_by_id_and_by_outside_id():
    bear = SingleFactory()
    IdentifierFactory(product=bear, source="mcm", external_id="12")
    IdentifierFactory(product=bear, source="mcm", external_id="12", finish="foil")

    assert product_by_ident(str(bear.id)) == bear
    assert product_by_ident(f" {str(bear.id).upper()} ") == bear
    assert product_by_ident("mcm:12") == bear
    assert product_by_ident("MCM: 12") == bear


@pytest.mark.parametrize(
    "ident", ["", "x", "mcm:13", "nowhere:12", ":", "mcm:", NOBODYS_ID, "mcm:a'b", "ü" * 500]
)
def test_unknown_article_is_refused_with_a_hint(ident):
    with pytest.raises(ProductNotFound, match="source:external id"):
        product_by_ident(ident)


def test_id_of_several_articles_is_ambiguous_and_names_them():
    plain, star = SingleFactory(name="Plain"), SingleFactory(name="Star")
    IdentifierFactory(product=plain, external_id="12", finish="nonfoil")
    IdentifierFactory(product=star, external_id="12", finish="foil")

    with pytest.raises(AmbiguousIdentifier, match=r"Plain.*Star") as caught:
        product_by_ident("mcm:12")

    assert [entry["id"] for entry in caught.value.details["products"]] == [str(plain.id), str(star.id)]


def test_ident_that_is_no_text_is_refused():
    with pytest.raises(ProductNotFound):
        product_by_ident("mcm:\udcff")
