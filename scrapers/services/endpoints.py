"""Which addresses and credentials a route gets; a read, so it lives with the selectors."""

from scrapers.selectors.endpoints import DEMO_MARKET_PRESENT, Mode, configuration_for, current_mode

__all__ = ["DEMO_MARKET_PRESENT", "Mode", "configuration_for", "current_mode"]
