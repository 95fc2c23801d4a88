"""The price series of candidates and of their baskets, loaded for all at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from opportunities.detection import Candidate, Market, basket_cards, buylist_for, by_day, price_key
from pricing.selectors import price_stability_inputs, sales_turnover
from quant.sealed.contents import Contents
from quant.sealed.valuation import Valuation

Valued = tuple[Candidate, Contents, Valuation]


def with_series(market: Market, valued: Sequence[Valued], *, now: datetime) -> Market:
    """Return the market with daily prices of products and baskets, with turnover and with a store's bids.

    The number of queries does not depend on how many candidates there are.

    Args:
        market: route, policy and prices.
        valued: the candidates with contents and value.
        now: end of the period.
    """
    return replace(
        with_history(market, valued, now=now),
        buylist=buylist_for(
            market.route.currency,
            category=market.route.category,
            product_keys={line.card[0] for _, _, value in valued for line in value.lines},
            policy=market.policy,
            now=now,
        ),
    )


def with_history(
    market: Market, valued: Sequence[Valued], *, now: datetime, is_replay: bool = False
) -> Market:
    """Return the market with daily prices of products and baskets and with turnover, up to `now` only.

    Args: as `with_series`.
        is_replay: what was held in quarantine at `now` and released since is left out.
    """
    route = market.route
    cards = {
        price_key(line.card, market.prices) for _, _, value in valued for line in basket_cards(value.lines)
    }
    keys = [candidate.quote.product_key for candidate, _, _ in valued]
    sealed = price_stability_inputs(
        product_keys=keys,
        source=route.buy,
        price_type=route.buy_price_type,
        now=now,
        is_replay=is_replay,
    )
    singles = price_stability_inputs(
        product_keys=sorted({key for key, _ in cards}),
        source=route.sell,
        price_type=route.sell_price_type,
        now=now,
        is_replay=is_replay,
    )
    return replace(
        market,
        sealed_series={key: series for (key, _), series in by_day(sealed).items()},
        singles_series=by_day({card: daily for card, daily in singles.items() if card in cards}),
        turnover=sales_turnover(keys, source=route.buy, now=now),
    )
