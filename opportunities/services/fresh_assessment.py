"""One stored opportunity judged again from current prices, on its own route and policy. Reads only."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from catalog.selectors import contents_graph
from opportunities.choices import Refusal
from opportunities.detection import (
    Assessment,
    Candidate,
    Market,
    Route,
    SealedQuote,
    assess,
    sealed_quotes,
    value_candidate,
)
from opportunities.detection.assessment import chance_above, net_distribution
from opportunities.detection.routes import route as route_between
from opportunities.detection.screening import contents_states, cost_of, quote_refusal
from opportunities.models import Opportunity
from opportunities.policy import AnalysisPolicy, default_policy
from opportunities.valuation import load_unit_prices
from quant.margin import margin_percentage
from quant.sealed.contents import Contents, ExpectationCache, expected_copies
from quant.sealed.valuation import Valuation

from .recomputation import stored_policy
from .series import with_series


@dataclass(frozen=True, slots=True)
class FreshJudgement:
    """What the analysis would say about one opportunity now.

    Args:
        quote: of the sealed product; None if the product left the market.
        candidate: price and cost; None without a usable price.
        contents: what is inside; None if it was not looked at.
        valuation: what the singles bring; None if they were not valued.
        market: it was judged at; None without a usable price.
        found: the assessment, or the gate that refuses.
    """

    quote: SealedQuote | None
    candidate: Candidate | None
    contents: Contents | None
    valuation: Valuation | None
    market: Market | None
    found: Assessment | Refusal

    def margin(self) -> Decimal | None:
        """Return the executable margin, also where a gate refuses; None if it is not known."""
        if self.valuation is None or self.candidate is None:
            return None
        return margin_percentage(self.valuation.executable_value, cost=self.candidate.cost)

    def chance_of_profit(self) -> Decimal | None:
        """Return the chance of a profit, also where a gate refuses; None if it is not known."""
        if isinstance(self.found, Assessment):
            return self.found.probability_of_profit
        if self.contents is None or self.valuation is None or self.candidate is None or self.market is None:
            return None
        spread = net_distribution(self.contents, self.valuation, grid_cents=self.market.policy.grid_cents)
        return chance_above(spread, self.candidate.cost)


def judge_again(row: Opportunity, *, now: datetime) -> FreshJudgement:
    """Judge an opportunity from current prices by the gates and the arithmetic of the analysis.

    Nothing is written and no lock is taken, so it may run inside a trade's transaction.

    Args:
        row: with product, sources and their venues loaded.
        now: the time prices and fees are judged at.
    """
    policy = policy_of(row)
    route = route_between(
        buy=row.buy_source, sell=row.sell_source, category=row.sealed_product.category, now=now
    )
    product_id = UUID(str(row.sealed_product_id))
    quotes = sealed_quotes(
        source=route.buy,
        price_type=route.buy_price_type,
        category=route.category,
        product_ids=[product_id],
    )
    quote = quotes.get(product_id)
    candidate = _candidate(quote, route, policy, now)
    if isinstance(candidate, Refusal):
        return FreshJudgement(quote, None, None, None, None, candidate)
    return _assessed(candidate, route, policy, now)


def policy_of(row: Opportunity) -> AnalysisPolicy:
    """Return the settings' policy if the row was made under it, else the one stored with the row."""
    current = default_policy()
    return current if current.name == row.policy else stored_policy(row.inputs, row.currency)


def _candidate(
    quote: SealedQuote | None, route: Route, policy: AnalysisPolicy, now: datetime
) -> Candidate | Refusal:
    """Return the candidate, or the first gate before the contents that refuses."""
    if quote is None:
        return Refusal.NO_PRICE
    refusal = quote_refusal(quote, policy=policy, now=now)
    if refusal is None and not route.has_fees:
        refusal = Refusal.NO_FEES
    state = contents_states([quote.product_id]).get(quote.product_id)
    if refusal is None and state is not None and not state[1]:
        refusal = Refusal.INCOMPLETE
    if refusal is not None or quote.price is None or quote.recorded_at is None:
        return refusal or Refusal.NO_PRICE
    return Candidate(
        product_id=quote.product_id,
        quote=quote,
        price=quote.price,
        recorded_at=quote.recorded_at,
        cost=cost_of(quote, price=quote.price, currency=route.currency, policy=policy),
        contents_version_id=state[0] if state else None,
    )


def _assessed(candidate: Candidate, route: Route, policy: AnalysisPolicy, now: datetime) -> FreshJudgement:
    contents = contents_graph([candidate.product_id])[candidate.product_id]
    cache = ExpectationCache()
    keys = {key for key, _ in expected_copies(contents, cache=cache)}
    prices = load_unit_prices(
        source=route.sell,
        price_type=route.sell_price_type,
        fresh_after=now - policy.max_price_age,
        min_quality=policy.min_quality,
        product_keys=keys,
        highest_key=max(keys, default=0),
    )
    market = Market(route, policy, prices, {}, {}, {}, cache)
    valuation = value_candidate(contents, market)
    market = with_series(market, [(candidate, contents, valuation)], now=now)
    found = assess(candidate, contents=contents, valuation=valuation, market=market, now=now)
    return FreshJudgement(candidate.quote, candidate, contents, valuation, market, found)
