"""Finding chances: routes, sealed prices, the set-based screen, the exact assessment of what passes it."""

from .assessment import Assessment, Market, assess, price_key, value_candidate
from .basket import basket_cards, basket_series, by_day
from .buylist import Buylist, buylist_for
from .quotes import SealedQuote, sealed_quotes
from .routes import Route, routes_at
from .screening import Candidate, Screening, screen

__all__ = [
    "Assessment",
    "Buylist",
    "Candidate",
    "Market",
    "Route",
    "Screening",
    "SealedQuote",
    "assess",
    "basket_cards",
    "basket_series",
    "buylist_for",
    "by_day",
    "price_key",
    "routes_at",
    "screen",
    "sealed_quotes",
    "value_candidate",
]
