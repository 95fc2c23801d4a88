"""Confidence in an opportunity: R002's four weighted factors, each with its score and what it came from."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from types import MappingProxyType
from typing import TypeAlias

from quant.money import MONEY_CONTEXT, InvalidAmount, as_amount
from quant.statistics import MAX_RETURNS, log_returns, mad_volatility

WEIGHTS: Mapping[str, Decimal] = MappingProxyType(
    {
        "price_stability": Decimal("0.3"),
        "seller_count": Decimal("0.2"),
        "volume_history": Decimal("0.2"),
        "margin_size": Decimal("0.3"),
    }
)
"""R002's weights; they sum to 1."""

STABLE_VOLATILITY = 0.05
FULL_HISTORY_RETURNS = 14
SELLER_SCALE = 10
VOLUME_DAYS = 30
VOLUME_HALF_UNITS = 30
PROXY_VOLUME_CAP = Decimal("0.5")
BASIS_SALES = "sales"
BASIS_STOCK = "stock proxy"
PLAUSIBLE_FROM = Decimal(20)
PLAUSIBLE_TO = Decimal(80)
IMPLAUSIBLE_FROM = Decimal(300)

_SCORE_STEP = Decimal("0.000001")
_CONFIDENCE_STEP = Decimal("0.01")
FactorInput: TypeAlias = str | int | bool | None


@dataclass(frozen=True, slots=True)
class FactorScore:
    """One factor: its score in 0..1 to six places, its weight, and the inputs that explain it."""

    name: str
    score: Decimal
    weight: Decimal
    inputs: Mapping[str, FactorInput]


@dataclass(frozen=True, slots=True)
class Confidence:
    """The weighted sum of the factors, floored to two places so that stored and classified values agree."""

    score: Decimal
    factors: tuple[FactorScore, ...]


def confidence_score(*factors: FactorScore) -> Confidence:
    """Combine factors; an absent one counts as 0.

    Raises:
        ValueError: for a factor given twice.
    """
    by_name = {factor.name: factor for factor in factors}
    if len(by_name) != len(factors):
        raise ValueError("a factor was given twice")
    ordered = tuple(by_name.get(name) or _factor(name, Decimal(0), reason="absent") for name in WEIGHTS)
    total = sum((factor.score * factor.weight for factor in ordered), Decimal(0))
    return Confidence(total.quantize(_CONFIDENCE_STEP, rounding=ROUND_FLOOR), ordered)


def price_stability(
    *, sealed_prices: Sequence[Decimal], basket_prices: Sequence[Decimal] | None = None
) -> FactorScore:
    """Score how steady prices were: the less steady of the sealed product and its basket of singles counts.

    S = min(1, n/14) / (1 + (v/5 %)^2) with n daily log returns (at most the last 30) of robust volatility v.

    Args:
        sealed_prices: daily median prices in order of time, each > 0.
        basket_prices: the value-weighted basket of the singles on the same terms; None if there is none.

    Raises:
        InvalidAmount: for a price that is not positive.
    """
    sealed = log_returns(sealed_prices)[-MAX_RETURNS:]
    score = _stability(sealed)
    inputs: dict[str, FactorInput] = {"returns": len(sealed), "volatility": _text(mad_volatility(sealed))}
    if basket_prices is not None:
        basket = log_returns(basket_prices)[-MAX_RETURNS:]
        score = min(score, _stability(basket))
        inputs |= {"basket_returns": len(basket), "basket_volatility": _text(mad_volatility(basket))}
    return _factor("price_stability", Decimal(_text(score)), **inputs)


def seller_count(sellers: int | None) -> FactorScore:
    """Score scarcity: K = 10/(9 + n) for n >= 1 distinct sellers near the lowest ask.

    None sellers or an unknown number score 0: there is nothing to buy, or no evidence.

    Raises:
        ValueError: for a negative number.
    """
    if sellers is not None and sellers < 0:
        raise ValueError(f"{sellers} sellers")
    score = Decimal(SELLER_SCALE) / (SELLER_SCALE - 1 + sellers) if sellers else Decimal(0)
    return _factor("seller_count", score, sellers=sellers)


def volume_history(
    *, days_with_sale: int | None, units_sold: int | None, is_proxy: bool = False
) -> FactorScore:
    """Score how regularly it sells: V = sqrt(A L), A = share of the last 30 days with a sale, L = X/(X + 30).

    Args:
        days_with_sale: of the last 30; None if unknown, which scores 0.
        units_sold: X, in the last 30 days.
        is_proxy: the figures come from falling stock, not from sales; the score is capped at 0.5.

    Raises:
        ValueError: for figures out of range.
    """
    inputs: dict[str, FactorInput] = {"days_with_sale": days_with_sale, "units_sold": units_sold}
    inputs |= {"is_proxy": is_proxy, "basis": BASIS_STOCK if is_proxy else BASIS_SALES}
    if days_with_sale is None or units_sold is None:
        return _factor("volume_history", Decimal(0), **inputs)
    if not 0 <= days_with_sale <= VOLUME_DAYS or units_sold < 0:
        raise ValueError(f"{units_sold} units on {days_with_sale} of {VOLUME_DAYS} days")
    activity = Decimal(days_with_sale) / VOLUME_DAYS
    level = Decimal(units_sold) / (units_sold + VOLUME_HALF_UNITS)
    score = (activity * level).sqrt(MONEY_CONTEXT)
    return _factor("volume_history", min(score, PROXY_VOLUME_CAP) if is_proxy else score, **inputs)


def margin_size(margin_percentage: Decimal) -> FactorScore:
    """Score how believable a margin is: rising to 20 %, full to 80 %, falling to nothing at 300 %.

    Raises:
        InvalidAmount: for a margin that is not a finite Decimal.
    """
    margin = as_amount(margin_percentage, name="margin")
    rising = max(margin, Decimal(0)) / PLAUSIBLE_FROM
    falling = max(IMPLAUSIBLE_FROM - margin, Decimal(0)) / (IMPLAUSIBLE_FROM - PLAUSIBLE_TO)
    return _factor("margin_size", min(rising, falling, Decimal(1)), margin_percentage=str(margin))


def _stability(returns: Sequence[float]) -> float:
    history = min(1.0, len(returns) / FULL_HISTORY_RETURNS)
    return history / (1.0 + (mad_volatility(returns) / STABLE_VOLATILITY) ** 2)


def _text(value: float) -> str:
    if not math.isfinite(value):
        raise InvalidAmount(value, "must be finite")
    return f"{value:.6f}"


def _factor(name: str, score: Decimal, **inputs: FactorInput) -> FactorScore:
    return FactorScore(name, score.quantize(_SCORE_STEP), WEIGHTS[name], MappingProxyType(inputs))
