"""Money: decimal amounts of a known currency, rounded once and on purpose. Everything that prices uses it."""

from .amount import (
    MONEY_CONTEXT,
    CurrencyMismatch,
    InvalidAmount,
    Money,
    MoneyError,
    as_amount,
    quantize_money,
)
from .currencies import UnknownCurrency, currency_exponent
from .parsing import parse_amount

__all__ = [
    "MONEY_CONTEXT",
    "CurrencyMismatch",
    "InvalidAmount",
    "Money",
    "MoneyError",
    "UnknownCurrency",
    "as_amount",
    "currency_exponent",
    "parse_amount",
    "quantize_money",
]
