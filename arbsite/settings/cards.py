"""The cards market: how old a price may be, what a valuation leaves out, what makes an opportunity."""

from decimal import Decimal, InvalidOperation

from django.core.exceptions import ImproperlyConfigured

from .env import VAR_DIR, env

__all__ = [
    "ALERT_ALLOW_PRIVATE_HOSTS", "ALERT_URLS", "BULK_PRICE_INBOX", "CARDS_DISMISSED_DAYS",
    "CARDS_FIXED_COST", "CARDS_GRID_CENTS",
    "CARDS_ITEMS_PER_ORDER", "CARDS_MAX_OPPORTUNITY_HOURS", "CARDS_MIN_COVERAGE", "CARDS_MIN_MARGIN",
    "CARDS_SINGLE_FLOORS", "EXPIRED_RETENTION_DAYS", "PRICE_MAX_AGE_HOURS",
]  # fmt: skip


def _decimal(name: str, default: str, *, low: str = "0", high: str = "1000000") -> Decimal:
    """Read a decimal from the environment; a bad value names its variable."""
    text = env.str(name, default=default)
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not (value.is_finite() and Decimal(low) <= value <= Decimal(high)):
        msg = f"{name}: {text!r} is not a number from {low} to {high}"
        raise ImproperlyConfigured(msg)
    return value


def _count(name: str, default: int, *, low: int, high: int) -> int:
    """Read a whole number from the environment; a bad value names its variable."""
    text = env.str(name, default=str(default))
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        msg = f"{name}: {text!r} is not a whole number from {low} to {high}"
        raise ImproperlyConfigured(msg)
    return int(text)


def _floors(name: str, default: str) -> dict[str, Decimal]:
    """Read `EUR=1.00,USD=1.00`: per currency the lowest price at which a single is worth selling."""
    floors: dict[str, Decimal] = {}
    for pair in env.list(name, default=default.split(",")):
        currency, _, amount = pair.strip().partition("=")
        try:
            value = Decimal(amount)
        except InvalidOperation:
            value = Decimal("NaN")
        if not (len(currency) == 3 and currency.isalpha() and value.is_finite() and 0 <= value <= 10_000):
            msg = f"{name}: {pair!r} is not CURRENCY=AMOUNT"
            raise ImproperlyConfigured(msg)
        floors[currency.upper()] = value
    return floors


PRICE_MAX_AGE_HOURS = _count("PRICE_MAX_AGE_HOURS", 72, low=1, high=24 * 365)
CARDS_SINGLE_FLOORS = _floors("CARDS_SINGLE_FLOORS", "EUR=1.00,USD=1.00")
CARDS_MIN_COVERAGE = _decimal("CARDS_MIN_COVERAGE", "0.95", high="1")
CARDS_MIN_MARGIN = _decimal("CARDS_MIN_MARGIN", "0", high="100000")
CARDS_FIXED_COST = _decimal("CARDS_FIXED_COST", "0", high="10000")
CARDS_ITEMS_PER_ORDER = _count("CARDS_ITEMS_PER_ORDER", 1, low=1, high=1000)
CARDS_GRID_CENTS = _count("CARDS_GRID_CENTS", 5, low=1, high=1000)
CARDS_MAX_OPPORTUNITY_HOURS = _count("CARDS_MAX_OPPORTUNITY_HOURS", 12, low=1, high=24 * 30)
CARDS_DISMISSED_DAYS = _count("CARDS_DISMISSED_DAYS", 7, low=0, high=3650)
EXPIRED_RETENTION_DAYS = _count("EXPIRED_RETENTION_DAYS", 90, low=1, high=3650)
BULK_PRICE_INBOX = env.path("BULK_PRICE_INBOX", default=str(VAR_DIR / "inbox"))
ALERT_URLS = env.list("ALERT_URLS", default=[])
ALERT_ALLOW_PRIVATE_HOSTS = env.list("ALERT_ALLOW_PRIVATE_HOSTS", default=[])
