"""eBay's result pages: sold articles in three markups on one page, ranges, hidden prices, fuzzy matches."""

from datetime import timedelta
from decimal import Decimal
from html import escape
from typing import Final

from aiohttp import web

from scrapers.simulator.answers import page_answer, whole
from scrapers.simulator.faults.documents import page_start
from scrapers.simulator.market import Market, SimulatedSale
from scrapers.simulator.state import Simulator, simulator_of
from scrapers.simulator.world import SimulatedArticle

from .ebay_cards import GENERATIONS, Card, Money, dollars, euros, placeholder
from .ebay_listings import VENUE, Listing, listings_of, matching

routes = web.RouteTableDef()

PAGE_SIZES: Final = (60, 120, 240)
SOLD_DAYS: Final = 90
FUZZY_CARDS: Final = 60
UNSOLD_EVERY, RANGE_EVERY = 9, 13


@routes.get("/ebay_site/sch/i.html")
async def results(request: web.Request) -> web.Response:
    """Show what was sold (`LH_Sold=1`) or is on offer for some words (`_nkw`)."""
    simulator = simulator_of(request)
    size, page = whole(request.query.get("_ipg"), 60), whole(request.query.get("_pgn"), 1)
    size = size if size in PAGE_SIZES else 60
    words = request.query.get("_nkw", "")
    articles = matching(simulator, words) if words else []
    money = euros if request.headers.get("Accept-Language", "").startswith("de") else dollars
    is_sold = request.query.get("LH_Sold") == "1"
    cards = [card for article in articles for card in _cards(simulator, article, is_sold=is_sold)]
    if is_sold:
        cards.sort(key=lambda card: (card.day or simulator.now().date(), card.number), reverse=True)
    start = page_start(request, max((page or 1) - 1, 0) * size)
    return page_answer(_page(simulator, words, cards, (start, size), money))


@routes.get("/ebay_site/signin")
async def login(request: web.Request) -> web.Response:
    """Show the login form that redirects lead to."""
    return page_answer(
        "<html><head><title>Sign in or Register | eBay</title></head><body><form></form></body></html>"
    )


def _cards(simulator: Simulator, article: SimulatedArticle, *, is_sold: bool) -> list[Card]:
    if not is_sold:
        return [_offer_card(listing) for listing in listings_of(simulator, article)]
    since = (simulator.now() - timedelta(days=SOLD_DAYS)).date()
    return [
        _sold_card(article, sale)
        for finish in article.finishes
        for sale in Market(simulator.world, article, VENUE, at=simulator.now(), finish=finish).sales(
            since=since
        )
    ]


def _sold_card(article: SimulatedArticle, sale: SimulatedSale) -> Card:
    """Return the card of a sale; some show a range, some ended without a buyer after all."""
    suffix = " - Factory Sealed NEW" if article.is_sealed else f" {sale.condition}"
    return Card(
        number=sale.number,
        title=article.title + suffix,
        condition="Brand New" if article.is_sealed else "Ungraded",
        price=sale.price,
        postage=sale.shipping,
        day=sale.sold_at.date(),
        is_sold=sale.number % UNSOLD_EVERY != 0,
        high=sale.price * 3 if sale.number % RANGE_EVERY == 0 else None,
        is_best_offer=sale.has_hidden_price,
        bids=0 if sale.has_hidden_price else sale.number % 4,
        seller=f"seller-{sale.number % 997}",
    )


def _offer_card(listing: Listing) -> Card:
    return Card(
        number=listing.offer.listing_id,
        title=listing.title,
        condition="Brand New" if listing.article.is_sealed else "Ungraded",
        price=listing.price,
        postage=listing.shipping,
        bids=3 if listing.is_auction else 0,
        seller=f"seller-{listing.offer.seller_number}",
    )


def _page(simulator: Simulator, words: str, cards: list[Card], span: tuple[int, int], money: Money) -> str:
    start, size = span
    shown = cards[start : start + size]
    heading = f"<h1 class='srp-controls__count-heading'><span class='BOLD'>{len(cards)}</span> results</h1>"
    if not cards:
        heading = (
            '<div class="srp-save-null-search"><h3 class="srp-save-null-search__heading">'
            "No exact matches found</h3></div><div>Results matching fewer words</div>"
        )
        shown = _fuzzy(simulator)
    rows = "".join(GENERATIONS[card.number % 3](card, money) for card in shown)
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{escape(words)} for sale | eBay</title></head><body>"
        f'<form id="gh-f"><input type="text" name="_nkw" value="{escape(words)}"></form>'
        f'<main class="srp-river-main clearfix"><div class="srp-controls">{heading}</div>{placeholder()}'
        f'<ul class="srp-results srp-list su-grid su-grid--is-list clearfix">{rows}</ul></main></body></html>'
    )


def _fuzzy(simulator: Simulator) -> list[Card]:
    """Return what eBay shows instead of nothing: other articles altogether."""
    cards: list[Card] = []
    for article in simulator.world.listed(VENUE):
        cards += _cards(simulator, article, is_sold=True)[:3]
        if len(cards) >= FUZZY_CARDS:
            break
    return [card for card in cards[:FUZZY_CARDS] if card.price > Decimal(0)]
