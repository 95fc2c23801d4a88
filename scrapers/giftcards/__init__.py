"""Gift-card desks (R000): how they are declared, asked and understood. `run_giftcards` puts it together.

A connector asks one market and returns a `Reading`; parsers are pure functions from decoded JSON. Nothing
here knows of other markets or of profit: that is the engine's part, in `opportunities.giftcards`.
"""

from .market import Market
from .reading import CardQuote, Reading, live_quotes

__all__ = ["CardQuote", "Market", "Reading", "live_quotes"]
