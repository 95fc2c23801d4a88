"""What a back-test came to: totals per currency, splits, calibration. Currencies are never added up."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from django.db import connection

from opportunities.models import Backtest
from quant.calibration import Calibration, Forecast, calibrate

from .replay import end_of_day

_CENT: Final = Decimal("0.01")

# `judged` signals are those whose basket had enough prices at the end of the horizon
_TOTALS: Final = """
SELECT {named}, count(*) AS signals, count(*) FILTER (WHERE is_first) AS first_signals,
       count(realised_profit) AS judged, count(*) FILTER (WHERE realised_profit > 0) AS hits,
       sum(realised_profit) AS total_profit,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY realised_profit)::numeric(14, 2) AS median_profit,
       sum(expected_profit) FILTER (WHERE realised_profit IS NOT NULL) AS expected_profit,
       sum(total_cost) FILTER (WHERE realised_profit IS NOT NULL) AS cost,
       count(realised_profit) FILTER (WHERE is_first) AS first_judged,
       count(*) FILTER (WHERE is_first AND realised_profit > 0) AS first_hits,
       sum(realised_profit) FILTER (WHERE is_first) AS first_profit
  FROM backtest_signals WHERE backtest_id = %s
 GROUP BY {places} ORDER BY {places}
"""
_SOURCE: Final = "(SELECT code FROM price_sources s WHERE s.id = source_id)"
_FORECASTS: Final = """
SELECT {forecast}, count(*), count(*) FILTER (WHERE realised_profit > 0)
  FROM backtest_signals
 WHERE backtest_id = %s AND realised_profit IS NOT NULL AND {forecast} IS NOT NULL
 GROUP BY 1 ORDER BY 1
"""
_DAYS: Final = """
SELECT day, currency, count(*), count(*) FILTER (WHERE is_first), count(realised_profit),
       sum(realised_profit)
  FROM backtest_signals WHERE backtest_id = %s GROUP BY 1, 2 ORDER BY 1, 2
"""
_CHANGED_CONTENTS: Final = """
SELECT count(DISTINCT v.product_id)
  FROM contents_versions v
 WHERE v.version > 1 AND v.created_at > %s
   AND v.product_id IN (SELECT product_id FROM backtest_signals WHERE backtest_id = %s)
"""


def summarise(backtest: Backtest, *, counts: Mapping[str, int]) -> dict[str, Any]:
    """Return the result of a replayed back-test as JSON: decimal strings, shares as fractions.

    Args:
        backtest: all of whose days were replayed.
        counts: what the replay left out, by reason.

    Returns:
        `currencies` (currency -> totals), `by_risk` and `by_category` (rows of totals with `currency`),
        `calibration` of the stated chance of profit and `confidence_calibration` (bins) with their Brier
        scores, `days`, `left_out`, `contents` and `notes`.
    """
    chance = _calibration(backtest, "probability_of_profit")
    confidence = _calibration(backtest, "confidence_score")
    return {
        "currencies": {row.pop("currency"): row for row in _totals(backtest, "currency")},
        "by_risk": _totals(backtest, "currency", "risk_level"),
        "by_category": _totals(backtest, "currency", "category"),
        "by_source": _totals(backtest, "currency", "source"),
        "calibration": bins_data(chance),
        "brier": _text(chance.brier),
        "confidence_calibration": bins_data(confidence),
        "confidence_brier": _text(confidence.brier),
        "days": _days(backtest),
        "left_out": dict(counts),
        "contents": {"basis": "current", "changed_since": _changed_contents(backtest)},
        "notes": [
            "Contents are those known today; `changed_since` counts products whose contents were corrected.",
            "The realised value is that of the expected contents: the luck of single packs is not in it.",
            "Signals that need a person's review are left out.",
        ],
    }


def bins_data(calibration: Calibration) -> list[dict[str, Any]]:
    """Return the bins of a calibration as JSON; `realised` is the share that came true."""
    shown = []
    for part in calibration.bins:
        facts = asdict(part)
        share = facts.pop("share")
        facts |= {"realised": share, "share_profitable": share}
        shown.append({name: _text(value) for name, value in facts.items()})
    return shown


def backtest_calibration(backtest: Backtest) -> Calibration:
    """Return how often the stated chances of profit of a back-test came true."""
    return _calibration(backtest, "probability_of_profit")


def _totals(backtest: Backtest, *columns: str) -> list[dict[str, Any]]:
    named = ", ".join(f"{_SOURCE} AS source" if name == "source" else name for name in columns)
    places = ", ".join(str(number + 1) for number in range(len(columns)))
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS.format(named=named, places=places), [backtest.pk])
        names = [column.name for column in cursor.description or ()]
        return [_shown(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    judged, first_judged = row["judged"], row["first_judged"]
    ratios = {
        "hit_rate": _share(row["hits"], judged),
        "profit_per_signal": _average(row["total_profit"], judged),
        "return_on_cost": _share(row["total_profit"] or 0, row["cost"] or 0),
        "first_hit_rate": _share(row["first_hits"], first_judged),
        "profit_per_first_signal": _average(row["first_profit"], first_judged),
    }
    return {name: _text(value) for name, value in {**row, **ratios}.items()}


def _days(backtest: Backtest) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, [backtest.pk])
        return [
            {
                "day": day.isoformat(),
                "currency": currency,
                "signals": signals,
                "first_signals": first,
                "judged": judged,
                "profit": _text(profit),
            }
            for day, currency, signals, first, judged, profit in cursor.fetchall()
        ]


def _calibration(backtest: Backtest, forecast: str) -> Calibration:
    with connection.cursor() as cursor:
        cursor.execute(_FORECASTS.format(forecast=forecast), [backtest.pk])
        return calibrate(Forecast(*row) for row in cursor.fetchall())


def _changed_contents(backtest: Backtest) -> int:
    with connection.cursor() as cursor:
        before = end_of_day(backtest.from_day - timedelta(days=1))
        cursor.execute(_CHANGED_CONTENTS, [before, backtest.pk])
        return int(cursor.fetchone()[0])


def _share(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    return None if not whole else (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"))


def _average(total: Decimal | None, count: int) -> Decimal | None:
    if total is None or not count:
        return None
    return (total / count).quantize(_CENT, rounding=ROUND_HALF_EVEN)


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
