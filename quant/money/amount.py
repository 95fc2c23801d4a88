"""Amounts of one currency: checked on the way in, never mixed, rounded only when told to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    FloatOperation,
    InvalidOperation,
    Overflow,
)

from .currencies import currency_exponent

MONEY_CONTEXT = Context(
    prec=50,
    rounding=ROUND_HALF_EVEN,
    traps=[InvalidOperation, DivisionByZero, Overflow, FloatOperation],
)
"""The context of money arithmetic; use it as `with localcontext(MONEY_CONTEXT):`. It refuses floats."""


class MoneyError(ValueError):
    """Base of what can be wrong with an amount."""


class InvalidAmount(MoneyError):
    """Something that is not a finite decimal amount."""

    def __init__(self, value: object, reason: str) -> None:
        super().__init__(f"{value!r} is not an amount: {reason}")
        self.value = value
        self.reason = reason


class CurrencyMismatch(MoneyError):
    """Two amounts of different currencies met; convert through an FxTable first."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"{left} and {right} do not add up; convert first")
        self.left = left
        self.right = right


def as_amount(value: object, *, name: str = "amount") -> Decimal:
    """Check that a value is a finite Decimal (integers are welcome, floats are not).

    Raises:
        InvalidAmount: for floats, booleans, other types, NaN and infinities; `name` says which one.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if not isinstance(value, Decimal):
        raise InvalidAmount(value, f"{name} must be a Decimal, not {type(value).__name__}")
    if not value.is_finite():
        raise InvalidAmount(value, f"{name} must be finite")
    return value


def quantize_money(amount: Decimal, currency: str, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """Round an amount to the smallest unit of its currency. Do it once, as the last step.

    Args:
        amount: in units of `currency`.
        currency: ISO 4217 code or known asset.
        rounding: a `decimal` rounding mode: half even for ledgers, half up for venue fees, up for what we
            owe, floor for what we claim.

    Raises:
        InvalidAmount: if the amount is not a finite Decimal or needs more than 50 digits.
        UnknownCurrency: if the currency is not known.
    """
    exponent = Decimal(1).scaleb(-currency_exponent(currency))
    try:
        return as_amount(amount).quantize(exponent, rounding=rounding, context=MONEY_CONTEXT)
    except InvalidOperation:
        raise InvalidAmount(amount, "too many digits") from None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency.

    Args:
        amount: any finite Decimal, not rounded on the way in.
        currency: ISO 4217 code or known asset.

    Raises:
        InvalidAmount, UnknownCurrency: as they say; CurrencyMismatch when two currencies meet.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        currency_exponent(self.currency)
        object.__setattr__(self, "amount", as_amount(self.amount))

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __add__(self, other: "Money") -> "Money":
        return Money(MONEY_CONTEXT.add(self.amount, self._same(other)), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(MONEY_CONTEXT.subtract(self.amount, self._same(other)), self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        return Money(MONEY_CONTEXT.multiply(self.amount, as_amount(factor, name="factor")), self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount >= self._same(other)

    def quantized(self, rounding: str = ROUND_HALF_EVEN) -> "Money":
        """Round to the smallest unit of the currency."""
        return Money(quantize_money(self.amount, self.currency, rounding), self.currency)

    def allocate(self, weights: Sequence[Decimal | int]) -> "tuple[Money, ...]":
        """Split into shares that add up exactly, by the largest remainder.

        Args:
            weights: one per share, each >= 0, at least one > 0.

        Returns:
            Shares in the order of `weights`, in whole smallest units; earlier shares win ties, and the split
            of -m is the negated split of m. An amount finer than the smallest unit is refused.

        Raises:
            InvalidAmount: for bad weights or an amount that is not in whole smallest units.
        """
        unit = Decimal(1).scaleb(-currency_exponent(self.currency))
        if self.quantized().amount != self.amount:
            raise InvalidAmount(self.amount, f"not in whole units of {unit} {self.currency}")
        units = int(abs(self.amount).scaleb(currency_exponent(self.currency), context=MONEY_CONTEXT))
        sign = -1 if self.amount < 0 else 1
        shares = _largest_remainder(units, weights)
        return tuple(Money(MONEY_CONTEXT.multiply(unit, sign * share), self.currency) for share in shares)

    def _same(self, other: object) -> Decimal:
        if not isinstance(other, Money):
            raise InvalidAmount(other, "Money only combines with Money")
        if other.currency != self.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other.amount


def _largest_remainder(units: int, weights: Sequence[Decimal | int]) -> list[int]:
    checked = [as_amount(weight, name="weight") for weight in weights]
    if any(weight < 0 for weight in checked) or not any(checked):
        raise InvalidAmount(tuple(weights), "weights must be >= 0 with a positive sum")
    total = checked[0]
    for weight in checked[1:]:
        total = MONEY_CONTEXT.add(total, weight)
    exact = [MONEY_CONTEXT.divide(MONEY_CONTEXT.multiply(weight, units), total) for weight in checked]
    shares = [int(share.to_integral_value(ROUND_DOWN)) for share in exact]
    by_remainder = sorted(range(len(shares)), key=lambda i: (shares[i] - exact[i], i))
    for index in by_remainder[: units - sum(shares)]:
        shares[index] += 1
    return shares
