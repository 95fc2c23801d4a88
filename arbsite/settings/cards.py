"""The cards market: how old a price may be, what coverage a valuation needs."""

from .env import env

__all__ = ["PRICE_MAX_AGE_HOURS"]

PRICE_MAX_AGE_HOURS = env.int("PRICE_MAX_AGE_HOURS", default=72)
