"""What a rule may ask about an opportunity: the numbers and names of the screener."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from django.db.models import Q

from catalog.choices import Category
from catalog.models import Product
from opportunities.choices import CompetitionLevel, OpportunityStatus, RiskLevel
from opportunities.models import Opportunity, OpportunityQuerySet
from pricing.models import PriceSource

Kind = Literal["number", "choice", "text"]
Operator = Literal["gte", "lte", "eq", "in", "not_in", "contains"]
Choices = Callable[[], list[tuple[str, str]]]

_BOUNDS: Final[tuple[Operator, ...]] = ("gte", "lte")
_COUNTS: Final[tuple[Operator, ...]] = ("gte", "lte", "eq")
_NAMES: Final[tuple[Operator, ...]] = ("eq", "in", "not_in")
_HUGE: Final = Decimal(10) ** 11
_MAX_MINUTES: Final = Decimal(10_000_000)
_MAX_WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class AlertField:
    """One thing a condition can be about.

    Args:
        name: as the API calls it.
        label: for people.
        kind: which values it takes.
        operators: which comparisons make sense.
        query: from operator, value and time to the condition in SQL; unknown (NULL) never matches.
        unit: of a number: `%`, `currency`, `ratio`, `minutes`, `count`, or empty.
        low: least number.
        high: greatest number.
        choices: values and labels of a choice, read when they are needed.
        max_length: of a text.
    """

    name: str
    label: str
    kind: Kind
    operators: tuple[Operator, ...]
    query: Callable[[str, Any, datetime], Q]
    unit: str = ""
    low: Decimal = -_HUGE
    high: Decimal = _HUGE
    choices: Choices | None = None
    max_length: int = 200


def _column(path: str) -> Callable[[str, Any, datetime], Q]:
    def query(operator: str, value: Any, now: datetime) -> Q:
        lookup = {"eq": "exact", "not_in": "in"}.get(operator, operator)
        return _signed(operator, Q(**{f"{path}__{lookup}": value}))

    return query


def _signed(operator: str, condition: Q) -> Q:
    return ~condition if operator == "not_in" else condition


def _source(operator: str, value: Any, now: datetime) -> Q:
    lookup = "exact" if operator == "eq" else "in"
    either = Q(**{f"buy_source__code__{lookup}": value}) | Q(**{f"sell_source__code__{lookup}": value})
    return _signed(operator, either)


def _price_age(operator: str, value: Decimal, now: datetime) -> Q:
    """Compare the age of the oldest price an opportunity rests on."""
    moment = now - timedelta(seconds=float(value * 60))
    return Q(oldest_price_at__lte=moment) if operator == "gte" else Q(oldest_price_at__gte=moment)


def _set_code(operator: str, value: Any, now: datetime) -> Q:
    codes = [value] if operator == "eq" else value
    either = Q(pk__in=())
    for code in codes:
        either |= Q(sealed_product__set_code__iexact=code)
    return _signed(operator, either)


def _search(operator: str, value: str, now: datetime) -> Q:
    """Ask for every word in the product's or its set's name, or as set code: as the screener searches."""
    found = Q(pk__isnull=False)
    for word in value.split()[:_MAX_WORDS]:
        found &= (
            Q(sealed_product__name__icontains=word)
            | Q(sealed_product__set_name__icontains=word)
            | Q(sealed_product__set_code__iexact=word)
        )
    return found


def _sources() -> list[tuple[str, str]]:
    rows = PriceSource.objects.filter(is_reference=False).order_by("code")
    return [(code, name) for code, name in rows.values_list("code", "venue__name")]


def _sealed_kinds() -> list[tuple[str, str]]:
    rows = Product.objects.exclude(sealed_kind="").order_by("sealed_kind")
    kinds = rows.values_list("sealed_kind", flat=True).distinct()
    return [(kind, kind.replace("_", " ").capitalize()) for kind in kinds]


def _currencies() -> list[tuple[str, str]]:
    rows = PriceSource.objects.order_by("currency").values_list("currency", flat=True).distinct()
    return [(code, code) for code in rows]


def _number(name: str, label: str, unit: str, **more: Any) -> AlertField:
    settings = {"operators": _BOUNDS, "query": _column(name), **more}
    return AlertField(name, label, "number", unit=unit, **settings)


def _ratio(name: str, label: str) -> AlertField:
    return _number(name, label, "ratio", low=Decimal(0), high=Decimal(1))


def _choice(name: str, label: str, choices: Choices, path: str = "") -> AlertField:
    return AlertField(name, label, "choice", _NAMES, _column(path or name), choices=choices)


FIELDS: Final[dict[str, AlertField]] = {
    field.name: field
    for field in (
        _number("margin_percentage", "Margin after all costs", "%"),
        _number("naive_margin_percentage", "Naive margin", "%"),
        _number("net_profit", "Net profit of one product", "currency"),
        _number("total_cost", "Total cost of one product", "currency", low=Decimal(0)),
        _ratio("confidence_score", "Confidence"),
        _ratio("probability_of_profit", "Chance of profit"),
        _ratio("coverage", "Share of the singles with a price"),
        _number(
            "price_age_minutes", "Age of the oldest price", "minutes",
            query=_price_age, low=Decimal(0), high=_MAX_MINUTES,
        ),
        _number("seller_count", "Sellers of the product", "count", low=Decimal(0), operators=_COUNTS),
        _number("rank_score", "Rank", "", low=Decimal(0), high=Decimal(10)),
        _choice("category", "Game", lambda: list(Category.choices), "sealed_product__category"),
        _choice("risk_level", "Risk", lambda: list(RiskLevel.choices)),
        AlertField("source", "Bought or sold at", "choice", _NAMES, _source, choices=_sources),
        _choice("sealed_kind", "Kind of product", _sealed_kinds, "sealed_product__sealed_kind"),
        _choice("currency", "Currency", _currencies),
        _choice("competition_level", "Competition", lambda: list(CompetitionLevel.choices)),
        AlertField("set_code", "Set code", "text", _NAMES, _set_code, max_length=16),
        AlertField("search", "Words in the name", "text", ("contains",), _search),
    )
}  # fmt: skip


def field_documents() -> list[dict[str, Any]]:
    """Return what the rule editor needs to know of every field, in their order."""
    return [
        {
            "field": field.name,
            "label": field.label,
            "type": field.kind,
            "operators": list(field.operators),
            "unit": field.unit,
            "choices": [{"value": value, "label": str(label)} for value, label in field.choices()]
            if field.choices
            else None,
        }
        for field in FIELDS.values()
    ]


def alertable(*, now: datetime) -> Q:
    """Return what may be told at all: active, not over, and not in need of a person's review first."""
    is_over = Q(expires_at__isnull=False, expires_at__lte=now)
    return Q(status=OpportunityStatus.ACTIVE, needs_review=False) & ~is_over


def alertable_opportunities(*, now: datetime) -> OpportunityQuerySet:
    """Return the opportunities a rule may speak about."""
    rows: OpportunityQuerySet = Opportunity.objects.filter(alertable(now=now))
    return rows
