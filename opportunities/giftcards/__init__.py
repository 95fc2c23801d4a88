"""The engine of the gift-card desk (R000): live quotes in, routes that pay out.

`Engine` is a plain object without clock, network or database: `run_giftcards` feeds it, asks it for news at
most ten times a second, and publishes them with `Publisher`.
"""

from .desk import Desk, Policy
from .engine import Engine, News
from .publishing import Publisher

__all__ = ["Desk", "Engine", "News", "Policy", "Publisher"]
