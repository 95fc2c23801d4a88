"""One day of a replay: find its signals as the live analysis would have, and judge those whose time has come.

No second implementation: routes, screen, valuation and assessment are the functions of the live analysis.
They get the end of the day as their `now`, and the prices known then as their book.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, TypeVar
from uuid import UUID

import structlog

from catalog.selectors import contents_graph
from opportunities.detection import Assessment, Market, Route, assess, screen, value_candidate
from opportunities.models import Backtest, BacktestSignal
from opportunities.policy import AnalysisPolicy
from opportunities.services.series import Valued, with_history
from opportunities.valuation import PriceBook, load_mapping, load_unit_prices, refresh_mapping
from quant.sealed.contents import Contents, ExpectationCache, expected_copies
from quant.sealed.valuation import Valuation

from .known_prices import TABLE, KnownPrices, known_prices
from .terms import BacktestTerms

logger = structlog.get_logger(__name__)

Result = TypeVar("Result")
_ONE_DAY: Final = timedelta(days=1)
_MICROSECOND: Final = timedelta(microseconds=1)
_FOUR_PLACES: Final = Decimal("0.0001")


def end_of_day(day: date) -> datetime:
    """Return the last moment of a day, in UTC."""
    return datetime.combine(day, time(), UTC) + _ONE_DAY - _MICROSECOND


@dataclass(slots=True)
class Replay:
    """The replay of one back-test. Days must be replayed in order; what is stored is the caller's business.

    Args:
        backtest: whose signals.
        terms: what it assumes.
        policy: the gates.
        prices: known ones, moved on by every day.
        book: the table they are in, and the packed contents.
        counts: what was left out, by reason: `held_for_review`, `failed`.
    """

    backtest: Backtest
    terms: BacktestTerms
    policy: AnalysisPolicy
    prices: KnownPrices
    book: PriceBook
    counts: Counter[str] = field(default_factory=Counter)
    _contents: dict[UUID, Contents] = field(default_factory=dict)
    _cache: ExpectationCache = field(default_factory=ExpectationCache)
    _valued: dict[tuple[datetime, int, str, UUID], Valuation] = field(default_factory=dict)

    def signals_of(self, day: date) -> list[BacktestSignal]:
        """Return the signals of a day, as its end knew the market. They are not stored yet."""
        moment = self._go_to(day)
        before = set(self.backtest.signals.filter(day=day - _ONE_DAY).values_list("product_id", "source_id"))
        signals = []
        for route in self.terms.routes(moment):
            for found in self._assessments(route, moment):
                if found.needs_review:
                    self.counts["held_for_review"] += 1
                    continue
                signal = self._signal(found, route, day)
                signal.is_first = (signal.product_id, signal.source_id) not in before
                signals.append(signal)
        return signals

    def judge(self, day: date, signals: Iterable[BacktestSignal]) -> list[BacktestSignal]:
        """Fill in what the baskets of earlier signals bring at the end of `day`, and return the signals.

        The same contents are sold at the executable prices and with the fees of that day. A basket of which
        too few cards have a price then stays unjudged; its coverage says so.
        """
        moment = self._go_to(day)
        by_route: dict[tuple[int, str], list[BacktestSignal]] = {}
        for signal in signals:
            by_route.setdefault((signal.source_id, signal.category), []).append(signal)
        routes = {(route.buy.pk, route.category): route for route in self.terms.routes(moment)}
        judged: list[BacktestSignal] = []
        for key, concerned in by_route.items():
            route = routes.get(key)
            if route is not None and route.has_fees:
                judged += self._judge_at(route, moment, concerned)
        return judged

    def _go_to(self, day: date) -> datetime:
        moment = end_of_day(day)
        self.prices.advance(moment)
        self._valued = {key: value for key, value in self._valued.items() if key[0] == moment}
        return moment

    def _assessments(self, route: Route, moment: datetime) -> Iterator[Assessment]:
        book = PriceBook(table=self.book.table, until=moment, mapping=self.book.mapping)
        screening = screen(route, policy=self.policy, now=moment, book=book)
        if screening.prices is None or not screening.candidates:
            return
        market = Market(route, self.policy, screening.prices, {}, {}, {}, self._cache)
        known = self._contents_of(candidate.product_id for candidate in screening.candidates)
        valued: list[Valued] = []
        for candidate in screening.candidates:
            contents = known[candidate.product_id]
            valuation = self._isolated(candidate.product_id, value_candidate, contents, market)
            if valuation is not None:
                valued.append((candidate, contents, valuation))
                self._valued[self._value_key(route, moment, candidate.product_id)] = valuation
        market = with_history(market, valued, now=moment, is_replay=True)
        for candidate, contents, valuation in valued:
            found = self._isolated(
                candidate.product_id, assess, candidate,
                contents=contents, valuation=valuation, market=market, now=moment,
            )  # fmt: skip
            if isinstance(found, Assessment):
                yield found

    def _signal(self, found: Assessment, route: Route, day: date) -> BacktestSignal:
        return BacktestSignal(
            backtest=self.backtest,
            day=day,
            product_id=found.candidate.product_id,
            source=route.buy,
            currency=route.currency,
            total_cost=found.candidate.cost,
            expected_value=found.valuation.executable_value,
            expected_profit=found.net_profit,
            margin_percentage=found.margin_percentage,
            confidence_score=found.confidence.score,
            probability_of_profit=found.probability_of_profit,
            risk_level=str(found.risk_level),
            category=route.category,
        )

    def _judge_at(
        self, route: Route, moment: datetime, signals: list[BacktestSignal]
    ) -> Iterator[BacktestSignal]:
        """Value what is not valued yet: a product that is a signal again has been, at the same prices."""
        keys = {signal.product_id: self._value_key(route, moment, signal.product_id) for signal in signals}
        missing = sorted(product for product, key in keys.items() if key not in self._valued)
        if missing:
            market = self._selling_market(route, moment, missing)
            for product in missing:
                valuation = self._isolated(product, value_candidate, self._contents[product], market)
                if valuation is not None:
                    self._valued[keys[product]] = valuation
        for signal in signals:
            valuation = self._valued.get(keys[signal.product_id])
            if valuation is not None:
                yield self._judged(signal, valuation)

    def _selling_market(self, route: Route, moment: datetime, products: list[UUID]) -> Market:
        """Load what the cards of some products can be sold for at a moment."""
        known = self._contents_of(products)
        cards = {key for product in products for key, _ in expected_copies(known[product], cache=self._cache)}
        prices = load_unit_prices(
            source=route.sell,
            price_type=route.sell_price_type,
            fresh_after=moment - self.policy.max_price_age,
            min_quality=self.policy.min_quality,
            product_keys=cards or {-1},
            highest_key=max(cards, default=0),
            book=self.book,
        )
        return Market(route, self.policy, prices, {}, {}, {}, self._cache)

    @staticmethod
    def _value_key(route: Route, moment: datetime, product: UUID) -> tuple[datetime, int, str, UUID]:
        return moment, route.buy.pk, route.category, product

    def _judged(self, signal: BacktestSignal, valuation: Valuation) -> BacktestSignal:
        signal.realised_coverage = valuation.coverage.quantize(_FOUR_PLACES)
        if valuation.coverage >= self.policy.min_coverage:
            signal.realised_value = valuation.executable_value
            signal.realised_profit = valuation.executable_value - signal.total_cost
        return signal

    def _contents_of(self, product_ids: Iterable[UUID]) -> Mapping[UUID, Contents]:
        missing = sorted(set(product_ids) - self._contents.keys())
        if missing:
            self._contents.update(contents_graph(missing))
        return self._contents

    def _isolated(
        self, product_id: UUID, step: Callable[..., Result], *args: object, **values: object
    ) -> Result | None:
        """Run one step for one product; None if it failed, which is logged and counted."""
        try:
            return step(*args, **values)
        except Exception:  # one product's bad data must not stop the others
            logger.exception("backtest.product_failed", product_id=str(product_id))
            self.counts["failed"] += 1
            return None


@contextmanager
def replaying(backtest: Backtest, terms: BacktestTerms, policy: AnalysisPolicy) -> Iterator[Replay]:
    """Give the replay of a back-test, which holds a temporary table until the block ends."""
    refresh_mapping()
    mapping = load_mapping()
    # every source, whatever the back-test's: a distributor's singles are sold at another
    sources = {
        source.pk
        for route in terms.routes(end_of_day(backtest.from_day))
        for source in (route.buy, route.sell)
    }
    with known_prices(sources) as prices:
        yield Replay(backtest, terms, policy, prices, PriceBook(table=TABLE, mapping=mapping))
