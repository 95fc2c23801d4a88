"""One valued product as the JSON document of `manage.py value`: money as strings, times in UTC."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from catalog.selectors import CardFacts, cards_by_key
from opportunities.choices import Flag
from opportunities.detection.assessment import cents_amount, percentile_amounts
from quant.margin import margin_percentage
from quant.money import quantize_money
from quant.scoring.risk import risk_level
from quant.sealed.valuation import ValuedLine

from .value_options import kept_price
from .valuing import ProductWorth

_PRICE_FLAGS = (
    Flag.NO_PRICE, Flag.QUARANTINED, Flag.STALE, Flag.LOW_QUALITY, Flag.SELLERS_UNKNOWN,
    Flag.SHIPPING_UNKNOWN,
)  # fmt: skip


def value_document(worth: ProductWorth, *, now: datetime) -> dict[str, Any]:
    """Return the document.

    Args:
        worth: what was valued.
        now: the time of the valuation; a sealed price is judged stale at it.
    """
    valuation, margin = worth.valuation, worth.margin
    expected = valuation.expected_value if worth.options.floor is None else valuation.value_above_floor
    naive_cost = worth.quote.price
    return {
        "product": _product(worth),
        "as_of": iso(worth.newest_price_at or now),
        "oldest_price_at": iso(worth.oldest_price_at),
        "currency": worth.market.route.currency,
        "assumptions": _assumptions(worth),
        "cost": _cost(worth, now),
        "contents": {
            "complete": not valuation.unresolved and bool(valuation.lines),
            "coverage": str(valuation.coverage),
            "unresolved": list(valuation.unresolved),
            "lines": _lines(worth),
        },
        "expected_value": str(expected),
        "standard_deviation": str(cents_amount(worth.spread.standard_deviation)),
        "standard_error": str(cents_amount(worth.spread.standard_error)),
        "percentiles": percentile_amounts(worth.spread),
        "probability_of_profit": text(worth.probability_of_profit),
        "naive_margin_percentage": None
        if not naive_cost
        else str(margin_percentage(valuation.expected_value, cost=naive_cost)),
        "executable": {
            "value": str(worth.executable_value),
            "cost": text(worth.cost),
            "profit": None if worth.cost is None else str(worth.executable_value - worth.cost),
            "margin_percentage": text(margin),
            "lines_counted": valuation.lines_counted,
        },
        "confidence": {
            "score": str(worth.confidence.score),
            "factors": {
                factor.name: {
                    "score": str(factor.score),
                    "weight": str(factor.weight),
                    "inputs": dict(factor.inputs),
                }
                for factor in worth.confidence.factors
            },
        },
        "risk_level": None if margin is None else str(risk_level(worth.confidence.score, margin)),
        "instant_sale": worth.instant_sale,
        "flags": list(worth.flags),
    }


def iso(moment: datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC with Z."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def text(amount: Decimal | None) -> str | None:
    """Return an amount as a string; None stays None."""
    return None if amount is None else str(amount)


def _product(worth: ProductWorth) -> dict[str, Any]:
    product = worth.product
    return {
        "id": str(product.id),
        "name": product.name,
        "set_name": product.set_name,
        "set_code": product.set_code,
        "category": product.category,
        "sealed_kind": product.sealed_kind,
        "is_demo": product.is_demo,
        "identifiers": {
            identifier.source: identifier.external_id
            for identifier in product.identifiers.order_by("source", "-external_id")
        },
    }


def _assumptions(worth: ProductWorth) -> dict[str, Any]:
    route, policy, options = worth.market.route, worth.market.policy, worth.options
    schedule = route.fee_schedule
    return {
        "singles_price_type": route.sell_price_type,
        "floor": str(policy.floor(route.currency)),
        "fee_rate": text(options.fee_rate),
        "fee_schedule": None if schedule is None else str(schedule),
        "items_per_order": policy.items_per_order,
        "fixed_cost": str(policy.fixed_cost),
        "policy": policy.name,
    }


def _cost(worth: ProductWorth, now: datetime) -> dict[str, Any]:
    quote, policy = worth.quote, worth.market.policy
    flags = [flag for flag in worth.flags if flag in _PRICE_FLAGS and flag != Flag.STALE]
    if quote.recorded_at is not None and quote.recorded_at < now - policy.max_price_age:
        flags.append(str(Flag.STALE))
    return {
        "price": text(quote.price),
        "low": text(worth.low),
        "price_type": worth.market.route.buy_price_type,
        "source": worth.market.route.buy.code,
        "recorded_at": iso(quote.recorded_at),
        "seller_count": quote.seller_count,
        "held_reasons": list(quote.held_reasons),
        "flags": flags,
    }


def _lines(worth: ProductWorth) -> list[dict[str, Any]]:
    keys = {line.card[0] for line in worth.valuation.lines}
    facts = cards_by_key(keys)
    return [_line(line, facts, worth) for line in worth.valuation.lines]


def _line(line: ValuedLine, facts: dict[int, CardFacts], worth: ProductWorth) -> dict[str, Any]:
    key, finish = line.card
    card = facts[key]
    kept = kept_price(line.price, worth.options)
    value = Decimal(0) if kept is None else line.gross_value
    return {
        "product_id": str(card.product_id),
        "name": card.name,
        "set": card.set_code,
        "number": card.number,
        "rarity": card.rarity,
        "finish": finish,
        "identifiers": {
            source: external for source, external, only in card.identifiers if only in ("", finish)
        },
        "guaranteed": line.guaranteed,
        "expected_copies": plain(line.expected_copies),
        "price": text(line.price),
        "value": str(quantize_money(value, worth.market.route.currency)),
        "counted": line.counted,
    }


def plain(number: Decimal) -> str:
    """Return a number without exponent and without trailing zeros."""
    return f"{number.normalize():f}" if number else "0"
