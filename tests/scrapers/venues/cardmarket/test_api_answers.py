import json
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import EvidenceMissing, FetchFailed, UnreadableAnswer
from scrapers.venues.cardmarket.api_answers import (
    guide_quotes,
    lowest_offers,
    parse_articles,
    parse_found,
    parse_product,
)

from .reading import article, articles, sample


@pytest.mark.parametrize("website", [None, "//evil.example/x", "https://evil.example", "/a\nb"])
def test_only_paths_of_the_site_become_links(website: str | None):
    body = json.dumps({"product": [{"idProduct": 1, "enName": "x", "website": website}]}).encode()

    assert parse_found(body)[0].url == ""


def test_a_product_without_a_category_is_refused():
    with pytest.raises(EvidenceMissing, match="is a card"):
        parse_product(sample("product.json").replace(b"categoryName", b"category"), product_id="31")


def test_another_product_is_refused():
    with pytest.raises(EvidenceMissing, match="not 32"):
        parse_product(sample("product.json"), product_id="32")
    with pytest.raises(EvidenceMissing, match="not 32"):
        parse_articles(sample("articles.json"), product_id="32")


@pytest.mark.parametrize(
    "values",
    [
        {"currencyCode": "GBP"}, {"language": {"idLanguage": 7}}, {"isPlayset": True}, {"isSigned": True},
        {"isAltered": True}, {"count": 0}, {"condition": "??"}, {"condition": None}, {"price": 0},
    ],
)  # fmt: skip
def test_what_is_not_comparable_is_left_out(values: dict[str, object]):
    rows = parse_articles(articles(article(**{"price": 1, **values}), article(3)), product_id="31")

    assert [q.amount for q in lowest_offers(rows, is_sealed=False, is_complete=True)] == [Decimal(3)]


@pytest.mark.parametrize(
    ("flags", "finish"),
    [
        ({"isFoil": True}, "foil"), ({"isReverseHolo": True}, "reverse"), ({"isFirstEd": True}, "first_ed"),
        ({"isFirstEd": True, "isFoil": True}, "first_foil"), ({}, "nonfoil"),
    ],
)  # fmt: skip
def test_flags_tell_the_version(flags: dict[str, bool], finish: str):
    rows = parse_articles(articles(article(1, **flags)), product_id="31")

    assert [q.finish for q in lowest_offers(rows, is_sealed=False, is_complete=True)] == [finish]


def test_offers_out_of_order_and_not_complete_say_nothing_of_the_lowest():
    rows = parse_articles(articles(article(3), article(1)), product_id="31")

    assert lowest_offers(rows, is_sealed=False, is_complete=False) == ()


@pytest.mark.parametrize("body", [b"null", b"[]", b'{"article": [{"idProduct": 31}]}', b"<html>"])
def test_other_shapes_are_refused(body: bytes):
    with pytest.raises(UnreadableAnswer):
        parse_articles(body, product_id="31")


@given(st.sampled_from(["product.json", "articles.json"]), st.data())
def test_damaged_bytes_give_prices_above_zero_or_a_refusal(name: str, data: st.DataObject):
    body = bytearray(sample(name))
    for position in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=4)):
        body[position] = data.draw(st.integers(0, 255))
    damaged = bytes(body[: data.draw(st.integers(0, len(body)))])
    try:
        if name == "product.json":
            quotes = guide_quotes(parse_product(damaged, product_id="31"))
        else:
            rows = parse_articles(damaged, product_id="31")
            quotes = lowest_offers(rows, is_sealed=False, is_complete=True)
    except FetchFailed as error:
        assert error.detail  # noqa: PT017 - either outcome is right, an unexpected exception is not
    else:
        assert all(quote.amount > 0 for quote in quotes)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["NaN", "1e9", "-1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["product", "article", "idProduct", "enName", "priceGuide", "price"]), inner
        )
    ),
    max_leaves=12,
)


@given(_json)
def test_any_json_is_read_or_refused(value: object):
    body = msgspec.json.encode(value)
    for read in (
        lambda: guide_quotes(parse_product(body, product_id="1")),
        lambda: parse_articles(body, product_id="1"),
        lambda: parse_found(body),
    ):
        try:
            read()
        except FetchFailed as error:
            assert error.detail  # noqa: PT017 - either outcome is right, an unexpected exception is not
