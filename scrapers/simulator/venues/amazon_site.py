"""Amazon's pages: product pages with the six price blocks in use, and results with sponsored rows."""

from collections.abc import Callable
from decimal import Decimal
from html import escape
from typing import Final

from aiohttp import web

from scrapers.simulator.answers import page_answer
from scrapers.simulator.market import Market
from scrapers.simulator.state import Simulator, simulator_of
from scrapers.simulator.walks import number_of
from scrapers.simulator.world import SimulatedArticle, Venue

routes = web.RouteTableDef()

VENUE: Final = Venue.AMAZON
Block = Callable[[Decimal, Decimal], str]


@routes.get("/amazon_site/dp/{asin:[A-Z0-9]{10}}")
@routes.get("/amazon_site/gp/product/{asin:[A-Z0-9]{10}}")
async def product(request: web.Request) -> web.Response:
    """Show a product; which price block it has follows from its ASIN."""
    simulator = simulator_of(request)
    article = simulator.listed(VENUE, "asin", request.match_info["asin"])
    if article is None:
        return page_answer(
            "<html><head><title>Page Not Found</title></head><body>Sorry! We couldn't find that page."
            " Try going to Amazon's home page.</body></html>",
            status=404,
        )
    return page_answer(_product_page(simulator, article))


@routes.get("/amazon_site/s")
async def results(request: web.Request) -> web.Response:
    """Show results for some words (`k`), sponsored rows first."""
    simulator = simulator_of(request)
    words = request.query.get("k", "").lower().split()
    sold = [article for article in simulator.world.listed(VENUE) if "asin" in article.ids]
    found = [one for one in sold if words and all(word in one.title.lower() for word in words)]
    sponsored = [one for one in sold if one not in found][:1]
    rows = [_result(simulator, one, is_sponsored=True) for one in sponsored]
    rows += [_result(simulator, one, is_sponsored=False) for one in found[:48]]
    if not found:
        rows.append('<div class="s-no-outline"><span>No results for your search query.</span></div>')
    return page_answer(
        f"<html><head><title>Amazon.com : {escape(' '.join(words))}</title></head><body>"
        f'<div class="s-main-slot s-result-list">{"".join(rows)}</div></body></html>'
    )


@routes.get("/amazon_site/signin")
async def login(request: web.Request) -> web.Response:
    """Show the login form that redirects lead to."""
    return page_answer(
        "<html><head><title>Amazon Sign-In</title></head><body><form name='signIn'></form></body></html>"
    )


def offscreen(price: Decimal, struck: Decimal) -> str:
    """Return the block with the whole price in `.a-offscreen` and the struck price beside it."""
    return (
        '<span class="a-size-large savingsPercentage">-6%</span> <span class="a-price priceToPay" '
        f'data-a-size="xl"><span class="a-offscreen">${price:,.2f}</span>{_visible(price)}</span>'
        + _basis(struck)
    )


def sibling(price: Decimal, struck: Decimal) -> str:
    """Return the block whose `.a-offscreen` is blank and whose price stands in a sibling."""
    return (
        f'<span class="aok-offscreen"> ${price:,.2f} </span><span class="a-price priceToPay">'
        f'<span class="a-offscreen"> </span>{_visible(price)}</span>'
    )


def sibling_with_discount(price: Decimal, struck: Decimal) -> str:
    """Return the block whose sibling holds a discount before the price."""
    return (
        f'<span class="aok-offscreen"> -6% ${price:,.2f} </span><span class="a-price priceToPay">'
        f'<span class="a-offscreen"> </span>{_visible(price)}</span>' + _basis(struck)
    )


def whole_and_fraction(price: Decimal, struck: Decimal) -> str:
    """Return the block without any hidden text: whole and fraction apart."""
    return (
        '<span class="apex-savings-container"><span class="savingsPercentage">-6&nbsp;%</span></span>'
        f'<span class="a-price priceToPay apex-pricetopay-value">{_parts(price)}</span>' + _basis(struck)
    )


def with_unit_price(price: Decimal, struck: Decimal) -> str:
    """Return the block with the price of a unit beside the price."""
    return (
        f'<span class="a-price priceToPay"><span class="a-offscreen">${price:,.2f}</span>'
        f'{_visible(price)}</span><span class="pricePerUnit">('
        '<span class="a-price a-text-price"><span class="a-offscreen">$0.47</span>'
        '<span aria-hidden="true">$0.47</span></span> / count)</span>'
    )


def unavailable(price: Decimal, struck: Decimal) -> str:
    """Return the block of an article nobody sells now."""
    return ""


BLOCKS: Final[tuple[Block, ...]] = (
    offscreen, sibling, sibling_with_discount, whole_and_fraction, with_unit_price,
)  # fmt: skip


def _product_page(simulator: Simulator, article: SimulatedArticle) -> str:
    asin = article.ids["asin"]
    market = Market(simulator.world, article, VENUE, at=simulator.now())
    block: Block = BLOCKS[number_of(asin, "block", below=len(BLOCKS))] if market.seller_count else unavailable
    price = market.offer(0).price if market.seller_count else market.price
    struck = (price * Decimal("1.06")).quantize(Decimal("0.01"))
    stock = "In Stock" if market.seller_count else "Currently unavailable."
    other = number_of(asin, "other", below=90)
    return (
        f"<!doctype html><html><head><title>Amazon.com: {escape(article.name)}</title></head><body>"
        '<span id="productTitle" class="a-size-large product-title-word-break">'
        f" {escape(article.name)} </span>"
        f'<form id="addToCart"><input type="hidden" name="ASIN" value="{asin}"/></form>'
        f'<div id="corePriceDisplay_desktop_feature_div" class="celwidget" data-feature-name='
        f'"corePriceDisplay_desktop"><div class="a-section a-spacing-none">{block(price, struck)}</div></div>'
        f'<div id="availability"><span> {stock} </span></div>'
        f'<div id="similarities_feature_div"><div data-asin="B0ZZZZZZ{other:02d}"><span class="a-price">'
        f'<span class="a-offscreen">${other}.99</span></span></div></div></body></html>'
    )


def _result(simulator: Simulator, article: SimulatedArticle, *, is_sponsored: bool) -> str:
    price = Market(simulator.world, article, VENUE, at=simulator.now()).offer(0).price
    label = '<span class="puis-label-popover">Sponsored</span>' if is_sponsored else ""
    classes = "s-result-item s-asin AdHolder" if is_sponsored else "s-result-item s-asin"
    asin = article.ids["asin"]
    return (
        f'<div data-component-type="s-search-result" data-asin="{asin}" class="{classes}">{label}'
        f'<a class="a-link-normal" href="/dp/{asin}/ref=sr_1_1"><h2><span>{escape(article.name)}</span>'
        "</h2></a>"
        f'<span class="a-price"><span class="a-offscreen">${price:,.2f}</span>{_visible(price)}</span></div>'
    )


def _visible(price: Decimal) -> str:
    return f'<span aria-hidden="true">{_parts(price)}</span>'


def _parts(price: Decimal) -> str:
    whole, _, fraction = f"{price:,.2f}".partition(".")
    return (
        f'<span class="a-price-symbol">$</span><span class="a-price-whole">{whole}'
        f'<span class="a-price-decimal">.</span></span><span class="a-price-fraction">{fraction}</span>'
    )


def _basis(struck: Decimal) -> str:
    return (
        '<span class="a-size-small basisPrice">Was: <span class="a-price a-text-price" data-a-strike="true">'
        f'<span class="a-offscreen">${struck:,.2f}</span><span aria-hidden="true">${struck:,.2f}</span>'
        "</span></span>"
    )
