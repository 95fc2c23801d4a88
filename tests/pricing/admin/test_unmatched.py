"""Staff match articles in a form that shows the suggestion and its reasons; lists make no query per row."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from catalog.importers.articles import Article, ArticleIdentifier
from catalog.models import ProductIdentifier
from pricing.models import UnmatchedArticle
from pricing.observations import SoldCopies
from pricing.services import name_unmatched, record_sales
from tests.pricing.factories import NOW, make_product, make_source, make_user

pytestmark = pytest.mark.django_db
LIST = "admin:pricing_unmatchedarticle_changelist"


@pytest.fixture
def analyst(client: Client) -> Client:
    client.force_login(make_user("anna", "analyst", is_staff=True))
    return client


def listed(name: str = "Sol Ring", external_id: str = "77") -> UnmatchedArticle:
    name_unmatched([Article((ArticleIdentifier("mcm", external_id),), name, "single", "mtg")], now=NOW)
    return UnmatchedArticle.objects.get(external_id=external_id)


def suggested(name: str = "Sol Ring", external_id: str = "77"):
    product, row = make_product(name), listed(name, external_id)
    UnmatchedArticle.objects.filter(pk=row.pk).update(
        suggestion=product, suggestion_score=Decimal("0.92"), suggestion_reasons=["same name"]
    )
    return product, row


def page(client: Client, **query: str) -> str:
    answer = client.get(reverse(LIST), query)
    assert answer.status_code == 200
    return answer.content.decode()


def act(client: Client, action: str, *rows: UnmatchedArticle, **fields: str) -> str:
    form = {"action": action, "_selected_action": [str(row.pk) for row in rows], **fields}
    answer = client.post(reverse(LIST), form, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_takes_no_query_per_row(analyst: Client, django_assert_max_num_queries):
    for number in range(15):
        suggested(f"Card {number}", str(number))
    page(analyst)

    with django_assert_max_num_queries(14):
        text = page(analyst)

    assert text.count("0.92") >= 15


@pytest.mark.parametrize(
    ("query", "is_shown"),
    [
        ({"suggestion": "strong"}, True),
        ({"suggestion": "fair"}, False),
        ({"suggestion": "waiting"}, True),
        ({"suggestion": "none"}, False),
        ({"name_space": "mcm"}, True),
        ({"name_space": "tcgplayer"}, False),
        ({"status": "open"}, True),
        ({"q": "sol ri"}, True),
        ({"q": "77"}, True),
        ({"q": "7"}, False),
    ],
)
def test_articles_are_found_by_suggestion_source_status_and_name(
    analyst: Client, query: dict[str, str], is_shown: bool
):
    _, row = suggested()

    assert (f'value="{row.pk}"' in page(analyst, **query)) is is_shown


def test_matching_first_asks_with_the_suggestion_and_its_reasons(analyst: Client):
    product, row = suggested()

    text = act(analyst, "match_selected", row)

    assert str(product.pk) in text
    assert "0.92 (same name)" in text
    assert not ProductIdentifier.objects.exists()


def test_a_confirmed_form_matches(analyst: Client):
    product, row = suggested()

    text = act(analyst, "match_selected", row, apply="1", **{f"product_{row.pk}": str(product.pk)})

    assert "1 articles matched" in text
    assert ProductIdentifier.objects.get(external_id="77").product == product


def test_an_article_can_be_matched_by_another_id_of_the_product_and_left_open(analyst: Client):
    product = make_product(ids={"scryfall": "abc"})
    one, two = listed("One", "1"), listed("Two", "2")

    act(
        analyst, "match_selected", one, two, apply="1",
        **{f"product_{one.pk}": "scryfall:abc", f"product_{two.pk}": ""},
    )  # fmt: skip

    assert ProductIdentifier.objects.get(source="mcm").product == product
    assert set(UnmatchedArticle.objects.values_list("external_id", "status")) == {
        ("1", "matched"), ("2", "open"),
    }  # fmt: skip


@pytest.mark.parametrize("ident", ["nonsense", "mcm:404", "00000000-0000-0000-0000-000000000000"])
def test_a_product_that_is_not_there_is_an_error_of_its_field(analyst: Client, ident: str):
    row = listed()

    text = act(analyst, "match_selected", row, apply="1", **{f"product_{row.pk}": ident})

    assert "text-red-600" in text
    assert not ProductIdentifier.objects.exists()


def test_what_cannot_be_matched_is_said_and_the_rest_is_done(analyst: Client):
    product, row = suggested()
    make_product("Other", ids={"mcm": "77"})
    fine = listed("Fine", "78")

    fields = {f"product_{article.pk}": str(product.pk) for article in (row, fine)}
    text = act(analyst, "match_selected", row, fine, apply="1", **fields)

    assert "already names Other" in text
    assert "1 articles matched" in text


def test_ignoring_is_an_action(analyst: Client):
    row = listed()

    assert "1 articles ignored" in act(analyst, "ignore_selected", row)
    assert UnmatchedArticle.objects.get().status == "ignored"


def test_suggestions_can_be_looked_for(analyst: Client):
    make_product("Sol Ring")
    row = listed()

    assert "1 articles looked at" in act(analyst, "look_for_suggestions", row)


def test_one_article_is_only_shown(analyst: Client):
    _, row = suggested()
    url = reverse("admin:pricing_unmatchedarticle_change", args=[row.pk])

    text = analyst.get(url).content.decode()

    assert "same name" in text
    analyst.post(url, {"name": "Forged", "status": "matched"})
    row.refresh_from_db()
    assert (row.name, row.status) == ("Sol Ring", "open")


def test_a_viewer_may_look_and_decide_nothing(client: Client):
    client.force_login(make_user("vera", "viewer", is_staff=True))
    row = listed()

    assert "Sol Ring" in page(client)
    act(client, "ignore_selected", row)
    row.refresh_from_db()
    assert row.status == "open"


def test_sales_are_listed(analyst: Client):
    make_product("Sol Ring", ids={"mcm": "101"})
    day = datetime(2026, 11, 19, tzinfo=UTC).date()
    record_sales(make_source(), [SoldCopies("101", "item-4711", day, 1, Decimal("9.50"))], now=NOW)

    answer = analyst.get(reverse("admin:pricing_salerecord_changelist"), {"q": "item-4711"})

    assert "item-4711" in answer.content.decode()
