from decimal import Decimal

import pytest

from pricing.choices import ConfidenceLevel, Route
from quant.money import Money
from scrapers.errors import EvidenceMissing, MarkupDrift, UnreadableAnswer
from scrapers.records import Evidence, Quote, SearchHit
from scrapers.venues.amazon.blocks import PageParts, read_price
from scrapers.venues.amazon.marketplaces import find_marketplace
from scrapers.venues.amazon.page import FULL_PAGE, parse_product_page, parse_search_page

from .reading import US, answer, read

BOX = "B0AMBER001"


def product(page, asin=BOX, marketplace=US):
    return parse_product_page(answer(page), asin=asin, marketplace=marketplace)


def changed(*swaps):
    page = read("product.html").decode()
    for old, new in swaps:
        assert old in page
        page = page.replace(old, new)
    return page


def page_with(block, *, availability="In Stock"):
    return (
        f'<html><span id="productTitle">Box</span><input name="ASIN" value="{BOX}">'
        f'<div id="corePriceDisplay_desktop_feature_div"><div>{block}</div></div>'
        f'<div id="availability"><span>{availability}</span></div></html>'
    )


def parts(symbol, whole, fraction, mark="."):
    return (
        f'<span aria-hidden="true"><span class="a-price-symbol">{symbol}</span><span class="a-price-whole">'
        f'{whole}<span class="a-price-decimal">{mark}</span></span>'
        f'<span class="a-price-fraction">{fraction}</span></span>'
    )


def test_recorded_page_of_the_united_states_is_read(shared_data):
    page = (shared_data / "wire/amazon/core_price_us_discount.html").read_bytes()

    found = product(page, asin="B000000001")

    assert found.quotes == (Quote(amount=Decimal("29.99"), price_type="low"),)
    assert found.title == "Example item"
    assert found.evidence == Evidence(
        product_id="B000000001",
        currency="USD",
        selector="#corePriceDisplay_desktop_feature_div .priceToPay",
    )
    assert (found.route, found.parser, found.confidence_level) == (
        Route.PAGE,
        "amazon.page/1",
        ConfidenceLevel.MEDIUM,
    )


def test_recorded_german_price_block_is_read(shared_data):
    page = (shared_data / "wire/amazon/core_price_de_apex.html").read_text()

    money = read_price(PageParts(page), marketplace=find_marketplace("www.amazon.de"))

    assert money == Money(Decimal("102.49"), "EUR")


def test_recorded_fragment_without_title_and_id_is_no_evidence(shared_data):
    page = (shared_data / "wire/amazon/core_price_de_apex.html").read_bytes()

    with pytest.raises(EvidenceMissing):
        product(page, marketplace=find_marketplace("www.amazon.de"))


def test_price_to_pay_is_read_and_no_other_amount_of_the_page():
    found = product(read("product.html"))

    assert found.quotes == (Quote(amount=Decimal("1459.90"), price_type="low", available_quantity=3),)
    assert found.title == "Amber Archive Booster Box (36 packs)"


FULL = parts("$", "1,018", "79")


@pytest.mark.parametrize(
    "block",
    [
        f'<span class="a-price priceToPay"><span class="a-offscreen">$1,018.79</span>{FULL}</span>',
        f'<span class="aok-offscreen"> $1,018.79 </span><span class="a-price priceToPay">'
        f'<span class="a-offscreen"> </span>{FULL}</span>',
        f'<span class="aok-offscreen"> -40% $1,018.79 </span><span class="a-price priceToPay">'
        f'<span class="a-offscreen"></span>{FULL}</span>',
        f'<span class="aok-offscreen"> $1,018.79 with 40 percent savings </span>'
        f'<span class="a-price priceToPay">{FULL}</span>',
        f'<span class="a-price priceToPay apex-pricetopay-value">{FULL}</span>',
        '<span class="a-price priceToPay"><span class="a-offscreen">$1,018.79</span></span>'
        '<span class="pricePerUnit">(<span class="a-price a-text-price"><span class="a-offscreen">$0.47'
        "</span></span> / ounce)</span>",
        f"<SPAN CLASS='priceToPay a-price'>{FULL}</SPAN><span class='basisPrice'>"
        "<span class='a-text-price priceToPay'><span class='a-offscreen'>$1,999.00</span></span></span>",
    ],
)
def test_each_form_of_the_price_block_gives_the_price_to_pay(block):
    assert product(page_with(block)).quotes[0].amount == Decimal("1018.79")


@pytest.mark.parametrize(
    ("marketplace", "block", "expected"),
    [
        ("www.amazon.de", parts("€", "1.102", "49", ","), Money(Decimal("1102.49"), "EUR")),
        ("www.amazon.fr", parts("€", "1\u202f102", "49", ","), Money(Decimal("1102.49"), "EUR")),
        ("www.amazon.co.uk", parts("£", "1,102", "49"), Money(Decimal("1102.49"), "GBP")),
        ("www.amazon.co.jp", '<span class="a-offscreen">￥1,102</span>', Money(Decimal(1102), "JPY")),
    ],
)
def test_price_follows_the_marketplace(marketplace, block, expected):
    page = page_with(f'<span class="a-price priceToPay">{block}</span>')

    assert read_price(PageParts(page), marketplace=find_marketplace(marketplace)) == expected


@pytest.mark.parametrize(
    "block",
    [
        f'<span class="a-price priceToPay"><span class="a-offscreen">$101.87</span>{FULL}</span>',
        f'<span class="aok-offscreen"> $10.18 </span><span class="a-price priceToPay">{FULL}</span>',
        f'<span class="a-price priceToPay">{parts("$", "1,018", "")}</span>',
        f'<span class="a-price priceToPay">{parts("$", "1,018", "7")}</span>',
        f'<span class="a-price priceToPay">{parts("€", "1,018", "79")}</span>',
        '<span class="a-price priceToPay"><span class="a-offscreen">$1,018</span></span>',
        f'<span class="a-price priceToPay">{parts("", "1.018", "79")}</span>',
        '<span class="a-price priceToPay"><span class="a-offscreen">$10.00 - $20.00</span></span>',
        '<span class="a-price priceToPay"><span class="a-offscreen">$0.00</span></span>',
        '<span class="a-price priceToPay"><span class="a-offscreen">C$18.79</span></span>',
        '<span class="a-price priceToPay"><span class="a-offscreen"></span></span>',
        f'<span class="priceToPay">{FULL}</span><span class="priceToPay">{parts("$", "9", "99")}</span>',
        '<span class="a-price a-text-price"><span class="a-offscreen">$31.99</span></span>',
        "",
    ],
)
def test_block_that_does_not_hold_one_price_is_no_evidence(block):
    with pytest.raises(EvidenceMissing):
        product(page_with(block))


@pytest.mark.parametrize(
    "swap",
    [
        ('value="B0AMBER001"', 'value="B0OTHER001"'),
        ("value=B0AMBER001", "value=B0OTHER001"),
        ("B0AMBER001", "B0OTHER001"),
    ],
)
def test_page_of_another_article_is_no_evidence(swap):
    with pytest.raises(EvidenceMissing):
        product(changed(swap))


@pytest.mark.parametrize("missing", [('id="productTitle"', 'id="x"'), ("name=", "data-name=")])
def test_page_without_title_or_id_is_no_evidence_and_drift_if_large(missing):
    page = changed(missing)

    with pytest.raises(EvidenceMissing):
        product(page)
    with pytest.raises(MarkupDrift):
        product(page.replace("</body>", "<p>more</p>" * (FULL_PAGE // 8) + "</body>"))


def test_page_that_is_cut_off_is_unreadable():
    page = read("product.html").decode()

    for end in range(0, page.index("</html>"), 97):
        with pytest.raises(UnreadableAnswer):
            product(page[:end])


def test_page_that_has_lost_its_price_block_is_drift():
    with pytest.raises(MarkupDrift):
        product(changed(('id="corePriceDisplay_desktop_feature_div" class', 'id="newPrice" class')))


@pytest.mark.parametrize(
    "availability",
    [
        "Currently unavailable.",
        "Temporarily out of stock.",
        "Derzeit nicht verfügbar.",
        "Actuellement indisponible",
    ],
)
def test_page_that_says_there_is_none_is_no_offer(availability):
    assert product(page_with("", availability=availability)) is None
    assert product(changed(("Only 3 left in stock - order soon.", availability))) is None


def test_page_that_only_sells_it_used_is_no_offer():
    assert (
        product(
            changed(('<div id="availability">', '<div id="usedOnlyBuybox"></div><div id="availability">'))
        )
        is None
    )


def test_search_page_gives_results_without_sponsored_ones():
    assert parse_search_page(answer(read("results.html")), marketplace=US) == [
        SearchHit(
            external_id=BOX,
            name="Amber Archive & Promo",
            url="https://www.amazon.com/dp/B0AMBER001",
            price=Decimal("459.90"),
            currency="USD",
        ),
        SearchHit(
            external_id="B0AMBER003",
            name="Amber Archive Bundle",
            url="https://www.amazon.com/dp/B0AMBER003",
        ),
    ]


def test_full_search_page_without_results_is_drift_unless_it_says_so():
    filler = "<p>more</p>" * (FULL_PAGE // 8)

    with pytest.raises(MarkupDrift):
        parse_search_page(answer(f"<html>{filler}</html>"), marketplace=US)
    assert parse_search_page(answer(f"<html>No results for amber{filler}</html>"), marketplace=US) == []
