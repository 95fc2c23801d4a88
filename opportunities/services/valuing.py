"""Valuing one sealed product on request, with assumptions of the caller's: what `manage.py value` prints."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final

from catalog.choices import ProductType
from catalog.models import Product
from catalog.selectors import contents_graph
from opportunities.choices import Flag
from opportunities.detection import (
    Market,
    SealedQuote,
    basket_cards,
    buylist_for,
    by_day,
    price_key,
    sealed_quotes,
)
from opportunities.detection.assessment import (
    chance_above,
    net_distribution,
    sales_volume,
    stale_references,
    value_candidate,
)
from opportunities.detection.basket import basket_series
from opportunities.detection.routes import Route, route
from opportunities.errors import NotSealed, ValueOptionRefused
from opportunities.policy import AnalysisPolicy, default_policy
from opportunities.valuation import load_unit_prices
from pricing.choices import PriceType
from pricing.models import PriceBatch, PriceSource
from pricing.selectors import latest_prices, price_sources, price_stability_inputs, sales_turnover
from pricing.selectors import price_source as source_by_code
from quant.margin import margin_percentage, total_cost
from quant.money import quantize_money
from quant.scoring.confidence import (
    Confidence,
    confidence_score,
    margin_size,
    price_stability,
    seller_count,
)
from quant.scoring.risk import needs_review
from quant.sealed.contents import Contents, ExpectationCache, expected_copies
from quant.sealed.distribution import Distribution, value_distribution
from quant.sealed.valuation import Valuation, important_unpriced

from .value_options import MARKET, ValueOptions, kept_price

EXACT_GRID: Final = 1


@dataclass(frozen=True, slots=True)
class ProductWorth:
    """One product valued: the parts the JSON is made of.

    `cost` is None without a price of the sealed product; whatever depends on it is None too.
    """

    product: Product
    options: ValueOptions
    market: Market
    contents: Contents
    quote: SealedQuote
    low: Decimal | None
    valuation: Valuation
    spread: Distribution
    cost: Decimal | None
    executable_value: Decimal
    margin: Decimal | None
    probability_of_profit: Decimal | None
    confidence: Confidence
    flags: tuple[str, ...]
    oldest_price_at: datetime | None
    newest_price_at: datetime | None
    instant_sale: dict[str, Any] | None


def value_product(*, product: Product, options: ValueOptions, now: datetime) -> ProductWorth:
    """Value one sealed product at current prices of any age; old and quarantined ones are flagged.

    Args:
        product: a sealed product.
        options: assumptions that replace the policy's.
        now: prices are judged old, and the fee schedule is chosen, at this time.

    Raises:
        NotSealed: for a single.
        UnknownPriceSource: for a source that does not exist.
    """
    if product.product_type != ProductType.SEALED:
        raise NotSealed(
            detail=f"{product.name} is a single card; only sealed products have contents to value."
        )
    policy = _policy(options)
    way = _route(product, options, now)
    contents = contents_graph([product.id])[product.id]
    cards = [key for key, _ in expected_copies(contents)]
    prices = load_unit_prices(
        source=way.sell,
        price_type=way.sell_price_type,
        fresh_after=None,
        min_quality=policy.min_quality,
        product_keys=set(cards) or {-1},
    )
    market = Market(way, policy, prices, {}, {}, {}, ExpectationCache())
    if options.fee_rate is not None:
        market = replace(market, route=replace(way, terms=None, fee_schedule=None, has_fees=True))
    valuation = value_candidate(contents, market)
    quote = _quote(product, way.buy, way.buy_price_type)
    buylist = buylist_for(
        way.currency, category=way.category, product_keys=set(cards), policy=policy, now=now
    )
    times = [prices.time_of(prices.row_of(line.card)) for line in valuation.lines if line.price is not None]
    times += [quote.recorded_at] if quote.recorded_at else []
    cost = _cost(quote, policy, way.currency)
    value = _executable_value(valuation, options, way.currency)
    margin = None if not cost else margin_percentage(value, cost=cost)
    return ProductWorth(
        product=product,
        options=options,
        market=market,
        contents=contents,
        quote=quote,
        low=_low(quote, way.buy),
        valuation=valuation,
        spread=_gross_distribution(contents, valuation, options),
        cost=cost,
        executable_value=value,
        margin=margin,
        probability_of_profit=_chance(contents, valuation, options, cost),
        confidence=_confidence(quote, valuation, market, margin, now),
        flags=_flags(quote, valuation, market, margin, min(times, default=None), now),
        oldest_price_at=min(times, default=None),
        newest_price_at=max(times, default=None),
        instant_sale=None if buylist is None else buylist.value_of(contents),
    )


def _policy(options: ValueOptions) -> AnalysisPolicy:
    policy = default_policy()
    if options.floor is not None:
        policy = replace(policy, floors={}, other_floor=options.floor)
    if options.fixed_cost is not None:
        policy = replace(policy, fixed_cost=options.fixed_cost)
    return policy


def _route(product: Product, options: ValueOptions, now: datetime) -> Route:
    price_type = None if options.price_type in (None, MARKET) else options.price_type
    source = source_by_code(options.source) if options.source else _first_source(product, price_type)
    return route(buy=source, sell=source, category=product.category, now=now, price_type=price_type)


def _first_source(product: Product, price_type: str | None) -> PriceSource:
    """Return the first enabled source with a price of the product, or with a held one, or in use at all.

    A source that only serves as a reference comes last.
    """
    used = set(PriceBatch.objects.order_by().values_list("source", flat=True).distinct())
    sources = list(price_sources())
    if not sources:
        raise ValueOptionRefused(detail="No price source is enabled.")

    def rank(source: PriceSource) -> tuple[bool, bool, bool, bool, str]:
        quote = _quote(product, source, price_type or source.market_price_type)
        has_none, is_unused = quote.price is None, source.pk not in used
        return source.is_reference, has_none, not quote.held_reasons, is_unused, source.code

    return min(sources, key=rank)


def _quote(product: Product, source: PriceSource, price_type: str) -> SealedQuote:
    quotes = sealed_quotes(
        source=source, price_type=price_type, category=product.category, product_ids=[product.id]
    )
    return quotes.get(product.id) or SealedQuote(
        product.id, product.key, None, None, None, None, None, None, ()
    )


def _cost(quote: SealedQuote, policy: AnalysisPolicy, currency: str) -> Decimal | None:
    if quote.price is None:
        return None
    shipping = quote.shipping_cost or Decimal(0)
    return total_cost(quote.price, currency=currency, shipping=shipping, buy_fees=policy.fixed_cost)


def _low(quote: SealedQuote, source: PriceSource) -> Decimal | None:
    found = latest_prices(source=source, product_keys=[quote.product_key], price_types=[PriceType.LOW])
    return min((price.price for price in found if price.currency == source.currency), default=None)


def _executable_value(valuation: Valuation, options: ValueOptions, currency: str) -> Decimal:
    """Return the net value; a flat rate is taken off the total, not off each copy."""
    if options.fee_rate is None:
        return valuation.executable_value
    return quantize_money(valuation.executable_value * (1 - options.fee_rate), currency, ROUND_FLOOR)


def _gross_distribution(contents: Contents, valuation: Valuation, options: ValueOptions) -> Distribution:
    prices = {line.card: kept_price(line.price, options) for line in valuation.lines}
    cents = {card: int(price * 100) for card, price in prices.items() if price is not None}
    return value_distribution(contents, cents=cents, grid_cents=EXACT_GRID)


def _chance(
    contents: Contents, valuation: Valuation, options: ValueOptions, cost: Decimal | None
) -> Decimal | None:
    """Return the chance that one product brings more than it costs, after floor and fees."""
    if not cost:
        return None
    spread = net_distribution(contents, valuation, grid_cents=EXACT_GRID)
    kept = 1 - (options.fee_rate or Decimal(0))
    return chance_above(spread, cost / kept) if kept else Decimal("0.0000")


def _confidence(
    quote: SealedQuote, valuation: Valuation, market: Market, margin: Decimal | None, now: datetime
) -> Confidence:
    way = market.route
    weights: dict[tuple[int, str], Decimal] = {}
    for line in basket_cards(valuation.lines):
        key = price_key(line.card, market.prices)
        weights[key] = weights.get(key, Decimal(0)) + line.expected_copies
    keys = sorted({key for key, _ in weights})
    singles = price_stability_inputs(
        product_keys=keys, source=way.sell, price_type=way.sell_price_type, now=now
    )
    sealed = price_stability_inputs(
        product_keys=[quote.product_key], source=way.buy, price_type=way.buy_price_type, now=now
    )
    sold = sales_turnover([quote.product_key], source=way.buy, now=now)
    prices = [daily.price for medians in sealed.values() for daily in medians]
    factors = [
        price_stability(sealed_prices=prices, basket_prices=basket_series(weights, by_day(singles))),
        seller_count(quote.seller_count),
        sales_volume(sold.get(quote.product_key)),
    ]
    return confidence_score(*factors, *([] if margin is None else [margin_size(margin)]))


def _flags(
    quote: SealedQuote,
    valuation: Valuation,
    market: Market,
    margin: Decimal | None,
    oldest: datetime | None,
    now: datetime,
) -> tuple[str, ...]:
    holds = {
        Flag.NO_PRICE: quote.price is None,
        Flag.QUARANTINED: bool(quote.held_reasons),
        Flag.STALE: oldest is not None and oldest < now - market.policy.max_price_age,
        Flag.LOW_QUALITY: quote.quality is not None and quote.quality < market.policy.min_quality,
        Flag.INCOMPLETE: bool(valuation.unresolved),
        Flag.COVERAGE: valuation.coverage < market.policy.min_coverage,
        Flag.GUARANTEED_UNPRICED: bool(
            important_unpriced(valuation, reference_prices=stale_references(valuation, market.prices))
        ),
        Flag.NO_FEES: not market.route.has_fees,
        Flag.SELLERS_UNKNOWN: quote.price is not None and quote.seller_count is None,
        Flag.SHIPPING_UNKNOWN: quote.price is not None
        and quote.shipping_cost is None
        and not market.policy.fixed_cost,
        Flag.NEEDS_REVIEW: margin is not None and needs_review(margin),
    }
    return tuple(str(flag) for flag, is_set in holds.items() if is_set)
