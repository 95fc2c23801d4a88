"""The offers of a product as TCGplayer's site lists them, ghost sellers among them."""

from collections import defaultdict
from decimal import Decimal
from typing import Any, Final

from scrapers.simulator.market import Offer
from scrapers.simulator.state import Simulator
from scrapers.simulator.world import SimulatedArticle

from .tcgplayer_catalogue import CONDITIONS, finishes_of, market, printing, product_number, sku_number

GHOST_SELLER_CHANNEL: Final = 1


def listing_rows(
    simulator: Simulator, article: SimulatedArticle, filters: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return the offers of all finishes that pass the filters, and ghosts if nobody excludes them."""
    term, excluded = filters.get("term") or {}, filters.get("exclude") or {}
    conditions = set(_texts(term.get("condition")))
    wanted = set(_texts(term.get("printing")))
    rows = [
        _listing_row(article, offer)
        for finish in finishes_of(article)
        for offer in market(simulator, article, finish, simulator.now()).offers()
        if offer.quantity > 0 and (not conditions or offer.condition in conditions)
    ]
    if rows and "channelExclusion" not in excluded:
        ghost = min(rows, key=lambda row: row["price"])
        price = (ghost["price"] / 2).quantize(Decimal("0.01"))
        rows.append(
            ghost | {"listingId": 1, "channelId": GHOST_SELLER_CHANNEL, "price": price, "sellerPrice": price}
        )
    return [row for row in rows if not wanted or row["printing"] in wanted]


def _listing_row(article: SimulatedArticle, offer: Offer) -> dict[str, Any]:
    seller = offer.seller_number
    return {
        "listingId": offer.listing_id, "channelId": 0, "conditionId": CONDITIONS[offer.condition],
        "productId": product_number(article),
        "productConditionId": sku_number(article, offer.finish, offer.condition),
        "sellerId": str(200_000 + seller), "sellerKey": f"{seller:08x}", "sellerName": f"Seller {seller}",
        "sellerRating": 100, "sellerSales": str(seller * 7), "sellerPrograms": ["Pro"],
        "sellerPrice": offer.price, "sellerShippingPrice": offer.shipping, "price": offer.price,
        "shippingPrice": offer.shipping, "rankedShippingPrice": offer.shipping,
        "condition": offer.condition, "language": "English", "languageId": 1, "languageAbbreviation": "EN",
        "printing": printing(article, offer.finish), "quantity": offer.quantity, "score": 2.5,
        "listingType": "standard", "directSeller": False, "directListing": False, "directProduct": True,
        "directInventory": 0, "goldSeller": seller % 2 == 0, "verifiedSeller": True,
        "forwardFreight": False, "customData": {"images": []},
    }  # fmt: skip


def aggregations(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return how many offers there are of each kind and condition."""
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[row["condition"]] += 1
    return {
        "listingType": [{"value": "standard", "count": len(rows)}] if rows else [],
        "condition": [{"value": name, "count": number} for name, number in counts.items()],
    }


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(one) for one in values if one is not None]
