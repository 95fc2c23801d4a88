"""Computing a stored opportunity again from its inputs: the proof that no figure came from nowhere."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection

from catalog.selectors import contents_graph
from opportunities.choices import Refusal
from opportunities.detection import Candidate, Market, Route, SealedQuote, assess, value_candidate
from opportunities.detection.screening import cost_of
from opportunities.errors import RecomputationImpossible
from opportunities.models import Opportunity
from opportunities.policy import ALGORITHM_VERSION, AnalysisPolicy
from opportunities.valuation import FINISHES, UnitPrices
from opportunities.valuation.prices import NO_TIME, as_microseconds
from pricing.models import FeeSchedule, PriceSource, PriceVariant
from pricing.selectors import SalesTurnover
from quant.sealed.contents import ExpectationCache

from .inputs import contents_fingerprint
from .series import with_series
from .storing import Finding, assessment_columns

_HISTORY = """
SELECT h.product_key, h.variant_id, h.recorded_at, h.price
  FROM unnest(%(keys)s::integer[], %(variants)s::smallint[], %(times)s::timestamptz[])
       AS k(product_key, variant_id, recorded_at)
  JOIN price_history h ON h.product_key = k.product_key AND h.source_id = %(source)s
                      AND h.variant_id = k.variant_id AND h.recorded_at = k.recorded_at
"""
_NOT_COMPARED = ("inputs", "buy_source", "sell_source", "fee_schedule", "contents_version_id")

PriceKey = tuple[int, int, datetime]


def recompute(row: Opportunity) -> dict[str, Any]:
    """Compute every figure of an opportunity again, with the prices, fees and policy it was made from.

    Prices are read from the history by their natural keys, also those that newer ones replaced.

    Args:
        row: an opportunity with its inputs.

    Returns:
        Column -> value, as the analysis would store it.

    Raises:
        RecomputationImpossible: if the algorithm, the contents or the fee schedule changed since, or a price
            is no longer in the history; `details` says what.
    """
    if row.algorithm_version != ALGORITHM_VERSION:
        raise _impossible("algorithm", {"then": row.algorithm_version, "now": ALGORITHM_VERSION})
    inputs = row.inputs
    now = datetime.fromisoformat(inputs["analysed_at"])
    contents = contents_graph([row.sealed_product_id])[row.sealed_product_id]
    if contents_fingerprint(contents) != inputs["contents"]["fingerprint"]:
        raise _impossible("contents", inputs["contents"])
    policy = stored_policy(inputs, row.currency)
    route = _route(row, inputs)
    market = Market(route, policy, _unit_prices(inputs, route.sell), {}, {}, {}, ExpectationCache())
    valuation = value_candidate(contents, market)
    candidate = _candidate(row, inputs, route.buy, policy)
    market = with_series(market, [(candidate, contents, valuation)], now=now)
    market = replace(market, turnover=_turnover(inputs))
    found = assess(candidate, contents=contents, valuation=valuation, market=market, now=now)
    if isinstance(found, Refusal):
        raise _impossible("refused", {"reason": str(found)})
    columns = assessment_columns(Finding(found, contents), market=market, now=now)
    return {name: value for name, value in columns.items() if name not in _NOT_COMPARED}


def differences(row: Opportunity) -> dict[str, tuple[Any, Any]]:
    """Return column -> (stored, computed again) for every figure that does not agree; none is expected.

    That a person has reviewed it is no disagreement.

    Raises:
        RecomputationImpossible: see `recompute`.
    """
    again = recompute(row)
    if row.reviewed_margin is not None:
        del again["needs_review"]
    return {name: (getattr(row, name), value) for name, value in again.items() if getattr(row, name) != value}


def stored_policy(inputs: Mapping[str, Any], currency: str) -> AnalysisPolicy:
    """Return the policy a stored opportunity was made under, from its inputs."""
    stored = inputs["policy"]
    return AnalysisPolicy(
        name=stored["name"],
        floors={currency: Decimal(stored["floor"])},
        bulk_value=Decimal(stored["bulk_value"]),
        min_coverage=Decimal(stored["min_coverage"]),
        min_line_share=Decimal(stored["min_line_share"]),
        min_margin=Decimal(stored["min_margin"]),
        min_quality=Decimal(stored["min_quality"]),
        max_price_age=timedelta(seconds=inputs["max_price_age_seconds"]),
        items_per_order=stored["items_per_order"],
        fixed_cost=Decimal(stored["fixed_cost"]),
        max_lifetime=timedelta(seconds=inputs["max_lifetime_seconds"]),
        grid_cents=stored["grid_cents"],
    )


def _turnover(inputs: Mapping[str, Any]) -> dict[int, SalesTurnover]:
    sealed = inputs["sealed"]
    counted = sealed["turnover"]
    return {} if counted is None else {sealed["product_key"]: SalesTurnover(**counted)}


def _route(row: Opportunity, inputs: Mapping[str, Any]) -> Route:
    schedule: FeeSchedule | None = row.fee_schedule
    fees = inputs["fees"]
    if (fees is None) != (schedule is None) or (
        schedule is not None and (schedule.pk, schedule.version) != (fees["fee_schedule_id"], fees["version"])
    ):
        raise _impossible("fee_schedule", {"then": fees})
    return Route(
        buy=row.buy_source,
        sell=row.sell_source,
        category=row.sealed_product.category,
        buy_price_type=inputs["sealed"]["price_type"],
        sell_price_type=inputs["singles"]["price_type"],
        fee_schedule=schedule,
        terms=None if schedule is None else schedule.terms(),
        has_fees=True,
    )


def _candidate(
    row: Opportunity, inputs: Mapping[str, Any], source: PriceSource, policy: AnalysisPolicy
) -> Candidate:
    sealed = inputs["sealed"]
    recorded_at = datetime.fromisoformat(sealed["recorded_at"])
    key: PriceKey = (sealed["product_key"], sealed["variant_id"], recorded_at)
    price = _history(source, [key])[key]
    quote = SealedQuote(
        product_id=UUID(str(row.sealed_product_id)),
        product_key=sealed["product_key"],
        variant_id=sealed["variant_id"],
        price=price,
        shipping_cost=None if sealed["shipping_cost"] is None else Decimal(sealed["shipping_cost"]),
        seller_count=sealed["seller_count"],
        available_quantity=sealed["available_quantity"],
        recorded_at=recorded_at,
        held_reasons=(),
    )
    cost = cost_of(quote, price=price, currency=row.currency, policy=policy)
    return Candidate(quote.product_id, quote, price, recorded_at, cost, row.contents_version_id)


def _history(source: PriceSource, keys: Iterable[PriceKey]) -> dict[PriceKey, Decimal]:
    """Read prices by natural key.

    Raises:
        RecomputationImpossible: naming those that are gone.
    """
    wanted = list(dict.fromkeys(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            _HISTORY,
            {
                "keys": [key for key, _, _ in wanted],
                "variants": [variant for _, variant, _ in wanted],
                "times": [moment for _, _, moment in wanted],
                "source": source.pk,
            },
        )
        found = {(row[0], row[1], row[2]): row[3] for row in cursor.fetchall()}
    gone = [key for key in wanted if key not in found]
    if gone:
        raise _impossible(
            "prices", {"gone": [[key, variant, at.isoformat()] for key, variant, at in gone[:20]]}
        )
    return found


def _unit_prices(inputs: Mapping[str, Any], source: PriceSource) -> UnitPrices:
    """Build the singles' prices of then, placed as the lines took them."""
    singles = inputs["singles"]
    lines = [dict(zip(singles["columns"], values, strict=True)) for values in singles["lines"]]
    priced = [line for line in lines if line["price"] is not None]
    times = [datetime.fromisoformat(text) for text in singles["times"]]
    keys: list[PriceKey] = [
        (line["product_key"], line["variant_id"], times[line["recorded_at"]]) for line in priced
    ]
    history = _history(source, keys)
    rows = np.zeros((len(FINISHES), max(line["product_key"] for line in lines) + 1), dtype=np.int32)
    for position, line in enumerate(priced, start=1):
        rows[FINISHES.index(line["finish"]), line["product_key"]] = position
    variants = [variant for _, variant, _ in keys]
    named = PriceVariant.objects.filter(id__in=variants).values_list("id", "finish")
    return UnitPrices(
        rows=rows,
        stale_rows=np.zeros_like(rows),
        cents=np.array([0, *(int(history[key] * 100) for key in keys)], dtype=np.int64),
        variants=np.array([0, *variants], dtype=np.int16),
        recorded_at=np.array([NO_TIME, *(as_microseconds(at) for _, _, at in keys)], dtype=np.int64),
        finish_names=dict(named),
    )


def _impossible(what: str, details: Mapping[str, Any]) -> RecomputationImpossible:
    return RecomputationImpossible(
        detail=f"The figures cannot be computed again: {what} changed since.", details={what: details}
    )
